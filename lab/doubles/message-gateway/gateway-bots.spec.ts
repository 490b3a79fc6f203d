import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { ask, type Reply } from '../../../libs/testing/double/ask.js';
import { MessageGateway } from './message-gateway.js';

const API = '/api/bot/v1';

let gateway: MessageGateway;
let token: string;
let bot: number;
let chat: number;
/** Events that the open socket got. */
let events: { type: string; data: { message?: { id: number; content: string }; dialog?: { id: number } } }[];
const sockets: WebSocket[] = [];

const call = (method: string, path: string, body?: unknown, key = token): Promise<Reply> =>
  ask(method, `${gateway.url}${API}${path}`, body, { 'x-bot-token': key });
const refused = (errors: unknown, status = 400): object => ({ status, json: { errors } });
const dial = (query: string, key = token): WebSocket => {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}${API}/ws${query}`, { headers: { 'x-bot-token': key } });
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer) => events.push(JSON.parse(data.toString())));
  return socket;
};
const listen = async (names = 'message_new,message_updated,dialog_opened,dialog_closed,dialog_assign'): Promise<WebSocket> => {
  const socket = dial(`?events=${names}`);
  await once(socket, 'open');
  return socket;
};
const refusedStatus = async (socket: WebSocket): Promise<number | undefined> => {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode?: number }];
  return response.statusCode;
};
const got = async (count: number): Promise<string[]> => {
  for (let n = 0; n < 200 && events.length < count; n++) await new Promise((resolve) => setTimeout(resolve, 5));
  return events.map(({ type }) => type);
};
const write = (content: string, more: object = {}) => gateway.bots.write({ chat, content, ...more });

beforeAll(async () => {
  gateway = await MessageGateway.start();
  ({ token } = gateway.registerBot({ code: 'shop/helper' }));
  gateway.register({ code: 'shop/telegram' });
  gateway.registerBot({ code: 'other/helper', token: 'other' });
});
afterAll(() => gateway.close());
beforeEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
  gateway.reset();
  gateway.setModes({ botCallsPerSecond: undefined });
  events = [];
  const account = gateway.book.transports.find(({ code }) => code === 'shop/telegram');
  const channel = account && gateway.book.addChannel(account, { type: 'telegram', settings: { text: { creating: 'both' } } });
  chat = gateway.book.addChat(channel as never, 'chat-1', { external_id: '777', first_name: 'Joe' }).id;
  bot = gateway.book.transports.find(({ code }) => code === 'shop/helper')?.bot?.id ?? 0;
});

describe('the Bot API', () => {
  it('wants the token of a bot, and shows only the chats of its account', async () => {
    expect(await call('GET', '/bots', undefined, 'wrong')).toMatchObject(refused(['Unauthorized'], 401));
    expect((await call('GET', '/chats')).json).toMatchObject([{ id: chat, reply_deadline: null, customer: { external_id: '777' } }]);
    expect((await call('GET', '/chats', undefined, 'other')).json).toEqual([]);
    expect((await call('GET', '/bots?self=true')).json).toMatchObject([{ id: bot, is_self: true, roles: null }]);
    const { token: fresh } = gateway.registerBot({ code: 'shop/helper' });
    expect((await call('GET', '/bots')).status).toBe(401);
    token = fresh;
  });

  it('keeps name, roles and commands', async () => {
    // As the vendor's client was seen to send them.
    const info = { name: 'Helper', avatar_url: 'https://m.example/bot.png', roles: ['responsible'] };
    expect(await call('PATCH', '/my/info', info)).toMatchObject({ status: 200, json: {} });
    const put = await call('PUT', '/my/commands/delivery', { name: 'delivery', description: 'State of the delivery' });
    expect(put).toMatchObject({ status: 200, json: { name: 'delivery', description: 'State of the delivery' } });
    expect((await call('GET', '/my/commands')).json).toMatchObject([{ name: 'delivery' }]);
    expect((await call('DELETE', '/my/commands/delivery')).status).toBe(200);
    expect((await call('DELETE', '/my/commands/delivery')).status).toBe(404);
    expect((await call('PUT', '/my/commands/delivery', { description: 'x'.repeat(65) })).status).toBe(400);
    expect((await call('PATCH', '/my/info', { roles: ['king'] })).status).toBe(400);
  });

  it('is strict about messages', async () => {
    const text = { type: 'text', chat_id: chat, scope: 'private', content: 'Hello' };
    expect(await call('POST', '/messages', { ...text, chat_id: undefined })).toMatchObject(refused(['chat_id is a required field']));
    expect(await call('POST', '/messages', { ...text, scope: undefined })).toMatchObject(refused(['scope is a required field']));
    expect(await call('POST', '/messages', { ...text, content: ' ' })).toMatchObject(refused(['content is a required field']));
    expect((await call('POST', '/messages', { ...text, key: 'x' })).status).toBe(400);
    expect((await call('POST', '/messages', text, 'other')).status).toBe(404);
    expect(await call('POST', '/messages', text)).toMatchObject({
      status: 201,
      json: { message_id: expect.any(Number), time: expect.any(String) },
    });
  });

  it('pages by since_id, at most 1,000 at a time', async () => {
    const ids = ['One', 'Two', 'Three'].map((content) => write(content).id);
    const list = async (query: string): Promise<number[]> =>
      (await call('GET', `/messages?${query}`)).json.map(({ id }: { id: number }) => id);
    expect(await list(`since_id=${ids[0]}`)).toEqual(ids.slice(1));
    expect(await list(`since_id=${ids[0]}&limit=1`)).toEqual([ids[1]]);
    expect(await list(`customer_id=${1_000_000 + chat}&scope=public`)).toEqual(ids);
    expect(await list(`bot_id=${bot}`)).toEqual([]);
    gateway.setModes({ sinceId: 'inclusive' });
    expect(await list(`since_id=${ids[0]}`)).toEqual(ids);
    for (const query of ['limit=1001', 'limit=0', 'since_id=0', 'scope=all', 'page=2', 'since=yesterday'])
      expect([query, (await call('GET', `/messages?${query}`)).status]).toEqual([query, 400]);
    expect((await call('GET', '/dialogs?active=yes')).status).toBe(400);
  });

  it('refuses to change a dialogue that is not the latest', async () => {
    write('One');
    const [first] = (await call('GET', '/dialogs?active=1')).json;
    gateway.bots.close(chat);
    expect((await call('GET', '/dialogs?active=true')).json).toEqual([]);
    write('Two');
    const [second] = (await call('GET', `/dialogs?active=1&chat_id=${chat}`)).json;
    for (const [method, path, body] of [
      ['PATCH', 'assign', { user_id: 4 }],
      ['PATCH', 'unassign', undefined],
      ['DELETE', 'close', undefined],
    ] as const)
      expect(await call(method, `/dialogs/${first.id}/${path}`, body)).toMatchObject(refused(['dialog is not the latest in the chat']));
    expect(await call('PATCH', `/dialogs/${second.id}/unassign`)).toMatchObject(refused(['dialog is not assigned']));
    expect((await call('PATCH', `/dialogs/${second.id}/assign`, { user_id: 4 })).json).toMatchObject({
      responsible: { type: 'user', id: 4 },
    });
    expect(await call('PATCH', '/dialogs/444/assign', { user_id: 4 })).toMatchObject(refused(['dialog #444 not found'], 404));
    expect((await call('PATCH', `/dialogs/${second.id}/tags/add`, { tags: [{ name: 'bot', color_code: 'light-blue' }] })).status).toBe(200);
    expect((await call('PATCH', `/dialogs/${second.id}/tags/add`, { tags: [{ name: 'bot', color_code: 'pink' }] })).status).toBe(400);
    expect((await call('DELETE', `/dialogs/${second.id}/close`)).json).toEqual({});
  });
});

describe('the Bot API, for more than text,', () => {
  const ids = async (path: string): Promise<number[]> => (await call('GET', path)).json.map(({ id }: { id: number }) => id);
  const png = Buffer.from('89504e470d0a1a0a', 'hex');

  it('keeps files, and sends each with the right type of message', async () => {
    const uploaded = await ask('POST', `${gateway.url}${API}/files/upload`, png, { 'x-bot-token': token, 'content-type': 'image/png' });
    expect(uploaded.json).toEqual({ id: expect.any(String), type: 'image', size: png.length, transcription: null });
    const { id } = uploaded.json;
    const { url } = (await call('GET', `/files/${id}`)).json;
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(png);
    expect((await call('POST', '/files/upload_by_url', { url })).json).toMatchObject({ type: 'image', size: png.length });
    expect(await call('POST', '/files/upload_by_url', { url: `${gateway.url}/no-such` })).toMatchObject(
      refused(['File cannot be downloaded']),
    );
    expect((await call('PUT', `/files/${id}/meta`, { transcription: 'Hi', transcription_status: 'ready' })).json).toMatchObject({
      transcription: 'Hi',
    });
    expect((await call('PUT', `/files/${id}/meta`, { transcription_status: 'done' })).status).toBe(400);
    expect((await call('GET', `/files/${id}`, undefined, 'other')).status).toBe(404);
    const image = { type: 'image', chat_id: chat, scope: 'private', items: [{ id, caption: 'A cat' }] };
    expect((await call('POST', '/messages', image)).status).toBe(201);
    expect(await call('POST', '/messages', { ...image, type: 'audio' })).toMatchObject(refused([`File ${id} is not of the type audio`]));
    expect(await call('POST', '/messages', { ...image, content: 'x' })).toMatchObject(
      refused(['content is not for messages of the type image']),
    );
    expect(await call('POST', '/messages', { ...image, type: 'product', items: undefined })).toMatchObject(
      refused(['product is a required field']),
    );
    const order = { number: '7A', payments: [{ name: 'Card', status: { payed: true } }] };
    expect((await call('POST', '/messages', { type: 'order', chat_id: chat, scope: 'private', order })).status).toBe(201);
    expect((await call('POST', '/messages', { type: 'order', chat_id: chat, scope: 'private', order: { total: 1 } })).status).toBe(400);
    const buttons = { transport_attachments: { suggestions: [{ type: 'text', title: 'Yes' }] } };
    expect(await call('POST', '/messages', { chat_id: chat, scope: 'public', content: 'Is it?', ...buttons })).toMatchObject(
      refused(['suggestions of the type text are not supported']),
    );
  });

  it('sends templates of a channel, with their variables', async () => {
    const [channel] = await ids('/channels?active=true');
    gateway.bots.templates.push({ id: 2, code: 'sent#en', channel_id: channel ?? 0, body: 'Order {{1}} is on its way', lang: 'en' });
    expect((await call('GET', '/templates')).json).toMatchObject([{ id: 2, code: 'sent#en' }]);
    expect((await call('GET', '/templates', undefined, 'other')).json).toEqual([]);
    expect(await call('POST', '/templates/3/send', { phone: '79161234567' })).toMatchObject(refused(['template id=3 was not found'], 404));
    expect(await call('POST', '/templates/2/send', { phone: '79161234567' })).toMatchObject(
      refused(["variables number doesn't match template"], 404),
    );
    const { json } = await call('POST', '/templates/2/send', { phone: '79161234567', args: { body: ['7A'] } });
    expect(gateway.message(json.message_id)).toMatchObject({ text: 'Order 7A is on its way' });
  });

  it('makes managers members of the chats that they hold, and filters by all of it', async () => {
    await listen('user_joined_chat,user_left_chat');
    write('One');
    const [dialog] = await ids('/dialogs?active=1');
    expect(await ids('/dialogs?assign=true')).toEqual([]);
    await call('PATCH', `/dialogs/${dialog}/assign`, { user_id: 22 });
    const reassigned = await call('PATCH', `/dialogs/${dialog}/assign`, { user_id: 23 });
    expect(reassigned.json).toMatchObject({ is_reassign: true, left_user_id: 22, previous_responsible: { id: 22, external_id: '1' } });
    const members = (await call('GET', `/members?chat_id=${chat}`)).json;
    expect(members).toMatchObject([
      { user_id: 22, state: 'leaved' },
      { user_id: 23, state: 'active', is_author: false },
    ]);
    expect(await ids('/members?state=active&user_id=22')).toEqual([]);
    expect(await got(3)).toEqual(['user_joined_chat', 'user_left_chat', 'user_joined_chat']);
    expect(await ids('/dialogs?user_id=23&assign=1')).toEqual([dialog]);
    expect(await ids(`/dialogs?bot_id=${bot}`)).toEqual([]);
    expect(await ids('/chats?channel_type=viber')).toEqual([]);
    expect(await ids('/chats?channel_type=telegram&customer_external_id=777')).toEqual([chat]);
    expect(await ids('/channels?types=viber&types=telegram')).toHaveLength(1);
    expect(await ids('/users?external_id=2')).toEqual([23]);
    expect(await ids(`/customers?id=${1_000_000 + chat}`)).toEqual([1_000_000 + chat]);
    expect(await ids('/bots?role=hidden')).toEqual([]);
    const opened = await call('POST', `/chats/${chat}/dialogs`, { bot_id: bot });
    expect(await ids(`/dialogs?bot_id=${bot}&active=1`)).toEqual([opened.json.id]);
    expect((await call('DELETE', `/dialogs/${opened.json.id}/close`)).json).toEqual({});
  });

  it('lists messages by several ids, by their last update, and mass mailings only on request', async () => {
    const [one, two] = ['One', 'Two', 'Three'].map((content) => write(content).id);
    expect(await ids(`/messages?id=${one}&id=${two}`)).toEqual([one, two]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const since = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await ids(`/messages?since=${since}`)).toEqual([]);
    gateway.bots.touch(one ?? 0);
    expect(await ids(`/messages?since=${since}`)).toEqual([one]);
    await listen('message_new,dialog_opened,message_deleted');
    gateway.bots.close(chat);
    const mass = { chat_id: chat, scope: 'private', content: 'Sale', mass_communication: true };
    const { message_id: id } = (await call('POST', '/messages', mass)).json;
    expect(await ids(`/messages?bot_id=${bot}`)).toEqual([]);
    expect(await ids(`/messages?bot_id=${bot}&include_mass_communication=true`)).toEqual([id]);
    await call('DELETE', `/messages/${id}`);
    expect(await got(1)).toEqual(['message_deleted']);
  });

  it('limits the calls of a bot per second, if there is a limit', async () => {
    gateway.setModes({ botCallsPerSecond: 10 });
    const statuses = (await Promise.all(Array.from({ length: 30 }, () => call('GET', '/bots')))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(10);
    gateway.setModes({ botCallsPerSecond: undefined });
    expect((await call('GET', '/bots')).status).toBe(200);
  });
});

describe('the socket', () => {
  it('wants the token and known events', async () => {
    expect(await refusedStatus(dial('?events=message_new', 'wrong'))).toBe(401);
    expect(await refusedStatus(dial(''))).toBe(400);
    expect(await refusedStatus(dial('?events=message_new,coffee'))).toBe(400);
    gateway.setModes({ socketStatus: 503 });
    expect(await refusedStatus(dial('?events=message_new'))).toBe(503);
  });

  it('sends what happens while it is open, and nothing from before', async () => {
    write('Before');
    const socket = await listen();
    write('Where is my order?');
    write('/delivery 214C', { by: 'user', type: 'command' });
    expect(await got(2)).toEqual(['message_new', 'message_new']);
    expect(events[0]).toMatchObject({
      meta: { timestamp: expect.any(Number) },
      data: {
        message: { chat_id: chat, scope: 'public', from: { type: 'customer', external_id: '777' }, dialog: { id: expect.any(Number) } },
      },
    });
    expect(events[1]?.data.message).toMatchObject({ type: 'command', scope: 'private', from: { type: 'user', external_id: '1' } });
    gateway.bots.assign(chat, 22);
    gateway.bots.close(chat);
    expect((await got(4)).slice(2)).toEqual(['dialog_assign', 'dialog_closed']);
    socket.terminate();
    await once(socket, 'close');
    write('After');
    await listen();
    write('Again');
    gateway.bots.close(chat);
    write('Anew');
    expect((await got(8)).slice(4)).toEqual(['message_new', 'dialog_closed', 'dialog_opened', 'message_new']);
    expect(events[4]?.data.message?.content).toBe('Again');
  });

  it('reports that a message could not be delivered', async () => {
    await listen('message_updated');
    gateway.book.chat(chat).replyDeadline = '2020-01-01T00:00:00Z';
    await call('POST', '/messages', { type: 'text', chat_id: chat, scope: 'public', content: 'Late' });
    expect(await got(1)).toEqual(['message_updated']);
    expect(events[0]?.data.message).toMatchObject({ status: 'failed', error: { code: 'reply_timed_out' }, from: { type: 'bot', id: bot } });
  });

  it('is lost after a number of events, together with the next one', async () => {
    gateway.setModes({ dropsSocketAfter: 1 });
    const socket = await listen('message_new');
    write('One');
    await got(1);
    write('Two');
    await once(socket, 'close');
    expect(events.map(({ data }) => data.message?.content)).toEqual(['One']);
  });
});

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

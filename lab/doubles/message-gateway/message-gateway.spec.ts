import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { ask, type Reply } from '../../../libs/testing/double/ask.js';
import { PostedWebhooks } from '../../../libs/testing/posted-webhooks.js';
import { MessageGateway } from './message-gateway.js';

/** Settings of a channel that can do all. */
const ABLE = {
  text: { creating: 'both', editing: 'both', quoting: 'both', deleting: 'both', reaction: 'both', max_chars_count: 4096 },
  image: { creating: 'both', max_items_count: 2, max_item_size: 1000 },
  ...{ product: { creating: 'both' }, order: { creating: 'both' }, status: { delivered: 'send', read: 'both' } },
  ...{ reactions: { dictionary: ['👍', '🔥'], max_count: 1 }, suggestions: { text: 'receive' }, sending_policy: { new_customer: 'text' } },
};
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const UNKNOWN_FILE = '00000000-0000-4000-8000-000000000000';
const API = '/api/transport/v1';

let gateway: MessageGateway;
let posted: PostedWebhooks;
let channel: number;
/** The replies to the next webhooks: a status and a body, or none. Then each is taken. */
let answers: ([status: number, body: unknown] | null)[];

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  ask(method, `${gateway.url}${path}`, body, headers);
/** A call with the first transport's newest token, or another. */
const call = (method: string, path: string, body?: unknown, token = gateway.transport.tokens.at(-1) ?? ''): Promise<Reply> =>
  send(method, API + path, body, { 'x-transport-token': token });
const openChannel = async (more: object = {}): Promise<number> =>
  (await call('POST', '/channels', { type: 'telegram', name: '@shop', external_id: 'bot-1', settings: ABLE, ...more })).json.id as number;
const buildMessage = (externalId: string, more: object = {}): object => ({
  ...{ channel, external_chat_id: 'chat-1', originator: 'customer' },
  customer: { external_id: 'user-1', nickname: 'joe', first_name: 'Joe' },
  message: { type: 'text', external_id: externalId, text: 'Hello' },
  ...more,
});
/** A customer's text. */
const post = (externalId: string, more: object = {}): Promise<Reply> => call('POST', '/messages', buildMessage(externalId, more));
const upload = (bytes: Uint8Array, type = 'application/octet-stream'): Promise<Reply> =>
  send('POST', `${API}/files/upload`, bytes, { 'x-transport-token': gateway.transport.tokens.at(-1) ?? '', 'content-type': type });
const refused = (errors: unknown, status = 400): object => ({ status, json: { errors } });
/** A manager's text in the chat, and its outcome. */
const write = async (more: object = {}): Promise<ReturnType<typeof gateway.message>> => {
  const message = gateway.sendMessage({ channel, chat: 'chat-1', content: 'On its way', ...more });
  await gateway.webhooks.idle();
  return message;
};
const taken = (id: string): [number, unknown] => [200, { async: false, external_message_id: id }];
// A test reads any expected member.
// oxlint-disable-next-line typescript/no-explicit-any
const last = (): any => posted.received.at(-1)?.json;

beforeAll(async () => {
  posted = await PostedWebhooks.start();
  gateway = await MessageGateway.start({ webhookUrl: posted.url, clientId: 'client-1' });
});
afterAll(async () => {
  await gateway.close();
  await posted.close();
});
beforeEach(async () => {
  gateway.reset();
  posted.reset();
  answers = [];
  let sent = 0;
  posted.answer = (response: ServerResponse, { json }): void => {
    const usual = json.type === 'message_sent' ? taken(`out-${++sent}`) : ([200, {}] as const);
    const answer = answers.length > 0 ? answers.shift() : usual;
    if (answer) response.writeHead(answer[0]).end(typeof answer[1] === 'string' ? answer[1] : JSON.stringify(answer[1]));
  };
  gateway.webhooks.retryMs = 1;
  channel = await openChannel();
});

describe("the message gateway's API", () => {
  it('accepts the newest token, and earlier ones by the mode', async () => {
    const [old] = gateway.transport.tokens;
    const { token, endpointUrl } = gateway.register({ code: 'first', token: 'a'.repeat(40) });
    expect([token, endpointUrl]).toEqual(['a'.repeat(40), gateway.url]);
    expect(await call('GET', '/channels')).toMatchObject({ status: 200 });
    expect(await call('GET', '/channels', undefined, old)).toMatchObject(refused(['Unauthorized'], 401));
    gateway.setModes({ formerTokens: 'taken' });
    expect(await call('GET', '/channels', undefined, old)).toMatchObject({ status: 200 });
  });

  it('keeps transports apart', async () => {
    const { token } = gateway.register({ code: 'other' });
    expect(await call('GET', '/channels', undefined, token)).toMatchObject({ json: [] });
    expect(await call('POST', '/messages', buildMessage('m-1'), token)).toMatchObject(refused(['Channel not found']));
    const { id } = (await upload(PNG)).json as { id: string };
    expect(await call('GET', `/files/${id}`, undefined, token)).toMatchObject(refused(['File not found'], 404));
  });

  it('answers only below its path, and notes who asks elsewhere', async () => {
    for (const path of ['/channels', `/${API}/channels`, '/api/transport/v2/channels'])
      expect(await send('GET', path, undefined, { 'x-transport-token': gateway.transport.tokens.at(-1) ?? '' })).toMatchObject(
        refused(['Not found'], 404),
      );
    expect(gateway.complaints).toHaveLength(3);
  });

  it('wants JSON and nothing else', async () => {
    const headers = { 'x-transport-token': gateway.transport.tokens.at(-1) ?? '' };
    const raw = (body: string, type: string): Promise<Reply> => send('POST', `${API}/messages`, body, { ...headers, 'content-type': type });
    expect(await raw('{}', 'text/plain')).toMatchObject(refused(['Content-Type must be application/json']));
    expect(await raw('{"channel":', 'application/json')).toMatchObject(refused(['The body must be object']));
    expect(await call('DELETE', `/channels/${channel}`, {})).toMatchObject(refused(['The call must not have a body']));
    expect(await call('POST', '/messages?limit=1', buildMessage('m-1'))).toMatchObject(refused(['Wrong parameter limit']));
    expect(await upload(PNG, 'multipart/form-data; boundary=x')).toMatchObject(refused(['The body must be the file itself']));
    expect(gateway.messages()).toEqual([]);
  });

  it.each<[string, object, unknown]>([
    ['an unknown field', { title: 'x' }, ['The body has an unknown field "title"']],
    ['a blank name', { name: ' ' }, ['name is not valid']],
    ['WhatsApp’s settings', { settings: { whatsapp: {} } }, ['settings.whatsapp is only for channels of the type whatsapp']],
    ['an id that there is not', { id: 999_999 }, ['Channel not found']],
  ])('refuses a channel with %s', async (_what, more, errors) => {
    expect(await call('POST', '/channels', { type: 'telegram', settings: ABLE, ...more })).toMatchObject(refused(errors));
    expect(gateway.channels()).toHaveLength(1);
  });

  it('counts channels that were made twice', async () => {
    const second = await openChannel();
    expect(gateway.duplicateChannels()).toEqual(['bot-1']);
    await call('DELETE', `/channels/${second}`);
    expect(gateway.duplicateChannels()).toEqual([]);
  });

  it('keeps external ids of each channel, and what customers are called last', async () => {
    await post('m-1');
    await post('m-2', { customer: { external_id: 'user-1', nickname: 'joe2' } });
    expect(gateway.chats(channel)).toMatchObject([{ externalId: 'chat-1', customer: { nickname: 'joe2', first_name: 'Joe' } }]);
    channel = await openChannel({ external_id: 'bot-2' });
    expect(await post('m-1')).toMatchObject({ status: 200 });
    expect(gateway.duplicates()).toEqual([]);
  });

  it('counts messages that overtake one another', async () => {
    const at = (minute: number, more: object = {}): Promise<Reply> => {
      const id = `m-${minute}`;
      return post(id, { message: { type: 'text', text: 'x', external_id: id, created_at: `2026-11-24T10:0${minute}:00+03:00` }, ...more });
    };
    for (const minute of [1, 3, 2]) await at(minute);
    await at(0, { external_chat_id: 'chat-2', customer: { external_id: 'user-2', nickname: 'ann' } });
    expect(gateway.outOfOrder()).toEqual(['m-2']);
  });

  const text = { type: 'text', external_id: 'm-1', text: 'Hello' };
  it.each<[string, object, unknown]>([
    [
      'channel_id for channel',
      { channel: undefined, channel_id: 1 },
      ["The body must have required property 'channel'", 'The body has an unknown field "channel_id"'],
    ],
    ['an unknown channel', { channel: 999_999 }, ['Channel not found']],
    ['no customer', { customer: undefined }, ['customer is required']],
    ['no text', { message: { type: 'text', external_id: 'm-1' } }, ['message.text is required']],
    ['a text with a note', { message: { ...text, note: 'x' } }, ['message.note is not for messages of the type text']],
    ['an image without items', { message: { type: 'image', external_id: 'm-1' } }, ['message.items is required']],
    [
      'an unknown file',
      { message: { type: 'image', external_id: 'm-1', items: [{ id: UNKNOWN_FILE }] } },
      [`File ${UNKNOWN_FILE} not found`],
    ],
    [
      'paid for payed',
      { message: { type: 'order', external_id: 'm-1', order: { payments: [{ status: { paid: true } }] } } },
      ['message.order.payments[0].status has an unknown field "paid"'],
    ],
  ])('refuses a message with %s', async (_what, more, errors) => {
    expect(await post('m-1', more)).toMatchObject(refused(errors));
    expect(gateway.messages()).toEqual([]);
  });

  it('refuses a file of another type, a chat of another customer, and what is not there', async () => {
    const { id } = (await upload(Buffer.from('text'))).json as { id: string };
    const message = { type: 'image', external_id: 'm-1', items: [{ id }] };
    expect(await post('m-1', { message })).toMatchObject(refused([`File ${id} is not of the type image`]));
    await post('m-1');
    expect(await post('m-2', { customer: { external_id: 'user-2', nickname: 'ann' } })).toMatchObject(
      refused(['Chat belongs to another customer']),
    );
    const image = { type: 'image', external_id: 'm-3', items: [{ id: (await upload(PNG)).json.id as string }] };
    expect(await post('m-3', { message: image })).toMatchObject({ status: 200 });
    const edit = (named: object): Promise<Reply> => call('PUT', '/messages', { channel, message: { text: 'x', ...named } });
    expect(await edit({ external_id: 'm-3' })).toMatchObject(refused(['Only text messages can be edited']));
    expect(await edit({ id: gateway.messages()[1]?.id, external_id: 'm-1' })).toMatchObject(refused(['Message not found']));
    expect(await edit({ external_id: 'm-1', edited_at: 1_764_000_000 })).toMatchObject(
      refused(['message.edited_at must be in milliseconds']),
    );
    const remove = (): Promise<Reply> => call('DELETE', '/messages', { channel, message: { external_id: 'm-1' } });
    expect([(await remove()).status, await remove()]).toMatchObject([200, refused(['Message not found'])]);
    expect(await post('m-4', { quote: { external_id: 'm-1' } })).toMatchObject(refused(['Quoted message not found']));
    await call('DELETE', `/channels/${channel}`);
    expect(await post('m-5')).toMatchObject(refused(['Channel is not active']));
    expect(await upload(Buffer.alloc(0))).toMatchObject(refused(['File is empty']));
    expect(await upload(Buffer.alloc(20 * 1024 * 1024 + 1))).toMatchObject(refused(['File is larger than 20971520 bytes']));
  });

  it('needs the abilities that the channel has declared', async () => {
    await post('m-1');
    const lacks = (what: string): object => refused([`The channel's settings do not have ${what}`]);
    const message = { external_id: 'm-1' };
    await call('PUT', `/channels/${channel}`, { settings: { text: { creating: 'receive' } } });
    expect(await post('m-2')).toMatchObject(lacks('text.creating'));
    expect(await call('PUT', '/messages', { channel, message: { ...message, text: 'x' } })).toMatchObject(lacks('text.editing'));
    expect(await call('DELETE', '/messages', { channel, message })).toMatchObject(lacks('text.deleting'));
    expect(await call('POST', '/messages/reaction', { channel, message, reaction: '👍' })).toMatchObject(lacks('text.reaction'));
    const until = { channel_id: channel, customer_external_id: 'user-1', until: '2026-11-24T10:00:00Z' };
    expect(await call('POST', '/messages/read_until', until)).toMatchObject(lacks('status.read'));
    await call('PUT', `/channels/${channel}`, { settings: { text: { creating: 'both' } } });
    expect(await post('m-3', { quote: { external_id: 'm-1' } })).toMatchObject(lacks('text.quoting'));
    // A message that the shop writes in the messenger's own app is not the customer's.
    await call('PUT', `/channels/${channel}`, { settings: {} });
    expect(await post('m-4', { originator: 'channel', customer: undefined })).toMatchObject({ status: 200 });
  });

  it('lets a customer read what a manager wrote', async () => {
    await post('first');
    const { id } = await write();
    const read = (message: object): Promise<Reply> => call('POST', '/messages/read', { channel_id: channel, message });
    expect(await read({ external_id: 'first' })).toMatchObject(refused(['Only messages to the customer can be read by the customer']));
    gateway.message(id).status = 'failed';
    expect(await read({ id })).toMatchObject(refused(['Message was not sent']));
    const [unread, later] = [await write(), await write()];
    later.time = '2040-01-01T00:00:00.000Z';
    const readUntil = (customer_external_id = 'user-1'): Promise<Reply> => {
      const until = new Date(Date.now() + 1_000).toISOString();
      return call('POST', '/messages/read_until', { channel_id: channel, customer_external_id, until });
    };
    expect(await readUntil()).toMatchObject({ json: { ids: [unread.id] } });
    expect(await readUntil()).toMatchObject({ json: { ids: [] } });
    expect(await readUntil('user-9')).toMatchObject(refused(['Customer not found']));
  });

  it('accepts reactions of the dictionary up to the channel’s limit, and their removal', async () => {
    await post('m-1');
    const react = (method: string, reaction?: string): Promise<Reply> =>
      call(method, '/messages/reaction', { channel, message: { external_id: 'm-1' }, reaction });
    expect(await react('POST', '💩')).toMatchObject(refused(['Reaction is not in the dictionary']));
    expect(await react('POST', '👍')).toMatchObject({ status: 200, json: {} });
    expect(await react('POST', '👍')).toMatchObject(refused(['Reaction already exists']));
    expect(await react('POST', '🔥')).toMatchObject(refused(['At most 1 reactions']));
    expect(await react('DELETE', '🔥')).toMatchObject(refused(['Reaction not found']));
    expect(await react('DELETE')).toMatchObject({ status: 200, json: {} });
    expect(await react('DELETE')).toMatchObject(refused(['Reaction not found']));
  });
});

describe("the message gateway's webhooks", () => {
  const statuses = (): number[] => gateway.webhooks.attempts.map(({ status }) => status);
  beforeEach(() => post('m-1'));

  it('have the known body and header, and the answer names the message', async () => {
    const message = await write();
    expect(last()).toEqual({
      type: 'message_sent',
      meta: { timestamp: expect.any(Number) },
      data: {
        ...{ id: message.id, external_user_id: 'user-1', external_chat_id: 'chat-1', channel_id: channel },
        ...{ type: 'text', content: 'On its way', quote_external_id: null, quote_content: null },
        user: { id: 22, first_name: 'Ann', last_name: '', avatar: '' },
        customer: { first_name: 'Joe', last_name: '', avatar: '' },
      },
    });
    expect(posted.received.at(-1)?.headers).toMatchObject({ clientid: 'client-1', 'content-type': 'application/json' });
    expect(message).toMatchObject({ status: 'sent', externalId: expect.stringMatching(/^out-/), error: null });
    gateway.setModes({ clientIdHeader: 'X-Client-Id' });
    await write();
    expect(posted.received.at(-1)?.headers).toMatchObject({ 'x-client-id': 'client-1' });
    gateway.setModes({ clientIdHeader: 'none' });
    await write({ by: 'bot', extra: { in_app_id: 5 } });
    expect(Object.keys(posted.received.at(-1)?.headers ?? {}).filter((name) => name.includes('client'))).toEqual([]);
    expect(last().data).toMatchObject({ bot: { id: 7, name: 'Robot' }, in_app_id: 5 });
    expect(last().data).not.toHaveProperty('user');
  });

  it('begin a chat with a customer, which the answer names', async () => {
    answers = [[200, { async: false, external_message_id: 'o-1', external_chat_id: 'chat-7', external_customer_id: 'user-7' }]];
    await write({ chat: undefined, customer: { external_id: '+34600000000', first_name: 'Eva' } });
    expect(last().data).toMatchObject({ external_user_id: '+34600000000', external_chat_id: '', customer: { first_name: 'Eva' } });
    await write({ chat: undefined, customer: { external_id: 'user-7' } });
    expect(last().data).toMatchObject({ external_user_id: 'user-7', external_chat_id: 'chat-7' });
  });

  it.each<[string, object, string]>([
    ['to an unknown chat', { chat: 'chat-9' }, 'there is no chat chat-9'],
    ['to nobody', { chat: undefined }, 'needs a chat or a customer'],
    ['on an unknown channel', { channel: 999_999 }, 'there is no active channel 999999'],
    ['without a text', { content: ' ' }, 'is empty'],
    ['over the length', { content: 'x'.repeat(4_097) }, 'at most 4096 characters'],
    ['of a type it has not', { type: 'file' }, 'the channel does not offer managers file.creating'],
    ['with a suggestion it has not', { suggestions: [{ type: 'phone' }] }, 'suggestions.phone'],
    ['with an unknown file', { type: 'image', items: [{ id: 'x' }] }, 'File not found'],
    ['with no file', { type: 'image' }, 'is empty'],
  ])('are rejected if a manager cannot write them: %s', async (_what, more, error) => {
    await expect(write(more)).rejects.toThrow(error);
    expect(posted.received).toEqual([]);
  });

  it('are limited by the channel and its policy', async () => {
    const { id } = gateway.addFile(PNG);
    await expect(write({ type: 'image', items: [{ id }, { id }, { id }] })).rejects.toThrow('at most 2 items');
    const large = gateway.addFile(Buffer.concat([PNG, Buffer.alloc(1_000)]));
    await expect(write({ type: 'image', items: [{ id: large.id }] })).rejects.toThrow('at most 1000 bytes');
    await call('PUT', `/channels/${channel}`, { settings: { text: { creating: 'receive' } } });
    const { id: sent } = await write();
    await expect(write({ chat: undefined, customer: { external_id: 'user-9' } })).rejects.toThrow('does not let managers write first');
    expect(() => gateway.editMessage(sent, 'x')).toThrow('does not offer managers text.editing');
    expect(() => gateway.deleteMessage(sent)).toThrow('does not offer managers text.deleting');
    expect(() => gateway.react(sent, '👍')).toThrow('does not offer managers text.reaction');
    await post('m-2', { originator: 'channel', reply_deadline: '2020-01-01T00:00:00Z' });
    await expect(write()).rejects.toThrow('the time to reply in the chat chat-1 has passed');
    gateway.register({ code: 'silent' });
    expect(() => gateway.postEvent('message_sent', {}, { transport: 'silent' })).toThrow('has no address for webhooks');
  });

  it('are rejected if the state of a message does not allow them', async () => {
    const customers = gateway.messages()[0]?.id ?? 0;
    const { id } = await write();
    expect(() => gateway.readMessage(id)).toThrow("is not a customer's");
    expect(() => gateway.editMessage(customers, 'x')).toThrow('is not of a manager');
    expect(() => gateway.react(id)).toThrow('no manager reacted');
    expect(() => gateway.react(id, '💩')).toThrow('the channel has no reaction');
    gateway.deleteMessage(id);
    expect(() => gateway.editMessage(id, 'x')).toThrow('is deleted');
    await gateway.webhooks.idle();
  });

  it.each<[string, [number, unknown]]>([
    ['nothing', [200, {}]],
    ['no JSON', [200, 'ok']],
    ['a list', [200, []]],
    ['no async', [200, { external_message_id: 'o-1' }]],
    ['no id', [200, { async: false }]],
    ['a long id', taken('x'.repeat(256))],
    ['an unknown field', [200, { async: false, external_message_id: 'o-1', message_id: 7 }]],
    ['an error and async true', [200, { async: true, error: { code: 'general', message: 'x' } }]],
    ['an error of an unknown code', [200, { async: false, error: { code: 'unknown', message: 'x' } }]],
    ['an error with an unknown field', [200, { async: false, error: { code: 'general', message: 'x', reason: 'y' } }]],
    ['a created status', [201, { async: false, external_message_id: 'o-1' }]],
    ['a server error', [500, { success: false }]],
  ])('have answers that are malformed, and noted: %s', async (_what, answer) => {
    answers = [answer];
    expect(await write()).toMatchObject({ status: 'failed', error: { code: 'malformed_response' }, externalId: undefined });
    expect(gateway.complaints).toEqual([expect.stringContaining("The module's answer")]);
    expect(statuses()).toEqual([answer[0]]);
  });

  it('have answers that say why a message was not sent', async () => {
    const error = { code: 'customer_not_exists', message: 'Gone', external_code: '403' };
    answers = [[200, { async: false, error }]];
    expect(await write()).toMatchObject({ status: 'failed', error, externalId: undefined });
    expect(gateway.complaints).toEqual([]);
  });

  it('note answers that differ when they come again, or have the id of another message', async () => {
    gateway.webhooks.mode = 'hold';
    const one = gateway.sendMessage({ channel, chat: 'chat-1', content: 'One' });
    answers = [taken('o-1'), taken('o-1'), taken('o-2')];
    await gateway.webhooks.flush({ copies: 3 });
    expect(one).toMatchObject({ status: 'sent', externalId: 'o-1' });
    expect(gateway.complaints).toEqual([`message ${one.id} was answered differently when it came again`]);
    gateway.webhooks.mode = 'auto';
    answers = [[200, { async: false, external_message_id: 'm-1', external_chat_id: 'chat-5' }]];
    const two = await write();
    expect(gateway.complaints.slice(1)).toEqual([
      `message ${two.id} was answered with the external id of message ${gateway.messages()[0]?.id}`,
      'the chat chat-1 was answered with another external_chat_id',
    ]);
    expect(gateway.duplicates()).toEqual(['m-1']);
  });

  it.each<[number, unknown]>([
    [200, 'ok'],
    [404, {}],
  ])('other than message_sent are noted if they are answered with %i %j instead of {}', async (status, body) => {
    answers = [[status, body]];
    gateway.postEvent('message_read', {});
    await gateway.webhooks.idle();
    expect(gateway.complaints).toEqual([expect.stringMatching(/^message_read was answered with \d+ .* instead of 200 \{\}$/)]);
  });

  describe('whose result comes later', () => {
    const later = (): Promise<ReturnType<typeof gateway.message>> => {
      answers = [[200, { async: true }]];
      return write();
    };
    const acknowledge = (body: object): Promise<Reply> => call('POST', '/messages/ack', { channel, ...body });

    it('are acknowledged once, and sent messages stay sent', async () => {
      const message = await later();
      expect(message).toMatchObject({ status: 'sending', waitsForAck: true });
      expect(() => gateway.deleteMessage(message.id)).toThrow('is sending');
      const ack = { message: { id: message.id, external_id: 'o-1' }, transport_message_id: 't-1' };
      expect(await acknowledge(ack)).toMatchObject({ status: 200, json: {} });
      expect(await acknowledge({ message: { id: message.id }, error: { code: 'general', message: 'x' } })).toMatchObject({ status: 200 });
      expect(message).toMatchObject({ status: 'sent', externalId: 'o-1', transportMessageId: 't-1', waitsForAck: false, error: null });
    });

    it('may be acknowledged before the answer', async () => {
      gateway.webhooks.mode = 'hold';
      const message = gateway.sendMessage({ channel, chat: 'chat-1', content: 'x' });
      expect(await acknowledge({ message: { id: message.id, external_id: 'o-1' } })).toMatchObject({ status: 200 });
      answers = [[200, { async: true }]];
      await gateway.webhooks.flush();
      expect(message).toMatchObject({ status: 'sent', waitsForAck: false });
    });

    it('have failed if no acknowledgement comes, and a late one still counts', async () => {
      gateway.setModes({ ackDeadlineMs: 20 });
      const message = await later();
      while (message.status !== 'failed') await new Promise((resolve) => setTimeout(resolve, 5));
      expect(message).toMatchObject({ error: { code: 'async_send_timeout' } });
      expect(await acknowledge({ message: { id: message.id, external_id: 'o-1' } })).toMatchObject({ status: 200 });
      expect(message).toMatchObject({ status: 'sent', error: null });
    });

    it.each<[string, (id: number) => object, string[]]>([
      ['our id only', () => ({ message: { external_id: 'o-1' } }), ['message.id is required']],
      ['no id of ours', (id) => ({ message: { id } }), ['message.external_id is required']],
      ['an unknown message', () => ({ message: { id: 999_999, external_id: 'o-1' } }), ['Message not found']],
      [
        'a message of a customer',
        () => ({ message: { id: gateway.messages()[0]?.id, external_id: 'm-1' } }),
        ['Message was not sent by the gateway'],
      ],
    ])('refuse an acknowledgement with %s', async (_what, build, errors) => {
      const message = await later();
      expect(await acknowledge(build(message.id))).toMatchObject(refused(errors));
      expect(message).toMatchObject({ status: 'sending', waitsForAck: true });
    });
  });

  it('come again when the answer is not there in time, and then with the same id', async () => {
    gateway.setModes({ webhookTimeoutMs: 300 });
    answers = [null, null, taken('o-1')];
    const written = write();
    while (posted.received.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    // However long that takes on a loaded machine.
    gateway.webhooks.timeoutMs = 30_000;
    const message = await written;
    expect(statuses()).toEqual([0, 0, 200]);
    expect(posted.received.map(({ json }) => json.data.id as number)).toEqual([message.id, message.id, message.id]);
    answers = [null, null, null];
    expect(await write()).toMatchObject({ status: 'failed', error: { code: 'network_error' } });
    expect(statuses().slice(3)).toEqual([0, 0, 0]);
  });

  it('do not come again in one mode, and after failures in another', async () => {
    gateway.setModes({ webhookTimeoutMs: 300, repeats: 'never' });
    answers = [null];
    await write();
    expect(statuses()).toEqual([0]);
    gateway.setModes({ webhookTimeoutMs: 30_000, repeats: 'after-failure' });
    answers = [
      [503, {}],
      [403, {}],
    ];
    expect(await write()).toMatchObject({ status: 'failed', error: { code: 'malformed_response' } });
    expect(statuses()).toEqual([0, 503, 403]);
  });

  it('name another client when they are forged', async () => {
    gateway.webhooks.mode = 'hold';
    gateway.sendMessage({ channel, chat: 'chat-1', content: 'One' });
    await gateway.webhooks.flush({ forge: true });
    expect(posted.received.map(({ headers }) => headers['clientid'])).toEqual(['not client-1']);
  });
});

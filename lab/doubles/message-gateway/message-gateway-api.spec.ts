import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ABLE, buildMessage, GatewayBench, PNG } from './gateway-bench.js';
import type { GatewayModes } from './gateway-modes.js';
import { MessageGateway } from './message-gateway.js';

const UNKNOWN_FILE = '00000000-0000-4000-8000-000000000000';

describe("the message gateway's API", () => {
  let gateway: MessageGateway;
  let bench: GatewayBench;
  let channel: number;

  beforeAll(async () => {
    gateway = await MessageGateway.start();
    bench = new GatewayBench(gateway);
  });
  afterAll(() => gateway.close());
  beforeEach(async () => {
    gateway.reset();
    channel = await bench.openChannel();
  });

  const refused = (errors: unknown, status = 400): object => ({ status, body: { errors } });
  const idOf = ({ body }: { body: unknown }): number => (body as { message_id: number }).message_id;
  const fileOf = ({ body }: { body: unknown }): string => (body as { id: string }).id;
  /** A sent message of a manager. */
  const write = async (): Promise<number> => {
    if (gateway.chats().length === 0) await bench.post(channel, 'first');
    const chat = gateway.chats()[0];
    if (!chat) throw new Error('no chat');
    return gateway.book.addMessage(chat, {
      ...{ direction: 'out', originator: 'user', type: 'text', externalId: `out-${gateway.messages().length}`, text: 'Hi' },
      ...{ note: null, items: [], quote: null, createdAt: null, status: 'sent', history: false },
    }).id;
  };

  describe('who calls, and how', () => {
    it.each([
      ['no token', {}],
      ['another token', { 'x-transport-token': 'f'.repeat(40) }],
      ['the token under another name', { authorization: 'Bearer token' }],
    ])('refuses %s', async (_what, headers) => {
      expect(await bench.send('GET', '/api/transport/v1/channels', headers)).toMatchObject(refused(['Unauthorized'], 401));
      gateway.setModes({ unauthorizedStatus: 403 });
      expect(await bench.send('GET', '/api/transport/v1/channels', headers)).toMatchObject(refused(['Unauthorized'], 403));
    });

    it('takes the newest token; former ones as the mode says', async () => {
      const [old] = gateway.transport.tokens;
      const { token, endpointUrl } = gateway.register({ code: 'first', token: 'a'.repeat(40) });
      expect([token, endpointUrl]).toEqual(['a'.repeat(40), gateway.url]);
      expect(await bench.call('GET', '/channels', undefined, token)).toMatchObject({ status: 200 });
      expect(await bench.call('GET', '/channels', undefined, old)).toMatchObject({ status: 401 });
      gateway.setModes({ formerTokens: 'taken' });
      expect(await bench.call('GET', '/channels', undefined, old)).toMatchObject({ status: 200 });
    });

    it('keeps transports apart', async () => {
      const { token } = gateway.register({ code: 'other' });
      expect(token).toMatch(/^[0-9a-f]{40}$/);
      expect(await bench.call('GET', '/channels', undefined, token)).toMatchObject({ body: [] });
      expect(await bench.call('POST', '/messages', buildMessage(channel, 'm-1'), token)).toMatchObject(refused(['Channel not found']));
      const file = fileOf(await bench.upload(PNG));
      expect(await bench.call('GET', `/files/${file}`, undefined, token)).toMatchObject(refused(['File not found'], 404));
    });

    it('answers only below its path, and notes who asks elsewhere', async () => {
      const headers = { 'x-transport-token': gateway.transport.tokens.at(-1) ?? '' };
      for (const path of ['/channels', '//api/transport/v1/channels', '/api/transport/v2/channels', '/api/v1/channels'])
        expect(await bench.send('GET', path, headers)).toMatchObject(refused(['Not found'], 404));
      expect(gateway.complaints[0]).toBe('GET /channels does not exist.');
      expect(gateway.complaints).toHaveLength(4);
    });

    it('wants JSON and nothing else', async () => {
      const token = gateway.transport.tokens.at(-1) ?? '';
      const body = JSON.stringify(buildMessage(channel, 'm-1'));
      const headers = { 'x-transport-token': token, body };
      const path = '/api/transport/v1/messages';
      expect(await bench.send('POST', path, { ...headers, 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject(
        refused(['Content-Type must be application/json']),
      );
      expect(await bench.send('POST', path, { ...headers, 'content-type': 'application/json', body: '{"channel":' })).toMatchObject(
        refused(['The body must be object']),
      );
      expect(await bench.call('DELETE', `/channels/${channel}`, {})).toMatchObject(refused(['The call takes no body']));
      expect(await bench.call('POST', '/messages?limit=1', buildMessage(channel, 'm-1'))).toMatchObject(
        refused(['The call takes no query']),
      );
      expect(gateway.messages()).toEqual([]);
    });

    it('takes so many calls a second of a transport', async () => {
      const tokens = ['a', 'b', 'c'].map((digit) => gateway.register({ code: 'first', token: digit.repeat(40) }).token);
      const countRefused = async (): Promise<number> => {
        const calls = Array.from({ length: 18 }, (_, index) => bench.call('GET', '/channels', undefined, tokens[index % 3]));
        return (await Promise.all(calls)).filter(({ status }) => status === 429).length;
      };
      expect(gateway.modes.callsPerSecond).toBe(100);
      gateway.setModes({ callsPerSecond: 7, formerTokens: 'taken' });
      expect(await countRefused()).toBeGreaterThan(0);
      gateway.setModes({ callsPerSecond: 0 });
      const reply = await bench.call('GET', '/channels');
      expect(reply).toMatchObject(refused(['Too many requests'], 429));
      expect(reply.headers.get('retry-after')).toBeNull();
      gateway.setModes({ sendsRetryAfter: true });
      const { status, body, headers } = await bench.call('GET', '/channels');
      expect([status, body, headers.get('retry-after')]).toEqual([429, { errors: ['Too many requests'] }, '1']);
    });

    it('fails as told, in the words of every double and in its own', async () => {
      gateway.fail('sendMessage', { kind: 'error-before', status: 503 });
      expect(await bench.post(channel, 'm-2')).toMatchObject(refused(['Internal error'], 503));
      gateway.fail('sendMessage', { kind: 'unauthorized' });
      expect(await bench.post(channel, 'm-2')).toMatchObject(refused(['Unauthorized'], 401));
      gateway.fail('sendMessage', { kind: 'refuse', message: 'Chats are switched off', status: 402 });
      expect(await bench.post(channel, 'm-2')).toMatchObject(refused(['Chats are switched off'], 402));
      expect(gateway.messages()).toHaveLength(0);
    });
  });

  describe('channels', () => {
    it('are made, found, changed, deactivated and active again', async () => {
      expect((await bench.call('GET', '/channels')).body).toEqual([
        {
          ...{ id: channel, type: 'telegram', name: '@shop', external_id: 'bot-1', avatar_url: null, settings: ABLE, is_active: true },
          ...{ created_at: expect.any(String), updated_at: null, activated_at: expect.any(String), deactivated_at: null },
        },
      ]);
      const settings = { text: { creating: 'receive', markup_formats: [] } };
      expect(await bench.call('PUT', `/channels/${channel}`, { name: 'Shop', settings })).toMatchObject({
        status: 200,
        body: { id: channel, updated_at: expect.any(String) },
      });
      expect(gateway.channels()).toMatchObject([{ name: 'Shop', settings, external_id: 'bot-1' }]);
      expect(await bench.call('DELETE', `/channels/${channel}`)).toMatchObject({
        status: 200,
        body: { id: channel, deactivated_at: expect.any(String) },
      });
      expect((await bench.call('GET', '/channels?active=true')).body).toEqual([]);
      expect((await bench.call('GET', '/channels?active=0')).body).toMatchObject([{ id: channel, is_active: false }]);
      expect(await bench.post(channel, 'm-1')).toMatchObject(refused(['Channel is not active']));
      const again = await bench.call('POST', '/channels', { id: channel, type: 'telegram', settings: ABLE });
      expect(again).toMatchObject({ status: 201, body: { id: channel, activated_at: expect.any(String) } });
      expect(await bench.post(channel, 'm-1')).toMatchObject({ status: 200 });
    });

    it('are listed by id, type, time and number', async () => {
      const other = await bench.openChannel({ type: 'viber', external_id: 'bot-2' });
      const list = async (query: string): Promise<number[]> =>
        ((await bench.call('GET', `/channels?${query}`)).body as { id: number }[]).map(({ id }) => id);
      expect(await list(`id=${other}`)).toEqual([other]);
      expect(await list('types=viber&types=vk')).toEqual([other]);
      expect(await list('types=telegram&types=viber&limit=1')).toEqual([channel]);
      expect(await list('since=2000-01-01T00:00:00Z')).toEqual([channel, other]);
      expect(await list('until=2000-01-01T00:00:00%2B03:00')).toEqual([]);
    });

    it.each([
      ['page=2', 'Unknown parameter page'],
      ['id=0', 'id is not valid'],
      ['active=yes', 'active is not valid'],
      ['active=1&active=1', 'active is not valid'],
      ['limit=1001', 'limit is not valid'],
      ['since=2020-01-01', 'since is not valid'],
      ['types=sms', 'Unknown channel type sms'],
    ])('are not listed by %s', async (query, error) => {
      expect(await bench.call('GET', `/channels?${query}`)).toMatchObject(refused([error]));
    });

    it.each<[string, object, unknown]>([
      ['without a type', { type: undefined }, ["The body must have required property 'type'"]],
      ['without settings', { settings: undefined }, ["The body must have required property 'settings'"]],
      ['of an unknown type', { type: 'sms' }, ['type must be equal to one of the allowed values']],
      ['with an unknown field', { title: 'x' }, ['The body has an unknown field "title"']],
      ['with a long name', { name: 'x'.repeat(101) }, ['name must NOT have more than 100 characters']],
      ['with a blank name', { name: ' ' }, ['name is not valid']],
      ['with a long external id', { external_id: 'x'.repeat(65) }, ['external_id must NOT have more than 64 characters']],
      ['with a number as external id', { external_id: 7 }, ['external_id must be string']],
      ['with an avatar that is no address', { avatar_url: 'me.png' }, ['avatar_url is not valid']],
      ['with an unknown feature', { settings: { text: { sending: 'both' } } }, ['settings.text has an unknown field "sending"']],
      [
        'with the value any',
        { settings: { text: { reaction: 'any' } } },
        ['settings.text.reaction must be equal to one of the allowed values'],
      ],
      ['with editing of audio', { settings: { audio: { editing: 'send' } } }, ['settings.audio has an unknown field "editing"']],
      ['with a limit too high', { settings: { text: { max_chars_count: 70_000 } } }, ['settings.text.max_chars_count must be <= 65535']],
      [
        'with unknown markup',
        { settings: { text: { markup_formats: ['bold', 'blink'] } } },
        ['settings.text.markup_formats[1] must be equal to one of the allowed values'],
      ],
      [
        'with a policy of its own',
        { settings: { sending_policy: { new_customer: 'yes' } } },
        ['settings.sending_policy.new_customer must be equal to one of the allowed values'],
      ],
      ['with WhatsApp’s settings', { settings: { whatsapp: {} } }, ['settings.whatsapp is only for channels of the type whatsapp']],
      ['under an id that there is not', { id: 999_999 }, ['Channel not found']],
    ])('are refused %s', async (_what, more, errors) => {
      expect(await bench.call('POST', '/channels', { type: 'telegram', settings: ABLE, ...more })).toMatchObject(refused(errors));
      expect(gateway.channels()).toHaveLength(1);
    });

    it('that are not there cannot be changed', async () => {
      for (const id of ['999999', 'abc', '0']) {
        expect(await bench.call('PUT', `/channels/${id}`, { name: 'x' })).toMatchObject(refused(['Channel not found']));
        expect(await bench.call('DELETE', `/channels/${id}`)).toMatchObject(refused(['Channel not found']));
      }
      expect(await bench.call('PUT', `/channels/${channel}`, { is_active: true })).toMatchObject(
        refused(['The body has an unknown field "is_active"']),
      );
    });

    it('made twice are counted', async () => {
      expect(gateway.duplicateChannels()).toEqual([]);
      const second = await bench.openChannel();
      expect(gateway.duplicateChannels()).toEqual(['bot-1']);
      await bench.call('DELETE', `/channels/${second}`);
      expect(gateway.duplicateChannels()).toEqual([]);
    });

    it('are answered for the one client or the other', async () => {
      gateway.setModes({ createdStatus: 200, replies: 'hand-written' });
      expect(await bench.call('POST', '/channels', { type: 'vk', external_id: 'v', settings: {} })).toMatchObject({
        status: 200,
        body: { id: expect.any(Number), activated_at: expect.any(String), external_id: 'v' },
      });
    });
  });

  describe('messages of customers', () => {
    it('are taken once, and open a chat and a dialogue', async () => {
      gateway.setModes({ warnings: ['slow down'] });
      const reply = await bench.post(channel, 'm-1', {
        reply_deadline: '2027-01-01T00:00:00.000000Z',
        secondary_external_chat_ids: ['chat-0'],
        customer: {
          external_id: 'user-1',
          nickname: 'joe',
          secondary_external_ids: ['u-0'],
          utm: { source: 'mail' },
          phone: '+34600000000',
        },
      });
      expect(reply).toMatchObject({
        status: 200,
        body: { message_id: expect.any(Number), time: expect.any(String), warnings: ['slow down'] },
      });
      expect(gateway.messages('chat-1')).toMatchObject([
        { id: idOf(reply), externalId: 'm-1', direction: 'in', type: 'text', text: 'Hello', status: 'sent' },
      ]);
      expect(gateway.chats(channel)).toMatchObject([
        { externalId: 'chat-1', customer: { external_id: 'user-1', phone: '+34600000000' }, dialogues: [{ closedAt: null }] },
      ]);
      await bench.post(channel, 'm-2', { customer: { external_id: 'user-1', nickname: 'joe2' } });
      gateway.closeDialogue(channel, 'chat-1');
      await bench.post(channel, 'm-3');
      expect(gateway.chats()).toMatchObject([
        { customer: { nickname: 'joe' }, dialogues: [{ closedAt: expect.any(String) }, { closedAt: null }] },
      ]);
      expect(() => gateway.closeDialogue(channel, 'chat-9')).toThrow('no open dialogue');
    });

    it('with an external id that is taken are refused in the known words', async () => {
      await bench.post(channel, 'm-1');
      expect(await bench.post(channel, 'm-1')).toMatchObject(refused(['Message with passed external_id already exists']));
      const other = await bench.openChannel({ external_id: 'bot-2' });
      expect(await bench.post(other, 'm-1')).toMatchObject({ status: 200 });
      expect(gateway.duplicates()).toEqual([]);
    });

    it('that overtake one another are counted', async () => {
      const at = (minute: number): object => ({ type: 'text', text: 'x', created_at: `2026-11-24T10:0${minute}:00+03:00` });
      await bench.post(channel, 'm-1', { message: { ...at(1), external_id: 'm-1' } });
      await bench.post(channel, 'm-3', { message: { ...at(3), external_id: 'm-3' } });
      expect(gateway.outOfOrder()).toEqual([]);
      await bench.post(channel, 'm-2', { message: { ...at(2), external_id: 'm-2' } });
      const customer = { external_id: 'user-2', nickname: 'ann' };
      await bench.post(channel, 'm-0', { external_chat_id: 'chat-2', customer, message: { ...at(0), external_id: 'm-0' } });
      expect(gateway.outOfOrder()).toEqual(['m-2']);
    });

    it('come with files, cards and quotes', async () => {
      const image = fileOf(await bench.upload(PNG));
      const items = [{ id: image, caption: 'front' }, { id: image }];
      expect(await bench.post(channel, 'm-1', { message: { type: 'image', external_id: 'm-1', items, note: 'Look' } })).toMatchObject({
        status: 200,
      });
      expect(await bench.post(channel, 'm-2', { message: { type: 'file', external_id: 'm-2', items: [{ id: image }] } })).toMatchObject({
        status: 200,
      });
      const product = {
        id: 5,
        name: 'Cup',
        article: 'C-1',
        cost: { value: 10.5, currency: 'EUR' },
        unit: 'pc',
        img: 'https://shop.example/c.png',
      };
      expect(await bench.post(channel, 'm-3', { message: { type: 'product', external_id: 'm-3', product } })).toMatchObject({
        status: 200,
      });
      const order = {
        ...{ number: '17C', external_id: 17, date: '2026-11-24T10:00:00+03:00', cost: { value: 21, currency: 'EUR' } },
        status: { code: 'new', name: 'New' },
        payments: [{ name: 'Card', amount: { value: 21, currency: 'EUR' }, status: { name: 'Paid', payed: true } }],
        items: [{ name: 'Cup', quantity: { value: 2, unit: 'pc' }, price: { value: 10.5, currency: 'EUR' } }],
      };
      expect(await bench.post(channel, 'm-4', { message: { type: 'order', external_id: 'm-4', order } })).toMatchObject({ status: 200 });
      await bench.post(channel, 'm-5');
      expect(await bench.post(channel, 'm-6', { quote: { external_id: 'm-5' } })).toMatchObject({ status: 200 });
      expect(gateway.messages().map(({ type, quote }) => [type, quote === null])).toEqual([
        ...['image', 'file', 'product', 'order', 'text'].map((type) => [type, true]),
        ['text', false],
      ]);
    });

    const text = { type: 'text', external_id: 'm-1', text: 'Hello' };
    const customer = { external_id: 'user-1', nickname: 'joe' };
    it.each<[string, object, unknown]>([
      [
        'channel_id for channel',
        { channel: undefined, channel_id: 1 },
        ["The body must have required property 'channel'", 'The body has an unknown field "channel_id"'],
      ],
      ['a channel as text', { channel: '1' }, ['channel must be integer']],
      ['an unknown channel', { channel: 999_999 }, ['Channel not found']],
      ['no chat', { external_chat_id: undefined }, ["The body must have required property 'external_chat_id'"]],
      ['a long chat id', { external_chat_id: 'x'.repeat(65) }, ['external_chat_id must NOT have more than 64 characters']],
      ['a number as chat id', { external_chat_id: 777 }, ['external_chat_id must be string']],
      ['an unknown originator', { originator: 'manager' }, ['originator must be equal to one of the allowed values']],
      ['no customer', { customer: undefined }, ['customer is required']],
      ['no nickname', { customer: { external_id: 'u' } }, ["customer must have required property 'nickname'"]],
      [
        'an empty nickname',
        { customer: { ...customer, nickname: '' } },
        expect.arrayContaining(['customer.nickname must NOT have fewer than 1 characters']),
      ],
      ['a blank nickname', { customer: { ...customer, nickname: '  ' } }, ['customer.nickname is not valid']],
      [
        'a long nickname',
        { customer: { ...customer, nickname: 'x'.repeat(256) } },
        ['customer.nickname must NOT have more than 255 characters'],
      ],
      [
        'a long customer id',
        { customer: { ...customer, external_id: 'x'.repeat(65) } },
        ['customer.external_id must NOT have more than 64 characters'],
      ],
      ['a null first name', { customer: { ...customer, first_name: null } }, ['customer.first_name must be string']],
      ['an unknown field of the customer', { customer: { ...customer, username: 'joe' } }, ['customer has an unknown field "username"']],
      ['an avatar that is no address', { customer: { ...customer, avatar: 'file_id' } }, ['customer.avatar is not valid']],
      [
        'an empty utm source',
        { customer: { ...customer, utm: { source: '' } } },
        expect.arrayContaining(['customer.utm.source must NOT have fewer than 1 characters']),
      ],
      ['no external id', { message: { type: 'text', text: 'x' } }, ["message must have required property 'external_id'"]],
      [
        'a long external id',
        { message: { ...text, external_id: 'x'.repeat(256) } },
        ['message.external_id must NOT have more than 255 characters'],
      ],
      ['an unknown type', { message: { ...text, type: 'video' } }, ['message.type must be equal to one of the allowed values']],
      ['a command', { message: { ...text, type: 'command' } }, ['message.type must be equal to one of the allowed values']],
      ['no text', { message: { type: 'text', external_id: 'm-1' } }, ['message.text is required']],
      ['a blank text', { message: { ...text, text: ' \n' } }, ['message.text is not valid']],
      ['a long text', { message: { ...text, text: 'x'.repeat(65_536) } }, ['message.text must NOT have more than 65535 characters']],
      ['a text with a note', { message: { ...text, note: 'x' } }, ['message.note is not for messages of the type text']],
      [
        'a text with a product',
        { message: { ...text, product: { name: 'Cup' } } },
        ['message.product is not for messages of the type text'],
      ],
      ['a local time', { message: { ...text, created_at: '2026-11-24T10:00:00' } }, ['message.created_at is not valid']],
      ['a time as a number', { message: { ...text, created_at: 1_703_523_308 } }, ['message.created_at must be string']],
      ['an image without items', { message: { type: 'image', external_id: 'm-1' } }, ['message.items is required']],
      [
        'an empty list of items',
        { message: { type: 'image', external_id: 'm-1', items: [] } },
        ['message.items must NOT have fewer than 1 items'],
      ],
      [
        '21 items',
        { message: { type: 'image', external_id: 'm-1', items: Array.from({ length: 21 }, () => ({ id: UNKNOWN_FILE })) } },
        ['message.items must NOT have more than 20 items'],
      ],
      [
        'an item that is no uuid',
        { message: { type: 'file', external_id: 'm-1', items: [{ id: '7' }] } },
        ['message.items[0].id is not valid'],
      ],
      [
        'a long caption',
        { message: { type: 'file', external_id: 'm-1', items: [{ id: UNKNOWN_FILE, caption: 'x'.repeat(1_025) }] } },
        ['message.items[0].caption must NOT have more than 1024 characters'],
      ],
      [
        'an unknown file',
        { message: { type: 'file', external_id: 'm-1', items: [{ id: UNKNOWN_FILE }] } },
        [`File ${UNKNOWN_FILE} not found`],
      ],
      ['a product without one', { message: { type: 'product', external_id: 'm-1' } }, ['message.product is required']],
      [
        'a negative cost',
        { message: { type: 'product', external_id: 'm-1', product: { name: 'Cup', cost: { value: -1, currency: 'EUR' } } } },
        ['message.product.cost.value must be >= 0'],
      ],
      [
        'a currency in words',
        { message: { type: 'product', external_id: 'm-1', product: { name: 'Cup', cost: { value: 1, currency: 'euro' } } } },
        ['message.product.cost.currency is not valid'],
      ],
      [
        'an unknown order status',
        { message: { type: 'order', external_id: 'm-1', order: { status: { code: 'paid' } } } },
        ['message.order.status.code must be equal to one of the allowed values'],
      ],
      [
        'paid for payed',
        { message: { type: 'order', external_id: 'm-1', order: { payments: [{ status: { paid: true } }] } } },
        ['message.order.payments[0].status has an unknown field "paid"'],
      ],
      [
        'a quote by the gateway’s id',
        { quote: { id: 1 } },
        ["quote must have required property 'external_id'", 'quote has an unknown field "id"'],
      ],
      ['an unknown quote', { quote: { external_id: 'm-0' } }, ['Quoted message not found']],
      ['a deadline without a zone', { reply_deadline: '2026-11-24 10:00:00' }, ['reply_deadline is not valid']],
      ['an unknown field', { dialog_id: 5 }, ['The body has an unknown field "dialog_id"']],
    ])('are refused with %s', async (_what, more, errors) => {
      expect(await bench.post(channel, 'm-1', more)).toMatchObject(refused(errors));
      expect(gateway.messages()).toEqual([]);
    });

    it('are refused with a file of another type, or a chat of another customer', async () => {
      const file = fileOf(await bench.upload(Buffer.from('text')));
      const message = { type: 'image', external_id: 'm-1', items: [{ id: file }] };
      expect(await bench.post(channel, 'm-1', { message })).toMatchObject(refused([`File ${file} is not of the type image`]));
      await bench.post(channel, 'm-1');
      const other = { external_id: 'user-2', nickname: 'ann' };
      expect(await bench.post(channel, 'm-2', { customer: other })).toMatchObject(refused(['Chat belongs to another customer']));
    });

    it('need the abilities that the channel has declared', async () => {
      const only = await bench.openChannel({ external_id: 'bot-2', settings: { text: { creating: 'receive' } } });
      const missing = refused(["The channel's settings do not have text.creating"]);
      expect(await bench.post(only, 'm-1')).toMatchObject(missing);
      gateway.setModes({ abilities: 'ignored' });
      expect(await bench.post(only, 'm-2')).toMatchObject({ status: 200 });
      gateway.setModes({ abilities: 'checked' });
      await bench.call('PUT', `/channels/${only}`, { settings: { text: { creating: 'both' } } });
      expect(await bench.post(only, 'm-3', { quote: { external_id: 'm-2' } })).toMatchObject(
        refused(["The channel's settings do not have text.quoting"]),
      );
      // A message that the shop writes in the messenger's own app is not the customer's.
      await bench.call('PUT', `/channels/${only}`, { settings: {} });
      expect(await bench.post(only, 'm-4', { originator: 'channel', customer: undefined })).toMatchObject({ status: 200 });
    });

    it('are kept as sent, or trimmed and escaped', async () => {
      await bench.post(channel, 'm-1', { message: { type: 'text', external_id: 'm-1', text: ' <b>"You" & I</b> ' } });
      gateway.setModes({ texts: 'escaped' });
      await bench.post(channel, 'm-2', {
        customer: { external_id: 'user-1', nickname: "O'Neil", profile_url: 'https://m.example/?a=1&b=2' },
        message: { type: 'text', external_id: 'm-2', text: ' <b>"You" & I</b> ' },
      });
      expect(gateway.messages().map((message) => message.text)).toEqual([' <b>"You" & I</b> ', '&lt;b&gt;&#34;You&#34; &amp; I&lt;/b&gt;']);
      expect(gateway.chats()[0]?.customer).toMatchObject({ nickname: 'O&#39;Neil', profile_url: 'https://m.example/?a=1&b=2' });
    });

    it('take the other name of a payment that is paid', async () => {
      gateway.setModes({ paidKey: 'paid' });
      const build = (status: object): object => ({ message: { type: 'order', external_id: 'm-1', order: { payments: [{ status }] } } });
      expect(await bench.post(channel, 'm-1', build({ payed: true }))).toMatchObject({ status: 400 });
      expect(await bench.post(channel, 'm-1', build({ paid: true }))).toMatchObject({ status: 200 });
    });

    it('of the past go another way, under another name of the channel', async () => {
      const { channel: id, ...rest } = buildMessage(channel, 'm-1');
      expect(await bench.call('POST', '/messages/history', { channel: id, ...rest })).toMatchObject({ status: 400 });
      expect(await bench.call('POST', '/messages/history', { channel_id: id, ...rest, customer: undefined })).toMatchObject(
        refused(["The body must have required property 'customer'"]),
      );
      expect(await bench.call('POST', '/messages/history', { channel_id: id, ...rest })).toMatchObject({ status: 200 });
      expect(gateway.messages()).toMatchObject([{ history: true }]);
      expect(gateway.chats()).toMatchObject([{ dialogues: [] }]);
    });
  });

  describe('edits, deletions, receipts, reactions', () => {
    const edit = (message: object, name = 'channel') => bench.call('PUT', '/messages', { [name]: channel, message });
    const remove = (message: object, name = 'channel') => bench.call('DELETE', '/messages', { [name]: channel, message });
    const restore = (message: object, name = 'channel_id') => bench.call('POST', '/messages/restore', { [name]: channel, message });
    const read = (message: object, name = 'channel_id') => bench.call('POST', '/messages/read', { [name]: channel, message });
    const react = (method: string, message: object, reaction?: string, name = 'channel') =>
      bench.call(method, '/messages/reaction', { [name]: channel, message, reaction });

    it('an edit changes a text, and is answered as the client expects', async () => {
      const id = idOf(await bench.post(channel, 'm-1'));
      expect(await edit({ external_id: 'm-1', text: 'Bye', page_link: 'https://shop.example/' })).toMatchObject({ status: 200, body: {} });
      gateway.setModes({ replies: 'hand-written' });
      expect(await edit({ id, text: 'Bye!', edited_at: 1_764_000_000_000 })).toMatchObject({ status: 200, body: { message_id: id } });
      expect(gateway.messages()).toMatchObject([{ text: 'Bye!', edits: 2 }]);
      expect(await edit({ id, text: 'x', edited_at: 1_764_000_000 })).toMatchObject(refused(['message.edited_at must be in milliseconds']));
    });

    it.each<[string, object, unknown]>([
      [
        'of nothing named',
        { text: 'x' },
        ["message must have required property 'id'", "message must have required property 'external_id'"],
      ],
      ['of an unknown message', { external_id: 'm-9', text: 'x' }, ['Message not found']],
      ['of the one by its id and another by its external id', { id: 1, external_id: 'm-1', text: 'x' }, ['Message not found']],
      ['without a text', { external_id: 'm-1' }, ["message must have required property 'text'"]],
      ['to nothing', { external_id: 'm-1', text: '' }, expect.any(Array)],
      ['to a long text', { external_id: 'm-1', text: 'x'.repeat(65_536) }, ['message.text must NOT have more than 65535 characters']],
      ['at a time as text', { external_id: 'm-1', text: 'x', edited_at: '2026-11-24T10:00:00Z' }, ['message.edited_at must be integer']],
      ['of its type', { external_id: 'm-1', text: 'x', type: 'text' }, ['message has an unknown field "type"']],
    ])('an edit %s is refused', async (_what, message, errors) => {
      await bench.post(channel, 'm-1');
      expect(await edit(message)).toMatchObject(refused(errors));
      expect(gateway.messages()).toMatchObject([{ text: 'Hello', edits: 0 }]);
    });

    it('only texts are edited', async () => {
      const image = fileOf(await bench.upload(PNG));
      await bench.post(channel, 'm-1', { message: { type: 'image', external_id: 'm-1', items: [{ id: image }] } });
      expect(await edit({ external_id: 'm-1', text: 'x' })).toMatchObject(refused(['Only text messages can be edited']));
    });

    it('a deletion has a body, and is answered as the client expects; what is deleted is not found until it is restored', async () => {
      const first = idOf(await bench.post(channel, 'm-1'));
      const second = idOf(await bench.post(channel, 'm-2'));
      expect(await restore({ external_id: 'm-2' })).toMatchObject(refused(['Message is not deleted']));
      expect(await remove({ external_id: 'm-2' })).toMatchObject({
        status: 200,
        body: { id: second, external_id: 'm-2', is_deleted: true },
      });
      for (const again of [remove({ id: second }), edit({ id: second, text: 'x' }), react('POST', { id: second }, '👍')])
        expect(await again).toMatchObject(refused(['Message not found']));
      expect(await bench.post(channel, 'm-3', { quote: { external_id: 'm-2' } })).toMatchObject(refused(['Quoted message not found']));
      expect(await bench.post(channel, 'm-2')).toMatchObject(refused(['Message with passed external_id already exists']));
      expect(await restore({ external_id: 'm-2' })).toMatchObject({ status: 200, body: { message_id: second } });
      gateway.setModes({ replies: 'hand-written' });
      expect(await remove({ id: second })).toMatchObject({ status: 200, body: { message_id: first } });
      expect(await remove({ id: first })).toMatchObject({ status: 200, body: null });
      expect(await bench.call('DELETE', '/messages')).toMatchObject(refused(['The body must be object']));
      expect(await restore({ external_id: 'm-9' })).toMatchObject(refused(['Message not found']));
    });

    it('a customer reads what a manager wrote', async () => {
      const id = await write();
      expect(await read({ id })).toMatchObject({ status: 200, body: {} });
      expect(gateway.message(id).status).toBe('seen');
      expect(await read({ external_id: 'first' })).toMatchObject(refused(['Only messages to the customer can be read by the customer']));
      gateway.message(id).status = 'failed';
      expect(await read({ id })).toMatchObject(refused(['Message was not sent']));
      expect(await read({ id: 999_999 })).toMatchObject(refused(['Message not found']));
      const [unread, , later] = [await write(), await write(), await write()];
      gateway.message(later).time = '2040-01-01T00:00:00.000Z';
      const until = new Date(Date.now() + 1_000).toISOString();
      const readUntil = (more: object = {}) =>
        bench.call('POST', '/messages/read_until', { channel_id: channel, customer_external_id: 'user-1', until, ...more });
      expect(await readUntil()).toMatchObject({ status: 200, body: { ids: [unread, unread + 1] } });
      expect(await readUntil()).toMatchObject({ body: { ids: [] } });
      expect(await readUntil({ customer_external_id: 'user-9' })).toMatchObject(refused(['Customer not found']));
      expect(await readUntil({ until: 1_764_000_000 })).toMatchObject(refused(['until must be string']));
      await bench.call('PUT', `/channels/${channel}`, { settings: { status: { read: 'receive' } } });
      expect(await readUntil()).toMatchObject(refused(["The channel's settings do not have status.read"]));
    });

    it('reactions are those of the dictionary, as many as it says, and are taken back', async () => {
      await bench.post(channel, 'm-1');
      const name = { external_id: 'm-1' };
      expect(await react('POST', name, '💩')).toMatchObject(refused(['Reaction is not in the dictionary']));
      expect(await react('POST', name, '👍')).toMatchObject({ status: 200, body: {} });
      expect(await react('POST', name, '👍')).toMatchObject(refused(['Reaction already exists']));
      expect(await react('POST', name, '🔥')).toMatchObject(refused(['At most 1 reactions']));
      expect(await react('POST', name)).toMatchObject(refused(["The body must have required property 'reaction'"]));
      expect(await react('DELETE', name, '🔥')).toMatchObject(refused(['Reaction not found']));
      expect(await react('DELETE', name)).toMatchObject({ status: 200, body: {} });
      expect(await react('DELETE', name)).toMatchObject(refused(['Reaction not found']));
    });

    it.each([
      ['PUT', '/messages', 'channel_id', { message: { external_id: 'first', text: 'x' } }],
      ['DELETE', '/messages', 'channel_id', { message: { external_id: 'first' } }],
      ['POST', '/messages/reaction', 'channel_id', { message: { external_id: 'first' }, reaction: '👍' }],
      ['DELETE', '/messages/reaction', 'channel_id', { message: { external_id: 'first' } }],
      ['POST', '/messages/ack', 'channel_id', { message: { id: 1 } }],
      ['POST', '/messages/restore', 'channel', { message: { external_id: 'first' } }],
      ['POST', '/messages/read', 'channel', { message: { external_id: 'first' } }],
      ['POST', '/messages/read_until', 'channel', { customer_external_id: 'user-1', until: '2026-11-24T10:00:00Z' }],
    ])('%s %s does not know %s', async (method, path, name, body) => {
      await write();
      expect(await bench.call(method, path, { [name]: channel, ...body })).toMatchObject(
        refused(expect.arrayContaining([`The body has an unknown field "${name}"`])),
      );
    });

    it.each([
      ['editing', () => edit({ external_id: 'm-1', text: 'x' })],
      ['deleting', () => remove({ external_id: 'm-1' })],
      ['reaction', () => react('POST', { external_id: 'm-1' }, '👍')],
    ])('%s needs its ability', async (feature, act) => {
      await bench.post(channel, 'm-1');
      await bench.call('PUT', `/channels/${channel}`, { settings: { text: { [feature]: 'receive' } } });
      expect(await act()).toMatchObject(refused([`The channel's settings do not have text.${feature}`]));
    });
  });

  describe('files', () => {
    it('are uploaded as they are, and known by their bytes', async () => {
      const reply = await bench.upload(PNG, 'application/json');
      expect(reply).toMatchObject({
        status: 200,
        body: {
          ...{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), hash: expect.stringMatching(/^[0-9a-f]{64}$/), type: 'image' },
          ...{ meta: { width: 1, height: 1 }, mime_type: 'image/png', size: PNG.length, source_url: null, created_at: expect.any(String) },
        },
      });
      const id = fileOf(reply);
      const found = await bench.call('GET', `/files/${id}`);
      expect(found.body).toEqual({ id, type: 'image', size: PNG.length, mime_type: 'image/png', url: `${gateway.url}/files/${id}` });
      const download = await fetch(`${gateway.url}/files/${id}`);
      expect([download.headers.get('content-type'), Buffer.from(await download.arrayBuffer()).equals(PNG)]).toEqual(['image/png', true]);
      gateway.setModes({ fileUrlKey: 'Url' });
      expect((await bench.call('GET', `/files/${id}`)).body).toMatchObject({ Url: `${gateway.url}/files/${id}` });
      expect((await bench.upload(Buffer.from('OggS....'))).body).toMatchObject({ type: 'audio', mime_type: 'audio/ogg' });
      expect((await bench.upload(Buffer.from('a;b'), 'text/csv; charset=utf-8')).body).toMatchObject({
        type: 'file',
        mime_type: 'text/csv',
        meta: {},
      });
    });

    it('that are empty, too large or unknown are refused', async () => {
      expect(await bench.upload(Buffer.alloc(0))).toMatchObject(refused(['File is empty']));
      expect(await bench.upload(Buffer.alloc(20 * 1024 * 1024))).toMatchObject({ status: 200 });
      expect(await bench.upload(Buffer.alloc(20 * 1024 * 1024 + 1))).toMatchObject(refused(['File is larger than 20971520 bytes']));
      expect(await bench.call('GET', `/files/${UNKNOWN_FILE}`)).toMatchObject(refused(['File not found'], 404));
      expect((await fetch(`${gateway.url}/files/${UNKNOWN_FILE}`)).status).toBe(404);
      expect(gateway.book.files).toHaveLength(1);
    });

    it('come in a form in the other mode', async () => {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(PNG)], { type: 'image/png' }), 'a.png');
      const body = new Response(form);
      const [bytes, type] = [new Uint8Array(await body.arrayBuffer()), body.headers.get('content-type') ?? ''];
      expect(await bench.upload(bytes, type)).toMatchObject(refused(['The body must be the file itself']));
      gateway.setModes({ uploads: 'multipart' });
      expect(await bench.upload(bytes, type)).toMatchObject({ status: 200, body: { size: PNG.length, mime_type: 'image/png' } });
      expect(await bench.upload(PNG)).toMatchObject(refused(['Content-Type must be multipart/form-data']));
      expect(await bench.upload(Buffer.from('no part'), 'multipart/form-data; boundary=x')).toMatchObject(refused(['Form has no part']));
    });

    it('are fetched by their address, which then is shown', async () => {
      const source = createServer((request, response) => {
        response.writeHead(request.url === '/gone' ? 404 : 200, { 'content-type': 'image/png' }).end(PNG);
      });
      await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve));
      const at = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
      const fetchFrom = (url: string) => bench.call('POST', '/files/upload_by_url', { url });
      expect(await fetchFrom(`${at}/a.png`)).toMatchObject({ status: 200, body: { type: 'image', source_url: `${at}/a.png` } });
      expect(gateway.complaints).toEqual([]);
      await fetchFrom(`${at}/file/bot123456:AAH-secret/photos/1.png`);
      expect(gateway.complaints).toEqual(["upload_by_url got an address with a bot's token, which source_url shows"]);
      expect(await fetchFrom(`${at}/gone`)).toMatchObject(refused(['File could not be fetched']));
      expect(await fetchFrom('photo.png')).toMatchObject(refused(['url is not valid']));
      source.closeAllConnections();
      source.close();
    });

    it('break off while they are downloaded when told', async () => {
      const id = fileOf(await bench.upload(PNG));
      gateway.fail('downloadFile', { kind: 'cut' });
      await expect(fetch(`${gateway.url}/files/${id}`).then((reply) => reply.arrayBuffer())).rejects.toThrow();
    });
  });

  it('forgets all but the transports at a reset', async () => {
    await bench.post(channel, 'm-1');
    gateway.fail('*', { kind: 'unauthorized' });
    gateway.setModes({ replies: 'hand-written', callsPerSecond: undefined } satisfies Partial<GatewayModes>);
    gateway.reset();
    expect([gateway.channels(), gateway.chats(), gateway.messages(), gateway.captured]).toEqual([[], [], [], []]);
    expect(gateway.modes).toMatchObject({ replies: 'generated', callsPerSecond: 100 });
    expect(await bench.openChannel()).toBeGreaterThan(channel);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ABLE, GatewayBench, PNG, type ReceivedWebhook, StandInReceiver, waitUntil } from './gateway-bench.js';
import { MessageGateway } from './message-gateway.js';

describe("the message gateway's webhooks", () => {
  let gateway: MessageGateway;
  let bench: GatewayBench;
  let receiver: StandInReceiver;
  let channel: number;

  beforeAll(async () => {
    receiver = await StandInReceiver.start();
    gateway = await MessageGateway.start({ webhookUrl: receiver.url, clientId: 'client-1' });
    bench = new GatewayBench(gateway);
  });
  afterAll(async () => {
    await gateway.close();
    await receiver.close();
  });
  beforeEach(async () => {
    gateway.reset();
    receiver.reset();
    gateway.webhooks.retryMs = 1;
    channel = await bench.openChannel();
    await bench.post(channel, 'm-1');
  });

  /** A manager's text in the chat, and its outcome. */
  const write = async (more: object = {}): Promise<ReturnType<typeof gateway.message>> => {
    const message = gateway.sendMessage({ channel, chat: 'chat-1', content: 'On its way', ...more });
    await gateway.webhooks.idle();
    return message;
  };
  const last = (): ReceivedWebhook => {
    const found = receiver.received.at(-1);
    if (!found) throw new Error('nothing was received');
    return found;
  };
  const acknowledge = (body: object) => bench.call('POST', '/messages/ack', { channel, ...body });
  const refused = (...errors: string[]): object => ({ status: 400, body: { errors } });

  describe('message_sent', () => {
    it('has the known body and header, and its answer names the message', async () => {
      const message = await write();
      expect(last().body).toEqual({
        type: 'message_sent',
        meta: { timestamp: expect.any(Number) },
        data: {
          ...{ id: message.id, external_user_id: 'user-1', external_chat_id: 'chat-1', channel_id: channel },
          ...{ type: 'text', content: 'On its way', quote_external_id: null, quote_content: null },
          user: { id: 22, first_name: 'Ann', last_name: '', avatar: '' },
          customer: { first_name: 'Joe', last_name: '', avatar: '' },
        },
      });
      expect(last().headers).toMatchObject({ clientid: 'client-1', 'content-type': 'application/json' });
      expect(message).toMatchObject({ status: 'sent', externalId: expect.stringMatching(/^out-/), error: null });
      expect(gateway.webhooks.attempts).toMatchObject([{ url: receiver.url, type: 'message_sent', message: message.id, status: 200 }]);
      expect(gateway.complaints).toEqual([]);
    });

    it('names the client otherwise, or not', async () => {
      gateway.setModes({ clientIdHeader: 'X-Client-Id' });
      await write();
      expect(last().headers).toMatchObject({ 'x-client-id': 'client-1' });
      expect(last().headers).not.toHaveProperty('clientid');
      expect(last().body.meta).toEqual({ timestamp: expect.any(Number) });
      gateway.setModes({ clientIdHeader: 'none' });
      await write();
      expect(Object.keys(last().headers).filter((name) => name.includes('client'))).toEqual([]);
    });

    it('brings files, cards, quotes, suggestions and the robot', async () => {
      const { id } = gateway.addFile(PNG);
      await write({ type: 'image', content: 'Look', items: [{ id, caption: 'front' }], quote: gateway.messages()[0]?.id });
      expect(last().body.data).toMatchObject({
        ...{ type: 'image', content: 'Look', quote_external_id: 'm-1', quote_content: 'Hello' },
        items: [{ id, size: PNG.length, caption: 'front', width: 1, height: 1 }],
      });
      await write({ type: 'product', content: undefined, product: { name: 'Cup' }, by: 'bot', extra: { in_app_id: 5 } });
      expect(last().body.data).toMatchObject({ content: null, product: { name: 'Cup' }, bot: { id: 7, name: 'Robot' }, in_app_id: 5 });
      expect(last().body.data).not.toHaveProperty('user');
      const order = { number: '17C', payments: [{ name: 'Card', status: { name: 'Paid', payed: true } }] };
      await write({ type: 'order', content: undefined, order });
      expect(last().body.data).toMatchObject({ order });
      gateway.setModes({ paidKey: 'paid' });
      await write({ type: 'order', content: undefined, order });
      expect(last().body.data).toMatchObject({ order: { payments: [{ name: 'Card', status: { name: 'Paid', paid: true } }] } });
      await write({ suggestions: [{ type: 'text', title: 'Yes' }] });
      expect(last().body.data).toMatchObject({ attachments: { suggestions: [{ type: 'text', title: 'Yes' }] } });
    });

    it('begins a chat with a customer, which the answer names', async () => {
      receiver.answers = [
        { body: { async: false, external_message_id: 'o-1', external_chat_id: 'chat-7', external_customer_id: 'user-7' } },
      ];
      await write({ chat: undefined, customer: { external_id: '+34600000000', first_name: 'Eva' } });
      expect(last().body.data).toMatchObject({ external_user_id: '+34600000000', external_chat_id: '', customer: { first_name: 'Eva' } });
      expect(gateway.chats().at(-1)).toMatchObject({ externalId: 'chat-7', customer: { external_id: 'user-7' } });
      await write({ chat: undefined, customer: { external_id: 'user-7' } });
      expect(last().body.data).toMatchObject({ external_user_id: 'user-7', external_chat_id: 'chat-7' });
      expect(
        await bench.post(channel, 'm-2', { external_chat_id: 'chat-7', customer: { external_id: 'user-7', nickname: 'eva' } }),
      ).toMatchObject({ status: 200 });
    });

    it.each<[string, object, string | RegExp]>([
      ['to an unknown chat', { chat: 'chat-9' }, 'there is no chat chat-9'],
      ['to nobody', { chat: undefined }, 'needs a chat or a customer'],
      ['on an unknown channel', { channel: 999_999 }, 'there is no active channel 999999'],
      ['without a text', { content: ' ' }, 'is empty'],
      ['over the length', { content: 'x'.repeat(4_097) }, 'at most 4096 characters'],
      ['of a type it has not', { type: 'video' }, 'the channel does not offer managers video.creating'],
      ['with a suggestion it has not', { suggestions: [{ type: 'phone' }] }, 'suggestions.phone'],
      ['with an unknown file', { type: 'image', items: [{ id: 'x' }] }, 'File not found'],
      ['with no file', { type: 'image' }, 'is empty'],
    ])('a manager cannot write %s', async (_what, more, error) => {
      await expect(write(more)).rejects.toThrow(error);
      expect(receiver.received).toEqual([]);
    });

    it('a manager writes as the channel’s limits and its policy say', async () => {
      const { id } = gateway.addFile(PNG);
      await expect(write({ type: 'image', items: [{ id }, { id }, { id }] })).rejects.toThrow('at most 2 items');
      const large = gateway.addFile(Buffer.concat([PNG, Buffer.alloc(1_000)]));
      await expect(write({ type: 'image', items: [{ id: large.id }] })).rejects.toThrow('at most 1000 bytes');
      await bench.call('PUT', `/channels/${channel}`, { settings: { text: { creating: 'send' } } });
      await expect(write()).rejects.toThrow('does not offer managers text.creating');
      await expect(write({ chat: undefined, customer: { external_id: 'user-9' } })).rejects.toThrow('text.creating');
      await bench.call('PUT', `/channels/${channel}`, { settings: { text: { creating: 'receive' } } });
      expect(await write()).toMatchObject({ status: 'sent' });
      await expect(write({ chat: undefined, customer: { external_id: 'user-9' } })).rejects.toThrow('does not let managers write first');
      await bench.post(channel, 'm-2', { originator: 'channel', reply_deadline: '2020-01-01T00:00:00Z' });
      await expect(write()).rejects.toThrow('the time to reply in the chat chat-1 has passed');
    });

    it('to a transport without an address is an error', () => {
      gateway.register({ code: 'silent' });
      expect(() => gateway.postEvent('message_sent', {}, { transport: 'silent' })).toThrow('has no address for webhooks');
      expect(() => gateway.postEvent('message_sent', {}, { transport: 'none' })).toThrow('there is no transport none');
    });
  });

  describe('the answers to message_sent', () => {
    it.each<[string, object]>([
      ['general', { code: 'general', message: 'Blocked' }],
      ['with the messenger’s code', { code: 'customer_not_exists', message: 'Gone', external_code: '403' }],
    ])('an error makes it failed: %s', async (_what, error) => {
      receiver.answers = [{ body: { async: false, error } }];
      expect(await write()).toMatchObject({ status: 'failed', error, externalId: undefined });
      expect(gateway.complaints).toEqual([]);
    });

    it.each<[string, { status?: number; body: unknown }]>([
      ['success true', { body: { success: true } }],
      ['nothing', { body: {} }],
      ['no JSON', { body: 'ok' }],
      ['a list', { body: [] }],
      ['no async', { body: { external_message_id: 'o-1' } }],
      ['async as text', { body: { async: 'false', external_message_id: 'o-1' } }],
      ['no id', { body: { async: false } }],
      ['a number as id', { body: { async: false, external_message_id: 7 } }],
      ['a long id', { body: { async: false, external_message_id: 'x'.repeat(256) } }],
      ['an unknown field', { body: { async: false, external_message_id: 'o-1', message_id: 7 } }],
      ['an error and async true', { body: { async: true, error: { code: 'general', message: 'x' } } }],
      ['an error of an unknown code', { body: { async: false, error: { code: 'unknown', message: 'x' } } }],
      ['an error without a message', { body: { async: false, error: { code: 'general' } } }],
      ['an error with an unknown field', { body: { async: false, error: { code: 'general', message: 'x', reason: 'y' } } }],
      ['a created status', { status: 201, body: { async: false, external_message_id: 'o-1' } }],
      ['a server error', { status: 500, body: { success: false } }],
    ])('%s is malformed, and noted', async (_what, answer) => {
      receiver.answers = [answer];
      expect(await write()).toMatchObject({ status: 'failed', error: { code: 'malformed_response' }, externalId: undefined });
      expect(gateway.complaints).toEqual([expect.stringContaining("The module's answer")]);
    });

    it('an error with another status is malformed', async () => {
      receiver.answers = [{ status: 422, body: { error: { code: 'reply_timed_out', message: 'Too late' } } }];
      expect(await write()).toMatchObject({ error: { code: 'malformed_response' } });
    });

    it('one that is not there is a network error; a manager then presses again', async () => {
      gateway.register({ code: 'first', webhookUrl: 'http://127.0.0.1:1/hook' });
      const failed = await write();
      gateway.register({ code: 'first', webhookUrl: receiver.url });
      expect(failed).toMatchObject({ status: 'failed', error: { code: 'network_error' } });
      const again = gateway.resendMessage(failed.id);
      await gateway.webhooks.idle();
      expect(again).toMatchObject({ status: 'sent', text: 'On its way' });
      expect(again.id).toBeGreaterThan(failed.id);
      expect(() => gateway.resendMessage(again.id)).toThrow('is sent, not failed');
    });

    it('that differ when it comes again, or have the id of another message, are noted', async () => {
      gateway.webhooks.mode = 'hold';
      const one = gateway.sendMessage({ channel, chat: 'chat-1', content: 'One' });
      receiver.answers = ['o-1', 'o-1', 'o-2'].map((id) => ({ body: { async: false, external_message_id: id } }));
      await gateway.flushWebhooks({ copies: 3 });
      expect(one).toMatchObject({ status: 'sent', externalId: 'o-1' });
      expect(gateway.complaints).toEqual([`message ${one.id} was answered differently when it came again`]);
      gateway.webhooks.mode = 'auto';
      receiver.answers = [{ body: { async: false, external_message_id: 'm-1', external_chat_id: 'chat-5' } }];
      const two = await write();
      expect(gateway.complaints.slice(1)).toEqual([
        `message ${two.id} was answered with the external id of message ${gateway.messages()[0]?.id}`,
        'the chat chat-1 was answered with another external_chat_id',
      ]);
      expect(gateway.duplicates()).toEqual(['m-1']);
    });
  });

  describe('acknowledgements', () => {
    const later = async (body: object = {}): Promise<ReturnType<typeof gateway.message>> => {
      receiver.answers = [{ body: { async: true, ...body } }];
      return write();
    };

    it('say that it was sent', async () => {
      const message = await later();
      expect(message).toMatchObject({ status: 'sending', waitsForAck: true });
      const ack = { message: { id: message.id, external_id: 'o-1' }, transport_message_id: 't-1', created_at: '2026-11-24T10:00:00.5Z' };
      expect(await acknowledge(ack)).toMatchObject({ status: 200, body: {} });
      expect(message).toMatchObject({ status: 'sent', externalId: 'o-1', transportMessageId: 't-1', waitsForAck: false });
      expect(await acknowledge(ack)).toMatchObject({ status: 200 });
      expect(await acknowledge({ message: { id: message.id }, error: { code: 'general', message: 'x' } })).toMatchObject({ status: 200 });
      expect(message).toMatchObject({ status: 'sent', error: null });
    });

    it('say that it was not', async () => {
      const message = await later();
      const error = { code: 'access_restricted', message: 'Blocked', external_code: '403' };
      expect(await acknowledge({ message: { id: message.id }, error })).toMatchObject({ status: 200 });
      expect(message).toMatchObject({ status: 'failed', error, externalId: undefined });
    });

    it('may come before the answer', async () => {
      gateway.webhooks.mode = 'hold';
      const message = gateway.sendMessage({ channel, chat: 'chat-1', content: 'x' });
      const ack = { message: { id: message.id, external_id: 'o-1' } };
      expect(await acknowledge(ack)).toMatchObject({ status: 200 });
      receiver.answers = [{ body: { async: true } }];
      await gateway.flushWebhooks();
      expect(message).toMatchObject({ status: 'sent', waitsForAck: false });
    });

    it('that do not come make it failed; too late they still count', async () => {
      gateway.setModes({ ackDeadlineMs: 20 });
      const message = await later();
      await waitUntil(() => message.status === 'failed');
      expect(message).toMatchObject({ status: 'failed', error: { code: 'async_send_timeout' } });
      const ack = { message: { id: message.id, external_id: 'o-1' } };
      expect(await acknowledge(ack)).toMatchObject({ status: 200 });
      expect(message).toMatchObject({ status: 'sent', error: null });
    });

    it('name the message by the external id that was promised, in the other mode', async () => {
      gateway.setModes({ acks: 'by-external-id' });
      const message = await later({ external_message_id: 'o-1' });
      expect(await acknowledge({ message: { id: message.id } })).toMatchObject(refused('Message not found'));
      expect(await acknowledge({ message: { id: message.id }, external_message_id: 'o-2' })).toMatchObject(refused('Message not found'));
      expect(await acknowledge({ message: { id: message.id, external_id: 'o-1' } })).toMatchObject({ status: 200 });
      expect(message).toMatchObject({ status: 'sent', externalId: 'o-1' });
    });

    it.each<[string, (id: number) => object, string[]]>([
      ['no message', () => ({}), ["The body must have required property 'message'"]],
      [
        'no name',
        () => ({ message: {} }),
        ["message must have required property 'id'", "message must have required property 'external_id'"],
      ],
      ['our id only', () => ({ message: { external_id: 'o-1' } }), ['message.id is required']],
      ['no id of ours', (id) => ({ message: { id } }), ['message.external_id is required']],
      ['an id as text', (id) => ({ message: { id: String(id) } }), ['message.id must be integer']],
      ['an unknown message', () => ({ message: { id: 999_999, external_id: 'o-1' } }), ['Message not found']],
      [
        'an unknown code',
        (id) => ({ message: { id }, error: { code: 'network_error', message: 'x' } }),
        ['error.code must be equal to one of the allowed values'],
      ],
      [
        'an error without a message',
        (id) => ({ message: { id }, error: { code: 'general' } }),
        ["error must have required property 'message'"],
      ],
      [
        'a long code of the messenger',
        (id) => ({ message: { id }, error: { code: 'general', message: 'x', external_code: 'x'.repeat(101) } }),
        ['error.external_code must NOT have more than 100 characters'],
      ],
      [
        'a number as the messenger’s id',
        (id) => ({ message: { id, external_id: 'o-1' }, transport_message_id: 5 }),
        ['transport_message_id must be string'],
      ],
      ['an unknown field', (id) => ({ message: { id, external_id: 'o-1' }, status: 'sent' }), ['The body has an unknown field "status"']],
    ])('are refused with %s', async (_what, build, errors) => {
      const message = await later();
      expect(await acknowledge(build(message.id))).toMatchObject(refused(...errors));
      expect(message).toMatchObject({ status: 'sending', waitsForAck: true });
    });

    it('are only for messages of managers', async () => {
      const id = gateway.messages()[0]?.id;
      expect(await acknowledge({ message: { id, external_id: 'm-1' } })).toMatchObject(refused('Message was not sent by the gateway'));
    });
  });

  describe('the other events', () => {
    const address = (): object => ({ external_user_id: 'user-1', external_chat_id: 'chat-1', channel_id: channel });

    it('message_updated and message_deleted are of a message that was sent', async () => {
      const message = await write();
      gateway.editMessage(message.id, 'It has arrived');
      await gateway.webhooks.idle();
      const named = { external_message_id: message.externalId, ...address() };
      expect(last().body).toMatchObject({ type: 'message_updated', data: { ...named, type: 'text', content: 'It has arrived' } });
      gateway.deleteMessage(message.id);
      await gateway.webhooks.idle();
      expect(last().body).toEqual({ type: 'message_deleted', meta: { timestamp: expect.any(Number) }, data: named });
      expect(() => gateway.editMessage(message.id, 'x')).toThrow('is deleted');
      receiver.answers = [{ body: { async: true } }];
      const waiting = await write();
      expect(() => gateway.deleteMessage(waiting.id)).toThrow('is sending');
      expect(() => gateway.editMessage(gateway.messages()[0]?.id ?? 0, 'x')).toThrow('is not of a manager');
      expect(gateway.complaints).toEqual([]);
    });

    it('message_read is of a customer’s message', async () => {
      const id = gateway.messages()[0]?.id ?? 0;
      gateway.readMessage(id);
      await gateway.webhooks.idle();
      expect(last().body).toMatchObject({ type: 'message_read', data: { external_message_id: 'm-1', ...address() } });
      expect(gateway.message(id).status).toBe('seen');
      expect(() => gateway.readMessage(999_999)).toThrow('there is no message 999999');
      const { id: written } = await write();
      expect(() => gateway.readMessage(written)).toThrow("is not a customer's");
    });

    it('reaction_add and reaction_delete have the reactions before and after', async () => {
      const id = gateway.messages()[0]?.id ?? 0;
      await bench.call('POST', '/messages/reaction', { channel, message: { id }, reaction: '🔥' });
      const react = async (reaction?: string): Promise<object> => {
        gateway.react(id, reaction);
        await gateway.webhooks.idle();
        return last().body;
      };
      const named = { external_message_id: 'm-1', ...address() };
      expect(await react('👍')).toMatchObject({
        type: 'reaction_add',
        data: { ...named, new_reaction: '👍', old_reaction: null, all_reactions: [{ reaction: '🔥' }, { reaction: '👍' }] },
      });
      expect(await react('🔥')).toMatchObject({ type: 'reaction_add', data: { new_reaction: '🔥', old_reaction: '👍' } });
      expect(await react()).toMatchObject({
        type: 'reaction_delete',
        data: { new_reaction: null, old_reaction: '🔥', all_reactions: [{ reaction: '🔥' }] },
      });
      await expect(react()).rejects.toThrow('no manager reacted');
      await expect(react('💩')).rejects.toThrow('the channel has no reaction');
    });

    it.each(['editing', 'deleting', 'reaction'])('%s is only for managers whose channel has it', async (feature) => {
      const { id } = await write();
      await bench.call('PUT', `/channels/${channel}`, { settings: { ...ABLE, text: { ...ABLE.text, [feature]: 'send' } } });
      const acts = {
        editing: () => gateway.editMessage(id, 'x'),
        deleting: () => gateway.deleteMessage(id),
        reaction: () => gateway.react(id, '👍'),
      };
      expect(acts[feature as keyof typeof acts]).toThrow(`does not offer managers text.${feature}`);
    });

    it('any other event is posted as it is', async () => {
      gateway.postEvent('template_create', { name: 'Hi', channel_id: channel });
      gateway.postEvent('dialog_closed', { id: 1 });
      await gateway.webhooks.idle();
      expect(receiver.received.map(({ body }) => body)).toMatchObject([
        { type: 'template_create', data: { name: 'Hi' } },
        { type: 'dialog_closed', data: { id: 1 } },
      ]);
    });

    it.each<[number, unknown]>([
      [200, { success: true }],
      [200, 'ok'],
      [404, {}],
      [500, {}],
    ])('answered with %i %j instead of {} they are noted', async (status, body) => {
      receiver.answers = [{ status, body }];
      gateway.postEvent('message_read', {});
      await gateway.webhooks.idle();
      expect(gateway.complaints).toEqual([expect.stringMatching(/^message_read was answered with \d+ .* instead of 200 \{\}$/)]);
    });
  });

  describe('how they are posted', () => {
    const statuses = (): number[] => gateway.webhooks.attempts.map(({ status }) => status);

    it('again when the answer is not there in time, and then with the same id', async () => {
      gateway.setModes({ webhookTimeoutMs: 300 });
      receiver.answers = [null, null, { body: { async: false, external_message_id: 'o-1' } }];
      const written = write();
      await waitUntil(() => receiver.received.length === 2);
      // However long that takes on a loaded machine.
      gateway.webhooks.timeoutMs = 30_000;
      const message = await written;
      expect(statuses()).toEqual([0, 0, 200]);
      expect(receiver.received.map(({ body }) => body.data['id'])).toEqual([message.id, message.id, message.id]);
      expect(message).toMatchObject({ status: 'sent', externalId: 'o-1' });
      receiver.answers = [null, null, null];
      expect(await write()).toMatchObject({ status: 'failed', error: { code: 'network_error' } });
      expect(statuses().slice(3)).toEqual([0, 0, 0]);
    });

    it('never again after an error, nor at all in one mode, and after failures in another', async () => {
      receiver.answers = [{ status: 500, body: {} }];
      await write();
      expect(statuses()).toEqual([500]);
      gateway.setModes({ webhookTimeoutMs: 300, repeats: 'never' });
      receiver.answers = [null];
      await write();
      expect(statuses()).toEqual([500, 0]);
      gateway.setModes({ webhookTimeoutMs: 30_000, repeats: 'after-failure' });
      receiver.answers = [
        { status: 503, body: {} },
        { status: 403, body: {} },
      ];
      expect(await write()).toMatchObject({ status: 'failed', error: { code: 'malformed_response' } });
      expect(statuses()).toEqual([500, 0, 503, 403]);
    });

    it('one by one, or at once', async () => {
      gateway.setModes({ webhookTimeoutMs: 300, repeats: 'never' });
      const writeTwo = async (): Promise<string[]> => {
        receiver.answers = [null];
        const [one] = ['One', 'Two'].map((content) => gateway.sendMessage({ channel, chat: 'chat-1', content }));
        await waitUntil(() => receiver.received.length >= 2);
        const isFirstDone = one?.status === 'failed';
        await gateway.webhooks.idle();
        return [isFirstDone ? 'after the first' : 'at once'];
      };
      expect(await writeTwo()).toEqual(['after the first']);
      receiver.reset();
      // Long enough for the second to arrive meanwhile, on a loaded machine too.
      gateway.setModes({ webhookOrder: 'at-once', webhookTimeoutMs: 1_500 });
      expect(await writeTwo()).toEqual(['at once']);
    });

    it('held, doubled, in the wrong order and forged when told', async () => {
      gateway.webhooks.mode = 'hold';
      for (const content of ['One', 'Two']) gateway.sendMessage({ channel, chat: 'chat-1', content });
      expect(receiver.received).toEqual([]);
      await gateway.flushWebhooks({ reverse: true, forge: true });
      expect(receiver.received.map(({ body }) => body.data['content'])).toEqual(['Two', 'One']);
      expect(receiver.received.map(({ headers }) => headers['clientid'])).toEqual(['not client-1', 'not client-1']);
    });
  });

  describe('the control over HTTP', () => {
    it('does what the methods do', async () => {
      expect(
        (await bench.control('POST', '/modes', { callsPerSecond: null, replies: 'hand-written', webhooks: 'hold' })).body,
      ).toMatchObject({
        modes: { callsPerSecond: null, replies: 'hand-written', webhooks: 'hold' },
      });
      expect(
        (await bench.control('POST', '/transports', { code: 'b', token: 'b'.repeat(40), webhookUrl: receiver.url, clientId: 'c' })).body,
      ).toEqual({
        ...{ endpointUrl: gateway.url, token: 'b'.repeat(40) },
      });
      const { body: file } = await bench.control('POST', '/files', { base64: PNG.toString('base64') });
      expect(file).toMatchObject({ type: 'image', mimeType: 'image/png' });
      const { body: written } = await bench.control('POST', '/send', { channel, chat: 'chat-1', content: 'x' });
      expect(written).toMatchObject({ direction: 'out', status: 'sending' });
      const { id } = written as { id: number };
      expect((await bench.control('POST', '/webhooks', {})).body).toMatchObject({ attempts: [{ message: id, status: 200 }] });
      await bench.control('POST', '/modes', { webhooks: 'auto' });
      for (const [path, body] of [
        ['/edit', { message: id, content: 'y' }],
        ['/react', { message: id, reaction: '👍' }],
        ['/delete', { message: id }],
        ['/read', { message: gateway.messages()[0]?.id }],
        ['/events', { type: 'template_create', data: {} }],
        ['/close', { channel, chat: 'chat-1' }],
      ] as const)
        expect([path, (await bench.control('POST', path, body)).status]).toEqual([path, 200]);
      await gateway.webhooks.idle();
      expect(receiver.received.map(({ body }) => body.type)).toEqual([
        ...['message_sent', 'message_updated', 'reaction_add', 'message_deleted', 'message_read', 'template_create'],
      ]);
      gateway.message(id).status = 'failed';
      expect((await bench.control('POST', '/resend', { message: id })).body).toMatchObject({ text: 'y' });
      for (const [path, count] of [
        ['/transports', gateway.book.transports.length],
        ['/channels?transport=first', 1],
        ['/chats', 1],
        ['/messages?chat=chat-1', 3],
        ['/files', 1],
      ] as const)
        expect([path, (await bench.control('GET', path)).body]).toMatchObject([path, { count }]);
      expect((await bench.control('GET', '')).body).toMatchObject({
        channels: 1,
        messages: 3,
        duplicates: [],
        outOfOrder: [],
        complaints: [],
      });
    });

    it('shows requests without the token', async () => {
      const { body } = await bench.control('GET', '/requests');
      expect(body).toMatchObject({ items: [{ call: 'createChannel' }, { call: 'sendMessage', body: { channel } }] });
      expect(JSON.stringify(body)).not.toContain(gateway.transport.tokens.at(-1));
    });
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { memoryRateLimiter } from '#crm-client';
import { BadInputError, Reach } from '#platform';
import { HttpClient } from '#provider-kit';
import { MessageGateway } from '#testing';
import { toChannelSettings } from './channel-settings.js';
import { GatewayClient } from './gateway-client.js';
import { type GatewayEvent, readGatewayEvent } from './gateway-webhook.dto.js';

const encode = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

describe("the gateway's webhooks", () => {
  const http = new HttpClient({ name: 'The message gateway' });
  const bodies: Uint8Array[] = [];
  let server: Server;
  let gateway: MessageGateway;
  let channel: number;
  let file: string;

  /** Reads the events that the gateway has posted since the last call. */
  async function read(): Promise<(GatewayEvent | undefined)[]> {
    await gateway.webhooks.idle();
    return bodies.splice(0).map(readGatewayEvent);
  }

  beforeAll(async () => {
    let sent = 0;
    server = createServer((request, reply) => {
      void buffer(request).then((body) => {
        bodies.push(body);
        const isSent = body.toString().includes('"message_sent"');
        reply.end(JSON.stringify(isSent ? { external_message_id: `out-${++sent}`, async: false } : {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    gateway = await MessageGateway.start({ webhookUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
    const client = new GatewayClient(http, memoryRateLimiter(), {
      ...{
        endpointUrl: gateway.url,
        token: gateway.transport.tokens[0] ?? '',
        bucket: 'connection',
        journaled: (_name, call) => call(),
        reach: new Reach(['127.0.0.1']),
      },
    });
    const signal = AbortSignal.timeout(20_000);
    const settings = toChannelSettings(
      {
        type: 'telegram',
        text: { maxLength: 4096, quotes: true },
        file: { maxItems: 2, maxBytes: 1_000_000, captionLength: 1024 },
        cards: true,
        reactions: { dictionary: ['👍'], most: 1 },
        suggestions: ['text', 'url'],
        newCustomer: 'text',
      },
      () => true,
    );
    channel = await client.createChannel({ type: 'telegram', name: '@shop', external_id: 'bot', settings }, signal);
    await client.sendMessage(
      {
        ...{ channel, external_chat_id: 'chat-1', originator: 'customer', customer: { external_id: 'user-1', nickname: 'joe' } },
        message: { type: 'text', external_id: 'in-1', text: 'Hello' },
      },
      signal,
    );
    file = gateway.addFile(Buffer.from('a,b\n'), 'text/csv').id;
  });
  afterAll(async () => {
    await gateway?.close();
    await http.close();
    await new Promise((resolve) => server.close(resolve));
  });

  const place = () => ({ channel_id: channel, external_user_id: 'user-1', external_chat_id: 'chat-1' });

  it('of messages are read with all that messengers need', async () => {
    const [incoming] = gateway.messages();
    const suggestions = [{ type: 'url' as const, title: 'Track', payload: 'https://shop.example/1' }];
    const text = gateway.sendMessage({ channel, chat: 'chat-1', content: 'Sent <b>', quote: incoming?.id ?? 0, suggestions });
    const media = gateway.sendMessage({ channel, chat: 'chat-1', type: 'file', content: 'List', items: [{ id: file, caption: 'Prices' }] });
    expect(await read()).toEqual([
      {
        type: 'message_sent',
        data: { ...place(), id: text.id, type: 'text', content: 'Sent <b>', quote_external_id: 'in-1', attachments: { suggestions } },
      },
      {
        type: 'message_sent',
        data: { ...place(), id: media.id, type: 'file', content: 'List', items: [{ id: file, size: 4, caption: 'Prices' }] },
      },
    ]);
  });

  it('of products and orders are read, whichever way "paid" is spelled', async () => {
    const product = {
      id: 7,
      name: 'Cup',
      article: 'C-1',
      url: 'https://shop.example/7',
      cost: { value: 9.5, currency: 'EUR' },
      unit: 'pc',
    };
    const order = {
      ...{ number: '12A', external_id: 12, date: '2026-11-26T10:00:00+03:00', cost: { value: 19, currency: 'EUR' } },
      ...{
        status: { code: 'new' as const, name: 'New' },
        delivery: { name: 'Courier', price: { value: 3, currency: 'EUR' }, address: 'Main st. 1' },
      },
      items: [{ name: 'Cup', quantity: { value: 2, unit: 'pc' }, price: { value: 9.5, currency: 'EUR' } }],
    };
    const payment = { name: 'Card', amount: { value: 19, currency: 'EUR' } };
    gateway.sendMessage({ channel, chat: 'chat-1', type: 'product', product });
    gateway.sendMessage({
      channel,
      chat: 'chat-1',
      type: 'order',
      order: { ...order, payments: [{ ...payment, status: { payed: true } }] },
    });
    gateway.setModes({ paidKey: 'paid' });
    gateway.sendMessage({
      channel,
      chat: 'chat-1',
      type: 'order',
      order: { ...order, payments: [{ ...payment, status: { paid: true } }] },
    });
    expect(await read()).toMatchObject([
      { data: { type: 'product', product } },
      { data: { type: 'order', order: { ...order, payments: [{ ...payment, status: { payed: true } }] } } },
      { data: { type: 'order', order: { payments: [{ status: { paid: true } }] } } },
    ]);
  });

  it('of a chat that a manager starts contain no chat', async () => {
    gateway.sendMessage({ channel, customer: { external_id: 'user-2' }, content: 'Hello' });
    expect(await read()).toMatchObject([{ data: { external_user_id: 'user-2', external_chat_id: '' } }]);
  });

  it('of what happens to a message are read', async () => {
    const [incoming] = gateway.messages();
    const message = gateway.sendMessage({ channel, chat: 'chat-1', content: 'One' });
    const [sent] = await read();
    const name = { ...place(), external_message_id: gateway.message(message.id).externalId };
    gateway.editMessage(message.id, 'Two');
    gateway.react(message.id, '👍');
    gateway.react(message.id);
    gateway.deleteMessage(message.id);
    gateway.readMessage(incoming?.id ?? 0);
    expect(sent?.type).toBe('message_sent');
    expect(await read()).toEqual([
      { type: 'message_updated', data: { ...name, type: 'text', content: 'Two' } },
      { type: 'reaction_add', data: { ...name, new_reaction: '👍' } },
      { type: 'reaction_delete', data: { ...name, old_reaction: '👍' } },
      { type: 'message_deleted', data: name },
      { type: 'message_read', data: { ...place(), external_message_id: 'in-1' } },
    ]);
  });

  it('of other types are ignored', () => {
    for (const type of ['message_typing', 'toString', '__proto__'])
      expect(readGatewayEvent(encode({ type, meta: {}, data: { channel_id: 5 } }))).toBeUndefined();
  });

  it.each([
    ['', 'webhook'],
    ['{', 'webhook'],
    ['[]', 'type'],
    [{ data: {} }, 'type'],
    [{ type: 'message_sent' }, 'id'],
    [{ type: 'message_sent', data: { id: 1, channel_id: 'x', external_user_id: 'u', type: 'text' } }, 'channel_id'],
    [{ type: 'message_deleted', data: { channel_id: 5, external_user_id: 'u' } }, 'external_message_id'],
    [{ type: 'message_read', data: { channel_id: 0, external_user_id: 'u', external_message_id: 'm' } }, 'channel_id'],
  ])('that cannot be read state the problem: %j', (body, field) => {
    let problem: unknown;
    try {
      readGatewayEvent(encode(body));
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(BadInputError);
    expect((problem as BadInputError).errors).toHaveProperty([field]);
  });
});

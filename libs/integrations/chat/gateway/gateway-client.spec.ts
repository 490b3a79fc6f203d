import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AuthenticationError,
  LimitError,
  memoryRateLimiter,
  NotFoundError,
  ReplyError,
  TransportError,
  UsageError,
  ValidationError,
} from '#crm-client';
import { Reach } from '#platform';
import { HttpClient } from '#provider-kit';
import { MessageGateway } from '#testing';
import { toChannelSettings } from './channel-settings.js';
import { ChannelUnknownError, GatewayClient } from './gateway-client.js';
import type { ChannelInput, GatewayMessage } from './gateway.types.js';

const CHANNEL: ChannelInput = {
  type: 'telegram',
  name: '@shop',
  external_id: 'bot-1',
  avatar_url: 'https://shop.example/bot.png',
  settings: toChannelSettings(
    {
      type: 'telegram',
      text: { maxLength: 4096, quotes: true, customerEdits: true, customerDeletes: true, markup: ['bold'] },
      image: { maxItems: 10, maxBytes: 10_000_000, captionLength: 1024 },
      file: { maxItems: 1, maxBytes: 20_000_000 },
      audio: { maxItems: 1, maxBytes: 20_000_000 },
      cards: true,
      reactions: { dictionary: ['👍', '🔥'], most: 2, fromCustomers: true },
      suggestions: ['text', 'phone', 'email', 'url'],
      receipts: { read: true },
      customerId: 'any',
      newCustomer: 'text',
      replyHours: 24,
    },
    () => true,
  ),
};
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const LIMIT = { calls: 50, window: 100 };

describe('the client of the message gateway', () => {
  const http = new HttpClient({ name: 'The message gateway' });
  const signal = AbortSignal.timeout(60_000);
  let gateway: MessageGateway;
  let client: GatewayClient;
  let channel: number;

  const open = (endpointUrl = gateway.url, token = gateway.transport.tokens.at(-1) ?? ''): GatewayClient =>
    new GatewayClient(http, memoryRateLimiter({ general: LIMIT, telephony: LIMIT }), {
      ...{ endpointUrl, token, bucket: 'connection', journaled: (_name, call) => call() },
      reach: new Reach(['127.0.0.1']),
    });
  const message = (id: string, more: Partial<GatewayMessage> = {}): GatewayMessage => ({
    ...{ channel, external_chat_id: 'chat-1', originator: 'customer' },
    customer: { external_id: 'user-1', nickname: 'joe', first_name: 'Joe', language: 'en', utm: { source: 'mail' } },
    message: { type: 'text', external_id: id, text: 'Hello', created_at: '2026-11-26T10:00:00.000Z' },
    ...more,
  });
  /** Creates a manager's message that the module has promised to send. */
  const writeOut = (): number => {
    const [chat] = gateway.chats();
    if (!chat) throw new Error('there is no chat');
    return gateway.book.addMessage(chat, {
      ...{ direction: 'out', originator: 'user', type: 'text', externalId: undefined, text: 'Hi', note: null, items: [], quote: null },
      ...{ createdAt: null, status: 'sending' },
    }).id;
  };

  beforeAll(async () => {
    gateway = await MessageGateway.start();
    client = open();
  });
  afterAll(async () => {
    await http.close();
    await gateway.close();
  });
  beforeEach(async () => {
    gateway.reset();
    channel = await client.createChannel(CHANNEL, signal);
  });

  it('makes, lists, changes and switches off channels', async () => {
    expect(gateway.channels()).toMatchObject([{ id: channel, ...CHANNEL, active: true }]);
    expect(await client.listActiveChannels(signal)).toEqual([{ id: channel, externalId: 'bot-1' }]);
    await client.changeChannel(channel, { ...CHANNEL, name: '@shop2' }, signal);
    expect(gateway.channels()).toMatchObject([{ name: '@shop2' }]);
    await client.deactivateChannel(channel, signal);
    expect(await client.listActiveChannels(signal)).toEqual([]);
    expect(await client.createChannel({ id: channel, ...CHANNEL }, signal)).toBe(channel);
    expect(gateway.channels()).toMatchObject([{ name: '@shop', active: true }]);
    gateway.setModes({ replies: 'hand-written', createdStatus: 200 });
    expect(await client.createChannel({ ...CHANNEL, external_id: 'bot-2' }, signal)).toBeGreaterThan(channel);
  });

  it('knows a channel that is not there, and is content when it is to be switched off', async () => {
    await expect(client.changeChannel(99_999, CHANNEL, signal)).rejects.toThrow(ChannelUnknownError);
    await expect(client.createChannel({ id: 99_999, ...CHANNEL }, signal)).rejects.toThrow(ChannelUnknownError);
    await client.deactivateChannel(99_999, signal);
  });

  it('posts messages once, also if replies are lost', async () => {
    gateway.setModes({ warnings: ['nickname was cut'] });
    const taken = await client.sendMessage(message('in-1'), signal);
    expect(taken).toEqual({ id: gateway.messages()[0]?.id, warnings: ['nickname was cut'] });
    gateway.fail('sendMessage', { kind: 'drop-after' });
    await expect(client.sendMessage(message('in-2', { quote: { external_id: 'in-1' } }), signal)).rejects.toMatchObject({
      kind: 'transport',
      outcome: 'unknown',
    });
    expect(await client.sendMessage(message('in-2', { quote: { external_id: 'in-1' } }), signal)).toEqual({ id: undefined, warnings: [] });
    expect(gateway.messages().map(({ externalId }) => externalId)).toEqual(['in-1', 'in-2']);
    expect(gateway.duplicates()).toEqual([]);
  });

  it.each([400, 404])('takes %i without JSON for no refusal: the gateway may have the message', async (status) => {
    const proxy = createServer((_request, response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<html>'));
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const behind = open(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    await expect(behind.sendMessage(message('in-1'), signal)).rejects.toMatchObject({ kind: 'reply', status, outcome: 'unknown' });
    proxy.close();
  });

  it('edits, deletes, reacts and reads under the names that each call wants', async () => {
    await client.sendMessage(message('in-1'), signal);
    await client.editMessage(channel, { external_id: 'in-1', text: 'Hello!' }, signal);
    await client.addReaction(channel, { external_id: 'in-1' }, '👍', signal);
    await client.addReaction(channel, { external_id: 'in-1' }, '🔥', signal);
    await client.removeReaction(channel, { external_id: 'in-1' }, '👍', signal);
    expect(gateway.messages()).toMatchObject([{ text: 'Hello!', edits: 1, reactions: [{ by: 'customer', reaction: '🔥' }] }]);
    await client.deleteMessage(channel, { external_id: 'in-1' }, signal);
    expect(gateway.messages()).toMatchObject([{ deleted: true }]);

    const [first, second, third] = [writeOut(), writeOut(), writeOut()];
    const answer = (id: number, externalId: string): Promise<void> =>
      client.acknowledge({ channel, message: { id, external_id: externalId }, transport_message_id: `tg-${id}` }, signal);
    await answer(first, 'out-1');
    await answer(second, 'out-2');
    const error = { code: 'access_restricted' as const, message: 'The customer blocked the bot', external_code: '403' };
    await client.acknowledge({ channel, message: { id: third }, error }, signal);
    expect([first, second, third].map((id) => gateway.message(id))).toMatchObject([
      { status: 'sent', externalId: 'out-1', transportMessageId: `tg-${first}` },
      { status: 'sent' },
      { status: 'failed', error },
    ]);
    await client.markRead(channel, { external_id: 'out-1' }, signal);
    await client.markReadUntil(channel, 'user-1', new Date(Date.now() + 1_000), signal);
    expect([first, second].map((id) => gateway.message(id).status)).toEqual(['seen', 'seen']);
  });

  it('uploads files unchanged, and finds them', async () => {
    const id = await client.uploadFile(PNG, 'image/png', signal);
    expect(await client.findFile(id, signal)).toEqual({ id, mimeType: 'image/png', size: PNG.length, url: `${gateway.url}/files/${id}` });
    gateway.setModes({ fileUrlKey: 'Url' });
    expect((await client.findFile(id, signal)).url).toBe(`${gateway.url}/files/${id}`);
    const image = { type: 'image' as const, external_id: 'in-1', note: 'Here', items: [{ id }] };
    await client.sendMessage(message('in-1', { message: image }), signal);
    expect(gateway.messages()).toMatchObject([{ type: 'image', note: 'Here', items: [{ id }] }]);
    await expect(client.findFile('00000000-0000-4000-8000-000000000000', signal)).rejects.toThrow(NotFoundError);
  });

  it('takes an address with slashes at its end', async () => {
    expect(await open(`${gateway.url}//`).listActiveChannels(signal)).toHaveLength(1);
    expect(gateway.complaints).toEqual([]);
  });

  it('fails as calls of the CRM do, and never shows the token', async () => {
    const wrong = open(gateway.url, 'f'.repeat(40)).listActiveChannels(signal);
    await expect(wrong).rejects.toThrow(AuthenticationError);
    await expect(wrong).rejects.not.toThrow('ffff');
    gateway.setModes({ unauthorizedStatus: 403 });
    await expect(open(gateway.url, 'f'.repeat(40)).listActiveChannels(signal)).rejects.toThrow(AuthenticationError);
    await expect(client.sendMessage(message('x'.repeat(256)), signal)).rejects.toThrow(ValidationError);
    await expect(client.sendMessage(message('in-1', { quote: { external_id: 'nothing' } }), signal)).rejects.toMatchObject({
      kind: 'validation',
      apiMessage: 'Quoted message not found',
    });
    gateway.fail('sendMessage', { kind: 'error-before', status: 503 });
    await expect(client.sendMessage(message('in-2'), signal)).rejects.toThrow(TransportError);
    gateway.fail('createChannel', { kind: 'invalid-json' });
    await expect(client.createChannel(CHANNEL, signal)).rejects.toThrow(ReplyError);
    await expect(open('http://127.0.0.1:1').listActiveChannels(signal)).rejects.toMatchObject({ kind: 'transport', outcome: 'not_sent' });
    await expect(open('nonsense').listActiveChannels(signal)).rejects.toThrow(UsageError);
    await expect(client.listActiveChannels(AbortSignal.abort())).rejects.toMatchObject({ outcome: 'not_sent' });
  });

  it('comes back no sooner than it is asked to', async () => {
    gateway.setModes({ callsPerSecond: 0, sendsRetryAfter: true });
    const limited = open();
    await expect(limited.listActiveChannels(signal)).rejects.toThrow(LimitError);
    gateway.setModes({ callsPerSecond: 100 });
    const began = performance.now();
    await limited.listActiveChannels(signal);
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  it('does not reach what accounts may not name', async () => {
    const closed = new GatewayClient(http, memoryRateLimiter(), {
      ...{ endpointUrl: gateway.url, token: 'token', bucket: 'connection', journaled: (_name, call) => call(), reach: new Reach([]) },
    });
    await expect(closed.listActiveChannels(signal)).rejects.toMatchObject({ kind: 'transport', outcome: 'not_sent' });
    expect(gateway.countCalls('listChannels')).toBe(0);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RateLimiter } from '#crm-client';
import { Reach } from '#platform';
import { HttpClient } from '#provider-kit';
import { MessageGateway } from '#testing';
import { BotClient, DialogOverError } from './bot-client.js';

const limiter = { acquire: jest.fn<RateLimiter['acquire']>(), penalise: jest.fn<RateLimiter['penalise']>() };
const http = new HttpClient({ name: 'The message gateway', headersTimeoutMs: 5_000, totalTimeoutMs: 5_000, maxReplyBytes: 1_000_000 });
const { signal } = new AbortController();

let gateway: MessageGateway;
let client: BotClient;
let journaled: string[];

beforeAll(async () => {
  gateway = await MessageGateway.start();
});
afterAll(() => Promise.all([http.close(), gateway.close()]));
beforeEach(() => {
  gateway.reset();
  journaled = [];
  jest.clearAllMocks();
  client = new BotClient(http, limiter, {
    ...{ connectionId: 'c1', reach: new Reach(['127.0.0.1']), ...gateway.registerBot({ code: 'first' }) },
    journaled: (name, call) => {
      journaled.push(name);
      return call();
    },
  });
});

describe('the client of the Bot API', () => {
  it('pauses all calls of the bot after a 429', async () => {
    gateway.setModes({ botCallsPerSecond: 0 });
    await expect(client.findSelf(signal)).rejects.toMatchObject({ kind: 'rate_limited' });
    expect(limiter.penalise.mock.calls).toEqual([['c1', 'general', 1_000]]);
    gateway.setModes({ sendsRetryAfter: true });
    await expect(client.findSelf(signal)).rejects.toMatchObject({ kind: 'rate_limited' });
    expect(limiter.penalise).toHaveBeenLastCalledWith('c1', 'general', expect.any(Number));
  });

  it('waits for its turn, and calls nothing if that takes too long', async () => {
    limiter.acquire.mockRejectedValueOnce(new Error('too late'));
    await expect(client.findSelf(signal)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(gateway.calls).toEqual([]);
    expect(limiter.acquire).toHaveBeenCalledWith('c1', 'general', { priority: 'interactive', signal });
  });

  it('keeps the texts of all customers out of the journal', async () => {
    await client.listMessages({ since: new Date() }, signal);
    await client.putCommand('pay', 'State of the payment', signal);
    expect(journaled).toEqual(['bot.my.commands']);
  });

  it('tells a dialogue that has gone on from other refusals', async () => {
    const channel = gateway.book.addChannel(gateway.transport, {
      type: 'telegram',
    });
    const { id: chat } = gateway.book.addChat(channel, 'chat-1', { external_id: '777' });
    const text = { chat, scope: 'private', content: 'Hello' } as const;
    await expect(client.sendText({ ...text, chat: 1 }, signal)).rejects.toMatchObject({ kind: 'rejected', message: 'chat not found' });
    gateway.fail('botSend', { kind: 'refuse', status: 400, message: 'dialog is not the latest in the chat' });
    await expect(client.sendText(text, signal)).rejects.toBeInstanceOf(DialogOverError);
    gateway.fail('botSend', { kind: 'drop-after' });
    await expect(client.sendText(text, signal)).rejects.toMatchObject({ kind: 'unknown_outcome' });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import { GatewayWebhooks, toSentReply } from './gateway-webhooks.js';
import type { Standing } from './out-store.js';

const reply = (standing: Partial<Standing>): unknown =>
  toSentReply(
    {
      id: 'id',
      state: 'sent',
      externalId: 'm-1',
      parts: ['m-1', 'm-2'],
      code: null,
      problem: null,
      payload: null,
      isOpen: false,
      ...standing,
    },
    'unknown',
  ).body;

describe('the answer to a message', () => {
  it.each<[string, Partial<Standing>, object]>([
    ['that was sent', {}, { external_message_id: 'm-1', async: false }],
    [
      'that opened a chat',
      { payload: { chat: 'c', customer: 'p' } },
      { external_message_id: 'm-1', async: false, external_chat_id: 'c', external_customer_id: 'p' },
    ],
    ['whose id another has', { externalId: null }, { external_message_id: 'm-1', async: false }],
    ['that has no id', { externalId: null, parts: null }, { external_message_id: 'id', async: false }],
    ['that is not sent yet', { state: 'taken' }, { async: true }],
    [
      'that failed',
      { state: 'failed', code: 'spam_suspicion', problem: 'spam', payload: { externalCode: '9'.repeat(101) } },
      { async: false, error: { code: 'spam_suspicion', message: 'spam', external_code: '9'.repeat(100) } },
    ],
    ['of which nobody knows', { state: 'unknown', code: 'general' }, { async: false, error: { code: 'general', message: 'unknown' } }],
  ])('%s', (_what, standing, body) => {
    expect(reply(standing)).toEqual(body);
  });
});

it('a template is refused with a reason, and its text is not sent', async () => {
  const takes: unknown[] = [];
  const take = (...given: unknown[]): never => {
    takes.push(given);
    throw new Error('it was stored');
  };
  const webhooks = new GatewayWebhooks(
    { has: () => true } as never,
    { verify: () => true } as never,
    {} as never,
    { findChannel: () => Promise.resolve('channel'), take } as never,
    {} as never,
    { find: () => Promise.resolve(undefined) } as never,
    {} as never,
  );
  const connection = { id: 'c', active: true, frozen: false, account: { language: 'en' } } as unknown as Connection;
  const post = (more: object): ReturnType<GatewayWebhooks['receive']> => {
    const data = { id: 1, channel_id: 5, external_user_id: 'ann', external_chat_id: '', type: 'text', content: 'Hello Ann', ...more };
    const rawBody = new TextEncoder().encode(JSON.stringify({ type: 'message_sent', data }));
    return webhooks.receive(connection, 'secret', { method: 'POST', path: '', headers: {}, query: new URLSearchParams(), rawBody });
  };
  const { body } = await post({ template: { code: 'en#hello', variables: { body: { args: ['Ann'] } } } });
  expect(body).toMatchObject({ async: false, error: { code: 'general', message: expect.stringMatching(/template/) as unknown } });
  expect(takes).toEqual([]);
  await expect(post({})).rejects.toThrow('it was stored');
});

import { describe, expect, it } from '@jest/globals';
import { toSentReply } from './gateway-webhooks.js';
import type { Standing } from './out-store.js';

const reply = (standing: Partial<Standing>): unknown =>
  toSentReply(
    { id: 'id', state: 'sent', externalId: 'm-1', parts: ['m-1', 'm-2'], code: null, problem: null, payload: null, ...standing },
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

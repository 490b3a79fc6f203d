import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import { buildDisputeNotice } from './dispute-notice.js';

describe('the notice of a dispute', () => {
  it.each(['inquiry', 'open', 'won', 'lost'] as const)('that is %s has no more than 160 characters in any language', (status) => {
    for (const name of ['Stripe', '<&">'.repeat(40)])
      for (const order of ['1A', '&'.repeat(300)]) {
        const dispute = { externalId: 'du_1', status, amount: toMoney(9_999_999_99, 'MXN'), since: new Date() };
        for (const text of Object.values(buildDisputeNotice(name, order, dispute))) {
          const plain = text
            .replace(/<\/?b>/g, '')
            .replaceAll('&amp;', '&')
            .replaceAll('&lt;', '<')
            .replaceAll('&gt;', '>')
            .replaceAll('&quot;', '"');
          expect(plain.length).toBeLessThanOrEqual(160);
          expect(text).toMatch(/^<b>[^<>]+<\/b>: [^<>]+$/);
        }
      }
  });
});

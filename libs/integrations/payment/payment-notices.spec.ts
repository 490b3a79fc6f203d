import { describe, expect, it } from '@jest/globals';
import type { LocalText } from '#platform';
import { toMoney } from '#provider-kit';
import { buildDisputeNotice, buildLateMoneyNotice, buildReceiptNotice, buildWarningNotice } from './payment-notices.js';
import type { DisputeFacts } from './payment-state.js';

const amount = toMoney(9_999_999_99, 'MXN');
const build = (status: DisputeFacts['status'] | 'late' | 'receipt' | 'warning', name: string, order: string): LocalText => {
  if (status === 'late') return buildLateMoneyNotice(name, order, amount);
  if (status === 'receipt') return buildReceiptNotice(name, order, amount);
  if (status === 'warning') return buildWarningNotice(name, { en: 'x'.repeat(120), es: '&'.repeat(120), ru: 'ы'.repeat(120) });
  return buildDisputeNotice(name, order, { externalId: 'du_1', status, amount, since: new Date() });
};

describe('the notice of a dispute, late money, a receipt or a warning', () => {
  it.each(['inquiry', 'open', 'won', 'lost', 'late', 'receipt', 'warning'] as const)(
    'that is %s has no more than 160 characters in any language',
    (status) => {
      for (const name of ['Stripe', '<&">'.repeat(40)])
        for (const order of ['1A', '&'.repeat(300)]) {
          for (const text of Object.values(build(status, name, order))) {
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
    },
  );
});

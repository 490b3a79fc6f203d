import { describe, expect, it } from '@jest/globals';
import type { LocalText } from '#platform';
import { toMoney } from '#provider-kit';
import { buildDisputeNotice, buildMoneyNotice, buildWarningNotice } from './payment-notices.js';
import type { DisputeFacts } from './payment-facts.js';
import { texts } from './payment.texts.js';

const amount = toMoney(9_999_999_99, 'MXN');
const MONEY = ['lateMoney', 'receipt', 'receiptLater', 'missed', 'declined'] as const;
const isMoney = (status: string): status is (typeof MONEY)[number] => (MONEY as readonly string[]).includes(status);
const build = (status: DisputeFacts['status'] | (typeof MONEY)[number] | 'warning', name: string, order: string): LocalText => {
  if (isMoney(status)) return buildMoneyNotice(texts.notices[status], name, order, amount);
  if (status === 'warning') return buildWarningNotice(name, { en: 'x'.repeat(120), es: '&'.repeat(120), ru: 'ы'.repeat(120) });
  return buildDisputeNotice(name, order, { externalId: 'du_1', status, amount, since: new Date() });
};

describe('the notice of a dispute, money, a receipt or a warning', () => {
  it.each(['inquiry', 'open', 'won', 'lost', ...MONEY, 'warning'] as const)(
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

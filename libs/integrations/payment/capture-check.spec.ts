import { describe, expect, it } from '@jest/globals';
import type { Connection, CrmClients } from '#connections';
import { CaptureCheck } from './capture-check.js';

const amount = { minor: 123_450, currency: 'RUB' };
const invoice = '0f9a8b7c-1111-7222-8333-0f9a8b7c6d5e';

/** Runs the check against a CRM that answers with `result`. Collects its requests in `sent`. */
function ask(result: object | undefined, sent: unknown[] = []) {
  const check = (question: unknown) => {
    sent.push(question);
    return Promise.resolve({ result });
  };
  const clients = { crmFor: () => Promise.resolve({ exact: { payments: { check } } }) } as unknown as CrmClients;
  return new CaptureCheck(clients).ask({ id: '1' } as Connection, invoice, amount);
}

describe('the check before a capture', () => {
  it('sends the invoice and its amount as the CRM counts it', async () => {
    const sent: unknown[] = [];
    await ask({ success: true }, sent);
    expect(sent).toEqual([{ check: { invoiceUuid: invoice, amount: 1234.5, currency: 'RUB' } }]);
  });

  it('accepts a clear yes and a clear no with its reason', async () => {
    expect(await ask({ success: true })).toEqual({ allowed: true });
    expect(await ask({ success: false, errorMsg: 'The order was canceled' })).toEqual({ allowed: false, reason: 'The order was canceled' });
    expect(await ask({ success: false })).toMatchObject({ allowed: false, reason: expect.stringContaining('does not confirm') });
  });

  it.each([undefined, {}, { success: 'yes' }])('takes nothing when the answer is not clear: %p', async (result) => {
    await expect(ask(result)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

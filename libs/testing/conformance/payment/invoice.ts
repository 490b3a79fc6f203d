import { expect, it } from '@jest/globals';
import { CRM_LANGUAGES } from '#platform/plain';
import type { CreateRequest } from '#payment/port';
import { toMoney } from '#provider-kit';
import { listSecrets } from '../provider/secrets.js';
import { existingPayment, uuidOfNow } from './existing-payment.js';
import { refused, MANY } from './refused.js';
import type { PaymentSuite } from './suite.js';

/** Tests that an invoice is made once, and found again. */
export function testInvoice<S extends object>(suite: PaymentSuite<S>): void {
  it('is pending after repeated creates and reads', async () => {
    const payment = await suite.create();
    expect(payment.status).toBe('pending');
    const again = await suite.within((given) => suite.provider.create(payment.request, given));
    expect([again.status, again.externalId]).toEqual(['pending', payment.externalId]);
    const [first, second] = [await suite.get(payment), await suite.get(payment)];
    expect(first.status).toBe('pending');
    expect(second).toEqual(first);
  });

  if (suite.has('find'))
    it('find returns the invoice of the reference, and nothing for another reference', async () => {
      const payment = await suite.create();
      // Also behind others.
      for (let n = 0; n < MANY; n++) await suite.create();
      expect((await suite.provider.find?.(payment.id, suite.context))?.status).toBe('pending');
      expect(await suite.provider.find?.(uuidOfNow(), suite.context)).toBeUndefined();
    });

  it('can be paid after an attempt that failed', async () => {
    if (!suite.subject.decline) return;
    const payment = await suite.open(await suite.create());
    await suite.subject.decline(payment);
    expect((await suite.get(payment)).status).toBe('pending');
    expect((await suite.pay(payment)).status).not.toBe('pending');
  });

  it('is opened in the currency of its account, and rejected in another', async () => {
    for (const [currency, given] of Object.entries(suite.subject.accounts ?? {})) {
      const build = (one: string): CreateRequest => ({ ...suite.newRequest(), amount: toMoney(15_000_00, one), items: [] });
      const payment = existingPayment(build(currency), await suite.provider.create(build(currency), given));
      expect(payment.status).toBe('pending');
      const before = await suite.subject.faults?.made();
      await refused(suite.provider.create(build(currency === 'EUR' ? 'USD' : 'EUR'), given), ['invalid']);
      expect(await suite.subject.faults?.made()).toBe(before);
    }
  });
}

/** Tests the hosted page of an invoice. */
export function testInvoicePages<S extends object>(suite: PaymentSuite<S>): void {
  if (suite.has('openCheckout'))
    it('has one hosted page, even if it is opened several times', async () => {
      const checkout = suite.provider.openCheckout?.bind(suite.provider);
      if (!checkout) throw new Error('the provider does not implement openCheckout');
      const payment = await suite.create();
      const key = uuidOfNow();
      const first = await suite.within((given) => checkout(payment, { key }, given));
      expect([first.url, URL.canParse(first.url ?? '')]).toEqual([first.url, true]);
      expect(first.state.status).toBe('pending');
      for (const secret of listSecrets(suite.provider, suite.context.settings))
        expect(Object.values(first.fields ?? {})).not.toContain(secret);
      const opened = existingPayment(payment, first.state);
      expect((await suite.within((given) => checkout(payment, { key }, given))).url).toBe(first.url);
      const inAnHour = new Date(Date.now() + 3_600_000);
      for (const time of [suite.context.now, inAnHour])
        expect((await suite.within((given) => checkout(opened, { key: uuidOfNow() }, { ...given, now: time }))).url).toBe(first.url);
    });

  it('has its page in the language of the account, or in English', async () => {
    const { language: read } = suite.subject.expected ?? {};
    if (!read) return;
    for (const language of CRM_LANGUAGES) {
      const request = suite.newRequest();
      const account = { ...suite.context.account, language };
      const payment = existingPayment(request, await suite.provider.create(request, { ...suite.context, account }));
      expect(['en', language]).toContain(read.call(suite.subject.expected, payment));
    }
  });

  if (suite.has('openCheckout'))
    it('has no second page while the money is on its way', async () => {
      if (!suite.subject.startPaying) return;
      const payment = await suite.open(await suite.create());
      await suite.subject.startPaying(payment);
      const before = await suite.subject.faults?.made();
      const { state, url } = (await suite.provider.openCheckout?.(payment, { key: uuidOfNow() }, suite.context)) ?? {};
      expect([state?.status, url, await suite.subject.faults?.made()]).toEqual(['pending', undefined, before]);
    });
}

/** Tests the end of an invoice that is not paid. */
export function testInvoiceEnds<S extends object>(suite: PaymentSuite<S>): void {
  if (suite.has('approve'))
    it('cannot be approved', async () => {
      const payment = await suite.create();
      await refused(suite.approve(payment, payment.request.amount));
    });

  if (suite.has('cancel'))
    it('stays canceled after repeated cancels', async () => {
      const payment = await suite.create();
      const state = await suite.cancel(payment);
      expect(state.status).toBe('canceled');
      const after = existingPayment(payment, state);
      expect((await suite.cancel(after)).status).toBe('canceled');
      expect((await suite.get(after)).status).not.toBe('succeeded');
    });
}

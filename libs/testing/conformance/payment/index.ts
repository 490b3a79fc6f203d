import { afterAll, beforeAll, describe } from '@jest/globals';
import { countCurrencyDigits } from '#provider-kit';
import { testEffects, testFailures, testPresses, testProvider } from '../provider/index.js';
import { testAmounts } from './amounts.js';
import { testDispute } from './dispute.js';
import { listEffects } from './effects.js';
import { existingPayment } from './existing-payment.js';
import { testFollowUp } from './follow-up.js';
import { testAuthorize, testDecidedCaptures, testHold, testHoldEnds } from './hold.js';
import { testInvoice, testInvoicePages, testInvoiceEnds } from './invoice.js';
import { testManifest } from './manifest.js';
import { testRefunds, testRefusedRefunds } from './refund.js';
import { testReplies } from './replies.js';
import { testPayouts } from './payouts.js';
import type { PaymentConformanceOptions } from './subject.js';
import { PaymentSuite } from './suite.js';
import { testTaken } from './taken.js';
import { testUntidyInvoices } from './untidy-invoices.js';
import { testPaymentWebhook } from './webhook.js';

export { existingPayment } from './existing-payment.js';
export type * from './subject.js';

/**
 * Tests the requirements for every payment provider. Run it in the provider's spec. Absent methods make no
 * tests. It really creates payments, so run it against a double.
 */
export function runPaymentConformance<S extends object>(name: string, options: PaymentConformanceOptions<S>): void {
  describe(`${name} as a payment provider`, () => {
    const suite = new PaymentSuite(name, options);
    beforeAll(() => suite.start());
    afterAll(() => suite.close());

    testUntidy(suite);
    testProvider(
      (method) => suite.has(method),
      () => suite.subject,
      { ...options, unproven: suite.unproven },
    );
    describe('the manifest', () => testManifest(suite));
    describe('an unpaid invoice', () => {
      testInvoice(suite);
      testInvoicePages(suite);
      testInvoiceEnds(suite);
    });
    if (suite.has('approve'))
      describe('a hold', () => {
        testHold(suite);
        testDecidedCaptures(suite);
        if (suite.has('authorize')) testAuthorize(suite);
        testHoldEnds(suite);
      });
    describe('a taken payment', () => {
      testTaken(suite);
      if (!suite.has('refund')) return;
      testRefunds(suite);
      testRefusedRefunds(suite);
    });
    testDispute(suite);
    testReplies(suite);
    testAmounts(suite);
    testFollowUp(suite);
    if (suite.has('press'))
      describe('press', () =>
        testPresses(suite, (states) => suite.make(states), suite.has('cancel') ? () => suite.make(['canceled']) : undefined));
    if (suite.has('listPayouts')) describe('payouts', () => testPayouts(suite));
    testEffects(listEffects(suite), () => suite.subject, { isLocal: () => suite.isLocal(), unproven: suite.unproven });
    testFailures(() => ({ ...suite.subject, isLocal: suite.isLocal() }), suite.unproven);
    if (suite.has('webhook')) describe('its webhooks', () => testPaymentWebhook(suite));
  });
}

/** Tests untidy invoices. */
function testUntidy<S extends object>(suite: PaymentSuite<S>): void {
  testUntidyInvoices(
    () => suite.subject.untidy,
    () => ({
      newRequest: () => suite.newRequest(),
      open: async (request) => suite.open(existingPayment(request, await suite.within((given) => suite.provider.create(request, given)))),
      ...(suite.subject.expected && { cost: suite.subject.expected.cost }),
      // A few, and all in which services count in other units than hundredths.
      currencies: suite.provider.manifest.currencies.filter(
        (one, at) => at < 3 || one === suite.newRequest().amount.currency || countCurrencyDigits(one) !== 2,
      ),
    }),
  );
}

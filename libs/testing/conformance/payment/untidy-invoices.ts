import { expect, it } from '@jest/globals';
import type * as FastCheck from 'fast-check';
import type { Money } from '#provider-kit';
import type { CreateRequest, ExistingPayment, InvoiceItem } from '#payment/port';
import { checkRefusal } from '../delivery/untidy-orders.js';

/**
 * Plays invoices of real shops: fractions and thousands of pieces, long names, marked goods, VAT that is old
 * or unknown, buyers without a contact. Each must open for its amount, or the adapter must report the problem
 * itself (`invalid`).
 */
export interface UntidyInvoices {
  /** Whether the service may refuse this invoice, which the adapter cannot know beforehand. */
  mayRefuse?(request: CreateRequest): boolean;
  /** Number of invoices to play, by default 40. */
  invoices?: number;
}

/** The suite that plays the invoices. */
export interface InvoicePlayer {
  newRequest(): CreateRequest;
  /** Makes a payment and opens its page, as a buyer does. */
  open(request: CreateRequest): Promise<ExistingPayment>;
  /** The amount that the buyer is to pay at the service. */
  cost?(payment: ExistingPayment): Money | Promise<Money>;
  /** ISO 4217. */
  currencies: readonly string[];
}

const NAMES = ['Чайник', 'T-shirt '.repeat(60), 'Чай «Ёлка», 5 % / №1', '💎 ring', '<b>bold</b>'];
const BUYERS = [
  {},
  { email: 'ana@example.com' },
  { phone: '8 (916) 123-45-67' },
  { name: 'Ана '.repeat(100), email: 'not an email', phone: 'call me' },
];

const buildDrafts = (fc: typeof FastCheck, currencies: readonly string[]) =>
  fc.record({
    items: fc.array(
      fc.record({
        name: fc.constantFrom(...NAMES),
        total: fc.integer({ min: 2_000, max: 300_000 }),
        quantity: fc.constantFrom<number[]>(1, 2, 1.5, 0.333, 1_500),
        vat: fc.constantFrom<(string | undefined)[]>(undefined, 'none', 'vat0', 'vat10', 'vat20', 'vat120', 'vat22'),
        measurementUnit: fc.constantFrom<(string | undefined)[]>(undefined, 'kg', 'м²', 'шт'),
        paymentMethod: fc.constantFrom<(string | undefined)[]>(undefined, 'full_prepayment', 'advance', 'barter'),
      }),
      { maxLength: 4 },
    ),
    bare: fc.integer({ min: 2_000, max: 300_000 }),
    currency: fc.constantFrom(...currencies),
    buyer: fc.constantFrom(...BUYERS),
  });
type Draft = ReturnType<typeof buildDrafts> extends FastCheck.Arbitrary<infer D> ? D : never;

/** The tidy invoice with the draft's disorder. Without items it owes `bare`. */
function buildUntidy(tidy: CreateRequest, { items, bare, currency, buyer }: Draft): CreateRequest {
  const toItem = ({ name, total, quantity, vat, measurementUnit, paymentMethod }: Draft['items'][number]): InvoiceItem => ({
    ...{ name, quantity, total: { minor: total, currency }, price: { minor: Math.max(1, Math.round(total / quantity)), currency } },
    ...(vat !== undefined && { vat }),
    ...(measurementUnit !== undefined && { measurementUnit }),
    ...(paymentMethod !== undefined && { paymentMethod }),
  });
  const minor = items.reduce((sum, { total }) => sum + total, 0) || bare;
  return { ...tidy, items: items.map(toItem), amount: { minor, currency }, buyer };
}

/** Tests that untidy invoices open for their amount, or are refused by the adapter. */
export function testUntidyInvoices(getInvoices: () => UntidyInvoices | undefined, getPlayer: () => InvoicePlayer): void {
  it('an untidy invoice is opened for its amount, or the adapter rejects it with a text', async () => {
    const untidy = getInvoices();
    if (untidy === undefined) return;
    const player = getPlayer();
    // Only suites that play untidy invoices need it.
    const fc = await import('fast-check');
    let opened = 0;
    await fc.assert(
      fc.asyncProperty(buildDrafts(fc, player.currencies), async (draft) => {
        const request = buildUntidy(player.newRequest(), draft);
        const outcome = await player.open(request).catch((error: unknown) => error);
        if (outcome instanceof Error) return checkRefusal(outcome, untidy.mayRefuse?.(request) === true);
        opened++;
        if (player.cost) expect(await player.cost(outcome as ExistingPayment)).toEqual(request.amount);
      }),
      { numRuns: untidy.invoices ?? 40 },
    );
    expect(opened).toBeGreaterThan(0);
  });
}

import { textFor } from '#platform';
import { type Money, readMoney, toMoney } from '#provider-kit';
import { buildLinks } from '../payment-rows.js';
import { texts } from '../payment.texts.js';
import type { CreateRequest, ExistingPayment } from '../port/index.js';
import type { TrialPaymentEntity } from './trial-payment.entity.js';
/** Currencies that most gateways support. They are tried before the gateway's first currency. */
const COMMON = ['USD', 'EUR'];
const AMOUNT = 100;
/** Gateways reject less than about half a dollar. No money moves, so a larger amount does no harm. */
const LARGE_AMOUNT = 100_000;
/** Currencies in which a hundred units are less than that. */
const SMALL_UNITS: ReadonlySet<string> = new Set(
  'ALL AMD ARS BIF CDF CLP COP CRC DJF DZD GNF HUF IDR IQD ISK KHR KMF KRW KZT LAK LBP LKR MGA MMK MNT MWK NGN NPR PKR PYG RSD RWF TZS UGX UZS VND XAF XOF XPF YER'.split(
    ' ',
  ),
);

/** Chooses the amount of a test payment, in the account's currency if the gateway supports it. */
export function chooseTrialAmount(currencies: readonly string[], ofAccount: string | undefined): Money | undefined {
  const currency = [ofAccount, ...COMMON, currencies[0]].find((one) => one !== undefined && currencies.includes(one));
  return currency === undefined ? undefined : readMoney(SMALL_UNITS.has(currency) ? LARGE_AMOUNT : AMOUNT, currency);
}

/** Builds the invoice of a test payment. `payUrl` is its link, `language` the account's. */
export function toTrialRequest(row: TrialPaymentEntity, payUrl: string, language: string): CreateRequest {
  const amount = toMoney(Number(row.amountMinor), row.currency);
  return {
    ...{ reference: row.id, invoiceUuid: row.id, shop: row.shop, invoiceType: 'link', capture: 'automatic', amount },
    ...buildLinks(payUrl),
    items: [{ name: textFor(texts.trialItem, language), price: amount, quantity: 1, total: amount }],
    buyer: {},
  };
}

/** Returns a test payment in the port's format. */
export function toTrialPayment(row: TrialPaymentEntity, payUrl: string, language: string): ExistingPayment {
  return {
    id: row.id,
    ...(row.externalId !== null && { externalId: row.externalId }),
    status: 'pending',
    refunds: [],
    memory: row.memory,
    createdAt: row.createdAt,
    request: toTrialRequest(row, payUrl, language),
  };
}

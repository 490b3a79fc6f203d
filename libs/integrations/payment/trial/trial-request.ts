import { textFor } from '#platform';
import { type Money, readMoney, toMoney } from '#provider-kit';
import { buildLinks } from '../payment-rows.js';
import { texts } from '../payment.texts.js';
import type { CreateRequest, ExistingPayment } from '../port/index.js';
import type { TrialPaymentEntity } from './trial-payment.entity.js';
/** Those that gateways mostly have, before the first of the gateway's own. */
const COMMON = ['USD', 'EUR'];
const AMOUNT = 100;
/** Gateways refuse less than about half a dollar; no money moves, so more does no harm. */
const LARGE_AMOUNT = 100_000;
/** A hundred of them are less than that. */
const SMALL_UNITS: ReadonlySet<string> = new Set(
  'ALL AMD ARS BIF CDF CLP COP CRC DJF DZD GNF HUF IDR IQD ISK KHR KMF KRW KZT LAK LBP LKR MGA MMK MNT MWK NGN NPR PKR PYG RSD RWF TZS UGX UZS VND XAF XOF XPF YER'.split(
    ' ',
  ),
);

/** What a test payment is about: in the account's currency where the gateway has it. */
export function chooseTrialAmount(currencies: readonly string[], ofAccount: string | undefined): Money | undefined {
  const currency = [ofAccount, ...COMMON, currencies[0]].find((one) => one !== undefined && currencies.includes(one));
  return currency === undefined ? undefined : readMoney(SMALL_UNITS.has(currency) ? LARGE_AMOUNT : AMOUNT, currency);
}

/** The invoice of a test payment; `payUrl` is its link, `language` the account's. */
export function toTrialRequest(row: TrialPaymentEntity, payUrl: string, language: string): CreateRequest {
  const amount = toMoney(Number(row.amountMinor), row.currency);
  return {
    ...{ reference: row.id, invoiceUuid: row.id, shop: row.shop, invoiceType: 'link', capture: 'automatic', amount },
    ...buildLinks(payUrl),
    items: [{ name: textFor(texts.trialItem, language), price: amount, quantity: 1, total: amount }],
    buyer: {},
  };
}

/** A test payment as providers see it. */
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

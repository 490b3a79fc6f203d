import { findEnd } from './cdek-network.js';
import type { CdekOrderBody } from './cdek-wire.js';

/*
 * CDEK reads this from an order without showing it in a request or refusing it: its orders have no field
 * for a currency.
 */

const CURRENCIES: Readonly<Record<string, string>> = { RU: 'RUB', BY: 'BYN', KZ: 'KZT', AM: 'AMD', KG: 'KGS', UZ: 'UZS' };

/** An amount in minor units. */
export interface CdekSum {
  minor: number;
  /** ISO 4217. */
  currency: string;
}

/**
 * Cash that the recipient pays: goods and the charge for the delivery, in the currency of the recipient's
 * country. The charge counts only in a shop's order, and not from Russia or Belarus to Belarus.
 */
export function countCash(body: CdekOrderBody): { value: number; currency: string | undefined } {
  const [from, to] = [findEnd(body.from_location, body.shipment_point), findEnd(body.to_location, body.delivery_point)];
  const lines = body.packages.flatMap(({ items = [] }) => items.map(({ payment, amount }) => payment.value * amount));
  const isIgnored = (body.type ?? 1) !== 1 || (to?.country_code === 'BY' && ['RU', 'BY'].includes(from?.country_code ?? ''));
  const value = lines.reduce((sum, one) => sum + one, isIgnored ? 0 : (body.delivery_recipient_cost?.value ?? 0));
  return { value: Math.round(value * 100) / 100, currency: to && CURRENCIES[to.country_code] };
}

/** The declared value that CDEK insures, in the contract's currency. */
export function countInsured(body: CdekOrderBody): number {
  const lines = body.packages.flatMap(({ items = [] }) => items.map(({ cost, amount }) => cost * amount));
  const own = body.services?.find(({ code }) => code === 'INSURANCE')?.parameter;
  // A delivery contract has no lines: its service contains the value.
  return body.type === 2 ? Number(own ?? 1) : Math.round(lines.reduce((sum, one) => sum + one, 0) * 100) / 100;
}

/** Throws if the VAT of an amount owed is not the share of its rate in the amount. */
export function checkVat(body: CdekOrderBody): void {
  const owed = [body.delivery_recipient_cost, ...body.packages.flatMap(({ items = [] }) => items.map(({ payment }) => payment))];
  for (const { value, vat_rate: rate, vat_sum: sum = 0 } of owed.filter((one) => one !== undefined))
    if (Math.abs(sum - (value * (rate ?? 0)) / (100 + (rate ?? 0))) > 0.011)
      throw new Error(`VAT of ${sum} is not within ${value} at ${rate} %`);
}

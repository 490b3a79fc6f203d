import type { ExtraData } from '#delivery/port';
import { fillIn } from '#platform';
import { makeFieldError, type Money, readMoney, toMoney, toWireAmount, type VatChooser } from '#provider-kit';
import { FIELD } from './cdek.manifest.js';
import type { CdekContext, ContractKind } from './cdek.settings.js';
import { texts } from './cdek.texts.js';
import { addVat, type CdekMoney, openVat } from './cdek.units.js';
import type { City } from './city.js';
import { findCurrencyOf } from './countries.js';

/** Amounts of an order that CDEK may refuse. */
export interface AskedMoney {
  /** ISO 4217, of all amounts of the order. */
  currency: string;
  /** Collected at the door, minor units; 0: prepaid. */
  cash: number;
  /** Minor units; 0: none. */
  declared: number;
  kind: ContractKind;
}

/**
 * Throws ProviderError `invalid` for an amount that CDEK would read in another currency. Its orders have no
 * field for one: cash is in the currency of the recipient's country, a declared value in the contract's.
 * @param cashField field of the callback that a refusal of the city is about
 */
export function checkMoney(
  { currency, cash, declared, kind }: AskedMoney,
  country: string,
  city: Pick<City, 'city' | 'cashLimit'> | undefined,
  cashField: string,
  context: CdekContext,
): void {
  const { settings } = context;
  if (cash > 0) {
    if (kind === 'delivery') throw makeFieldError(cashField, texts.noCash, texts.impossible);
    const theirs = findCurrencyOf(country);
    if (currency !== theirs)
      throw makeFieldError(
        'currency',
        fillIn(texts.cashCurrency, { theirs: theirs ?? fillIn(texts.currencyOf, { country }), order: currency }),
        texts.impossible,
      );
    if (currency !== settings.currency && !settings.collectsAbroad)
      throw makeFieldError('currency', fillIn(texts.cashAbroad, { order: currency, contract: settings.currency }), texts.impossible);
    const limit = city?.cashLimit;
    if (city && limit !== undefined && toWireAmount({ minor: cash, currency }) > limit) {
      const why =
        limit > 0
          ? fillIn(texts.cashLimit, { limit: `${limit} ${currency}`, city: city.city })
          : fillIn(texts.noCashIn, { city: city.city });
      throw makeFieldError(cashField, why, texts.impossible);
    }
  }
  if (declared > 0) toContractMoney({ minor: declared, currency }, context);
}

/**
 * An amount in the contract's currency, by the shop's own rate if it is in another. Throws ProviderError
 * `invalid` if there is no rate.
 */
export function toContractMoney(amount: Money, context: CdekContext): Money {
  const { currency, exchangeRates } = context.settings;
  if (amount.currency === currency) return amount;
  const rate = exchangeRates.find((one) => one.currency === amount.currency)?.rate;
  if (rate === undefined)
    throw makeFieldError('currency', fillIn(texts.declaredCurrency, { contract: currency, order: amount.currency }), texts.impossible);
  return readMoney(toWireAmount(amount) * rate, currency);
}

/** Writes the amounts of one order. */
export class MoneyWriter {
  readonly vat: VatChooser;

  /**
   * @param currency of the order, ISO 4217
   * @param country of the recipient, ISO 3166-1 alpha-2
   */
  constructor(
    readonly currency: string,
    country: string,
    private readonly context: CdekContext,
  ) {
    this.vat = openVat(country, context);
  }

  /**
   * An amount that the recipient owes, with its VAT. Throws ProviderError `invalid` at `field` for a rate
   * that CDEK does not have.
   * @param minor units of the order's currency
   */
  writeOwed(minor: number, vatRate: string | undefined, field: string): CdekMoney {
    return addVat(toMoney(minor, this.currency), this.vat.choose(minor, vatRate, field));
  }

  /** A declared value in the contract's currency. Throws ProviderError `invalid` without a rate for it. */
  writeDeclared(minor: number): number {
    return minor === 0 ? 0 : toWireAmount(toContractMoney(toMoney(minor, this.currency), this.context));
  }
}

/** A service besides the carriage; `parameter` is its amount or count, as text. */
export interface CdekService {
  code: string;
  parameter?: string;
}

/** The services that the account always orders, then those the user chose in the data field `services`. */
export function listServices(extraData: ExtraData, always: readonly CdekService[]): CdekService[] {
  const services = extraData[FIELD.services];
  const chosen = (Array.isArray(services) ? services : typeof services === 'string' && services !== '' ? [services] : [])
    .filter((code) => /^[A-Z0-9_]{1,60}$/.test(code) && !always.some((service) => service.code === code))
    .map((code) => ({ code }));
  return [...always.map(({ code, parameter }) => ({ code, ...(parameter && { parameter }) })), ...chosen];
}

/** Insurance of a declared value, in whole units of the contract's currency. None for a value of 0. */
export function insure(declared: number, currency: string, context: CdekContext): CdekService[] {
  if (declared <= 0) return [];
  const value = toContractMoney(toMoney(declared, currency), context);
  return [{ code: 'INSURANCE', parameter: String(Math.ceil(toWireAmount(value))) }];
}

import { FIELDS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { type StatusCode, STATUSES } from './cdek.statuses.js';
import { KNOWN_TARIFFS, MODE_NAMES, TARIFF_MODES, type TariffMode } from './cdek.tariffs.js';
import { texts } from './cdek.texts.js';

const { field, connect, sender, tariffs, prices, points, forms, statuses } = FIELDS;

/** Lists that fields of the settings are looked up in. */
export const LOOKUP = { cities: 'cities', points: 'points', tariffs: 'tariffs' } as const;

/** VAT on the recipient's payment: the order's own rates, none, or one rate for all, in percent. */
export const VAT_RATES = ['order', 'none', '0', '5', '7', '10', '12', '16', '20', '22'] as const;
export type VatRate = (typeof VAT_RATES)[number];

/** Kind of an order at CDEK: for an online shop (type 1), or only delivery (type 2). */
export type ContractKind = 'shop' | 'delivery';

/** A tariff on offer. */
export class CdekTariffChoice {
  /** CDEK's number of it. */
  @field.integer({ ...texts.tariffChoice.code, lookup: LOOKUP.tariffs }, { min: 1, max: 99_999 }) code!: number;
  @field.text(texts.tariffChoice.name, { optional: true, maxLength: 120 }) name?: string;
  @field.choice(TARIFF_MODES, { ...texts.tariffChoice.mode, choices: MODE_NAMES }, { optional: true }) mode?: TariffMode;
}

/** A service ordered with every delivery. */
export class CdekServiceChoice {
  @field.text(texts.serviceChoice.code, {
    pattern: /^[A-Z0-9_]{1,60}$/,
    problem: 'must be at most 60 capital Latin letters, digits and underscores',
  })
  code!: string;

  @field.text(texts.serviceChoice.parameter, { optional: true, maxLength: 50 }) parameter?: string;
}

/** The shop's own figure for a currency. */
export class CdekExchangeRate {
  /** ISO 4217. */
  @field.currency(texts.exchangeRate.currency) currency!: string;
  @field.number(texts.exchangeRate.rate, { min: 0.000_001, max: 1_000_000 }) rate!: number;
}

/** The CRM's status for one of CDEK's statuses, instead of the module's choice. */
export class CdekStatusRule {
  @field.text(texts.statusRule.code, {
    pattern: /^[A-Z0-9_]{1,80}$/,
    problem: 'must be at most 80 capital Latin letters, digits and underscores',
  })
  code!: string;

  @field.choice(STATUSES.codes, { ...texts.statusRule.status, choices: STATUSES.choices }) status!: StatusCode;
}

/** An account's contract with CDEK and how it ships. */
export class CdekSettings {
  @connect.choice(['production', 'test'], texts.settings.contour) contour!: 'production' | 'test';
  @connect.text(texts.settings.clientId, { secret: true, filled: true, maxLength: 200 }) clientId!: string;
  @connect.text(texts.settings.clientSecret, { secret: true, filled: true, maxLength: 200 }) clientSecret!: string;
  @connect.choice(['shop', 'delivery'], texts.settings.contractKind) contractKind: ContractKind = 'shop';
  /** Currency of CDEK's invoices, and so of its prices. ISO 4217. */
  @connect.currency(texts.settings.currency) currency: string = 'RUB';
  /** CDEK collects in the currency of the recipient's country. */
  @connect.flag(texts.settings.collectsAbroad) collectsAbroad: boolean = false;
  @sender.text(texts.settings.senderCompany, { optional: true, maxLength: 255 }) senderCompany?: string;
  @sender.text(texts.settings.senderName, { filled: true, maxLength: 255 }) senderName!: string;
  @sender.text(texts.settings.senderPhone, { filled: true, maxLength: 40 }) senderPhone!: string;
  @sender.email(texts.settings.senderEmail, { optional: true, maxLength: 255 }) senderEmail?: string;
  /** CDEK's code of the city that parcels leave from. If missing, the address from the CRM. */
  @sender.integer({ ...texts.settings.fromCityCode, lookup: LOOKUP.cities }, { optional: true, min: 1, max: 99_999_999 })
  fromCityCode?: number;

  @sender.text(texts.settings.fromAddress, { optional: true, maxLength: 255 }) fromAddress?: string;

  @sender.text(
    { ...texts.settings.shipmentPoint, lookup: LOOKUP.points },
    { optional: true, pattern: /^[A-Za-z0-9_-]{1,40}$/, problem: 'must be at most 40 Latin letters, digits, dashes and underscores' },
  )
  shipmentPoint?: string;

  @tariffs.list(() => CdekTariffChoice, texts.settings.tariffs, { minItems: 1, maxItems: 30, unique: 'code' }) tariffs!: CdekTariffChoice[];
  /** The tariff of a return from the buyer. Missing: none are made. */
  @tariffs.integer({ ...texts.settings.returnTariff, lookup: LOOKUP.tariffs }, { optional: true, min: 1, max: 99_999 })
  returnTariff?: number;

  @tariffs.list(() => CdekServiceChoice, texts.settings.services, { maxItems: 20 }) services: CdekServiceChoice[] = [];
  /** Centimetres, as width and height. */
  @tariffs.integer({ ...texts.settings.boxLength, unit: texts.centimetres }, { min: 1, max: 500 }) boxLength: number = 10;
  @tariffs.integer({ ...texts.settings.boxWidth, unit: texts.centimetres }, { min: 1, max: 500 }) boxWidth: number = 10;
  @tariffs.integer({ ...texts.settings.boxHeight, unit: texts.centimetres }, { min: 1, max: 500 }) boxHeight: number = 10;
  /**
   * Requests the price of every tariff on offer with insurance and services: more expensive, slower, exact.
   */
  @prices.flag(texts.settings.quoteServices) quoteServices: boolean = true;
  @prices.integer({ ...texts.settings.codFeeBasisPoints, isBasisPoints: true }, { min: 0, max: 10_000 }) codFeeBasisPoints: number = 0;

  @prices.list(() => CdekExchangeRate, texts.settings.exchangeRates, { maxItems: 20, unique: 'currency' })
  exchangeRates: CdekExchangeRate[] = [];

  @prices.choice(VAT_RATES, texts.settings.vatRate) vatRate: VatRate = 'order';
  @prices.flag(texts.settings.raisesVat) raisesVat: boolean = true;
  @points.integer(texts.settings.pointsShown, { min: 1, max: 1_000 }) pointsShown: number = 50;
  @forms.choice(['A4', 'A5', 'A6', 'A7'], texts.settings.labelFormat) labelFormat: 'A4' | 'A5' | 'A6' | 'A7' = 'A6';
  /** The statuses of a return follow the end of its delivery. */
  @statuses.flag(texts.settings.followsReturns) followsReturns: boolean = false;
  @statuses.list(() => CdekStatusRule, texts.settings.statusRules, { maxItems: 100 }) statusRules: CdekStatusRule[] = [];
}

/** The context of each call. */
export type CdekContext = ProviderContext<CdekSettings>;

/** A new connection's settings: CDEK's public test environment and credentials, which deliver nothing. */
export function createDefaultSettings(): CdekSettings {
  return Object.assign(new CdekSettings(), {
    contour: 'test',
    clientId: 'wqGwiQx0gg8mLtiEKsUinjVSICCjtTEP',
    clientSecret: 'RmAmgvSgSl1yirlz9QupbzOJVqhCxcP5',
    senderName: 'Shop',
    senderPhone: '+74950000000',
    fromCityCode: 44,
    shipmentPoint: 'MSK67',
    tariffs: [136, 137, 138, 139, 366, 368].map((code) => ({ code })),
  });
}

/** Finds problems that no single field can detect, by path. */
export function checkSettings({ tariffs, services, statusRules }: CdekSettings): Record<string, string> {
  const problems: Record<string, string> = {};
  tariffs.forEach(({ code, mode }, index) => {
    if (mode === undefined && !KNOWN_TARIFFS.has(code))
      problems[`tariffs[${index}].mode`] = 'is needed: the module does not know this tariff';
  });
  services.forEach(({ code }, index) => {
    if (code === 'INSURANCE') problems[`services[${index}].code`] = 'INSURANCE is added by itself, by the declared value';
    else if (services.findIndex((other) => other.code === code) !== index) problems[`services[${index}].code`] = 'appears twice';
  });
  statusRules.forEach(({ code }, index) => {
    if (statusRules.findIndex((rule) => rule.code === code) !== index) problems[`statusRules[${index}].code`] = 'appears twice';
  });
  return problems;
}

/** A way to pay in a country. The bounds, in its currency, are made up: the service publishes none. */
export interface MercadoPagoMethod {
  id: string;
  name: string;
  payment_type_id: string;
  min_allowed_amount: number;
  max_allowed_amount: number;
}

/** What differs between the countries. */
export interface MercadoPagoSite {
  /** ISO 3166, two and three letters. */
  country: readonly [string, string];
  currency: string;
  /** Digits after the point that an amount may have. */
  digits: 0 | 2;
  /** Types of documents of identity. */
  documents: readonly string[];
  methods: readonly MercadoPagoMethod[];
}

/** The types of ways to pay that an order may name. */
export const PAYMENT_TYPES = [
  ...['credit_card', 'debit_card', 'prepaid_card', 'ticket', 'atm', 'bank_transfer', 'account_money'],
  ...['digital_currency', 'digital_wallet', 'voucher_card'],
];

function buildSite(
  country: readonly [string, string],
  currency: string,
  digits: 0 | 2,
  documents: string,
  own: readonly [id: string, type: string][],
): MercadoPagoSite {
  const unit = digits === 0 ? 1_000 : 1;
  const ways: [string, string][] = [
    ['visa', 'credit_card'],
    ['master', 'credit_card'],
    ['amex', 'credit_card'],
    ['account_money', 'account_money'],
  ];
  const methods = [...ways, ...own].map(([id, payment_type_id]) => ({
    ...{ id, name: id, payment_type_id, min_allowed_amount: 5 * unit, max_allowed_amount: 10_000_000 * unit },
  }));
  return { country, currency, digits, documents: documents.split(' '), methods };
}

/** The countries by the code of their site. */
export const SITES = {
  MLA: buildSite(['AR', 'ARG'], 'ARS', 2, 'DNI CUIL CUIT', [
    ['rapipago', 'ticket'],
    ['pagofacil', 'ticket'],
  ]),
  MLB: buildSite(['BR', 'BRA'], 'BRL', 2, 'CPF CNPJ', [
    ['pix', 'bank_transfer'],
    ['bolbradesco', 'ticket'],
  ]),
  MLM: buildSite(['MX', 'MEX'], 'MXN', 2, 'RFC CURP', [
    ['oxxo', 'ticket'],
    ['clabe', 'bank_transfer'],
  ]),
  MLC: buildSite(['CL', 'CHL'], 'CLP', 0, 'RUT', [
    ['khipu', 'bank_transfer'],
    ['redcompra', 'debit_card'],
  ]),
  MCO: buildSite(['CO', 'COL'], 'COP', 0, 'CC NIT CE', [
    ['efecty', 'ticket'],
    ['pse', 'bank_transfer'],
  ]),
  MPE: buildSite(['PE', 'PER'], 'PEN', 2, 'DNI CE RUC', [
    ['pagoefectivo_atm', 'atm'],
    ['yape', 'digital_wallet'],
  ]),
  MLU: buildSite(['UY', 'URY'], 'UYU', 2, 'CI', [
    ['redpagos', 'ticket'],
    ['abitab', 'ticket'],
  ]),
} as const satisfies Record<string, MercadoPagoSite>;
export type MercadoPagoSiteCode = keyof typeof SITES;
export const SITE_CODES = Object.keys(SITES) as MercadoPagoSiteCode[];

/** Whether an amount is written as the country's are: whole, or with both digits after the point. */
export function isAmount(text: string, { digits }: MercadoPagoSite): boolean {
  return (digits === 0 ? /^\d{1,13}$/ : /^\d{1,13}(\.\d{2})?$/).test(text);
}

/** An amount in the smallest unit: whole pesos where there are no others. */
export function readAmount(text: string, { digits }: MercadoPagoSite): number {
  const [whole = '', part = ''] = text.split('.');
  return Number(whole + part.padEnd(digits, '0'));
}

/** As the API writes an amount given in the smallest unit. */
export function writeAmount(minor: number, { digits }: MercadoPagoSite): string {
  if (digits === 0) return String(minor);
  const text = String(minor).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** A country that Mercado Pago works in: an account belongs to one, and takes only its currency. */
export interface MercadoPagoCountry {
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** ISO 4217. */
  currency: string;
}

/** By `site_id` of the account. */
export const COUNTRIES: ReadonlyMap<string, MercadoPagoCountry> = new Map([
  ['MLA', { country: 'AR', currency: 'ARS' }],
  ['MLB', { country: 'BR', currency: 'BRL' }],
  ['MLM', { country: 'MX', currency: 'MXN' }],
  ['MLC', { country: 'CL', currency: 'CLP' }],
  ['MCO', { country: 'CO', currency: 'COP' }],
  ['MPE', { country: 'PE', currency: 'PEN' }],
  ['MLU', { country: 'UY', currency: 'UYU' }],
]);

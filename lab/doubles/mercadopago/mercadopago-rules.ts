import { isIP } from 'node:net';
import { Refusal } from '../../../libs/testing/double/refusal.js';
import type { Infer } from '../../../libs/testing/double/wire.js';
import type { MercadoPagoModes } from './mercadopago-modes.js';
import type { MercadoPagoSite } from './mercadopago-sites.js';
import { type newOrder, PAYMENT_TYPES } from './mercadopago-wire.js';

export type MercadoPagoRequest = Infer<typeof newOrder>;

/** Makes the refusal of a body. `path`: of the field. */
export function refuse(code: string, path: string, what: string): Refusal {
  return new Refusal(400, code, 'The request is not valid.', [`'${path}' - ${what}`]);
}

/** Returns an amount in minor units. It may have no or both decimals of the country. Throws Refusal. */
export function readAmount(amount: string, path: string, { digits, currency }: MercadoPagoSite): number {
  const pattern = digits === 0 ? /^-?\d{1,13}$/ : /^-?\d{1,13}(\.\d{2})?$/;
  if (!pattern.test(amount)) throw refuse('property_value', path, `must have no or all digits after the point in ${currency}`);
  return Math.round(Number(amount) * 10 ** digits);
}

/** Rejects requests by rules that no schema can express. Returns the total of a new order in minor units. */
export function checkOrder(request: MercadoPagoRequest, site: MercadoPagoSite, isTest: boolean, modes: MercadoPagoModes): number {
  const { total_amount, items, payer, config = {}, currency = site.currency } = request;
  const { online = {}, payment_method: { not_allowed_ids: ids = [], not_allowed_types: types = [] } = {} } = config;
  const { email, identification } = payer ?? {};
  const descriptor = config.statement_descriptor ?? '';
  const total = readAmount(total_amount, '$.total_amount', site);
  const prices = items?.map(({ unit_price }, index) => readAmount(unit_price, `$.items[${index}].unit_price`, site)) ?? [];
  const wrongPrice = prices.findIndex((price) => price <= 0);
  const sum = prices.reduce((all, price, index) => all + price * (items?.[index]?.quantity ?? 0), 0);
  const unsafe = (['success_url', 'failure_url', 'pending_url'] as const).find((name) => online[name] && !isPublicHttps(online[name]));
  const others = site.methods.filter(({ payment_type_id }) => payment_type_id !== 'account_money');
  const isNothingLeft =
    others.every(({ id, payment_type_id: type }) => ids.includes(id) || types.some((one) => one === type)) ||
    PAYMENT_TYPES.every((type) => type === 'account_money' || types.includes(type));

  const rules: readonly (readonly [isBroken: unknown, code: string, path: string, what: string])[] = [
    [total <= 0, 'property_value', '$.total_amount', 'must be greater than 0'],
    [currency !== site.currency, 'property_value', '$.currency', `must be ${site.currency}, the seller's`],
    [request.marketplace_fee, 'invalid_properties', '$.marketplace_fee', 'the seller has not authorised a marketplace'],
    [wrongPrice >= 0, 'invalid_items', `$.items[${wrongPrice}].unit_price`, 'must be greater than 0'],
    [items && sum !== total, 'order_items_total_amount_mismatch', '$.total_amount', 'must be equal to the sum of the items'],
    [isTest && email?.endsWith('@testuser.com') === false, 'invalid_email_for_sandbox', '$.payer.email', 'must end with @testuser.com'],
    [
      identification && !site.documents.includes(identification.type),
      ...(['property_value', '$.payer.identification.type', `must be one of ${site.documents.join(', ')}`] as const),
    ],
    [
      identification && site.currency === 'BRL' && !/^\d+$/.test(identification.number),
      ...(['property_value', '$.payer.identification.number', 'must have digits only'] as const),
    ],
    [
      descriptor.length > modes.descriptorLength,
      ...(['property_value', '$.config.statement_descriptor', `must have at most ${modes.descriptorLength} characters`] as const),
    ],
    [modes.httpsReturn && unsafe, 'property_value', `$.config.online.${unsafe}`, 'must be a public https address'],
    [
      online.auto_return && !(online.success_url && isPublicHttps(online.success_url)),
      ...(['invalid_auto_return', '$.config.online.auto_return', 'back_url.success must be defined, with a public https address'] as const),
    ],
    [
      types.includes('account_money') || ids.includes('account_money'),
      ...(['property_value', '$.config.payment_method', 'account_money cannot be excluded'] as const),
    ],
    [isNothingLeft, 'property_value', '$.config.payment_method', 'at least one way to pay has to remain'],
  ];
  for (const [isBroken, code, path, what] of rules) if (isBroken) throw refuse(code, path, what);
  return total;
}

function isPublicHttps(address: string): boolean {
  const { protocol, hostname } = URL.canParse(address) ? new URL(address) : { protocol: '', hostname: '' };
  return protocol === 'https:' && hostname.includes('.') && isIP(hostname) === 0;
}

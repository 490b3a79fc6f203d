import { checkShopCodes, describeMissingShops, listShops, type PaymentManifest } from '#payment/port';
import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { isTestShop, MercadoPagoSettings, METHODS_LOOKUP } from './mercadopago.settings.js';
import { texts } from './mercadopago.texts.js';
import { COUNTRIES } from './seller.js';

/** Two hands that meet over a coin: drawn for this project. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 64" role="img" aria-label="Mercado Pago">' +
  '<ellipse cx="48" cy="32" rx="42" ry="26" fill="#0aa5e8"/><circle cx="48" cy="26" r="11" fill="#fff"/>' +
  '<path d="M14 40c10-3 20 8 34 8s24-11 34-8" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round"/>' +
  '<path d="M48 20v12M44 23h6a3 3 0 0 1 0 6h-4" fill="none" stroke="#0a6fa8" stroke-width="2"/></svg>';

/** The first steps of an account with Mercado Pago. */
const firstSteps: readonly FirstStep<MercadoPagoSettings>[] = [
  { ...texts.firstSteps.application, section: SECTIONS.connect.code, isDone: ({ shops }) => shops.some(({ active }) => active) },
  {
    ...texts.firstSteps.webhook,
    section: SECTIONS.connect.code,
    // The webhooks of a consent go to the partner's application.
    isDone: ({ shops }) =>
      shops.some(({ active, accessToken, webhookSecret }) => active && (webhookSecret !== undefined || accessToken === undefined)),
  },
  { ...texts.firstSteps.payment, sign: 'used' },
];

/** The description of Mercado Pago for the CRM. */
export const mercadoPagoManifest: PaymentManifest<MercadoPagoSettings> = {
  code: 'mercadopago',
  portVersion: 2,
  title: texts.title,
  logo,
  countries: [...COUNTRIES.values()].map(({ country }) => country),
  settings: MercadoPagoSettings,
  lookups: [METHODS_LOOKUP],
  firstSteps,
  // Without a token there is no shop. The account page adds the first one.
  describeMissing: describeMissingShops,
  createDefaultSettings: () => ({ shops: [], callsPerSecond: 20 }),
  checkSettings: checkShopCodes,
  recovery: { kind: 'idempotency-key' },
  currencies: [...COUNTRIES.values()].map(({ currency }) => currency),
  invoiceTypes: ['link'],
  // Holds are documented for cards entered at the shop's own site, not for Checkout Pro.
  captureModes: ['automatic'],
  // Webhooks without a secret are not accepted.
  bySettings: ({ shops }) => ({ hasEvents: shops.every(({ active, webhookSecret }) => !active || webhookSecret !== undefined) }),
  listShops: ({ shops }) => shops.flatMap((own) => listShops({ shops: [own] }).map((shop) => ({ ...shop, isTest: isTestShop(own) }))),
};

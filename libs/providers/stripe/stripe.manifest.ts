import { checkShopCodes, describeMissingShops, listShops, type PaymentManifest } from '#payment/port';
import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { CURRENCIES } from './stripe.money.js';
import { isTestKey, StripeSettings } from './stripe.settings.js';
import { texts } from './stripe.texts.js';

/** A card with stripes: drawn for this project. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 64" role="img" aria-label="Stripe">' +
  '<rect x="4" y="6" width="88" height="52" rx="8" fill="#4f46c8"/><path d="M4 18h88v9H4z" fill="#2b2580"/>' +
  '<path d="M14 48 30 36h14L28 48zM38 48l16-12h14L52 48z" fill="#c9c5f7"/></svg>';

/** Where Stripe opens accounts. */
const COUNTRIES =
  'AE AT AU BE BG BR CA CH CY CZ DE DK EE ES FI FR GB GI GR HK HR HU IE IT JP LI LT LU LV MT MX MY NL NO NZ PL PT RO SE SG SI SK TH US'.split(
    ' ',
  );

/** The first steps of an account with Stripe. */
const firstSteps: readonly FirstStep<StripeSettings>[] = [
  { ...texts.firstSteps.key, section: SECTIONS.connect.code, isDone: ({ shops }) => shops.some(({ active }) => active) },
  { ...texts.firstSteps.webhook, section: SECTIONS.connect.code, sign: 'set-up' },
  { ...texts.firstSteps.payment, sign: 'used' },
];

/** The description of Stripe for the CRM. */
export const stripeManifest: PaymentManifest<StripeSettings> = {
  code: 'stripe',
  portVersion: 2,
  title: texts.title,
  logo,
  countries: COUNTRIES,
  settings: StripeSettings,
  firstSteps,
  // Without keys there is no shop. The account page adds the first one.
  describeMissing: describeMissingShops,
  createDefaultSettings: () => ({ shops: [] }),
  checkSettings: checkShopCodes,
  recovery: { kind: 'idempotency-key' },
  currencies: CURRENCIES,
  invoiceTypes: ['link'],
  captureModes: ['automatic', 'manual'],
  listShops: ({ shops }) => listShops({ shops }).map((shop, index) => ({ ...shop, isTest: isTestKey(shops[index]?.secretKey ?? '') })),
};

import { checkShopCodes, describeMissingShops, listShops, type PaymentManifest } from '#payment/port';
import { SECTIONS, textFor } from '#platform';
import { type FirstStep, listWrongNetworks } from '#provider-kit';
import { isTestKey, LOOKUP, needsRegisterFacts, PUBLISHED_SENDERS, UNUSABLE_METHODS, YookassaSettings } from './yookassa.settings.js';
import { texts } from './yookassa.texts.js';

/** A purse with a clasp: drawn for this project. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 64" role="img" aria-label="YooKassa">' +
  '<rect x="6" y="14" width="84" height="44" rx="9" fill="#2f4bd8"/><path d="M18 14 66 4c4-1 7 1 8 5l1 5z" fill="#8ea2ff"/>' +
  '<path d="M62 28h28v16H62a8 8 0 0 1 0-16z" fill="#1b2c86"/><circle cx="66" cy="36" r="4" fill="#dfe5ff"/></svg>';

/** The first steps of an account with YooKassa. */
const firstSteps: readonly FirstStep<YookassaSettings>[] = [
  { ...texts.firstSteps.shop, section: SECTIONS.connect.code, isDone: ({ shops }) => shops.some(({ active }) => active) },
  { ...texts.firstSteps.receipts, section: SECTIONS.connect.code, sign: 'checked' },
  { ...texts.firstSteps.notifications, section: SECTIONS.connect.code, isDone: ({ hasNotifications }) => hasNotifications },
  { ...texts.firstSteps.payment, sign: 'used' },
];

/** The description of YooKassa for the CRM. */
export const yookassaManifest: PaymentManifest<YookassaSettings> = {
  code: 'yookassa',
  portVersion: 2,
  title: texts.title,
  logo,
  countries: ['RU'],
  settings: YookassaSettings,
  firstSteps,
  // Without a key there is no shop. The account page adds the first one.
  describeMissing: describeMissingShops,
  createDefaultSettings: () => ({ shops: [], hasNotifications: false, senders: [...PUBLISHED_SENDERS], callsPerSecond: 5 }),
  checkSettings: (settings, language) => {
    const wrong = listWrongNetworks(settings.senders);
    const unready = settings.shops.flatMap((shop, index) =>
      needsRegisterFacts(shop) && (shop.timezone === undefined || shop.plannedStatus === undefined)
        ? [[`shops[${index}].marking`, textFor(texts.markingNeeds, language)] as const]
        : [],
    );
    const unpayable = settings.shops.flatMap(({ method = '' }, index) =>
      UNUSABLE_METHODS.has(method) ? [[`shops[${index}].method`, textFor(texts.methodNeedsMore, language)] as const] : [],
    );
    const halves = settings.shops.flatMap(({ shopId, secretKey }, index) =>
      (shopId === undefined) === (secretKey === undefined)
        ? []
        : [[`shops[${index}].${shopId === undefined ? 'shopId' : 'secretKey'}`, textFor(texts.bothOrNone, language)] as const],
    );
    return {
      ...checkShopCodes(settings, language),
      ...Object.fromEntries([...unready, ...unpayable, ...halves]),
      ...(wrong.length > 0 && { senders: `${textFor(texts.wrongSender, language)} ${wrong.join(', ')}` }),
    };
  },
  lookups: Object.values(LOOKUP),
  recovery: { kind: 'idempotency-key' },
  currencies: ['RUB'],
  invoiceTypes: ['link'],
  captureModes: ['automatic', 'manual'],
  listShops: ({ shops }) => listShops({ shops }).map((shop, index) => ({ ...shop, isTest: isTestKey(shops[index]?.secretKey) })),
  bySettings: ({ shops, hasNotifications: hasEvents }) => ({
    hasEvents,
    ...(shops.length > 0 && { currencies: [...new Set(shops.map(({ currency }) => currency))] }),
  }),
};

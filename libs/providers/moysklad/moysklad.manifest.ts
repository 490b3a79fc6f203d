import { type Language, SECTIONS, textFor } from '#platform';
import type { FirstStep } from '#provider-kit';
import type { StoreManifest } from '#inventory/port';
import { createDefaultSettings, LOOKUP, MoyskladSettings, RESERVES, STOCKS } from './moysklad.settings.js';
import { texts } from './moysklad.texts.js';

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 64" role="img" aria-label="MoySklad">
<rect width="128" height="64" rx="8" fill="#0b73b8"/>
<text x="64" y="40" font-family="Arial, sans-serif" font-size="21" font-weight="bold" text-anchor="middle" fill="#fff">МойСклад</text>
</svg>`;

/** The first steps of an account with MoySklad. */
const firstSteps: readonly FirstStep<MoyskladSettings>[] = [
  { ...texts.firstSteps.token, section: SECTIONS.connect.code, isDone: ({ token }) => token !== '' },
  { ...texts.firstSteps.check, section: SECTIONS.connect.code, sign: 'checked' },
  { ...texts.firstSteps.stores, section: STOCKS.code, isDone: ({ stores }) => stores.length > 0 },
  { ...texts.firstSteps.reserves, section: RESERVES.code, isDone: ({ organization, agent }) => Boolean(organization && agent) },
  { ...texts.firstSteps.order, sign: 'used' },
];

/** The description of the MoySklad provider. */
export const moyskladManifest: StoreManifest<MoyskladSettings> = {
  code: 'moysklad',
  portVersion: 2,
  title: texts.title,
  logo,
  countries: ['RU', 'BY', 'KZ', 'UZ'],
  settings: MoyskladSettings,
  firstSteps,
  createDefaultSettings,
  checkSettings,
  describeMissing: ({ token, stores }) => (token === '' ? texts.noToken : stores.length === 0 ? texts.noStores : undefined),
  lookups: Object.values(LOOKUP),
  // An order is made once with our id and set as a whole: a repeat finds it in the wanted state.
  recovery: { kind: 'idempotency-key' },
  listCallPoints: (settings) => ({ inventoriesUpload: settings.uploadCallPoints, inventoriesActualize: settings.actualizeCallPoints }),
  changesEverySeconds: () => 120,
};

/** Problems of fields together, by path. */
function checkSettings({ stores, mainStore }: MoyskladSettings, language: Language): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const [index, { code, warehouse }] of stores.entries()) {
    const others = stores.slice(0, index);
    if (others.some((one) => one.code === code)) problems[`stores[${index}].code`] = textFor(texts.twice, language);
    if (others.some((one) => one.warehouse === warehouse)) problems[`stores[${index}].warehouse`] = textFor(texts.twice, language);
  }
  if (mainStore && !stores.some(({ code }) => code === mainStore)) problems['mainStore'] = textFor(texts.notInList, language);
  return problems;
}

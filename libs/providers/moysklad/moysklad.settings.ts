import { FIELDS, type FormSection, makeFields } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './moysklad.texts.js';

const { field, connect } = FIELDS;

/** Lists of MoySklad's that the settings choose from. */
export const LOOKUP = { warehouses: 'warehouses', organizations: 'organizations', agents: 'agents' } as const;

/** Fields of a good in MoySklad that the CRM's `xmlId` may be. */
export const SEARCH_KEYS = ['externalCode', 'id', 'code', 'barcode'] as const;
export type SearchKey = (typeof SEARCH_KEYS)[number];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_RULES = { pattern: UUID, problem: texts.problems.id };

/** Sections of the page. */
export const STOCKS: FormSection = { code: 'stocks', title: texts.sections.stocks.title };
export const RESERVES: FormSection = { code: 'reserves', title: texts.sections.reserves.title };

const stocks = makeFields(STOCKS);
const reserves = makeFields(RESERVES);
const calls = makeFields({ code: 'calls', title: texts.sections.calls.title });

/** Which warehouse of MoySklad one of the CRM's is. */
export class MoyskladStore {
  /** Code of the warehouse in the CRM. */
  @field.text({ ...texts.store.code, lookup: 'stores' }, { pattern: /\S/, problem: 'must not be empty', maxLength: 255 }) code!: string;
  @field.text({ ...texts.store.warehouse, lookup: LOOKUP.warehouses }, { ...UUID_RULES }) warehouse!: string;
}

/** Settings of a connection to MoySklad. */
export class MoyskladSettings {
  @connect.text(texts.settings.token, { secret: true, maxLength: 1_000 }) token!: string;
  @connect.integer(texts.settings.callsIn3Seconds, { min: 1, max: 45 }) callsIn3Seconds: number = 11;
  @stocks.list(() => MoyskladStore, texts.settings.stores, { maxItems: 100 }) stores!: MoyskladStore[];
  @stocks.text({ ...texts.settings.mainStore, codesOf: 'stores' }, { optional: true, maxLength: 255 }) mainStore?: string;
  @stocks.choice(SEARCH_KEYS, texts.settings.searchBy) searchBy: SearchKey = 'externalCode';
  @stocks.choice(['freeStock', 'stock'], texts.settings.figure) figure: 'freeStock' | 'stock' = 'freeStock';
  @stocks.choice(['buyPrice', 'none'], texts.settings.price) price: 'buyPrice' | 'none' = 'buyPrice';

  @reserves.text({ ...texts.settings.organization, lookup: LOOKUP.organizations }, { optional: true, ...UUID_RULES })
  organization?: string;

  @reserves.text({ ...texts.settings.agent, lookup: LOOKUP.agents }, { optional: true, ...UUID_RULES }) agent?: string;
  @reserves.text(texts.settings.orderPrefix, { optional: true, maxLength: 50 }) orderPrefix?: string = 'CRM-';

  @calls.texts({ ...texts.settings.uploadCallPoints, hint: texts.unknownCallPoints }, { maxItems: 50, items: { maxLength: 255 } })
  uploadCallPoints: string[] = [];

  @calls.texts({ ...texts.settings.actualizeCallPoints, hint: texts.unknownCallPoints }, { maxItems: 50, items: { maxLength: 255 } })
  actualizeCallPoints: string[] = [];
}

/** The context of each call of MoySklad's functions. */
export type MoyskladContext = ProviderContext<MoyskladSettings>;

/** The initial settings of a connection. */
export function createDefaultSettings(): MoyskladSettings {
  return {
    ...{ token: '', callsIn3Seconds: 11, stores: [], searchBy: 'externalCode', figure: 'freeStock', price: 'buyPrice' },
    ...{ orderPrefix: 'CRM-', uploadCallPoints: [], actualizeCallPoints: [] },
  };
}

/** Code of the default warehouse. Undefined if there are no warehouses. */
export function findMainStore({ stores, mainStore }: MoyskladSettings): string | undefined {
  return mainStore || stores[0]?.code;
}

import { fillIn, type LocalText } from '#platform';
import { cutText, makeError, ProviderError, say } from '#provider-kit';
import { type MovedItem, type StockMovement, toMillionths, toUnits } from '#inventory/port';
import { findDocuments } from './documents.js';
import { findGoods } from './goods.js';
import type { Moysklad, MoyskladMethod, WireMovement } from './moysklad.api.js';
import { findMainStore, type MoyskladContext } from './moysklad.settings.js';
import { texts } from './moysklad.texts.js';
import { nameUuid, readId, toKeptMillionths } from './moysklad.units.js';

/** Goods of one store that move, in millionths. */
type Moved = Map<string, { type: string; millionths: number }>;

const LONGEST_NOTE = 4_000;
/** Above 100 lists ignore `expand` without a word. */
const WITH_POSITIONS = { expand: 'positions', limit: 100 };

/**
 * Makes a demand for each store under our id, so that a repeat returns the first one. It is based on the
 * order that reserves there, and uses up its reserve. Without prices, which may be in another currency.
 */
export const writeOff: MoyskladMethod<'writeOff'> = async (api, { key, order, items }, context) => {
  const { organization, agent } = context.settings;
  if (!organization || !agent) throw makeError('rejected', texts.noCompany);
  const stores = await placeGoods(api, items, context);
  const orders = await findDocuments(api, order, [...stores.keys()], context);
  return makeAll([...stores], async ([store, moved]) => {
    const reserving = orders.get(store);
    const json = {
      organization: api.refer('organization', organization, context),
      agent: api.refer('counterparty', agent, context),
      ...(reserving && { customerOrder: api.refer('customerorder', reserving.id, context) }),
      ...toBody(api, { key, order, store, moved, note: texts.writeOffNote }, context),
    };
    return api.createDemand(context, { json });
  });
};

/** Makes a return for each demand of the write-off, with its company and counterparty. */
export const takeBack: MoyskladMethod<'takeBack'> = async (api, { key, order, writeOff: of, items }, context) => {
  const stores = await placeGoods(api, items, context);
  const names = new Map([...stores.keys()].map((store) => [nameMovement(of, store, context), store]));
  const filter = [...names.keys()].map((name) => `syncId=${name}`).join(';');
  const { rows } = await api.demands(context, { query: { filter, ...WITH_POSITIONS } });
  const demands = new Map(rows.map((row) => [names.get(row.syncId ?? ''), row]));
  const plans = [...stores].map(([store, moved]) => {
    const demand = demands.get(store);
    if (!demand || !hasAll(demand, moved)) throw makeError('rejected', texts.notWrittenOff);
    return { store, moved, demand };
  });
  return makeAll(plans, async ({ store, moved, demand }) => {
    const refer = (type: string, { meta }: { meta: { href: string } }) => api.refer(type, readId(meta.href) ?? '', context);
    const json = {
      organization: refer('organization', demand.organization),
      agent: refer('counterparty', demand.agent),
      demand: api.refer('demand', demand.id, context),
      ...toBody(api, { key, order, store, moved, note: texts.takeBackNote }, context),
    };
    return api.createReturn(context, { json });
  });
};

/**
 * Makes the documents of all stores. If one fails after the first was made, the outcome is unknown: a repeat
 * with the same goods makes the rest.
 */
async function makeAll<T>(plans: readonly T[], make: (plan: T) => Promise<WireMovement>): Promise<StockMovement> {
  const made: WireMovement[] = [];
  for (const plan of plans)
    try {
      made.push(await make(plan));
    } catch (error) {
      if (made.length === 0 || !(error instanceof ProviderError)) throw error;
      const { localText: why = error.message, fields, kind } = error;
      const needsPerson = kind === 'rejected' || kind === 'invalid' || kind === 'auth';
      throw makeError('unknown_outcome', fillIn(texts.partMoved, { why }), { fields, needsPerson, cause: error });
    }
  return toMovement(made);
}

/** Finds the goods and stores of items. Throws ProviderError `rejected` with fields. */
async function placeGoods(api: Moysklad, items: readonly MovedItem[], context: MoyskladContext): Promise<Map<string, Moved>> {
  const { stores } = context.settings;
  const offers = items.map(({ offer }) => offer);
  // A person who has just added a good repeats the move.
  const found = await findGoods(api, offers, context, { mayBeOld: false });
  const problems: Record<string, LocalText> = {};
  const placed = new Map<string, Moved>();
  items.forEach(({ store = findMainStore(context.settings), quantity }, index) => {
    const [good, millionths] = [found[index], toKeptMillionths(quantity)];
    const warehouse = stores.find(({ code }) => code === store)?.warehouse;
    if (good === undefined || good === 'several') {
      problems[`items[${index}].offer`] = good === undefined ? texts.unknownGood : texts.severalGoods;
      return;
    }
    if (warehouse === undefined) problems[`items[${index}].store`] = texts.unmappedStore;
    if (millionths === undefined) problems[`items[${index}].quantity`] = texts.fourDecimals;
    if (warehouse === undefined || millionths === undefined) return;
    const moved: Moved = placed.get(warehouse) ?? new Map();
    moved.set(good.id, { type: good.type, millionths: (moved.get(good.id)?.millionths ?? 0) + millionths });
    placed.set(warehouse, moved);
  });
  if (Object.keys(problems).length > 0) throw makeError('rejected', texts.nothingMoved, { fields: problems });
  return placed;
}

/** Whether a demand contains these goods. More than a page of positions is left to MoySklad's own check. */
function hasAll({ positions: { meta, rows = [] } }: WireMovement, moved: Moved): boolean {
  if (rows.length < meta.size) return true;
  const sums = new Map<string, number>();
  for (const { quantity, assortment } of rows) {
    const good = readId(assortment.meta.href) ?? '';
    sums.set(good, (sums.get(good) ?? 0) + toMillionths(quantity));
  }
  return [...moved].every(([good, { millionths }]) => millionths <= (sums.get(good) ?? 0));
}

function toBody(
  api: Moysklad,
  { key, order, store, moved, note }: { key: string; order: string; store: string; moved: Moved; note: LocalText },
  context: MoyskladContext,
): object {
  return {
    syncId: nameMovement(key, store, context),
    store: api.refer('store', store, context),
    applicable: true,
    description: cutText(say(fillIn(note, { order }), context), LONGEST_NOTE),
    positions: {
      rows: [...moved].map(([good, { type, millionths }]) => ({
        ...{ assortment: api.refer(type, good, context), quantity: toUnits(millionths) },
      })),
    },
  };
}

/** The id that a movement has in a store, however often it is made. */
function nameMovement(key: string, store: string, { connectionId }: MoyskladContext): string {
  return nameUuid(`${connectionId}/${key}/${store}`);
}

function toMovement(made: readonly WireMovement[]): StockMovement {
  return {
    documents: made.map(({ id, name, meta: { uuidHref: url } }) => ({ id, number: name, ...(url?.startsWith('https://') && { url }) })),
  };
}

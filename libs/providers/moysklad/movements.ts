import { fillIn, type LocalText } from '#platform';
import { cutText, makeError, say } from '#provider-kit';
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
 * order that reserves there, and uses up its reserve. Without prices, which may be in another currency. After
 * a rejection in one of several stores, a repeat makes only the missing demands.
 */
export const writeOff: MoyskladMethod<'writeOff'> = async (api, { key, order, items }, context) => {
  const { organization, agent } = context.settings;
  if (!organization || !agent) throw makeError('rejected', texts.noCompany);
  const stores = await placeGoods(api, items, context);
  const orders = await findDocuments(api, order, [...stores.keys()], context);
  const made: WireMovement[] = [];
  for (const [store, moved] of stores) {
    const reserving = orders.get(store);
    const json = {
      organization: api.refer('organization', organization, context),
      agent: api.refer('counterparty', agent, context),
      ...(reserving && { customerOrder: api.refer('customerorder', reserving.id, context) }),
      ...toBody(api, { key, order, store, moved, note: texts.writeOffNote }, context),
    };
    made.push(await api.createDemand(context, { json }));
  }
  return toMovement(made);
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
  const made: WireMovement[] = [];
  for (const { store, moved, demand } of plans) {
    const refer = (type: string, { meta }: { meta: { href: string } }) => api.refer(type, readId(meta.href) ?? '', context);
    const json = {
      organization: refer('organization', demand.organization),
      agent: refer('counterparty', demand.agent),
      demand: api.refer('demand', demand.id, context),
      ...toBody(api, { key, order, store, moved, note: texts.takeBackNote }, context),
    };
    made.push(await api.createReturn(context, { json }));
  }
  return toMovement(made);
};

/** Finds the goods and stores of items. Throws ProviderError `rejected` with fields. */
async function placeGoods(api: Moysklad, items: readonly MovedItem[], context: MoyskladContext): Promise<Map<string, Moved>> {
  const { stores } = context.settings;
  const found = await findGoods(
    api,
    items.map(({ offer }) => offer),
    context,
  );
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

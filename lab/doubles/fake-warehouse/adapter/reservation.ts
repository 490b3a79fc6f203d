import { isRefusal, ProviderError } from '#provider-kit';
import {
  type ExistingReservation,
  mergePacks,
  type MovedItem,
  type Pack,
  type ReservedOrder,
  type ReserveRequest,
  toMillionths,
  toUnits,
} from '#inventory/port';
import { findGoods, putReservation, readReservation, service, type WireGood, type WireReservation } from './fake-warehouse.api.js';
import type { FakeWarehouseContext } from './fake-warehouse.settings.js';
import { writeQuantity } from './figures.js';

/**
 * Sets all that the order holds: the warehouse takes it as a whole, with the version that it changes. After a
 * lost reply the version is another one, and the lines are those wanted.
 * @throws ProviderError `rejected` with fields where stock is short or a good is not known
 */
export async function reserve(
  request: ReserveRequest,
  context: FakeWarehouseContext,
  existing: ExistingReservation | undefined,
): Promise<ReservedOrder> {
  if (request.order === '')
    throw new ProviderError('rejected', 'Fake Warehouse reserves for orders only', { fields: { order: 'is required' } });
  const { mainStore } = context.settings;
  const asked = request.packs.map((pack) => ({
    ...pack,
    ...(pack.store === undefined && pack.quantity > 0 && mainStore && { store: mainStore }),
  }));
  const built = await buildLines(mergePacks(existing?.packs ?? [], asked), asked, context);
  const lines = built.map(({ line }) => line);
  const { order } = request;
  const json = { version: Number(existing?.memory['version'] ?? 0), lines };
  const made = await service
    .unless('other-version', putReservation(context, { order, json }), async (refusal) => {
      const found = await readReservation(context, { order });
      if (JSON.stringify(found.lines) !== JSON.stringify(lines)) throw refusal;
      return found;
    })
    .catch((error: unknown) => {
      throw toShortage(error, built);
    });
  return { memory: { version: String(made.version) }, documents: [{ id: made.id, number: made.number }] };
}

/** A line of the warehouse, which knows no items of orders, and the places of its packs in the request. */
interface BuiltLine {
  line: WireReservation['lines'][number];
  places: number[];
}

async function buildLines(packs: readonly Pack[], asked: readonly Pack[], context: FakeWarehouseContext): Promise<BuiltLine[]> {
  const offers = packs.map(({ offer }) => offer);
  const goods = await findGoods(offers, context);
  const problems: Record<string, string> = {};
  const sums = new Map<string, { good: string; warehouse: string; millionths: number; places: number[] }>();
  packs.forEach((pack, index) => {
    const places = asked.flatMap((one, place) => (isSame(one, pack) ? [place] : []));
    const good = goods[index];
    const problem = findProblem(pack, good);
    if (problem) for (const place of places) problems[`packs[${place}].${problem[0]}`] = problem[1];
    if (problem || !good || pack.store === undefined) return;
    const key = JSON.stringify([good.id, pack.store]);
    const known = sums.get(key) ?? { good: good.id, warehouse: pack.store, millionths: 0, places: [] };
    sums.set(key, { ...known, millionths: known.millionths + toMillionths(pack.quantity), places: [...known.places, ...places] });
  });
  if (Object.keys(problems).length > 0) throw new ProviderError('rejected', 'Fake Warehouse: nothing was reserved', { fields: problems });
  return [...sums.values()].map(({ good, warehouse, millionths, places }) => {
    return { line: { good, warehouse, quantity: writeQuantity(toUnits(millionths)) ?? '' }, places };
  });
}

/** The lines of goods that leave or come back. Throws ProviderError `rejected` with fields. */
export async function buildMovedLines(items: readonly MovedItem[], context: FakeWarehouseContext): Promise<WireReservation['lines']> {
  const goods = await findGoods(
    items.map(({ offer }) => offer),
    context,
  );
  const { mainStore } = context.settings;
  return items.map(({ store = mainStore, quantity }, index) => {
    const [good, written] = [goods[index], writeQuantity(quantity)];
    if (good && store !== undefined && written !== undefined) return { good: good.id, warehouse: store, quantity: written };
    const field = `items[${index}].${good ? (store === undefined ? 'store' : 'quantity') : 'offer'}`;
    throw new ProviderError('rejected', 'Fake Warehouse: nothing was moved', { fields: { [field]: 'is not known to the warehouse' } });
  });
}

function findProblem(pack: Pack, good: WireGood | undefined): [string, string] | undefined {
  if (!good) return ['offer', 'is not a product of the warehouse'];
  if (pack.store === undefined) return ['store', 'is required: the settings name no main one'];
  return writeQuantity(pack.quantity) === undefined ? ['quantity', 'has more than 6 decimals'] : undefined;
}

/** The refusal of lines that are short, by the callback's fields: the packs that each line adds up. */
function toShortage(error: unknown, built: readonly BuiltLine[]): unknown {
  if (!isRefusal(error)) return error;
  const short = error.problems.flatMap(({ field = '', message = '' }) => {
    const places = built[Number(/^lines\[(\d+)\]$/.exec(field)?.[1])]?.places ?? [];
    return places.map((place) => [`packs[${place}].quantity`, message] as const);
  });
  return short.length > 0 ? new ProviderError('rejected', error.message, { fields: Object.fromEntries(short), cause: error }) : error;
}

function isSame(asked: Pack, pack: Pack): boolean {
  const isThere = asked.store === undefined || asked.store === pack.store;
  return isThere && asked.item === pack.item && JSON.stringify(asked.offer) === JSON.stringify(pack.offer);
}

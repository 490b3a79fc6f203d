import { fillIn, type LocalText } from '#platform';
import { isRefusal, makeError, ProviderError } from '#provider-kit';
import {
  type ExistingReservation,
  mergePacks,
  type Pack,
  type ReservedOrder,
  type ReserveRequest,
  toMillionths,
  toUnits,
} from '#inventory/port';
import {
  buildPositions,
  findDocuments,
  isAsWanted,
  makeDocument,
  type OrderDocument,
  readDocument,
  setPositions,
  sumReserves,
  type Wanted,
  type WantedPosition,
} from './documents.js';
import { readFigures } from './figures.js';
import { findGoods, type Found, type Good } from './goods.js';
import type { Moysklad, MoyskladMethod } from './moysklad.api.js';
import { wait } from './moysklad.pace.js';
import { findMainStore, type MoyskladContext } from './moysklad.settings.js';
import { texts } from './moysklad.texts.js';
import { toKeptMillionths } from './moysklad.units.js';
import { hasStock } from './stocks.js';
import { type Turn, withTurn } from './turns.js';

/** Milliseconds between looks at a figure that is being recalculated: before a write, and after it. */
const LOOKS_MS = { before: [300, 600, 900, 1_200], after: [300, 600] };
const UNIT = toMillionths(1);
/** In the memory: the code of the main store for packs without a store. */
const UNNAMED = '*';

/** A pack with the good and store that it is about. */
interface PlacedPack {
  pack: Pack;
  code: string;
  good: Good;
  /** Its places in the request. */
  places: number[];
}

/** One store's part of an order. */
interface Plan {
  code: string;
  warehouse: string;
  packs: PlacedPack[];
  /** The packs that the order previously held there, according to the platform. */
  before: PlacedPack[];
  document?: OrderDocument | undefined;
}

/** A good, or a bundle's part, that a store should hold more of. In millionths. */
interface Need {
  plan: Plan;
  good: string;
  more: number;
  /** The quantity it holds now, and the free quantity. */
  has: number;
  free?: number;
}

/**
 * Sets all goods that an order holds: one order of MoySklad for each store, with our id and all its
 * positions. MoySklad rejects no reservation: the free quantity is checked before, in turn with all our other
 * reservations, and again afterwards.
 * @throws ProviderError `rejected` with fields: nothing was reserved
 */
export const reserve: MoyskladMethod<'reserve'> = async (api, request, context, existing) => {
  const { organization, agent } = context.settings;
  if (request.order === '') throw makeError('rejected', texts.ordersOnly, { fields: { order: texts.required } });
  if (!organization || !agent) throw makeError('rejected', texts.noCompany);
  const plans = await makePlans(api, request, context, existing);
  const goods = plans.flatMap(({ packs, before }) => [...packs, ...before].flatMap(({ good }) => listParts(good).map((part) => part.good)));
  return withTurn(api, [...new Set(goods)], context, async (turn) => {
    try {
      return await setPlans(api, request, plans, turn, context);
    } catch (error) {
      // Someone changed it in between, or threw it away.
      if (!isRefusal(error, 'parallel', 'missing')) throw error;
      return await setPlans(api, request, plans, turn, context);
    }
  });
};

/** Plans the contents of each store. Throws ProviderError `rejected` with the packs that are impossible. */
async function makePlans(
  api: Moysklad,
  { packs: asked }: ReserveRequest,
  context: MoyskladContext,
  existing: ExistingReservation | undefined,
): Promise<Plan[]> {
  const { stores } = context.settings;
  const { packs: held = [], memory = {} } = existing ?? {};
  const merged = mergePacks(held, asked);
  const found = await findGoods(
    api,
    [...held, ...merged].map(({ offer }) => offer),
    context,
  );
  const main = findMainStore(context.settings);
  const before = held.flatMap((pack, index): PlacedPack[] => {
    const [good, code] = [found[index], pack.store ?? memory[UNNAMED] ?? main];
    return isGood(good) && code !== undefined ? [{ pack, code, good, places: [] }] : [];
  });
  const problems: Record<string, LocalText> = {};
  const after = merged.flatMap((pack, index): PlacedPack[] => {
    const good = found[held.length + index];
    const isHeld = held.includes(pack);
    const code = pack.store ?? (isHeld ? memory[UNNAMED] : undefined) ?? main;
    const places = asked.flatMap((one, place) => (isSame(one, pack) ? [place] : []));
    const isKnown = isHeld || stores.some((one) => one.code === code);
    const problem = findProblem(pack, good, code, isKnown) ?? (isGood(good) && isNew(good, before) ? findProblemOf(good) : undefined);
    if (!problem && isGood(good) && code !== undefined) return [{ pack, code, good, places }];
    const [field, why] = problem ?? ['offer', texts.unknownGood];
    if (places.length === 0) problems['packs'] = why;
    for (const index of places) problems[`packs[${index}].${field}`] = why;
    return [];
  });
  if (Object.keys(problems).length > 0) throw makeError('rejected', texts.nothingReserved, { fields: problems });
  const plans = new Map<string, Plan>();
  const open = (code: string, warehouse: string | undefined): Plan | undefined => {
    if (warehouse === undefined) return undefined;
    const plan = plans.get(warehouse) ?? { code, warehouse, packs: [], before: [] };
    plans.set(warehouse, plan);
    return plan;
  };
  const mapped = (code: string): string | undefined => stores.find((one) => one.code === code)?.warehouse;
  // Where a pack is already held, the settings may have changed since.
  for (const one of before) open(one.code, memory[one.code] ?? mapped(one.code))?.before.push(one);
  for (const one of after) open(one.code, mapped(one.code) ?? memory[one.code])?.packs.push(one);
  return [...plans.values()];
}

function findProblem({ quantity }: Pack, good: Found, code: string | undefined, isKnownStore: boolean): [string, LocalText] | undefined {
  if (good === undefined) return ['offer', texts.unknownGood];
  if (good === 'several') return ['offer', texts.severalGoods];
  if (code === undefined) return ['store', texts.required];
  if (!isKnownStore) return ['store', texts.unmappedStore];
  return toKeptMillionths(quantity) === undefined ? ['quantity', texts.fourDecimals] : undefined;
}

/** Explains why nothing more of a good can be reserved. The quantity that is already held may stay. */
function findProblemOf(good: Good): [string, LocalText] | undefined {
  if (good.isArchived) return ['offer', texts.archivedGood];
  return hasStock(good) ? undefined : ['offer', texts.noStockGood];
}

function isGood(found: Found): found is Good {
  return found !== undefined && found !== 'several';
}

function isNew(good: Good, before: readonly PlacedPack[]): boolean {
  return !before.some((one) => one.good.id === good.id);
}

/** Whether a pack of the request is among the resulting ones. */
function isSame(asked: Pack, pack: Pack): boolean {
  const isThere = asked.store === undefined || asked.store === pack.store;
  return isThere && asked.item === pack.item && JSON.stringify(asked.offer) === JSON.stringify(pack.offer);
}

async function setPlans(
  api: Moysklad,
  { order }: ReserveRequest,
  plans: readonly Plan[],
  turn: Turn,
  context: MoyskladContext,
): Promise<ReservedOrder> {
  const stores = plans.map(({ warehouse }) => warehouse);
  const documents = stores.length > 0 ? await findDocuments(api, order, stores, context) : new Map<string, OrderDocument>();
  for (const plan of plans) plan.document = documents.get(plan.warehouse);
  const changes = plans.flatMap(listChanges);
  const needs = changes.filter(({ more }) => more > 0);
  const figures = await readFree(api, needs, LOOKS_MS.before, context);
  const short = needs.filter((need) => {
    const figure = figures(need);
    if (figure === undefined) throw makeError('unavailable', texts.recalculated);
    need.free = turn.correct(need.good, need.plan.warehouse, figure);
    return need.more > need.free;
  });
  if (short.length > 0) throw refuse(short);
  const taken = changes.map((change) => ({ ...toNote(change), figure: figures(change) }));
  await turn.note(taken);
  const written: Plan[] = [];
  try {
    for (const plan of plans) {
      if (isSettled(plan.document, buildPositions(plan.document?.positions ?? [], toWanted(plan.packs)))) continue;
      plan.document = await write(api, order, plan, context);
      written.push(plan);
      if (!isSettled(plan.document, buildPositions(plan.document.positions, toWanted(plan.packs))))
        throw makeError('rejected', texts.notHeld);
    }
    const oversold = await findOversold(api, plans, figures, context);
    if (oversold.length > 0) {
      written.push(...plans.filter((plan) => !written.includes(plan)));
      throw refuse(oversold);
    }
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind === 'unknown_outcome') throw error;
    await putBack(api, written, context);
    await turn.note(changes.map((change) => ({ ...toNote(change), taken: -change.more })));
    throw error;
  }
  const unnamed = plans.find(({ packs }) => packs.some(({ pack }) => pack.store === undefined));
  return {
    memory: Object.fromEntries([
      ...plans.flatMap(({ code, warehouse, packs }) => (packs.length > 0 ? [[code, warehouse]] : [])),
      ...(unnamed ? [[UNNAMED, unnamed.code]] : []),
    ]) as Record<string, string>,
    documents: plans.flatMap(({ document }) => (document ? [{ id: document.id, number: document.name }] : [])),
  };
}

async function write(api: Moysklad, order: string, plan: Plan, context: MoyskladContext): Promise<OrderDocument> {
  const packs = plan.packs.map(({ pack }) => pack);
  const wanted = toWanted(plan.packs);
  const set = ({ id, positions }: OrderDocument): Promise<OrderDocument> =>
    setPositions(api, id, plan.warehouse, buildPositions(positions, wanted), packs, context);
  if (plan.document) return set(plan.document);
  const made = await makeDocument(api, order, plan, buildPositions([], wanted), packs, context);
  // An earlier call may have made it.
  return isSettled(made, buildPositions(made.positions, wanted)) ? made : set(made);
}

/** Restores the orders' previous contents. Throws ProviderError `unknown_outcome` when that fails. */
async function putBack(api: Moysklad, plans: readonly Plan[], context: MoyskladContext): Promise<void> {
  for (const { document, before, warehouse } of plans) {
    const positions = buildPositions(document?.positions ?? [], toWanted(before));
    if (!document || isSettled(document, positions)) continue;
    const packs = before.map(({ pack }) => pack);
    try {
      await setPositions(api, document.id, warehouse, positions, packs, context);
    } catch (error) {
      throw makeError('unknown_outcome', texts.putBackUnknown, { cause: error });
    }
  }
}

/**
 * The goods that are reserved beyond their stock, after all was written. While a report is recalculated, or
 * may show previous figures, the order's own figures count, which are current.
 */
async function findOversold(api: Moysklad, plans: readonly Plan[], figuresBefore: ReadFigure, context: MoyskladContext): Promise<Need[]> {
  const raised = plans.flatMap((plan) => listRaised(plan));
  const figures = await readFree(api, raised, LOOKS_MS.after, context);
  const isFresh = (need: Need): boolean => figures(need) !== undefined && figures(need) !== figuresBefore(need);
  // The reply to the call that made an order lacks them.
  for (const plan of new Set(raised.flatMap((need) => (isFresh(need) ? [] : [need.plan])))) {
    const { document, warehouse } = plan;
    if (document?.positions.some(({ free }) => free === undefined))
      plan.document = await readDocument(api, document.id, warehouse, context);
  }
  return raised.filter((need) => {
    const now = need.plan.document?.positions.find(({ good }) => good === need.good)?.free;
    return (figures(need) ?? 0) < 0 || (!isFresh(need) && (now ?? 0) < 0);
  });
}

/** Reads the free quantity of goods, and reads again while it is recalculated. Then it is undefined. */
type ReadFigure = (need: Pick<Need, 'plan' | 'good'>) => number | undefined;

async function readFree(api: Moysklad, needs: readonly Need[], looksMs: readonly number[], context: MoyskladContext): Promise<ReadFigure> {
  const goods = new Set(needs.map(({ good }) => good));
  for (let look = 0; ; look++) {
    const figuresOf = await readFigures(api, 'freeStock', [...goods], context);
    const read: ReadFigure = ({ plan, good }) => (goods.has(good) ? figuresOf(good).at(plan.warehouse) : undefined);
    const pauseMs = looksMs[look];
    if (pauseMs === undefined || needs.every((need) => read(need) !== undefined) || !(await wait(pauseMs, context))) return read;
  }
}

/** The goods that a store should hold more or less of, compared with its present order. */
function listChanges(plan: Plan): Need[] {
  const { document, packs, before } = plan;
  const goods = new Map([...before, ...packs].map(({ good }) => [good.id, good]));
  const sum = (positions: readonly { good: string; reserve: number }[]): Map<string, number> =>
    sumParts([...sumReserves(positions)].map(([id, reserve]) => ({ good: goods.get(id), millionths: reserve })));
  const has = sum(document?.isActive ? document.positions : []);
  const holds = sum(buildPositions(document?.positions ?? [], toWanted(packs)));
  return compare(plan, has, holds);
}

/** The goods that a store should hold more of than when the last reservation finished. */
function listRaised(plan: Plan): Need[] {
  const sum = (packs: readonly PlacedPack[]): Map<string, number> =>
    sumParts(packs.map(({ good, pack }) => ({ good, millionths: toMillionths(pack.quantity) })));
  return compare(plan, sum(plan.before), sum(plan.packs)).filter(({ more }) => more > 0);
}

function compare(plan: Plan, has: ReadonlyMap<string, number>, holds: ReadonlyMap<string, number>): Need[] {
  return [...new Set([...has.keys(), ...holds.keys()])].flatMap((good) => {
    const before = has.get(good) ?? 0;
    const more = (holds.get(good) ?? 0) - before;
    return more === 0 ? [] : [{ plan, good, more, has: before }];
  });
}

/** Sums millionths by counted good: goods, and parts of bundles. Unknown goods are omitted. */
function sumParts(held: readonly { good: Good | undefined; millionths: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { good, millionths } of held)
    for (const part of good ? listParts(good) : [])
      sums.set(part.good, (sums.get(part.good) ?? 0) + Math.round((millionths / UNIT) * part.millionths));
  return sums;
}

function listParts({ id, type, parts = [] }: Good): { good: string; millionths: number }[] {
  return type === 'bundle' ? parts : [{ good: id, millionths: UNIT }];
}

function toWanted(packs: readonly PlacedPack[]): Wanted {
  const wanted = new Map<string, { type: string; millionths: number }>();
  for (const { good, pack } of packs) {
    const millionths = (wanted.get(good.id)?.millionths ?? 0) + toMillionths(pack.quantity);
    wanted.set(good.id, { type: good.type, millionths });
  }
  return wanted;
}

/** Whether nothing has to be written. */
function isSettled(document: OrderDocument | undefined, positions: readonly WantedPosition[]): boolean {
  if (!document) return positions.length === 0;
  return (document.isActive || positions.length === 0) && isAsWanted(document.positions, positions);
}

function toNote({ plan, good, more }: Need): { good: string; store: string; taken: number } {
  return { good, store: plan.warehouse, taken: more };
}

/** The rejection that lists the packs with too little stock. */
function refuse(needs: readonly Need[]): ProviderError {
  const fields = needs.flatMap(({ plan, good, free = 0, has }): [string, LocalText][] => {
    const why = fillIn(texts.short, { free: toUnits(Math.max(0, free) + has) });
    const places = plan.packs.flatMap((one) => (listParts(one.good).some((part) => part.good === good) ? one.places : []));
    return places.length === 0 ? [['packs', why]] : places.map((place) => [`packs[${place}].quantity`, why]);
  });
  return makeError('rejected', texts.nothingReserved, { fields: Object.fromEntries(fields) });
}

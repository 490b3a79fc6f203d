import type { ExistingShipment, SavedShipment, ShipmentRequest } from '#delivery/port';
import { sha256Hex } from '#platform';
import { actAndWait, isRefusal, lookUntil, makeError, ProviderError, replaceSignal, SharedNote, unlessError } from '#provider-kit';
import type { Cdek, CdekAccepted, CdekIntakeReply, CdekMethod } from './cdek.api.js';
import { SHIPMENT_FIELD } from './cdek.manifest.js';
import { type CdekRequest, isInvalid, isPending } from './cdek.requests.js';
import type { CdekContext } from './cdek.settings.js';
import { texts } from './cdek.texts.js';
import { buildIntakeRequest, type CdekIntakeRequest, toMark } from './intake-request.js';

/*
 * Visits cannot be changed or found by our reference, so the shipment (`intake`) and the cache name theirs;
 * after a lost reply our comment identifies it. A shipment keeps the id of its first visit.
 */

/** The last visit ordered for a shipment, and a digest of the order. */
interface Memo {
  uuid: string;
  digest: string;
}

/** By our reference of the shipment, for longer than a shipment is changed. */
const memos = new SharedNote<Memo>('intake:', { ttlSeconds: 40 * 86_400 });
/** Ordering the old visit again may take longer than the call's time. Milliseconds. */
const RESTORING_MS = 5_000;

/**
 * Orders a visit, or replaces the visits of `existing`. Throws ProviderError `unknown_outcome` during
 * validation.
 */
export const saveIntake: CdekMethod<'saveShipment'> = async (api, request, context, existing) => {
  if (existing === undefined) {
    const wanted = await buildIntakeRequest(api, request, context);
    const memo = await memos.read(request.reference, context);
    const visit = memo && (await findCheckedVisit(api, memo.uuid, context));
    return toSavedShipment(visit ?? (await create(api, request.reference, wanted, context)));
  }
  const own = { ...request, reference: existing.request.reference };
  const wanted = await buildIntakeRequest(api, own, context);
  const before = await buildIntakeRequest(api, existing.request, context).catch(() => undefined);
  const olds = await listVisits(existing, before, context);
  const made = (await findMade(api, olds, wanted, own, context)) ?? (await replace(api, olds, before, wanted, own.reference, context));
  for (const { uuid } of olds) if (uuid !== made.entity.uuid) await withdraw(api, uuid, context);
  return { ...toSavedShipment(made), externalId: existing.externalId };
};

/**
 * Finds the visit of a shipment by our reference. `request` names the order whose visits are looked through
 * when nothing is remembered. Throws ProviderError `unavailable` while CDEK is checking the visit.
 */
export const findIntake: CdekMethod<'findShipment'> = async (api, reference, context, request) => {
  const memo = await memos.read(reference, context);
  const visit = memo ? await findVisit(api, memo.uuid, context) : await findByMark(api, reference, [], request, context);
  if (visit === undefined) return undefined;
  if (isPending(findCreation(visit))) throw makeError('unavailable', texts.visitBeingChecked);
  return toSavedShipment(visit);
};

/** Withdraws the visits of a shipment. */
export const cancelIntake: CdekMethod<'cancelShipment'> = async (api, shipment, context) => {
  for (const { uuid } of await listVisits(shipment, undefined, context)) await withdraw(api, uuid, context);
};

/** The last ordered visit and the shipment's stored one. An interrupted change leaves both. */
async function listVisits(
  { externalId, extraData, request }: ExistingShipment,
  before: CdekIntakeRequest | undefined,
  context: CdekContext,
): Promise<Memo[]> {
  const stored = extraData[SHIPMENT_FIELD.intake];
  const own: Memo = { uuid: typeof stored === 'string' ? stored : externalId, digest: before ? digest(before) : '' };
  const memo = (await memos.change(request.reference, (known) => known ?? own, context)) ?? own;
  return memo.uuid === own.uuid ? [{ ...own, ...(own.digest === '' && memo) }] : [memo, own];
}

/** The wanted visit if it already exists: nothing changed, or an interrupted change got this far. */
async function findMade(
  api: Cdek,
  olds: Memo[],
  wanted: CdekIntakeRequest,
  request: ShipmentRequest,
  context: CdekContext,
): Promise<CdekIntakeReply | undefined> {
  const same = olds.find((old) => old.digest === digest(wanted));
  if (same) return findCheckedVisit(api, same.uuid, context);
  const known = olds.map(({ uuid }) => uuid);
  return findByMark(api, request.reference, known, request, context);
}

/**
 * Orders the new visit in addition to the old one, so that there always is one. CDEK accepts one per day for
 * an address: if it rejects the new one, the old one is cancelled first, and ordered again if the new one is
 * rejected again. An old one that is gone by then no longer blocks the new one, and is not ordered again.
 */
async function replace(
  api: Cdek,
  olds: readonly Memo[],
  before: CdekIntakeRequest | undefined,
  wanted: CdekIntakeRequest,
  reference: string,
  context: CdekContext,
): Promise<CdekIntakeReply> {
  try {
    return await create(api, reference, wanted, context);
  } catch (error) {
    if (!isRefusal(error, 'visitIsThere')) throw error;
  }
  let hadVisit = false;
  for (const { uuid } of olds) hadVisit = (await withdraw(api, uuid, context)) || hadVisit;
  try {
    return await create(api, reference, wanted, context);
  } catch (error) {
    // Not made for sure: the shop is not left without the visit it had.
    if (hadVisit && before !== undefined && !(error instanceof ProviderError && error.kind === 'unknown_outcome')) {
      await create(api, reference, before, replaceSignal(context, AbortSignal.timeout(RESTORING_MS)));
    }
    throw error;
  }
}

/**
 * Orders a visit and waits for CDEK's check. Throws ProviderError `unknown_outcome` when that takes too long.
 */
async function create(api: Cdek, reference: string, wanted: CdekIntakeRequest, context: CdekContext): Promise<CdekIntakeReply> {
  const act = async (): Promise<CdekAccepted> => {
    const reply = await api.createIntake(context, { json: wanted });
    api.refuseInvalid(reply.requests);
    await memos.write(reference, { uuid: reply.entity.uuid, digest: digest(wanted) }, context);
    return reply;
  };
  const { seen: visit } = await actAndWait(
    { act, look: ({ entity }) => api.intake(context, { id: entity.uuid }), isSettled: (seen) => !isPending(findCreation(seen)) },
    context,
  );
  const creation = visit && findCreation(visit);
  if (visit === undefined || isPending(creation)) throw makeError('unknown_outcome', texts.visitBeingChecked);
  if (isInvalid(creation)) {
    await memos.forget(reference, context);
    throw api.refuse(creation?.errors);
  }
  return visit;
}

/** Withdraws a visit. Returns false if it does not exist. Throws ProviderError. */
async function withdraw(api: Cdek, uuid: string, context: CdekContext): Promise<boolean> {
  if ((await findVisit(api, uuid, context)) === undefined) return false;
  const withdrawn = await api.unlessMissing(api.deleteIntake(context, { id: uuid }));
  if (!withdrawn) return false;
  api.refuseInvalid(withdrawn.requests);
  const left = await lookUntil(
    async () => ({ visit: await findVisit(api, uuid, context) }),
    ({ visit }) => visit === undefined || isInvalid(findDeletion(visit)),
    context,
  );
  const deletion = left?.visit && findDeletion(left.visit);
  if (isInvalid(deletion)) throw api.refuse(deletion?.errors);
  if (left === undefined || left.visit !== undefined) throw makeError('unknown_outcome', texts.visitNotWithdrawn);
  return true;
}

/**
 * Returns a valid visit that CDEK has checked. Throws ProviderError `unknown_outcome` during the check.
 */
async function findCheckedVisit(api: Cdek, uuid: string, context: CdekContext): Promise<CdekIntakeReply | undefined> {
  const visit = await findVisit(api, uuid, context);
  if (visit && isPending(findCreation(visit))) throw makeError('unknown_outcome', texts.visitBeingChecked);
  return visit;
}

/** Returns a valid visit. Undefined if it is missing, rejected or withdrawn. Throws ProviderError. */
async function findVisit(api: Cdek, uuid: string, context: CdekContext): Promise<CdekIntakeReply | undefined> {
  const reply = await api.unlessMissing(api.intake(context, { id: uuid }));
  return reply && isStanding(reply) ? reply : undefined;
}

/** A single order's unknown visit with our reference. CDEK does not list visits for several orders. */
async function findByMark(
  api: Cdek,
  reference: string,
  known: readonly string[],
  request: ShipmentRequest | undefined,
  context: CdekContext,
): Promise<CdekIntakeReply | undefined> {
  const [only, ...others] = request?.deliveries ?? [];
  if (only === undefined || others.length > 0) return undefined;
  // CDEK may not have the order, or not support the query.
  const visits = await unlessError(isRefusal, api.orderIntakes(context, { id: only.externalId }), () => []);
  return visits.find(
    (visit) => isStanding(visit) && !known.includes(visit.entity.uuid) && visit.entity.comment?.includes(toMark(reference)),
  );
}

/** Converts a visit for the port. */
function toSavedShipment({ entity: { uuid, intake_number } }: CdekIntakeReply): SavedShipment {
  return {
    externalId: uuid,
    extraData: { [SHIPMENT_FIELD.intake]: uuid, ...(intake_number && { [SHIPMENT_FIELD.number]: intake_number }) },
  };
}

/** The request that ordered a visit. */
function findCreation({ requests = [] }: CdekIntakeReply): CdekRequest | undefined {
  return requests.find(({ type }) => type === 'CREATE');
}

/** The last request that withdrew a visit. */
function findDeletion({ requests = [] }: CdekIntakeReply): CdekRequest | undefined {
  return requests.findLast(({ type }) => type === 'DELETE');
}

/** Whether a visit was neither refused nor withdrawn. */
function isStanding(visit: CdekIntakeReply): boolean {
  const isGone =
    visit.entity.statuses?.some(({ code, deleted }) => deleted !== true && (code === 'REMOVED' || code === 'INVALID')) ?? false;
  return !isGone && !isInvalid(findCreation(visit)) && findDeletion(visit)?.state !== 'SUCCESSFUL';
}

/** Equal for requests that order the same. */
function digest(request: CdekIntakeRequest): string {
  return sha256Hex(JSON.stringify(request)).slice(0, 16);
}

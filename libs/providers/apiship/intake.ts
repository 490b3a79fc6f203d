import { DateTime } from 'luxon';
import type { ExistingShipment, SavedShipment } from '#delivery/port';
import { sha256Hex } from '#platform';
import { makeError, ProviderError, quoteRefusal, say, SharedNote } from '#provider-kit';
import { type Apiship, type ApishipMethod, saysNo } from './apiship.api.js';
import { SHIPMENT_FIELD } from './apiship.manifest.js';
import type { ApishipContext } from './apiship.settings.js';
import { texts } from './apiship.texts.js';
import { buildCourierCall, type CourierCall, needsCourier } from './intake-request.js';

/*
 * ApiShip can neither change a courier's call nor list or read one, so the facts about a call are remembered
 * here: before it is sent, that it is being sent, and its number afterwards. A shipment keeps the id of its
 * first call. A shipment that the shop brings to a point is only our own list, and no courier is called for
 * it.
 */

/** The remembered facts about a shipment's call. */
interface Memo {
  /** Missing if the call was sent, or was about to be, and its outcome is unknown. */
  id?: string;
  number?: string;
  /** Digest of the requested call. */
  digest: string;
  /**
   * For a call without an id: when the day of its visit ends, milliseconds since 1970. Afterwards it no
   * longer blocks another call.
   */
  until?: number;
}

/** By our reference of the shipment, for longer than a shipment is changed. */
const memos = new SharedNote<Memo>('call:', { ttlSeconds: 40 * 86_400 });

/**
 * Calls a courier for the deliveries, or replaces the call of `existing`.
 * @throws ProviderError `invalid` with the wrong fields, `unknown_outcome` after a call whose reply was lost
 */
export const saveIntake: ApishipMethod<'saveShipment'> = async (api, request, context, existing) => {
  const reference = existing?.request.reference ?? request.reference;
  const wanted = needsCourier(request, context) ? buildCourierCall(request, context) : undefined;
  const memo = await recall(reference, context);
  refuseUnknown(memo);
  const old = memo?.id ?? readCall(existing);
  if (wanted === undefined) {
    if (old !== undefined) await withdraw(api, reference, old, context);
    return { externalId: existing?.externalId ?? reference };
  }
  if (memo && memo.digest === digest(wanted)) return toSaved(memo, existing);
  // ApiShip changes no call. A second one might bring two couriers.
  if (old !== undefined) await withdraw(api, reference, old, context);
  return toSaved(await order(api, reference, wanted, context), existing);
};

/**
 * Finds the call of a shipment by our reference in the memory.
 * @throws ProviderError `unknown_outcome` for a call whose reply was lost: ApiShip has no query for it
 */
export const findIntake: ApishipMethod<'findShipment'> = async (_api, reference, context, request) => {
  const memo = await recall(reference, context);
  refuseUnknown(memo);
  if (memo) return toSaved(memo);
  return request && !needsCourier(request, context) ? { externalId: reference } : undefined;
};

/** Cancels the call of a shipment. */
export const cancelIntake: ApishipMethod<'cancelShipment'> = async (api, shipment, context) => {
  const { reference } = shipment.request;
  const memo = await recall(reference, context);
  refuseUnknown(memo);
  const id = memo?.id ?? readCall(shipment);
  if (id !== undefined) await withdraw(api, reference, id, context);
};

async function order(api: Apiship, reference: string, json: CourierCall, context: ApishipContext): Promise<Memo> {
  await memos.write(reference, { digest: digest(json), until: findVisitEnd(json, context) }, context);
  try {
    const { id, providerNumber, error } = await api.callCourier(context, { json });
    if (id === undefined || error) throw new ProviderError('rejected', quoteRefusal('ApiShip', [error], say(texts.noReason, context)));
    const memo: Memo = { id, digest: digest(json), ...(providerNumber && { number: providerNumber }) };
    await memos.write(reference, memo, context);
    return memo;
  } catch (error) {
    const isLost = !(error instanceof ProviderError) || error.kind === 'unknown_outcome';
    if (!isLost) await memos.forget(reference, context);
    throw error;
  }
}

/** Cancels a call. Succeeds if it is already cancelled. Throws ProviderError. */
async function withdraw(api: Apiship, reference: string, id: string, context: ApishipContext): Promise<void> {
  const cancelled = api.unless('callCancelled', api.cancelCall(context, { id }), () => null);
  if (saysNo(await api.unlessMissing(cancelled))) throw makeError('rejected', texts.callNotCancelled);
  await memos.forget(reference, context);
}

function toSaved({ id = '', number }: Memo, existing?: ExistingShipment): SavedShipment {
  return {
    externalId: existing?.externalId ?? id,
    extraData: { [SHIPMENT_FIELD.call]: id, ...(number && { [SHIPMENT_FIELD.number]: number }) },
  };
}

/** The call that the stored shipment names. */
function readCall(shipment: ExistingShipment | undefined): string | undefined {
  const stored = shipment?.extraData[SHIPMENT_FIELD.call];
  return typeof stored === 'string' && stored !== '' ? stored : undefined;
}

function digest(call: CourierCall): string {
  return sha256Hex(JSON.stringify(call)).slice(0, 16);
}

/** The memory of a shipment. A call without an outcome is forgotten after its day. */
function recall(reference: string, context: ApishipContext): Promise<Memo | null> {
  const isOver = ({ id, until = Infinity }: Memo): boolean => id === undefined && context.now.getTime() > until;
  return memos.change(reference, (memo) => (memo && isOver(memo) ? null : memo), context);
}

/** Throws `unknown_outcome` for a call that was sent and whose outcome is unknown. */
function refuseUnknown(memo: Memo | null): void {
  if (memo && memo.id === undefined) throw makeError('unknown_outcome', texts.callUnknown, { isRemembered: true });
}

function findVisitEnd({ date }: CourierCall, { account }: ApishipContext): number {
  return DateTime.fromISO(date, { zone: account.timeZone }).endOf('day').toMillis();
}

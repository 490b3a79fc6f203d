import type { SavedShipment, ShipmentRequest } from '#delivery/port';
import { isRefusal, makeError } from '#provider-kit';
import type { Cdek, CdekIntakeReply } from './cdek.api.js';
import { SHIPMENT_FIELD } from './cdek.fields.js';
import { type CdekRequest, isInvalid, isPending } from './cdek.requests.js';
import type { CdekContext } from './cdek.settings.js';
import { texts } from './cdek.texts.js';
import { toMark } from './intake-request.js';

/**
 * A visit that stands and has been checked. Throws ProviderError `unknown_outcome` while CDEK is checking it.
 */
export async function findCheckedVisit(api: Cdek, uuid: string, context: CdekContext): Promise<CdekIntakeReply | undefined> {
  const visit = await findVisit(api, uuid, context);
  if (visit && isPending(findCreation(visit))) throw makeError('unknown_outcome', texts.visitBeingChecked);
  return visit;
}

/** A valid visit. Undefined when there is none, or it was rejected or withdrawn. Throws ProviderError. */
export async function findVisit(api: Cdek, uuid: string, context: CdekContext): Promise<CdekIntakeReply | undefined> {
  const reply = await api.unlessMissing(api.intake(context, { id: uuid }));
  return reply && isStanding(reply) ? reply : undefined;
}

/** A single order's unknown visit with our reference. CDEK does not list visits for several orders. */
export async function findByMark(
  api: Cdek,
  reference: string,
  known: readonly string[],
  request: ShipmentRequest | undefined,
  context: CdekContext,
): Promise<CdekIntakeReply | undefined> {
  const [only, ...others] = request?.deliveries ?? [];
  if (only === undefined || others.length > 0) return undefined;
  const visits = await listOrderVisits(api, only.externalId, context);
  return visits.find(
    (visit) => isStanding(visit) && !known.includes(visit.entity.uuid) && visit.entity.comment?.includes(toMark(reference)),
  );
}

/** Lists an order's visits. Empty when CDEK does not have the order or does not support the query. */
async function listOrderVisits(api: Cdek, orderUuid: string, context: CdekContext): Promise<CdekIntakeReply[]> {
  try {
    return await api.orderIntakes(context, { id: orderUuid });
  } catch (error) {
    if (isRefusal(error)) return [];
    throw error;
  }
}

/** Converts a visit for the port. */
export function toSavedShipment({ entity: { uuid, intake_number } }: CdekIntakeReply): SavedShipment {
  return {
    externalId: uuid,
    extraData: { [SHIPMENT_FIELD.intake]: uuid, ...(intake_number && { [SHIPMENT_FIELD.number]: intake_number }) },
  };
}

/** The request that ordered a visit. */
export function findCreation({ requests = [] }: CdekIntakeReply): CdekRequest | undefined {
  return requests.find(({ type }) => type === 'CREATE');
}

/** The last request that withdrew a visit. */
export function findDeletion({ requests = [] }: CdekIntakeReply): CdekRequest | undefined {
  return requests.findLast(({ type }) => type === 'DELETE');
}

/** Whether a visit was neither refused nor withdrawn. */
function isStanding(visit: CdekIntakeReply): boolean {
  const isGone =
    visit.entity.statuses?.some(({ code, deleted }) => deleted !== true && (code === 'REMOVED' || code === 'INVALID')) ?? false;
  return !isGone && !isInvalid(findCreation(visit)) && findDeletion(visit)?.state !== 'SUCCESSFUL';
}

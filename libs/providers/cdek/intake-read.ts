import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { SavedShipment, ShipmentRequest } from '#delivery/port';
import { ProviderError } from '#provider-kit';
import type { CdekClient } from './cdek.client.js';
import { explainRefusal, unlessMissing } from './cdek.errors.js';
import { SHIPMENT_FIELD } from './cdek.fields.js';
import { CdekRequest, CdekStatus, isInvalid, isPending } from './cdek.requests.js';
import type { CdekContext } from './cdek.settings.js';
import { makeError, texts } from './cdek.texts.js';
import { toMark } from './intake-request.js';

class CdekIntake {
  @IsString() uuid!: string;
  /** Missing until CDEK has validated the visit. */
  @IsOptional() @IsString() intake_number?: string;
  @IsOptional() @IsString() comment?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(10_000) @ValidateNested({ each: true }) @Type(() => CdekStatus) statuses?: CdekStatus[];
}

/** `GET /intakes/{uuid}` */
export class CdekIntakeReply {
  @ValidateNested() @Type(() => CdekIntake) entity!: CdekIntake;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekRequest) requests?: CdekRequest[];
}

/** `GET /orders/{uuid}/intakes` */
class CdekIntakes {
  @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekIntakeReply) list!: CdekIntakeReply[];
}

/**
 * A visit that stands and has been checked. Throws ProviderError `unknown_outcome` while CDEK is checking it.
 */
export async function findCheckedVisit(client: CdekClient, uuid: string, context: CdekContext): Promise<CdekIntakeReply | undefined> {
  const visit = await findVisit(client, uuid, context);
  if (visit && isPending(findCreation(visit))) throw makeError('unknown_outcome', texts.visitBeingChecked, context);
  return visit;
}

/**
 * A visit that stands; undefined when there is none, or it was refused or withdrawn. Throws ProviderError.
 */
export async function findVisit(client: CdekClient, uuid: string, context: CdekContext): Promise<CdekIntakeReply | undefined> {
  const reply = await unlessMissing(readVisit(client, uuid, context));
  return reply && isStanding(reply) ? reply : undefined;
}

/** A single order's unknown visit with our reference. CDEK does not list visits for several orders. */
export async function findByMark(
  client: CdekClient,
  reference: string,
  known: readonly string[],
  request: ShipmentRequest | undefined,
  context: CdekContext,
): Promise<CdekIntakeReply | undefined> {
  const [only, ...others] = request?.deliveries ?? [];
  if (only === undefined || others.length > 0) return undefined;
  const visits = await listOrderVisits(client, only.externalId, context);
  return visits.find(
    (visit) => isStanding(visit) && !known.includes(visit.entity.uuid) && visit.entity.comment?.includes(toMark(reference)),
  );
}

/** Lists an order's visits; none when CDEK does not have the order or does not answer this. */
async function listOrderVisits(client: CdekClient, orderUuid: string, context: CdekContext): Promise<CdekIntakeReply[]> {
  const path = `/orders/${encodeURIComponent(orderUuid)}/intakes`;
  try {
    return (await explainRefusal(client.readList(CdekIntakes, { method: 'GET', path, effect: false }, context))).list;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'rejected') return [];
    throw error;
  }
}

export function readVisit(client: CdekClient, uuid: string, context: CdekContext): Promise<CdekIntakeReply> {
  return client.read(CdekIntakeReply, { method: 'GET', path: `/intakes/${encodeURIComponent(uuid)}`, effect: false }, context);
}

/** A visit as the port answers it. */
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

import type { QueryDeepPartialEntity } from 'typeorm';
import { CallbackError, notFound } from '#platform';
import { type Money, toMoney } from '#provider-kit';
import type { DeliveryEntity, DeliveryStatusEntity, ShipmentEntity } from './delivery.entity.js';
import type { DeliveryFacts, StatusEntry } from './delivery-state.js';
import type { ExistingDelivery, ExistingShipment, SavedDelivery, SaveRequest } from './port/index.js';
import { readStoredRequest, readStoredShipment } from './stored-request.js';

/** An entry of a history as JSON. */
export interface StatusRow extends Pick<DeliveryStatusEntity, 'code' | 'comment' | 'moved'> {
  updatedAt: string;
  reportedAt: string | null;
}

/** Reads the facts of a stored delivery that a report can change. `history` is in the order of its ids. */
export function toFacts(
  row: Pick<DeliveryEntity, 'status' | 'statusAt' | 'statusComment' | 'trackNumber' | 'costMinor' | 'costCurrency' | 'extraData'>,
  history: readonly StatusRow[],
): DeliveryFacts {
  const cost = readCost(row);
  return {
    status: row.status,
    statusAt: row.statusAt,
    ...(row.statusComment !== null && { statusComment: row.statusComment }),
    ...(row.trackNumber !== null && { trackNumber: row.trackNumber }),
    ...(cost && { cost }),
    extraData: row.extraData,
    history: history.map(toStatusEntry),
  };
}

function toStatusEntry({ code, updatedAt, reportedAt, comment, moved }: StatusRow): StatusEntry {
  return {
    ...{ code, updatedAt: new Date(updatedAt) },
    ...(reportedAt !== null && { reportedAt: new Date(reportedAt) }),
    ...(comment !== null && { comment }),
    moved,
  };
}

/** The columns that facts are kept in. */
export function toColumns(
  facts: Omit<DeliveryFacts, 'history'>,
): Pick<DeliveryEntity, 'status' | 'statusAt' | 'statusComment' | 'trackNumber' | 'costMinor' | 'costCurrency' | 'extraData'> {
  return {
    status: facts.status,
    statusAt: facts.statusAt,
    statusComment: facts.statusComment ?? null,
    trackNumber: facts.trackNumber ?? null,
    ...toCostColumns(facts.cost),
    extraData: facts.extraData,
  };
}

/** The columns that a save sets, whether it makes the delivery or edits it. */
export function toSavedColumns({ request, requestHash, saved }: { request: SaveRequest; requestHash: string; saved: SavedDelivery }): Pick<
  DeliveryEntity,
  'requestHash' | 'phoneHash' | 'orderNumber' | 'tariff' | 'externalId' | 'costMinor' | 'costCurrency' | 'extraData'
> & {
  request: QueryDeepPartialEntity<SaveRequest>;
} {
  const { externalId, cost, extraData = {} } = saved;
  return {
    // Free maps inside it have no partial form that TypeORM's type could name.
    request: request as QueryDeepPartialEntity<SaveRequest>,
    requestHash,
    // The phone may be another one.
    phoneHash: null,
    orderNumber: request.orderNumber ?? null,
    tariff: request.tariff,
    externalId,
    extraData,
    ...toCostColumns(cost),
  };
}

/** The pair of columns that a cost is kept in. */
export function toCostColumns(cost: Money | undefined): Pick<DeliveryEntity, 'costMinor' | 'costCurrency'> {
  return { costMinor: cost ? String(cost.minor) : null, costCurrency: cost?.currency ?? null };
}

/** Reads the pair of columns that a cost is kept in. */
export function readCost(row: Pick<DeliveryEntity, 'costMinor' | 'costCurrency'>): Money | undefined {
  return row.costMinor !== null && row.costCurrency !== null ? toMoney(Number(row.costMinor), row.costCurrency) : undefined;
}

/** A stored delivery as providers see it. */
export function toExistingDelivery(row: DeliveryEntity): ExistingDelivery {
  const cost = readCost(row);
  return {
    id: row.id,
    externalId: row.externalId,
    reference: row.reference,
    ...(row.trackNumber && { trackNumber: row.trackNumber }),
    status: row.status,
    statusAt: row.statusAt,
    createdAt: row.createdAt,
    ...(cost && { cost }),
    extraData: row.extraData,
    request: readStoredRequest(row.request),
  };
}

/** A stored shipment as providers see it. */
export function toExistingShipment(row: ShipmentEntity, deliveries: readonly DeliveryEntity[]): ExistingShipment {
  return {
    id: row.id,
    externalId: row.externalId,
    createdAt: row.createdAt,
    extraData: row.extraData,
    request: { ...readStoredShipment(row.request), deliveries: deliveries.map(toExistingDelivery) },
  };
}

/** Sorts rows like `ids`. Throws CallbackError 404 for the first missing one, whose field `toPath` names. */
export function orderLike<Row extends { id: string; crmId?: string | null }>(
  ids: readonly string[],
  rows: readonly Row[],
  what: string,
  toPath?: (index: number) => string,
): Row[] {
  const byId = new Map(rows.flatMap((row) => [...(row.crmId ? [[row.crmId, row] as const] : []), [row.id, row] as const]));
  return ids.map((id, index) => {
    const row = byId.get(id);
    if (!row) throw buildUnknown(what, id, toPath?.(index));
    return row;
  });
}

/** CallbackError 404 for a missing object. `path` is the field that contained its id. */
export function buildUnknown(what: string, id: string, path?: string): CallbackError {
  const error = notFound(what, id);
  return path === undefined ? error : new CallbackError(error.status, error.message, { [path]: 'is not known' });
}

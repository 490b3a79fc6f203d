import type { QueryDeepPartialEntity } from 'typeorm';
import { CallbackError, notFound } from '#platform';
import type { DeliveryEntity, DeliveryStatusEntity, ShipmentEntity } from './delivery.entity.js';
import type { DatedReport, DeliveryFacts, StatusEntry } from './delivery-state.js';
import type { ExistingDelivery, ExistingShipment, Reported, SavedDelivery, SaveRequest } from './port/index.js';
import { dropForeignCost, readReported, type ReportedColumns, toEditedColumns, toReportedColumns } from './reported.js';
import type { StoredReport } from './status-report.js';
import { readStoredRequest, readStoredShipment } from './stored-request.js';

/** An entry of a history as JSON. */
export interface StatusRow extends Pick<DeliveryStatusEntity, 'code' | 'comment' | 'moved'> {
  updatedAt: string;
  reportedAt: string | null;
}

/** Reads the facts of a stored delivery that a report can change. `history` is in the order of its ids. */
export function toFacts(
  row: Pick<DeliveryEntity, 'status' | 'statusAt' | 'statusComment'> & ReportedColumns,
  history: readonly StatusRow[],
): DeliveryFacts {
  return {
    ...readReported(row),
    status: row.status,
    statusAt: row.statusAt,
    ...(row.statusComment !== null && { statusComment: row.statusComment }),
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
): Pick<DeliveryEntity, 'status' | 'statusAt' | 'statusComment'> & ReportedColumns {
  return {
    ...toReportedColumns(facts),
    status: facts.status,
    statusAt: facts.statusAt,
    statusComment: facts.statusComment ?? null,
  };
}

/** The columns that a save sets, whether it makes the delivery or edits it. */
export function toSavedColumns({
  request,
  requestHash,
  saved,
  held,
}: {
  request: SaveRequest;
  requestHash: string;
  saved: SavedDelivery;
  /** The reported state stored before the edit. */
  held?: Reported;
}): Pick<DeliveryEntity, 'requestHash' | 'phoneHash' | 'orderNumber' | 'tariff' | 'externalId'> &
  Partial<ReportedColumns> & {
    request: QueryDeepPartialEntity<SaveRequest>;
  } {
  return {
    ...toEditedColumns(saved, held),
    // Free maps inside it have no partial form that TypeORM's type could name.
    request: request as QueryDeepPartialEntity<SaveRequest>,
    requestHash,
    // The phone may be another one.
    phoneHash: null,
    orderNumber: request.orderNumber ?? null,
    tariff: request.tariff,
    externalId: saved.externalId,
  };
}

/** A stored delivery as providers see it. */
export function toExistingDelivery(row: DeliveryEntity): ExistingDelivery {
  return {
    ...readReported(row),
    id: row.id,
    externalId: row.externalId,
    reference: row.reference,
    ...(row.shortKey !== null && { shortKey: row.shortKey }),
    status: row.status,
    statusAt: row.statusAt,
    createdAt: row.createdAt,
    request: readStoredRequest(row.request),
  };
}

/** The present status of a stored delivery as a report. The CRM has its extra data from the save. */
export function toPresentReport(row: DeliveryEntity): StoredReport<DatedReport> {
  return {
    ...dropForeignCost(readReported(row), row.request.currency),
    extraData: undefined,
    code: row.status,
    updatedAt: row.statusAt.toISOString(),
    ...(row.statusComment !== null && { comment: row.statusComment }),
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

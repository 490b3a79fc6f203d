import type { Each } from '#integration-kit';
import { type Money, toMoney, toWireAmount } from '#provider-kit';
import type { DeliveryEntity } from './delivery.entity.js';
import { hasEntries } from './extra-data.js';
import type { ExtraData, Reported } from './port/index.js';

/**
 * Stores, merges, sends and shows the values that a carrier reports. A new member of `Reported` does not
 * compile until each function here has it.
 */

/** The values of a stored delivery. */
export type HeldValues = Each<Reported> & { extraData: ExtraData };

// The database

/** The columns of each value. */
interface ColumnsOf {
  trackNumber: 'trackNumber';
  cost: 'costMinor' | 'costCurrency';
  extraData: 'extraData';
}

/** The columns of all values. */
export type ReportedColumns = Pick<DeliveryEntity, ColumnsOf[keyof Reported]>;

/** Column and type of each property. */
const COLUMNS: { readonly [Property in keyof ReportedColumns]: readonly [column: string, type: string] } = {
  trackNumber: ['track_number', 'text'],
  costMinor: ['cost_minor', 'bigint'],
  costCurrency: ['cost_currency', 'text'],
  extraData: ['extra_data', 'jsonb'],
};

/** The columns in hand-written SQL. The members of a JSON row are named like the properties. */
export const REPORTED_SQL = {
  /** `track_number, ...`: to insert. */
  columns: listSql((_property, column) => column),
  /** `track_number AS "trackNumber", ...`: to select. */
  selected: listSql((property, column) => `${column} AS "${property}"`),
  /** `track_number = c."trackNumber", ...`: to update from the JSON row `c`. */
  assigned: listSql((property, column) => `${column} = c."${property}"`),
  /** `"trackNumber", ...`: the members of a JSON row. */
  members: listSql((property) => `"${property}"`),
  /** `"trackNumber" text, ...`: their definitions. */
  definitions: listSql((property, _column, type) => `"${property}" ${type}`),
};

function listSql(write: (property: string, column: string, type: string) => string): string {
  return Object.entries(COLUMNS)
    .map(([property, [column, type]]) => write(property, column, type))
    .join(', ');
}

/** Reads the values of a stored delivery. */
export function readReported({ trackNumber, costMinor, costCurrency, extraData }: ReportedColumns): HeldValues {
  return {
    trackNumber: trackNumber || undefined,
    cost: costMinor !== null && costCurrency !== null ? toMoney(Number(costMinor), costCurrency) : undefined,
    extraData,
  };
}

/** The columns that store values. */
export function toReportedColumns({ trackNumber, cost, extraData = {} }: Reported): ReportedColumns {
  return {
    trackNumber: trackNumber || null,
    costMinor: cost ? String(cost.minor) : null,
    costCurrency: cost?.currency ?? null,
    extraData,
  };
}

/** The columns that an edit changes. The track number stays if the carrier returns none. */
export function toEditedColumns(saved: Reported): Partial<ReportedColumns> {
  const { trackNumber, ...columns } = toReportedColumns(saved);
  return trackNumber ? { ...columns, trackNumber } : columns;
}

// The state

/** Adds newer values to earlier ones. Extra data is merged by field. */
export function mergeReported(held: Reported, told: Reported): HeldValues {
  return {
    trackNumber: told.trackNumber || held.trackNumber,
    cost: told.cost ?? held.cost,
    extraData: { ...held.extraData, ...told.extraData },
  };
}

/** Whether a repeated report of the current status changes a value that the CRM is sent for it. */
export function hasNewValues(held: Reported, told: Reported): boolean {
  const changed: Each<Record<keyof Reported, boolean>> = {
    trackNumber: told.trackNumber !== undefined && told.trackNumber !== held.trackNumber,
    cost: told.cost && (told.cost.minor !== held.cost?.minor || told.cost.currency !== held.cost.currency),
    // Sent with the next change.
    extraData: false,
  };
  return Object.values(changed).some(Boolean);
}

/** The values that count although their status came too late: a number that was missing. */
export function pickLate(held: Reported, { trackNumber }: Reported): Each<Reported> | undefined {
  if (!trackNumber || held.trackNumber) return undefined;
  return { trackNumber, cost: undefined, extraData: undefined };
}

// The CRM

/** The values in a reply to the CRM or in a status sent to it. */
export type WireValues = { [Name in keyof Reported]: Name extends 'cost' ? number : Reported[Name] };

/** Builds the values for the CRM. Undefined members do not reach the wire. */
export function toWireValues({ trackNumber, cost, extraData }: Reported): Each<WireValues> {
  return {
    trackNumber: trackNumber || undefined,
    cost: cost && toWireAmount(cost),
    extraData: extraData && hasEntries(extraData) ? extraData : undefined,
  };
}

// Dispatchers

/** The values that a dispatcher, or the previous module, may report. */
export function readDispatched({ trackNumber }: { trackNumber?: string }, cost: Money | undefined): Each<Reported> {
  return { trackNumber: trackNumber || undefined, cost, extraData: undefined };
}

// Operators

/** The values that operators see. */
export interface ReportedView {
  trackNumber?: string;
  /** Price that the carrier charges. */
  cost?: number;
  currency?: string;
}

/** Builds the values for operators. */
export function toReportedView(columns: ReportedColumns): ReportedView {
  const { trackNumber, cost } = readReported(columns);
  const shown: Each<Record<keyof Reported, ReportedView>> = {
    trackNumber: trackNumber ? { trackNumber } : {},
    cost: cost && { cost: toWireAmount(cost), currency: cost.currency },
    extraData: undefined,
  };
  return Object.assign({}, ...Object.values(shown)) as ReportedView;
}

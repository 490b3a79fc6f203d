import type { Each } from '#integration-kit';
import { type Money, toMoney, toWireAmount } from '#provider-kit';
import type { DeliveryEntity } from './delivery.entity.js';
import { hasEntries } from './extra-data.js';
import type { ExtraData, Reported } from './port/index.js';
import { areSameDetails, type Details, mergeDetails, readDetails, type StoredDetails, writeDetails } from './reported-details.js';

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
  trackUrl: 'details';
  collected: 'details';
  delivered: 'details';
  parcels: 'details';
  related: 'details';
  warnings: 'details';
}

/** The columns of all values. */
export type ReportedColumns = Pick<DeliveryEntity, ColumnsOf[keyof Reported]>;

/** Column and type of each property. */
const COLUMNS: { readonly [Property in keyof ReportedColumns]: readonly [column: string, type: string] } = {
  trackNumber: ['track_number', 'text'],
  costMinor: ['cost_minor', 'bigint'],
  costCurrency: ['cost_currency', 'text'],
  extraData: ['extra_data', 'jsonb'],
  details: ['details', 'jsonb'],
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

const NO_DETAILS: Each<Details> = {
  trackUrl: undefined,
  collected: undefined,
  delivered: undefined,
  parcels: undefined,
  related: undefined,
  warnings: undefined,
};

/** Reads the values of a stored delivery. */
export function readReported({ trackNumber, costMinor, costCurrency, extraData, details }: ReportedColumns): HeldValues {
  return {
    trackNumber: trackNumber || undefined,
    cost: costMinor !== null && costCurrency !== null ? toMoney(Number(costMinor), costCurrency) : undefined,
    extraData,
    ...NO_DETAILS,
    ...(details && readDetails(details)),
  };
}

/** The columns that store values. */
export function toReportedColumns({ trackNumber, cost, extraData = {}, ...details }: Reported): ReportedColumns {
  return {
    details: writeDetails(details),
    trackNumber: trackNumber || null,
    costMinor: cost ? String(cost.minor) : null,
    costCurrency: cost?.currency ?? null,
    extraData,
  };
}

/**
 * The columns that an edit changes. Track number and details stay if the carrier returns none, except for the
 * warnings of the last save.
 */
export function toEditedColumns(saved: Reported, held: Details = {}): Partial<ReportedColumns> {
  const details = writeDetails({ ...mergeDetails(held, saved), warnings: saved.warnings });
  const { trackNumber, details: _told, ...columns } = toReportedColumns(saved);
  return { ...columns, ...(trackNumber && { trackNumber }), details };
}

// The state

/** Adds newer values to earlier ones. Extra data is merged by field. */
export function mergeReported(held: Reported, told: Reported): HeldValues {
  return {
    trackNumber: told.trackNumber || held.trackNumber,
    cost: told.cost ?? held.cost,
    extraData: { ...held.extraData, ...told.extraData },
    ...NO_DETAILS,
    ...mergeDetails(held, told),
  };
}

/** Adds a report's details, whatever its status. Returns the same facts if they change nothing. */
export function addDetails<Facts extends Reported>(held: Facts, told: Reported): Facts {
  const details = mergeDetails(held, told);
  return areSameDetails(held, details) ? held : { ...held, ...details };
}

/** Whether a repeated report of the current status changes a value that the CRM is sent for it. */
export function hasNewValues(held: Reported, told: Reported): boolean {
  const changed: Each<Record<keyof Reported, boolean>> = {
    trackNumber: told.trackNumber !== undefined && told.trackNumber !== held.trackNumber,
    cost: told.cost && (told.cost.minor !== held.cost?.minor || told.cost.currency !== held.cost.currency),
    // Sent with the next change.
    extraData: false,
    // The CRM has no fields for them.
    trackUrl: false,
    collected: false,
    delivered: false,
    parcels: false,
    related: false,
    warnings: false,
  };
  return Object.values(changed).some(Boolean);
}

/** The values that count although their status came too late: a number that was missing. */
export function pickLate(held: Reported, { trackNumber }: Reported): Each<Reported> | undefined {
  if (!trackNumber || held.trackNumber) return undefined;
  return { trackNumber, cost: undefined, extraData: undefined, ...NO_DETAILS };
}

// The CRM

/** The values in a reply to the CRM or in a status sent to it. */
export type WireValues = { [Name in Exclude<keyof Reported, keyof Details>]: Name extends 'cost' ? number : Reported[Name] };

/** Drops a cost in another currency than the order's, because the CRM would misread the number. */
export function dropForeignCost<Values extends Reported>(values: Values, currency: string | null | undefined): Values {
  return isForeign(values.cost, currency) ? { ...values, cost: undefined } : values;
}

/** Whether a cost is in another currency than the order's. */
export function isForeign(cost: Money | undefined, currency: string | null | undefined): cost is Money {
  return cost !== undefined && !!currency && cost.currency !== currency;
}

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
  return { trackNumber: trackNumber || undefined, cost, extraData: undefined, ...NO_DETAILS };
}

// Operators

/** The values that operators see. */
export interface ReportedView {
  trackNumber?: string;
  /** The carrier's page about the parcel. */
  trackUrl?: string;
  /** Price that the carrier charges. */
  cost?: number;
  currency?: string;
  /** Money that the carrier took from the buyer. */
  collected?: CollectedView;
  /** The items handed over, if not all were: positions in the request's parcels and items, from 0. */
  delivered?: DeliveredItemView[];
  /** The carrier's numbers of each package. */
  parcels?: ParcelNumbersView[];
  /** Parcels that come back. */
  related?: RelatedParcelView[];
  /** Warnings of the last save. */
  warnings?: string[];
}

/** Money that the carrier took from the buyer. */
export interface CollectedView {
  amount: number;
  /** ISO 4217. */
  currency: string;
  by?: string;
  at?: string;
}

export interface DeliveredItemView {
  parcel: number;
  item: number;
  quantity: number;
}

export interface ParcelNumbersView {
  packageId?: string;
  trackNumber?: string;
  barcode?: string;
}

/** A parcel that comes back. */
export interface RelatedParcelView {
  /** `return`, `clientReturn` or `reverse`. */
  kind: string;
  externalId: string;
  trackNumber?: string;
  /** `going`, `back` or `lost`. */
  state: string;
  at?: string;
}

/** Builds the values for operators. */
export function toReportedView(columns: ReportedColumns): ReportedView {
  const { trackNumber, cost } = readReported(columns);
  const { trackUrl, collected, delivered, parcels, related, warnings } = columns.details ?? {};
  const shown: Each<Record<keyof Reported, ReportedView>> = {
    trackNumber: trackNumber ? { trackNumber } : {},
    cost: cost && { cost: toWireAmount(cost), currency: cost.currency },
    extraData: undefined,
    trackUrl: trackUrl === undefined ? undefined : { trackUrl },
    collected: collected && { collected: toCollectedView(collected) },
    delivered: delivered && { delivered: [...delivered] },
    parcels: parcels && { parcels: [...parcels] },
    related: related && { related: [...related] },
    warnings: warnings && { warnings: warnings.map(({ en }) => en) },
  };
  return Object.assign({}, ...Object.values(shown)) as ReportedView;
}

function toCollectedView({ total, currency, ...rest }: NonNullable<StoredDetails['collected']>): CollectedView {
  return { amount: toWireAmount(toMoney(total, currency)), currency, ...rest };
}

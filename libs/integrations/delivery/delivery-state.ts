import { toWholeSecond } from '#platform';
import type { DeliveryManifest, ExtraData, Reported, StatusReport } from './port/index.js';
import { addDetails, hasNewValues, mergeReported, pickLate } from './reported.js';

/** A status that a delivery had, or that was reported too late to move it. */
export interface StatusEntry {
  readonly code: string;
  /** The time that the status counts from, in whole seconds. */
  readonly updatedAt: Date;
  /** The time in the report, if that differs, in whole seconds. */
  readonly reportedAt?: Date;
  readonly comment?: string;
  /** False: it came too late and was only kept. */
  readonly moved: boolean;
}

/** The facts about a delivery that a report can change. */
export interface DeliveryFacts extends Readonly<Reported> {
  readonly status: string;
  /** Whole seconds, as sent to the CRM. */
  readonly statusAt: Date;
  readonly statusComment?: string;
  readonly extraData: ExtraData;
  /** In the order in which the statuses arrived. */
  readonly history: readonly StatusEntry[];
}

/** A report of a status. */
export type CodedReport = StatusReport & { code: string };

/** A report whose moment is known. */
export type DatedReport = CodedReport & { updatedAt: Date };

/** The effect of a report on the facts. */
export interface Advance {
  facts: DeliveryFacts;
  /** The new entry of the history. Missing when the report contains nothing new. */
  entry?: StatusEntry;
  /** The report to send to the CRM. Missing when nothing changes for it. */
  push?: DatedReport;
  /** Why the report's status is not sent to the CRM. */
  notSent?: string;
}

/** The statuses of a provider, which never depend on settings. */
export type Statuses = Pick<DeliveryManifest<object>, 'statuses'>;

/** A final status dated so far before the save counts: the carrier's clock, or its day, is not ours. */
const BEFORE_SAVE_MS = 5 * 60_000;

/** A report may be dated this far ahead of the database's clock. */
const AHEAD_MS = 120_000;

/**
 * Computes the changes that a report makes. Statuses only move forward (in one second, in the manifest's life
 * order). Older reports go to the history, repeats change nothing, and a report more than two minutes ahead
 * is dated `now`.
 */
export function advance(
  stored: DeliveryFacts,
  { collected, delivered, parcels, related, warnings, ...report }: CodedReport,
  manifest: Statuses,
  now: Date,
): Advance {
  // Money and parcels count whenever they are reported. The CRM has no fields for them.
  const before = addDetails(stored, { collected, delivered, parcels, related, warnings });
  const known = findReported(before.history, report) ?? findReportedEarly(before, report, manifest);
  if (known && !hasChanges(before, report, known)) return { facts: before, notSent: 'it was reported before' };
  const toldAt = report.updatedAt && !isAhead(report, now) ? report.updatedAt : undefined;
  const at = known?.updatedAt ?? computeMoment(before, report.code, toldAt ?? now, toldAt === undefined, manifest);
  const moved = isLater(before, report.code, at, toldAt === undefined, manifest);
  const entry = buildEntry(report, at, moved);
  const history = [...before.history, entry];
  if (moved) return { facts: move({ ...before, history }, report, at), entry, push: { ...report, updatedAt: at } };
  const held = `the delivery has the later status ${before.status} of ${before.statusAt.toISOString()}`;
  const late = pickLate(before, report);
  if (!late) return { facts: { ...before, history }, entry, notSent: held };
  // The status is late, its track number is not: the CRM gets the number with the status that holds.
  return {
    facts: { ...before, ...mergeReported(before, late), history },
    entry,
    push: { code: before.status, updatedAt: before.statusAt, ...late },
    notSent: `${held}; only the track number is sent`,
  };
}

/** A report of other values than the status, such as a cost, repeats the current status with them. */
export function withStatus(report: StatusReport, { status, statusAt }: Pick<DeliveryFacts, 'status' | 'statusAt'>): CodedReport {
  return report.code === undefined ? { ...report, code: status, updatedAt: statusAt } : { ...report, code: report.code };
}

/** Why a report cannot be accepted. Undefined when it can. */
export function findProblem({ code }: StatusReport, { statuses }: Statuses): string | undefined {
  if (code === undefined || statuses.some((status) => status.code === code)) return undefined;
  return `code must be one of: ${statuses.map((status) => status.code).join(', ')}`;
}

/** Whether a report is dated further ahead of `now` than clocks differ. */
export function isAhead({ updatedAt }: StatusReport, now: Date): boolean {
  return updatedAt !== undefined && updatedAt.getTime() > now.getTime() + AHEAD_MS;
}

/** Whether nothing can follow a status. */
export function isFinal({ statuses }: Statuses, code: string): boolean {
  return statuses.find((status) => status.code === code)?.isFinal === true;
}

/**
 * Whether the carrier has nothing more to report about a delivery: its status is final, and no parcel comes
 * back, or still can.
 */
export function isSettled({ statuses }: Statuses, { status: code, related = [] }: Pick<DeliveryFacts, 'status' | 'related'>): boolean {
  const status = statuses.find((one) => one.code === code);
  if (!status?.isFinal) return false;
  return related.length > 0 ? related.every(({ state }) => state !== 'going') : !status.isReturning && !status.isPartial;
}

/** Whether a status means that the buyer has the parcel, or a part of it. */
export function isHandedOver(
  { statuses, cancelledStatus }: Pick<DeliveryManifest<object>, 'statuses' | 'cancelledStatus'>,
  code: string,
): boolean {
  const status = statuses.find((one) => one.code === code);
  if (!status?.isFinal || code === cancelledStatus) return false;
  return !status.isError && !status.isReturning && !status.isReturned;
}

/** Whether goods of a parcel may have left the warehouse or come back with a status. */
export function mayMoveStock({ statuses }: Statuses, code: string): boolean {
  const status = statuses.find((one) => one.code === code);
  return status?.isTaken === true || status?.isFinal === true;
}

/** Whether registration with the carrier is still running. */
export function isPreprocessing({ statuses }: Statuses, code: string): boolean {
  return statuses.find((status) => status.code === code)?.isPreprocessing === true;
}

/** The entry of the same status at the same second, by the reported or the stored time. */
function findReported(history: readonly StatusEntry[], { code, updatedAt }: CodedReport): StatusEntry | undefined {
  if (updatedAt === undefined) return undefined;
  const told = toWholeSecond(updatedAt).getTime();
  return history.findLast((entry) => entry.code === code && (entry.updatedAt.getTime() === told || entry.reportedAt?.getTime() === told));
}

/** The same of a final status from shortly before the save. */
function findReportedEarly(facts: DeliveryFacts, { code, updatedAt }: CodedReport, manifest: Statuses): StatusEntry | undefined {
  return updatedAt && findReported(facts.history, { code, updatedAt: dateFromSave(facts, code, toWholeSecond(updatedAt), manifest) });
}

/**
 * Whether a report of a known status adds a track number, or changes number or cost of the current status.
 */
function hasChanges(facts: DeliveryFacts, report: CodedReport, known: StatusEntry): boolean {
  if (pickLate(facts, report)) return true;
  const isCurrent = report.code === facts.status && known.updatedAt.getTime() === facts.statusAt.getTime();
  return isCurrent && hasNewValues(facts, report);
}

/** When a report counts as made, in whole seconds. */
function computeMoment(facts: DeliveryFacts, code: string, moment: Date, holdsNow: boolean, manifest: Statuses): Date {
  const at = toWholeSecond(moment);
  if (at >= facts.statusAt) return at;
  // The current status may be slightly ahead, and a carrier may register before its first answer arrives.
  const endsPreprocessing = isPreprocessing(manifest, facts.status) && !isPreprocessing(manifest, code);
  return holdsNow || endsPreprocessing ? facts.statusAt : dateFromSave(facts, code, at, manifest);
}

/** A final status from shortly before the save is dated as the save, whatever was reported since. */
function dateFromSave({ history: [saved] }: DeliveryFacts, code: string, at: Date, manifest: Statuses): Date {
  const early = saved ? saved.updatedAt.getTime() - at.getTime() : 0;
  return saved && early > 0 && early <= BEFORE_SAVE_MS && isFinal(manifest, code) ? saved.updatedAt : at;
}

function isLater(facts: DeliveryFacts, code: string, at: Date, holdsNow: boolean, { statuses }: Statuses): boolean {
  const later = at.getTime() - facts.statusAt.getTime();
  if (later !== 0 || holdsNow) return later >= 0;
  const place = (wanted: string): number => statuses.findIndex((status) => status.code === wanted);
  return place(code) >= place(facts.status);
}

function move(before: DeliveryFacts, report: CodedReport, at: Date): DeliveryFacts {
  const { statusComment: _before, ...rest } = before;
  return {
    ...rest,
    ...mergeReported(before, report),
    status: report.code,
    statusAt: at,
    ...(report.comment !== undefined && { statusComment: report.comment }),
  };
}

function buildEntry({ code, comment, updatedAt }: CodedReport, at: Date, moved: boolean): StatusEntry {
  const reportedAt = updatedAt && toWholeSecond(updatedAt);
  return {
    code,
    updatedAt: at,
    ...(reportedAt && reportedAt.getTime() !== at.getTime() && { reportedAt }),
    ...(comment !== undefined && { comment }),
    moved,
  };
}

import { toMoney } from '#provider-kit';
import type { StatusReport } from './port/index.js';

/** A report as JSON keeps it in the inbox and the outbox. */
export type StoredReport<Report extends StatusReport> = {
  [Name in keyof Report]: Report[Name] extends Date | undefined ? string : Report[Name];
};

/**
 * Reads a stored report. Throws MoneyError when its cost cannot be read, RangeError when its moment cannot.
 */
export function readStoredReport<Report extends StatusReport>(stored: StoredReport<Report>): Report {
  const { cost, updatedAt } = stored as StoredReport<StatusReport>;
  return {
    ...stored,
    ...(updatedAt !== undefined && { updatedAt: readMoment(updatedAt) }),
    ...(cost && { cost: toMoney(cost.minor, cost.currency) }),
  } as unknown as Report;
}

function readMoment(text: string): Date {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) throw new RangeError(`"${text}" is not a date and time`);
  return moment;
}

import { DateTime } from 'luxon';
import { BadInputError } from '../validation/bad-input.error.js';

/** The format that `readMoment` accepts: ISO 8601 with minutes. Seconds and zone may be missing. */
export const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)?$/;
export const INSTANT_MESSAGE = { message: 'must be a moment like 2026-11-24T10:00:00+03:00' };

/** Earliest accepted time: events reported today did not happen before it. */
const EARLIEST = Date.UTC(2000, 0, 1);

/** Reads a moment, one without a zone in `timeZone`. Throws BadInputError at `path`. */
export function readMoment(text: string, timeZone = 'UTC', path = 'updatedAt'): Date {
  const moment = DateTime.fromISO(text, { zone: timeZone });
  if (!moment.isValid) throw new BadInputError({ [path]: 'is not a valid date and time' });
  if (moment.toMillis() < EARLIEST) throw new BadInputError({ [path]: 'is too long ago' });
  return moment.toJSDate();
}

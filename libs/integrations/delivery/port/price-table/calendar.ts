import type { AccountSettings, Weekday } from '#provider-kit';

/** Days since 1970-01-01: dates without a zone, as numbers for counting. */
export type Day = number;

const MS_A_DAY = 86_400_000;
const WEEKDAYS: readonly Weekday[] = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** Maximum number of days searched for a working day: a little more than a year. */
const LONGEST_CLOSURE = 400;

/** Reads `YYYY-MM-DD`. Returns undefined if the text is not a valid date. */
export function parseDay(text: string): Day | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const time = Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10)));
  const day = time / MS_A_DAY;
  return formatDate(day) === text ? day : undefined;
}

/** The day as `YYYY-MM-DD`. */
export function formatDate(day: Day): string {
  return new Date(day * MS_A_DAY).toISOString().slice(0, 10);
}

/** A moment in the account's local time. */
export interface LocalMoment {
  day: Day;
  /** 0 to 23. */
  hour: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** The last quarter of an hour of each zone. No zone changes its offset within one, and Intl is slow. */
const recent = new Map<string, { quarter: number; moment: LocalMoment }>();
const MS_A_QUARTER = 900_000;

/** Returns the account's date and hour at `now`. A zone that does not exist is treated as UTC. */
export function toLocalMoment(now: Date, timeZone: string): LocalMoment {
  const quarter = Math.floor(now.getTime() / MS_A_QUARTER);
  const known = recent.get(timeZone);
  if (known?.quarter === quarter) return known.moment;
  const part: Record<string, number> = {};
  for (const { type, value } of getFormat(timeZone).formatToParts(now)) part[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0 } = part;
  const moment = { day: Date.UTC(year, month - 1, day) / MS_A_DAY, hour };
  recent.set(timeZone, { quarter, moment });
  return moment;
}

function getFormat(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const options: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', hourCycle: 'h23' };
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en', { ...options, timeZone });
  } catch {
    format = new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' });
  }
  formats.set(timeZone, format);
  return format;
}

const calendars = new WeakMap<AccountSettings, WorkCalendar>();

/** An account's working days: its weekdays (Monday to Friday if unknown) except its days off. */
export class WorkCalendar {
  private readonly weekdays: readonly boolean[];
  /** Days off as month * 100 + day, both ends included. `end` before `start` spans New Year. */
  private readonly daysOff: readonly { start: number; end: number }[];

  static of(account: AccountSettings): WorkCalendar {
    let calendar = calendars.get(account);
    if (!calendar) calendars.set(account, (calendar = new WorkCalendar(account)));
    return calendar;
  }

  constructor(account: Pick<AccountSettings, 'workTimes' | 'nonWorkingDays'>) {
    const worked = new Set(account.workTimes.map((time) => time.day));
    this.weekdays = WEEKDAYS.map((day, index) => (worked.size > 0 ? worked.has(day) : index >= 1 && index <= 5));
    this.daysOff = account.nonWorkingDays
      .map(({ start, end }) => ({ start: readMonthAndDay(start), end: readMonthAndDay(end) }))
      .filter(({ start, end }) => !Number.isNaN(start + end));
  }

  isWorking(day: Day): boolean {
    // 1970-01-01 was a Thursday. The double remainder is correct for earlier days, too.
    if (!this.weekdays[(((day + 4) % 7) + 7) % 7]) return false;
    if (this.daysOff.length === 0) return true;
    const date = new Date(day * MS_A_DAY);
    const value = (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
    return !this.daysOff.some(({ start, end }) => (start <= end ? value >= start && value <= end : value >= start || value <= end));
  }

  /**
   * Returns the day itself if it is a working day, otherwise the next one, or undefined if there is none for
   * more than a year.
   */
  onOrAfter(day: Day): Day | undefined {
    for (let next = day; next < day + LONGEST_CLOSURE; next++) if (this.isWorking(next)) return next;
    return undefined;
  }

  /** Returns the working day `count` working days after the first working day on or after `day`. */
  plus(day: Day, count: number): Day | undefined {
    let current = this.onOrAfter(day);
    for (let left = count; left > 0 && current !== undefined; left--) current = this.onOrAfter(current + 1);
    return current;
  }
}

/** Returns `MM.DD` as a number that sorts, or NaN for other texts. */
function readMonthAndDay(text: string): number {
  const [, month, day] = /^(\d{1,2})\.(\d{1,2})$/.exec(text) ?? [];
  return Number(month) * 100 + Number(day);
}

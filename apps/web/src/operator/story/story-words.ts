import { formatTime } from '../../kit/format.js';
import type { Schemas } from '../api.js';

type Event = Schemas['StoryEvent'];

/** The source of a story's event, in a word or two. */
export const SOURCES: Readonly<Record<Event['source'], string>> = {
  callback: 'CRM called',
  operation: 'Operation',
  provider: 'Provider',
  state: 'State',
  outbox: 'To the CRM',
  crm: 'CRM’s answer',
  webhook: 'Webhook',
  poll: 'Poll',
  reconciliation: 'Comparison',
};

/** Title and tone of an event's outcome, for badges. */
export const OUTCOMES: Readonly<Record<Event['outcome'], { title: string; tone: 'good' | 'warn' | 'bad' | 'info' }>> = {
  ok: { title: 'done', tone: 'good' },
  waiting: { title: 'waiting', tone: 'info' },
  failed: { title: 'failed', tone: 'bad' },
  unknown: { title: 'unknown', tone: 'warn' },
};

/** A moment within the API's texts and details: `2026-11-27 10:32:05 UTC`, or ISO 8601. */
const MOMENT = /\b(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?(?: UTC|Z)\b/g;

/** Converts the moments in a text to the reader's time zone, or to `timeZone`. */
export function sayMoments(text: string, timeZone?: string): string {
  return text.replace(MOMENT, (_, day: string, time: string) => formatTime(`${day}T${time}Z`, 'en', timeZone));
}

/** Labels of the buttons on a shop's page that replace the API's calls about its connection. */
const ACTS: Readonly<Record<string, string>> = {
  'go-live': 'Go live',
  unfreeze: 'Unfreeze',
  register: 'Register again',
  settings: 'Settings',
};

/** Replaces API calls in a text of the API by the labels of buttons. `where`: where a shop's buttons are. */
export function sayWithButtons(text: string, where = ' at the shop'): string {
  return sayMoments(text).replace(
    new RegExp(`(?:POST|PUT) /operator/api/connections/[\\w-]+/(${Object.keys(ACTS).join('|')})`, 'g'),
    (_, act: string) => `“${ACTS[act]}”${where}`,
  );
}

/** Returns the steps that no button on the page performs, because others have to take them. */
export function listSteps(steps: readonly string[]): string[] {
  return steps.filter((step) => !/POST \/operator\/api\/(?:outbox|inbox|operations)\//.test(step)).map((step) => sayWithButtons(step));
}

/** Returns the failures of a story that can be replayed, without duplicates. */
export function listFailures(events: readonly Event[]): Event[] {
  return [...new Map(events.flatMap((event) => (event.failure ? [[`${event.failure.what} ${event.failure.id}`, event]] : []))).values()];
}

const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'full' });
const TIME = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/** Formats the day, in the reader's time zone. */
export function writeDay(at: string): string {
  return DAY.format(new Date(at));
}

/** Formats the time of day with milliseconds, which shows the order of events within a second. */
export function writeTime(at: string): string {
  return TIME.format(new Date(at));
}

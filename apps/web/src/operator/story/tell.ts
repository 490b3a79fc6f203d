import { formatTime } from '../../kit/format.js';
import type { Schemas } from '../api.js';

type Event = Schemas['StoryEvent'];

/** Where an event of a story is known from, in a word or two. */
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

/** How an event ended, as badges show it. */
export const OUTCOMES: Readonly<Record<Event['outcome'], { title: string; tone: 'good' | 'warn' | 'bad' | 'info' }>> = {
  ok: { title: 'done', tone: 'good' },
  waiting: { title: 'waits', tone: 'info' },
  failed: { title: 'failed', tone: 'bad' },
  unknown: { title: 'unknown', tone: 'warn' },
};

/** As the API writes a moment within a sentence or as a detail: `2026-11-27 10:32:05 UTC`, or ISO 8601. */
const MOMENT = /\b(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?(?: UTC|Z)\b/g;

/** Says the moments of a text in the reader's zone, or in `timeZone`, as all of the console does. */
export function sayMoments(text: string, timeZone?: string): string {
  return text.replace(MOMENT, (_, day: string, time: string) => formatTime(`${day}T${time}Z`, 'en', timeZone));
}

/** What the shop's page has in place of calls of the API about its connection. */
const ACTS: Readonly<Record<string, string>> = {
  'go-live': 'Go live',
  unfreeze: 'Unfreeze',
  register: 'Register again',
  settings: 'Settings',
};

/** Says a sentence of the API for people who have buttons; `where`: how they find those of the shop. */
export function sayWithButtons(text: string, where = ' at the shop'): string {
  return sayMoments(text).replace(
    new RegExp(`(?:POST|PUT) /operator/api/connections/[\\w-]+/(${Object.keys(ACTS).join('|')})`, 'g'),
    (_, act: string) => `“${ACTS[act]}”${where}`,
  );
}

/** The steps that no button of the page makes: those that others have to take. */
export function listSteps(steps: readonly string[]): string[] {
  return steps.filter((step) => !/POST \/operator\/api\/(?:outbox|inbox|operations)\//.test(step)).map((step) => sayWithButtons(step));
}

/** What failed in a story and may be replayed, each once. */
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

/** The day of a moment, in the reader's zone. */
export function writeDay(at: string): string {
  return DAY.format(new Date(at));
}

/** The time of a moment within its day, to the millisecond: what happened at once is told apart. */
export function writeTime(at: string): string {
  return TIME.format(new Date(at));
}

import { computed, effectScope, ref, shallowRef } from 'vue';
import { followWhileSeen, useQuery } from '../kit/index.js';
import { ask, askAccount, start } from './control.js';
import type { EntryView, ModuleView } from './control-types.js';

/** Maximum number of exchanges on the page. */
const CAPACITY = 500;
/** Number of exchanges loaded initially. Each includes both bodies. */
const FIRST = 50;

/** Exchanges of this account, newest first. */
export const entries = shallowRef<readonly EntryView[]>([]);
/** Grows on each change in the sandbox. A query that reads it is loaded again. */
export const changes = ref(0);
/** Whether the sandbox may have older exchanges than the page. */
export const hasOlder = ref(false);
/** Whether live updates currently arrive. */
export const isLive = ref(false);
/** Number of contract violations in these exchanges. */
export const violationCount = computed(() => entries.value.reduce((sum, { violations }) => sum + violations.length, 0));

/** The installed modules. All screens share this query. */
export const modules = effectScope(true).run(() =>
  useQuery(async (signal) => {
    void changes.value;
    return (await askAccount<{ modules: ModuleView[] }>('/modules', { signal })).modules;
  }),
)!;

let last = 0;

/** Loads the exchanges and follows live updates while the page is visible. */
export async function startLive(): Promise<void> {
  await readExchanges().catch(() => undefined);
  followWhileSeen({ open: openStream, onEvent, onState: (isOpen) => (isLive.value = isOpen) });
}

/** Deletes all exchanges, here and in the sandbox. */
export async function clearExchanges(): Promise<void> {
  await ask('/exchanges', { method: 'DELETE' });
  entries.value = [];
  hasOlder.value = false;
}

/** Loads older exchanges, up to the page's maximum. */
export async function showOlder(): Promise<void> {
  merge(await readEntries({ limit: CAPACITY }));
  hasOlder.value = false;
}

async function readExchanges(): Promise<void> {
  // Violations are loaded however many exchanges followed.
  const broken = await readEntries({ limit: CAPACITY, violations: 1 });
  const newest = await readEntries({ limit: FIRST });
  hasOlder.value = newest.length === FIRST;
  merge(broken);
  add(newest);
}

async function readEntries(query: Readonly<Record<string, number>>): Promise<readonly EntryView[]> {
  const numbers = Object.entries(query).map(([name, value]) => [name, String(value)]);
  const path = `/exchanges?${new URLSearchParams([['account', start.account], ...numbers])}`;
  return (await ask<{ entries: EntryView[] }>(path)).entries;
}

function openStream(signal: AbortSignal): Promise<Response> {
  return fetch(`sandbox/live?${new URLSearchParams({ account: start.account, since: String(last) })}`, { signal });
}

function onEvent({ name, data }: { readonly name: string; readonly data: string }): void {
  if (name === 'changed') changes.value += 1;
  if (name === 'entry') add([JSON.parse(data) as EntryView]);
}

function add(found: readonly EntryView[]): void {
  const fresh = found.filter(({ id }) => id > last);
  if (fresh.length === 0) return;
  last = Math.max(last, ...fresh.map(({ id }) => id));
  merge(fresh);
}

/** Keeps violations at any age. */
function merge(found: readonly EntryView[]): void {
  const all = new Map([...entries.value, ...found].map((entry) => [entry.id, entry]));
  entries.value = [...all.values()]
    .toSorted((one, other) => other.id - one.id)
    .filter(({ violations }, index) => index < CAPACITY || violations.length > 0);
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProviderCache } from '#provider-kit';
import type { MoyskladContext } from './moysklad.settings.js';
import { makeError, texts } from './moysklad.texts.js';

/** A basket counts 3 seconds; calls travel at different speeds, so a tenth is added. */
const WINDOW_MS = 3_300;
/** Calls of a user at once. */
const AT_ONCE = 5;
/** A call that ended without a word, as with its process, counts no longer: longer than any call lasts. */
const LEASE_MS = 40_000;
/** Between two looks for a free place. */
const LOOK_MS = 60;
/** The most that calls wait after a 429. */
const LONGEST_PAUSE_MS = 60_000;
const KEPT = { ttlSeconds: 600, scope: 'provider' } as const;

/** The calls of one token, in milliseconds of the clock that all processes share. */
interface Calls {
  /** When calls began, the oldest first. */
  begun: number[];
  /** Calls under way, and until when they count. */
  running: { id: string; until: number }[];
  /** No call before. */
  closedUntil: number;
}
const NONE: Calls = { begun: [], running: [], closedUntil: 0 };

/**
 * Keeps calls of one token under MoySklad's limits in all processes: so many in 3 seconds, five at once, none
 * before the time that a 429 names. Whoever storms on is switched off there.
 */
export class MoyskladPace {
  /** Who waits in this process, by token: one of them asks at a time, in the order they came. */
  private readonly queues = new Map<string, Promise<void>>();

  /**
   * Waits for a place and takes it; the caller must end it. `token`: a hash of it.
   * @returns ends the call
   * @throws ProviderError `rate_limited` when the time of the call is over before
   */
  async begin(token: string, context: MoyskladContext): Promise<() => Promise<void>> {
    const before = this.queues.get(token) ?? Promise.resolve();
    let leave: () => void = () => undefined;
    const left = new Promise<void>((resolve) => (leave = resolve));
    const queue = before.then(() => left);
    this.queues.set(token, queue);
    try {
      await unlessOver(before, context);
      return await this.take(token, context);
    } finally {
      leave();
      if (this.queues.get(token) === queue) this.queues.delete(token);
    }
  }

  /** After a 429: nobody calls for so many milliseconds. */
  async close(token: string, ms: number, { cache }: MoyskladContext): Promise<void> {
    await cache.update<Calls>(buildKey(token), KEPT, (calls = NONE, now) => ({
      ...calls,
      closedUntil: Math.max(calls.closedUntil, now + Math.min(ms, LONGEST_PAUSE_MS)),
    }));
  }

  private async take(token: string, context: MoyskladContext): Promise<() => Promise<void>> {
    const { cache, settings } = context;
    const id = randomUUID();
    for (;;) {
      let ms = 0;
      await cache.update<Calls>(buildKey(token), KEPT, (calls = NONE, now) => {
        const current = dropOld(calls, now);
        ms = countWait(current, now, settings.callsIn3Seconds);
        if (ms > 0) return current;
        return { ...current, begun: [...current.begun, now], running: [...current.running, { id, until: now + LEASE_MS }] };
      });
      if (ms === 0) return () => end(cache, token, id);
      await pause(ms, context);
    }
  }
}

/** Milliseconds until a call may begin; 0: now. */
function countWait({ begun, running, closedUntil }: Calls, now: number, most: number): number {
  const full = begun.length >= most ? (begun.at(-most) ?? now) + WINDOW_MS - now : 0;
  return Math.max(0, closedUntil - now, full, running.length >= AT_ONCE ? LOOK_MS : 0);
}

function dropOld({ begun, running, closedUntil }: Calls, now: number): Calls {
  return { begun: begun.filter((at) => at > now - WINDOW_MS), running: running.filter(({ until }) => until > now), closedUntil };
}

async function end(cache: ProviderCache, token: string, id: string): Promise<void> {
  await cache.update<Calls>(buildKey(token), KEPT, (calls = NONE) => ({ ...calls, running: calls.running.filter((one) => one.id !== id) }));
}

function buildKey(token: string): string {
  return `calls:${token}`;
}

/** Waits; returns whether the time of the call is not over. */
export async function wait(ms: number, { signal }: MoyskladContext): Promise<boolean> {
  try {
    await sleep(Math.ceil(ms), undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

/** Throws ProviderError `rate_limited` when the time of the call is over before. */
export async function pause(ms: number, context: MoyskladContext): Promise<void> {
  if (!(await wait(ms, context))) throw makeError('rate_limited', texts.busy, context, {}, { retryAfterMs: Math.ceil(ms) });
}

async function unlessOver(work: Promise<void>, context: MoyskladContext): Promise<void> {
  const { signal } = context;
  let stop: () => void = () => undefined;
  const over = new Promise<never>((_resolve, reject) => {
    stop = () => reject(makeError('rate_limited', texts.busy, context));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([work, over]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

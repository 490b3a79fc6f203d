import { setTimeout as sleep } from 'node:timers/promises';
import { CallCounter } from '#provider-kit';
import type { MoyskladContext } from './moysklad.settings.js';
import { makeError, texts } from './moysklad.texts.js';

/** A basket counts 3 seconds; calls travel at different speeds, so a tenth is added. */
const WINDOW_MS = 3_300;
/** Calls of a user at once. */
const AT_ONCE = 5;
/** The most that calls wait after a 429. */
const LONGEST_PAUSE_MS = 60_000;

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
      return await take(token, context);
    } finally {
      leave();
      if (this.queues.get(token) === queue) this.queues.delete(token);
    }
  }

  /** After a 429: nobody calls for so many milliseconds. */
  close(token: string, ms: number, context: MoyskladContext): Promise<void> {
    return count(token, context).close(Math.min(ms, LONGEST_PAUSE_MS));
  }
}

async function take(token: string, context: MoyskladContext): Promise<() => Promise<void>> {
  const counter = count(token, context);
  for (;;) {
    const { waitMs, end } = await counter.take();
    if (end) return end;
    await pause(waitMs, context);
  }
}

function count(token: string, { cache, settings }: MoyskladContext): CallCounter {
  return new CallCounter(cache, token, { units: settings.callsIn3Seconds, windowMs: WINDOW_MS, atOnce: AT_ONCE });
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

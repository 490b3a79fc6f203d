import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { CallCounter, isRefusal, makeError, type Pace, ProviderError, refuseLate, Refusal, replaceSignal } from '#provider-kit';
import type { MoyskladContext } from './moysklad.settings.js';
import { texts } from './moysklad.texts.js';

/** A basket counts 3 seconds. A call counts from its end, and clocks may differ a little. */
const WINDOW_MS = 3_050;
/** Maximum number of a user's calls at the same time. */
const AT_ONCE = 5;
/** Maximum pause after a 429, and the pause if it has no time, as after too many calls at the same time. */
const LONGEST_PAUSE_MS = 60_000;
const CLOSED_MS = 500;
/** Repeats of a call after a 429. Its time is for one call, so each repeat waits a little longer. */
const REPEATS_LATER = 5;
const LATER_MS = 300;
/** Repeats of a read that got no reply, and the pause before the first. */
const REPEATS = 2;
const PAUSE_MS = 150;

/**
 * A place is kept this much longer than its call: the next call of the same work is then in line before
 * others of this process look for the place.
 */
const KEPT_MS = 20;

/** Share of each limit for work that lets all other work go first. Its calls rank behind this number. */
const MODEST_SHARE = 0.5;
const LAST = 2 ** 50;

/** Contexts of such work. */
const modest = new WeakSet<MoyskladContext>();

/** The same context, for calls that let all others go first and keep places free for new ones. */
export function letOthersFirst(context: MoyskladContext): MoyskladContext {
  const copy = replaceSignal(context, context.signal);
  modest.add(copy);
  return copy;
}

/** Who waits for a place. */
interface Waiter {
  /** When its work made its first call: work that has begun goes first. */
  rank: number;
  context: MoyskladContext;
  take(end: EndCall): void;
  fail(error: unknown): void;
}

/** Ends a call. Its place is free a moment later. */
type EndCall = () => void;

/** The callers in this process that wait for calls of one token. */
interface Line {
  waiting: Waiter[];
  /** Looks for a place immediately. */
  wake(): void;
}

/**
 * Keeps calls of one token under MoySklad's limits in all processes: a number of calls in 3 seconds, five at
 * the same time, none before the time in a 429. MoySklad switches off clients that ignore them.
 */
export class MoyskladPace {
  /** By token. One of the waiting callers requests places for all. */
  private readonly lines = new Map<string, Line>();
  private readonly ranks = new WeakMap<MoyskladContext, number>();
  private begun = 0;

  /** Makes a call in its turn. A read is made again, a write only after a 429, which did nothing. */
  readonly run: Pace<MoyskladContext> = async (send, { context, service, effect }) => {
    const token = service.identifyAccount(context);
    for (let attempt = 0; ; attempt++) {
      const end = await this.begin(token, context);
      try {
        return await send().finally(end);
      } catch (error) {
        const isTooMany = isRefusal(error, 'rate_limited');
        if (isTooMany) {
          const ms = error.retryAfterMs === undefined ? CLOSED_MS : error.retryAfterMs + attempt * LATER_MS;
          await count(token, context).close(Math.min(ms, LONGEST_PAUSE_MS));
        }
        const isLost = error instanceof ProviderError && error.kind === 'unavailable' && !effect;
        if (context.signal.aborted || attempt >= (isTooMany ? REPEATS_LATER : isLost ? REPEATS : 0)) throw error;
        // After a refusal the turn itself is waited for.
        if (!(error instanceof Refusal)) await pause(PAUSE_MS * 2 ** attempt, context);
      }
    }
  };

  /**
   * Waits for a place and takes it. The caller must end it. Work that has begun goes first, so that under
   * overload some work is completed instead of all work by half. `token`: its hash.
   * @returns ends the call
   * @throws ProviderError `rate_limited` when the time of the call ends before
   */
  private begin(token: string, context: MoyskladContext): Promise<EndCall> {
    const rank = this.ranks.get(context) ?? ++this.begun + (modest.has(context) ? LAST : 0);
    this.ranks.set(context, rank);
    const line = this.lines.get(token) ?? { waiting: [], wake: () => undefined };
    return new Promise((resolve, reject) => {
      const { signal } = context;
      const leave = (): void => {
        signal.removeEventListener('abort', giveUp);
        line.waiting = line.waiting.filter((one) => one !== waiter);
        if (line.waiting.length === 0) line.wake();
      };
      const giveUp = (): void => waiter.fail(makeError('rate_limited', texts.busy));
      const waiter: Waiter = {
        ...{ rank, context },
        take: (end) => {
          leave();
          resolve(end);
        },
        fail: (error) => {
          leave();
          reject(error as Error);
        },
      };
      refuseLate(context);
      line.waiting.push(waiter);
      // A call of the port may make many at the same time.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', giveUp, { once: true });
      if (this.lines.has(token)) {
        // The line waits only for one of the fewer places for modest work.
        if (rank < LAST && line.waiting.every((one) => one === waiter || one.rank > LAST)) line.wake();
        return;
      }
      this.lines.set(token, line);
      void this.serve(token, line);
    });
  }

  /** Takes places as long as callers wait. */
  private async serve(token: string, line: Line): Promise<void> {
    const findNext = (): Waiter | undefined => line.waiting.toSorted((one, other) => one.rank - other.rank)[0];
    for (let next = findNext(); next; next = findNext()) {
      try {
        const { waitMs, end } = await count(token, next.context).take();
        // Meanwhile a caller with a higher rank may have come, or all may have left.
        const taker = findNext();
        if (!end) {
          if (taker === next) await rest(waitMs, line);
        } else if (taker) taker.take(() => void setTimeout(() => void endAndWake(end, line), KEPT_MS));
        else await end();
      } catch (error) {
        next.fail(error);
      }
    }
    this.lines.delete(token);
  }
}

/** Ends a call. If the cache is unavailable, the place is free when its lease expires. */
async function endAndWake(end: () => Promise<void>, line: Line): Promise<void> {
  await end().catch(() => undefined);
  line.wake();
}

/** Waits, unless a place of this process becomes free before. */
function rest(ms: number, line: Line): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.ceil(ms));
    line.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

function count(token: string, context: MoyskladContext): CallCounter {
  const { cache, settings } = context;
  const share = modest.has(context) ? MODEST_SHARE : 1;
  const units = Math.ceil(settings.callsIn3Seconds * share);
  return new CallCounter(cache, token, { units, windowMs: WINDOW_MS, atOnce: Math.ceil(AT_ONCE * share) });
}

/** Waits. Returns false if the time of the call has ended. */
export async function wait(ms: number, { signal }: MoyskladContext): Promise<boolean> {
  try {
    await sleep(Math.ceil(ms), undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

/** Throws ProviderError `rate_limited` when the time of the call ends before. */
export async function pause(ms: number, context: MoyskladContext): Promise<void> {
  if (!(await wait(ms, context))) throw makeError('rate_limited', texts.busy, { retryAfterMs: Math.ceil(ms) });
}

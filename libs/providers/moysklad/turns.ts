import { randomUUID } from 'node:crypto';
import { renewWhileRunning } from '#provider-kit';
import type { Moysklad } from './moysklad.api.js';
import { pause } from './moysklad.pace.js';
import type { MoyskladContext } from './moysklad.settings.js';

/**
 * Which process reserves a good at the moment, and writes that reports may not show yet. Milliseconds of the
 * shared clock.
 */
interface Turns {
  taken: Record<string, { by: string; until: number }>;
  /** By good and store. Reports may show one of the figures in `stale`, while `free` remains. Millionths. */
  written: Record<string, { stale: number[]; free: number; until: number }>;
}

/** Renewed while a reservation lasts: the lease of a dead process soon expires. */
const LEASE_MS = 4_000;
/** How long a report may show figures from before our write. */
const WRITTEN_MS = 60_000;
const LOOK_MS = 120;
const KEPT = { ttlSeconds: 600, scope: 'provider' } as const;

/** The right to reserve goods: no other process has it until this work has ended. */
export class Turn {
  constructor(
    private readonly key: string,
    private readonly context: MoyskladContext,
    private readonly written: Turns['written'],
    private readonly now: number,
  ) {}

  /** The really free quantity when a report shows `figure`: it may lack our last reservations. */
  correct(good: string, store: string, figure: number): number {
    const note = this.written[`${good} ${store}`];
    return note && note.until > this.now && note.stale.includes(figure) ? Math.min(figure, note.free) : figure;
  }

  /**
   * Notes the taken quantity, with the figure that a report showed. Less than 0 if it is released.
   * Millionths.
   */
  async note(writes: readonly { good: string; store: string; figure?: number | undefined; taken: number }[]): Promise<void> {
    if (writes.length === 0) return;
    await this.context.cache.update<Turns>(this.key, KEPT, (turns = { taken: {}, written: {} }, now) => {
      const written = dropOld(turns.written, now);
      for (const { good, store, figure, taken } of writes) {
        const name = `${good} ${store}`;
        const known = written[name];
        const until = now + WRITTEN_MS;
        if (known && (figure === undefined || known.stale.includes(figure))) {
          const free = Math.min(known.free, figure ?? known.free);
          written[name] = { stale: [...new Set([...known.stale, free])], free: free - taken, until };
        } else if (figure !== undefined) written[name] = { stale: [figure], free: figure - taken, until };
      }
      return { ...turns, written };
    });
  }
}

/**
 * Does `work` while no other process reserves these goods of the same account of MoySklad.
 * @throws ProviderError `rate_limited` when the call's time ends before its turn
 */
export async function withTurn<T>(
  api: Moysklad,
  goods: readonly string[],
  context: MoyskladContext,
  work: (turn: Turn) => Promise<T>,
): Promise<T> {
  const { cache, memory } = context;
  const key = `reserving:${memory['accountId'] ?? api.identify(context)}`;
  const by = randomUUID();
  for (;;) {
    let turn: Turn | undefined;
    await cache.update<Turns>(key, KEPT, (turns = { taken: {}, written: {} }, now) => {
      const current = { taken: dropOld(turns.taken, now), written: dropOld(turns.written, now) };
      turn = undefined;
      if (goods.some((good) => Object.hasOwn(current.taken, good))) return current;
      turn = new Turn(key, context, current.written, now);
      return { ...current, taken: { ...current.taken, ...Object.fromEntries(goods.map((good) => [good, { by, until: now + LEASE_MS }])) } };
    });
    if (turn) {
      const stop = renewWhileRunning(() =>
        cache.update<Turns>(key, KEPT, (turns = { taken: {}, written: {} }, now) => ({
          ...turns,
          taken: Object.fromEntries(
            Object.entries(turns.taken).map(([good, one]) => [good, one.by === by ? { by, until: now + LEASE_MS } : one]),
          ),
        })),
      );
      try {
        return await work(turn);
      } finally {
        stop();
        await cache.update<Turns>(key, KEPT, (turns = { taken: {}, written: {} }) => ({
          ...turns,
          taken: Object.fromEntries(Object.entries(turns.taken).filter(([, one]) => one.by !== by)),
        }));
      }
    }
    await pause(LOOK_MS, context);
  }
}

function dropOld<T extends { until: number }>(notes: Readonly<Record<string, T>>, now: number): Record<string, T> {
  return Object.fromEntries(Object.entries(notes).filter(([, { until }]) => until > now));
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { ListenerLost } from './call-journal.js';
import type { CallNews, CallSignal } from './port/index.js';

/** Pauses while the database is away. */
const RETRY_MS = { first: 50, most: 2_000 };

/**
 * News on their way into the database: those of one call in order, calls side by side, none lost while the database is away. What happens to a call while its last
 * news are being stored is stored together.
 */
export class CallInbox {
  private readonly logger = new Logger(CallInbox.name);
  private readonly waiting = new Map<string, CallNews[]>();
  private readonly running = new Map<string, Promise<void>>();
  private abandoned = false;

  /** `lost`: called once when another process has taken over. */
  constructor(
    private readonly keep: (news: CallNews) => Promise<void>,
    private readonly lost: () => void,
  ) {}

  /** Never fails and never waits. */
  take(news: CallNews): void {
    if (this.abandoned) return;
    const { externalId } = news.call;
    const queue = this.waiting.get(externalId);
    if (queue) {
      queue.push(news);
      return;
    }
    this.waiting.set(externalId, [news]);
    const run = this.store(externalId).finally(() => this.running.delete(externalId));
    this.running.set(externalId, run);
  }

  /** Resolved when all that was taken is stored, or `limitMs` have passed. */
  async settle(limitMs: number): Promise<void> {
    await Promise.race([Promise.allSettled([...this.running.values()]), sleep(limitMs, undefined, { ref: false })]);
  }

  /** Stores nothing more. */
  abandon(): void {
    this.abandoned = true;
  }

  private async store(externalId: string): Promise<void> {
    const queue = this.waiting.get(externalId) ?? [];
    let pause = RETRY_MS.first;
    while (queue.length > 0 && !this.abandoned) {
      const taken = queue.length;
      try {
        await this.keep(together(queue));
        queue.splice(0, taken);
        pause = RETRY_MS.first;
      } catch (error) {
        if (error instanceof ListenerLost) {
          this.abandon();
          this.lost();
          break;
        }
        this.logger.warn(`news of call ${externalId} cannot be stored yet: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(pause, undefined, { ref: false });
        pause = Math.min(pause * 2, RETRY_MS.most);
      }
    }
    this.waiting.delete(externalId);
  }
}

/** Several news of one call as one: the last state, and what its users must see, codes of like signals in a row put together. */
function together(news: readonly CallNews[]): CallNews {
  const last = news.at(-1);
  if (!last) throw new Error('there are no news');
  const signals: CallSignal[] = [];
  for (const signal of news.flatMap((one) => one.signals)) {
    const before = signals.at(-1);
    if (before && alike(before, signal)) before.codes = [...new Set([...before.codes, ...signal.codes])];
    else signals.push({ ...signal });
  }
  return { ...last, signals };
}

function alike(left: CallSignal, right: CallSignal): boolean {
  const outcomeOf = (signal: CallSignal): string => (signal.type === 'hangup' ? signal.outcome : '');
  return left.type === right.type && outcomeOf(left) === outcomeOf(right);
}

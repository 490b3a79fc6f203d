import { setImmediate } from 'node:timers';
import { isDatabaseUnavailable, isLockConflict } from './database.js';

/** Limits of a StatementGroup. */
export interface GroupLimits {
  /** Number of statements that run at the same time. */
  readonly statements: number;
  /** Items in one statement. */
  readonly items: number;
  /** Sum of the sizes of the items in one statement. A larger item has its own statement. */
  readonly size: number;
  /**
   * Milliseconds after which a statement is slow. If missing, no statement is, and at most `statements` run.
   */
  readonly slowMs?: number;
}

/** Runs one statement for all `items`. */
export interface GroupStatement<Item, Result> {
  /**
   * Returns one result for each item, in their order. Commits all of the items, or no item.
   * `mayWait`: may wait for locks. Otherwise it should fail soon, as others wait for it to end.
   */
  run(items: readonly Item[], mayWait: boolean): Promise<readonly Result[]>;
  /** The size of an item, in any unit. See GroupLimits. */
  measure(item: Item): number;
}

/** Items below which a statement costs more than it saves time. */
const LEAST_SHARE = 8;

interface Waiting<Item, Result> {
  item: Item;
  size: number;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Runs a statement for the items that are added in one turn of the event loop, at its end. Items added while
 * `statements` of them run share the next one. After a failure each item is tried separately, so that none
 * fails because of its neighbours. While a statement is slow, nothing is held back or shared: items that must
 * wait then do so in the pool, which limits them.
 */
export class StatementGroup<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private running = 0;
  /** Items of the statements that run. */
  private inFlight = 0;
  private isScheduled = false;
  /** How many of them are slow. */
  private slow = 0;

  constructor(
    private readonly statement: GroupStatement<Item, Result>,
    private readonly limits: GroupLimits,
  ) {}

  /** Returns the item's result, once it is committed. Throws the error of its statement. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, size: this.statement.measure(item), resolve, reject });
      this.schedule();
    });
  }

  /** A busy process reads several requests in one turn, and a statement costs more than its items. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.runNext();
    });
  }

  private runNext(): void {
    while (this.waiting.length > 0 && (this.slow > 0 || this.running < this.limits.statements)) void this.runGroup(this.takeGroup());
  }

  /** Takes the items from the front of the queue that fit into one statement, at least one. */
  private takeGroup(): Waiting<Item, Result>[] {
    const most = this.slow > 0 ? 1 : Math.min(this.limits.items, this.findShare());
    let count = 0;
    let size = 0;
    for (const one of this.waiting) {
      size += one.size;
      if (count > 0 && (count === most || size > this.limits.size)) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  /**
   * The share of one statement in all items, including running ones. With most of them in one, the others
   * would be short, and this process idle until that one ends. A few are cheaper together.
   */
  private findShare(): number {
    const share = Math.ceil((this.waiting.length + this.inFlight) / this.limits.statements);
    return share < LEAST_SHARE ? Infinity : share;
  }

  private async runGroup(group: readonly Waiting<Item, Result>[]): Promise<void> {
    this.running++;
    this.inFlight += group.length;
    let isSlow = false;
    const { slowMs } = this.limits;
    const timer =
      slowMs !== undefined &&
      setTimeout(() => {
        isSlow = true;
        this.slow++;
        this.runNext();
      }, slowMs);
    try {
      await this.settle(group, false);
    } catch (error) {
      // Not awaited: an item that waits for a lock must not keep the next group waiting.
      if (isWorthTryingAlone(error, group.length)) for (const one of group) void this.settle([one], true).catch(one.reject);
      else for (const one of group) one.reject(error);
    }
    if (timer) clearTimeout(timer);
    if (isSlow) this.slow--;
    this.running--;
    this.inFlight -= group.length;
    this.runNext();
  }

  /** Runs the statement and hands out its results. */
  private async settle(group: readonly Waiting<Item, Result>[], mayWait: boolean): Promise<void> {
    const items = group.map(({ item }) => item);
    const results = await this.statement.run(items, mayWait);
    for (const [index, one] of group.entries()) one.resolve(results[index] as Result);
  }
}

/** Whether trying each item separately can help some of them. */
function isWorthTryingAlone(error: unknown, items: number): boolean {
  return isLockConflict(error) || (items > 1 && !isDatabaseUnavailable(error));
}

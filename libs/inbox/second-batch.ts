/** Items of one key, collected until they are handed over. */
export interface Batch<Item> {
  /** The latest items, each once. At most `items` of the limits. */
  readonly items: readonly Item[];
  /** Number of items added, dropped ones included. */
  readonly count: number;
}

/** Limits of a SecondBatch. */
export interface BatchLimits {
  /** Maximum number of keys. More are dropped. */
  readonly keys: number;
  /** Maximum number of items per key. Older ones are dropped. */
  readonly items: number;
}

/** Milliseconds for which items are collected. */
const GATHERED_MS = 1_000;

/**
 * Collects items that may arrive in floods and hands them over once per second, one batch for each key. Work
 * and memory are bounded. A batch that could not be handed over is collected again.
 */
export class SecondBatch<Item> {
  private gathered = new Map<string, { items: Set<Item>; count: number }>();
  private timer: NodeJS.Timeout | undefined;
  private handing: Promise<void> = Promise.resolve();

  /** @param handOver stores a key's batch. Its errors are passed to `onError` */
  constructor(
    private readonly handOver: (key: string, batch: Batch<Item>) => Promise<void>,
    private readonly onError: (error: unknown) => void,
    private readonly limits: BatchLimits,
  ) {}

  /** Collects items of a key. `count`: the number of items they represent. */
  add(key: string, items: readonly Item[], count = items.length): void {
    let batch = this.gathered.get(key);
    if (!batch) {
      if (this.gathered.size >= this.limits.keys) return;
      this.gathered.set(key, (batch = { items: new Set(), count: 0 }));
    }
    batch.count += count;
    for (const item of items) {
      batch.items.delete(item);
      batch.items.add(item);
    }
    for (const oldest of batch.items) {
      if (batch.items.size <= this.limits.items) break;
      batch.items.delete(oldest);
    }
    this.timer ??= setTimeout(() => void this.flush(), GATHERED_MS).unref();
  }

  /** Hands over the collected items. Resolves when they are stored, or collected again. Never throws. */
  flush(): Promise<void> {
    this.handing = this.handing.then(() => this.handAllOver());
    return this.handing;
  }

  private async handAllOver(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batches = this.gathered;
    this.gathered = new Map();
    for (const [key, { items, count }] of batches) {
      try {
        await this.handOver(key, { items: [...items], count });
      } catch (error) {
        this.onError(error);
        this.add(key, [...items], count);
      }
    }
  }
}

const LOOK_MS = 10;
const STALL_MS = 40;

/**
 * When calls came in. A process that does not get the processor reads late what came in meanwhile, all of it at once: this knows since when a call may have
 * waited, so that a busy machine is not taken for a burst.
 */
export class ArrivalClock {
  private looked = performance.now();
  private stall = { from: this.looked, to: this.looked };
  private readonly timer = setInterval(() => this.look(), LOOK_MS).unref();

  /** Of a call that is read now: the earliest and the latest it can have come in, milliseconds on a clock that only goes forward. */
  read(): { since: number; at: number } {
    this.look();
    const at = this.looked;
    return { since: at - this.stall.to < STALL_MS ? this.stall.from : at, at };
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const now = performance.now();
    if (now - this.looked > STALL_MS) this.stall = { from: this.looked, to: now };
    this.looked = now;
  }
}

/** How many of these calls came in within some `windowMs` for sure, wherever in their spans each of them was. */
export function mostWithin(calls: readonly { since: number; at: number }[], windowMs: number): number {
  return Math.max(0, ...calls.map((last) => calls.filter((one) => one.at <= last.at && last.at - one.since < windowMs).length));
}

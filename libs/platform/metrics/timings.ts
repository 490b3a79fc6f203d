import { Histogram, type HistogramConfiguration } from 'prom-client';

/**
 * Number of durations that are kept before the histogram receives them: single ones cost several times as
 * much.
 */
const BUNCH = 128;

/** Durations by labels, a level for each label: one text of all labels would be hashed for each duration. */
class Bunches {
  readonly next = new Map<string, Bunches>();
  private readonly seconds: number[] = [];

  constructor(private readonly labels: readonly string[] = []) {}

  find(label: string): Bunches {
    let found = this.next.get(label);
    if (!found) this.next.set(label, (found = new Bunches([...this.labels, label])));
    return found;
  }

  add(seconds: number, histogram: Histogram): void {
    if (this.seconds.push(seconds) >= BUNCH) this.flush(histogram);
  }

  flush(histogram: Histogram): void {
    if (this.seconds.length > 0) {
      const target = histogram.labels(...this.labels);
      for (const seconds of this.seconds.splice(0)) target.observe(seconds);
    }
    for (const bunches of this.next.values()) bunches.flush(histogram);
  }
}

/** A histogram of durations in seconds, for hot paths. It is complete whenever the metrics are read. */
export class Timings {
  private readonly bunches = new Bunches();
  private readonly histogram: Histogram;

  /** @param configuration as of prom-client's Histogram; `observe` takes the values of its `labelNames` */
  constructor(configuration: Omit<HistogramConfiguration<string>, 'collect'>) {
    this.histogram = new Histogram({ ...configuration, collect: () => this.bunches.flush(this.histogram) });
  }

  /** Adds a duration; `labels` are the values of `labelNames`, in their order. */
  observe(seconds: number, ...labels: string[]): void {
    let bunches = this.bunches;
    for (const label of labels) bunches = bunches.find(label);
    bunches.add(seconds, this.histogram);
  }
}

import type { TrafficKind } from '#connections';

/** Counts of a period, with latencies in milliseconds. A latency is missing if nothing was counted. */
export interface ActivityCount {
  count: number;
  /** Rejected requests: a 4xx, or a rejection by a provider or the CRM. */
  rejected: number;
  /** Failed requests: the other side was unavailable, too slow or broken. */
  failed: number;
  /** The median, accurate to 20 %. */
  p50?: number;
  /** The 95th percentile. */
  p95?: number;
}

/** The counts of one slot. */
export interface ActivityPoint extends ActivityCount {
  /** Start of the slot (ISO 8601). */
  at: string;
}

/** One kind of exchanges. */
export interface ActivitySeries {
  /** `callback`, `webhook`: calls from the CRM or a provider. `provider`, `crm`: calls to them. */
  kind: TrafficKind;
  /** The sum of all points. */
  total: ActivityCount;
  /** One point per slot, the oldest first. The last slot has not ended. */
  points: ActivityPoint[];
}

/** The activity of the last hours. */
export interface ActivityReport {
  /** Length of a slot in minutes. */
  slotMinutes: number;
  /**
   * `counters`: all exchanges. `journal`: exchanges that the journal kept. `none`: the journal is off, so
   * there is no data for a single connection or module.
   */
  source: 'counters' | 'journal' | 'none';
  /**
   * Only with `journal`: names of exchanges whose successes are left out, because the journal keeps only a
   * sample. Failures and rejections are all counted.
   */
  without?: string[];
  /** Only with `journal`: there were more rows than are read, so the oldest points are too low. */
  isPartial?: true;
  series: ActivitySeries[];
}

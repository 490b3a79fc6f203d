import type { ActivityKind } from '#connections';

/** What was counted in some time, with latencies in milliseconds; those are left out where nothing was. */
export interface ActivityCount {
  count: number;
  /** Understood and refused: a 4xx, a provider's or the CRM's no. */
  refused: number;
  /** Somebody was away, too slow or broken. */
  failed: number;
  /** The median, with an error of a fifth at most. */
  p50?: number;
  /** That 95 of 100 stay below. */
  p95?: number;
}

/** What was counted in one slot. */
export interface ActivityPoint extends ActivityCount {
  /** When the slot begins, ISO 8601. */
  at: string;
}

/** One kind of exchanges. */
export interface ActivitySeries {
  /** `callback`, `webhook`: the CRM or a provider called; `provider`, `crm`: they were called. */
  kind: ActivityKind;
  /** Of all its points. */
  total: ActivityCount;
  /** One for each slot, the oldest first; the last is not over. */
  points: ActivityPoint[];
}

/** What happened in the last hours. */
export interface ActivityReport {
  /** Minutes of a slot. */
  slotMinutes: number;
  /**
   * `counters`: all that happened; `journal`: what the journal kept of it; `none`: the journal is off, and
   * nothing is known of one connection or module.
   */
  source: 'counters' | 'journal' | 'none';
  /**
   * From the journal: names of exchanges that are left out where they went well, as only a part of those is
   * kept; all that failed or was refused is counted.
   */
  without?: string[];
  /** From the journal: there was more than is read, so the oldest points are too low. */
  isPartial?: true;
  series: ActivitySeries[];
}

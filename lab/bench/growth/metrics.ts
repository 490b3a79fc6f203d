import { listSchemas } from '#catalogue';
import type { GrowthPart } from './part.js';

/** Metrics from tables that other parts fill. */
export const metricsGrowth: GrowthPart = {
  tables: [],
  seed: () => Promise.resolve(),
  burst: () => Promise.resolve(),
  list: () =>
    Promise.resolve(
      listSchemas()
        .flatMap(({ gauges = [] }) => gauges)
        .map(({ name, sql }) => ({ name: `metric ${name}`, sql, largestMs: 20, tables: ['outbox', 'inbox_event', 'operation'] })),
    ),
};

import { DatabaseOrigin1764000977200 } from './migrations/1764000977200-database-origin.js';
import { MetricSnapshot1764000700400 } from './migrations/1764000700400-metric-snapshot.js';
import { ReadinessTable1764000200800 } from './migrations/1764000200800-readiness.js';
import { SharedValue1764000810100 } from './migrations/1764000810100-shared-value.js';
import type { Schema } from './database.module.js';

export * from './database.js';
export * from './database-queue.js';
export * from './database.module.js';
export * from './failed-rows.js';
export * from './holdings.js';
export * from './readiness.js';
export * from './restores.js';
export * from './retention.js';
export * from './sealed.js';
export * from './shared-values.js';
export * from './statement-group.js';

/** Migrations of this folder. */
export const databaseSchema: Schema = {
  entities: [],
  migrations: [ReadinessTable1764000200800, MetricSnapshot1764000700400, SharedValue1764000810100, DatabaseOrigin1764000977200],
};

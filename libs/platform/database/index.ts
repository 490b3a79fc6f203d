import { DatabaseBaseline1765000000200 } from './migrations/1765000000200-database-baseline.js';
import type { Schema } from './database.module.js';

export * from './baselines.js';
export * from './database.js';
export * from './database-queue.js';
export * from './database.module.js';
export * from './failed-rows.js';
export * from './account-data.js';
export * from './readiness.js';
export * from './restores.js';
export * from './retention.js';
export * from './sealed.js';
export * from './shared-values.js';
export * from './statement-group.js';

/** Migrations of this folder. */
export const databaseSchema: Schema = {
  entities: [],
  migrations: [DatabaseBaseline1765000000200],
};

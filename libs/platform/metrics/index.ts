export { readVersion } from './build-info.js';
export * from './timings.js';
export * from './shared-gauge.js';
export * from './metrics.js';
export * from './metrics.module.js';
export { type Series, type Snapshot, Snapshots } from './snapshots.js';

export { CdekDouble } from './cdek-double.js';
export type { CdekDoubleOptions } from './cdek-double.js';
export type { CdekCaptured, CdekModes } from './cdek-control.js';
export type { CdekFault } from './cdek-faults.js';
export type { CdekCall } from './cdek-wire.js';
export type { DoubleIntake, DoubleOrder, DoubleStatus } from './cdek-book.js';
export { buildBody as cdekWebhookBody } from './cdek-webhooks.js';

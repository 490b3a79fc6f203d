export { buildEvent as cdekWebhookBody, CdekDouble } from './cdek-double.js';
export type { CdekDoubleOptions, CdekFault, CdekModes } from './cdek-double.js';
export type { CdekIntake, CdekOrder, CdekStatus } from './cdek-book.js';
export type { CdekCall } from './cdek-wire.js';

export { buildEvent as cdekWebhookBody, CdekDouble } from './cdek-double.js';
export type { CdekFault } from './cdek-double.js';
export type { CdekIntake, CdekOrder, CdekStatus } from './cdek-book.js';

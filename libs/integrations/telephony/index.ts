export * from './telephony.integration.js';
export * from './telephony.entity.js';
export * from './call-operations.js';
export * from './telephony-retention.js';
export { CALL_EVENT, CALLS } from './call.packers.js';
export type { CallView, LineView } from './telephony-operator.controller.js';

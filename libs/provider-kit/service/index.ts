export * from './authentication.js';
export type { CallValues, Download, Operation, OperationOptions, PathNames, StreamLimits } from './operation.js';
export * from './pace.js';
export * from './refusal.js';
export { bytes, nothing, type Reply, type WholeReply } from './reply.js';
export * from './service.js';

/** A typed client of the CRM's whole API. See README.md. */
export { CrmClient } from './crm-client.js';
export type {
  CrmClientOptions,
  CrmExchange,
  CrmHooks,
  CrmRequestInfo,
  CrmResponseInfo,
  CrmTimeouts,
  RawFields,
  RawRequest,
} from './options.js';
export type { BatchOptions, BatchReport, CallOptions, PathPart, Reply, ReplyMode } from './caller.js';
export * from './errors.js';
export { CrmFile } from './file.js';
export { formatDate, isTimeZone, parseDate } from './dates.js';
export { listFieldNames } from './schema.js';
export { isCountryCode } from './countries.js';
export { isPublicAddress } from './addresses.js';
export { closeConnections } from './transport.js';
export * from './limits/index.js';
export * from './generated/groups.js'; // Not found? `npm run build` generates it.
export type * as exact from './generated/exact.js';
export * from './generated/wire.js';

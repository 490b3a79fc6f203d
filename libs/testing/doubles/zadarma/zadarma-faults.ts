import type { HttpFault } from '../../double/faults.js';

/** The calls of the API that the double knows, by name. */
export const ZADARMA_CALLS = [
  ...(['balance', 'timezone', 'numbers', 'extensions', 'extensionStatus', 'extensionInfo', 'forwarding', 'setRecording'] as const),
  ...(['callback', 'requestRecord', 'deleteRecord', 'download'] as const),
  ...(['readCallinfo', 'setUrl', 'removeUrl', 'setNotifications', 'statistics'] as const),
] as const;
export type ZadarmaCallName = (typeof ZADARMA_CALLS)[number];

/** Faults besides the HTTP ones; none of them does anything. */
export type ZadarmaOwnFault =
  /** Answers `status: error` with this message, with HTTP 200 or this status. */
  | { kind: 'refuse'; message: string; status?: number }
  /** Answers 401, as for a key that was revoked. */
  | { kind: 'unauthorized' }
  /** Answers 429 without `Retry-After`. */
  | { kind: 'too-many' }
  /** Answers 502 with a page. */
  | { kind: 'page' };
export type ZadarmaFault = HttpFault | ZadarmaOwnFault;

/** The fields that they cannot do without. */
export const ZADARMA_FAULT_NEEDS = { refuse: ['message'], unauthorized: [], 'too-many': [], page: [] };

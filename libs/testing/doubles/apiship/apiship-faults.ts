import type { HttpFault } from '../../double/faults.js';

/** What goes wrong with a call, besides what every HTTP service has. */
export type ApiShipOwnFault =
  /** The token is no longer good, as the mode `expiredToken` says. Does nothing. */
  | { kind: 'token-expired' }
  /** Answers with this code and words, 400 unless a status is given, and does nothing. */
  | { kind: 'refuse'; code: string; status?: number; message?: string };
export type ApiShipFault = HttpFault | ApiShipOwnFault;

import type { HttpFault } from '../../double/faults.js';

/** What goes wrong with a call, besides what every HTTP service has. */
export type CdekOwnFault =
  /** The token is no longer good: 401 with `v2_token_expired`. Does nothing. */
  | { kind: 'token-expired' }
  /** Answers 400 with CDEK's code and words and does nothing. */
  | { kind: 'refuse'; code: string; message?: string };
export type CdekFault = HttpFault | CdekOwnFault;

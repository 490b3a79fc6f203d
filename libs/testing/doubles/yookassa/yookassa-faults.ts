import type { HttpFault } from '../../double/faults.js';

/**
 * Faults besides the HTTP ones. A repeat with the same key gets the first result, also after `drop-after`
 * and `error-after`: a 500 says that the result is unknown and is not kept.
 */
export type YooKassaOwnFault =
  /** Answers 401 and does nothing. */
  | { kind: 'unauthorized' }
  /** Answers 403: the key lacks the right. */
  | { kind: 'forbidden' }
  /** Answers 400 `refusal` with this reason and does nothing. */
  | { kind: 'refuse'; code: string }
  /** Acts and answers 202: it is still being processed. */
  | { kind: 'processing' };
export type YooKassaFault = HttpFault | YooKassaOwnFault;

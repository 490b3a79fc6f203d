import type { HttpFault } from '../http-faults.js';

/** Faults of the service's own. None of them acts. */
export type MercadoPagoOwnFault =
  /** Answers 401: the token is not known. */
  | { kind: 'unauthorized' }
  /** Answers 403: the application may not make such orders. */
  | { kind: 'policy' }
  /** Answers 423: the order, or the key, is busy. */
  | { kind: 'locked' }
  /** Answers an error of the service, 409 when no status is given. */
  | { kind: 'refuse'; code: string; status?: number; message?: string };
export type MercadoPagoFault = HttpFault | MercadoPagoOwnFault;

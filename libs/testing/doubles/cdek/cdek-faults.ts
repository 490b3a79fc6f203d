import type { HttpFault } from '../http-faults.js';

/** The calls of CDEK's API, by name. */
export const CDEK_CALLS = [
  'token',
  'quotes',
  'tariff',
  'cities',
  'suggest',
  'points',
  'createOrder',
  'getOrder',
  'findOrder',
  'changeOrder',
  'deleteOrder',
  'refuseOrder',
  'createIntake',
  'getIntake',
  'findIntakes',
  'deleteIntake',
  'startPrint',
  'printState',
  'printFile',
  'createWebhook',
  'listWebhooks',
  'getWebhook',
  'deleteWebhook',
] as const;
export type CdekCall = (typeof CDEK_CALLS)[number];

/** What goes wrong with a call, besides what every HTTP service has. */
export type CdekOwnFault =
  /** The token is no longer good: 401 with `v2_token_expired`. Does nothing. */
  | { kind: 'token-expired' }
  /** Answers 400 with CDEK's code and words and does nothing. */
  | { kind: 'refuse'; code: string; message?: string };
export type CdekFault = HttpFault | CdekOwnFault;

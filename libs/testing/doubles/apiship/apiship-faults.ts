import type { HttpFault } from '../http-faults.js';

/** The calls of ApiShip's API that the double knows, by name. */
export const APISHIP_CALLS = [
  ...(['login', 'calculate', 'intervals', 'balance'] as const),
  ...(['createOrder', 'createOrderSync', 'validateOrder', 'getOrder', 'changeOrder', 'resendOrder', 'cancelOrder', 'deleteOrder'] as const),
  ...(['changeItems', 'findOrder', 'orderStatus', 'orderHistory', 'statuses', 'statusesSince', 'historySince', 'interval'] as const),
  ...(['labels', 'waybills', 'file', 'callCourier', 'cancelCourier'] as const),
  ...(['connections', 'connectionSchemas', 'points', 'list', 'createWebhook', 'listWebhooks', 'deleteWebhook'] as const),
] as const;
export type ApiShipCall = (typeof APISHIP_CALLS)[number];

/** What goes wrong with a call, besides what every HTTP service has. */
export type ApiShipOwnFault =
  /** The token is no longer good, as the mode `expiredToken` says. Does nothing. */
  | { kind: 'token-expired' }
  /** Answers with this code and words, 400 unless a status is given, and does nothing. */
  | { kind: 'refuse'; code: string; status?: number; message?: string };
export type ApiShipFault = HttpFault | ApiShipOwnFault;

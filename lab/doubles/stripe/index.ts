import { sign, writeEvent } from './stripe-double.js';
import type { StripeEvent } from './stripe-wire.js';

export { StripeDoubleAccount } from './stripe-account.js';
export { StripeDouble } from './stripe-double.js';
export type { StripeFault, StripeReceived } from './stripe-double.js';
export type { StripePayment } from './stripe-book.js';
export type { StripeModes } from './stripe-modes.js';
export type { StripeCall, StripeCharge, StripeEvent, StripeIntent, StripeRefund, StripeSession } from './stripe-wire.js';
export { invoiceItem, invoiceRequest, storedPayment } from './stripe-samples.js';
/** The posted body of an event, and the `stripe-signature` of a body. */
export const stripeWebhookBodyOf = (event: StripeEvent): string => writeEvent(event);
export const stripeSignatureOf = (body: string, secret: string, skewSeconds = 0): string =>
  sign(body, secret, Date.now() + skewSeconds * 1_000);

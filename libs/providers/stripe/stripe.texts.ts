import { readTexts, type TextTable } from '#platform';
import type en from './texts/en.json';

/** The module's texts for people of a shop. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));

/** Why a PaymentIntent was canceled (`cancellation_reason`). */
export const CANCELLATIONS: TextTable = {
  ...texts.cancellations,
  automatic: texts.holdExpired,
  expired: texts.holdExpired,
};

/** Why a card was declined, by `decline_code`, or by the error's `code` where there is none. */
export const DECLINES: TextTable = {
  ...texts.declines.byCode,
  lost_card: texts.declines.lost,
  stolen_card: texts.declines.lost,
  pickup_card: texts.declines.lost,
  restricted_card: texts.declines.lost,
  incorrect_number: texts.declines.wrongData,
  invalid_number: texts.declines.wrongData,
  incorrect_cvc: texts.declines.wrongData,
  invalid_cvc: texts.declines.wrongData,
  invalid_expiry_month: texts.declines.wrongData,
  invalid_expiry_year: texts.declines.wrongData,
  incorrect_zip: texts.declines.wrongData,
  incorrect_address: texts.declines.wrongData,
  incorrect_pin: texts.declines.wrongData,
  invalid_pin: texts.declines.wrongData,
  invalid_account: texts.declines.notSupported,
  new_account_information_available: texts.declines.notSupported,
  card_not_supported: texts.declines.notSupported,
  currency_not_supported: texts.declines.notSupported,
  not_permitted: texts.declines.notSupported,
  service_not_allowed: texts.declines.notSupported,
  transaction_not_allowed: texts.declines.notSupported,
  invalid_amount: texts.declines.limit,
  card_velocity_exceeded: texts.declines.limit,
  pin_try_exceeded: texts.declines.limit,
  withdrawal_count_limit_exceeded: texts.declines.limit,
  authentication_required: texts.declines.authentication,
  authentication_not_handled: texts.declines.authentication,
  payment_intent_authentication_failure: texts.declines.authentication,
  fraudulent: texts.declines.risk,
  merchant_blacklist: texts.declines.risk,
  highest_risk_level: texts.declines.risk,
  security_violation: texts.declines.risk,
  issuer_not_available: texts.declines.issuerAway,
  processing_error: texts.declines.issuerAway,
  reenter_transaction: texts.declines.issuerAway,
  try_again_later: texts.declines.issuerAway,
};

/** Any other decline. */
export const DECLINED_BY_BANK = texts.declines.noReason;

/** Why a refund did not come about (`failure_reason`). */
export const REFUND_FAILURES: TextTable = {
  ...texts.refundFailures,
  lost_or_stolen_card: texts.declines.lost,
};

/** Why the buyer disputes a payment (`reason`). */
export const DISPUTE_REASONS: TextTable = texts.disputeReasons;

/** What Stripe's code means, where its own words would not help. */
export const WORDS: TextTable = {
  ...texts.words,
  charge_disputed: texts.disputedAlready,
  refund_disputed_payment: texts.disputedAlready,
  charge_expired_for_capture: texts.holdIsOver,
  capture_charge_authorization_expired: texts.holdIsOver,
};

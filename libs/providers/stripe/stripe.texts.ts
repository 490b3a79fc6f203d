import { fillIn, findText, type LocalText, readTexts, type TextTable } from '#platform';
import type en from './texts/en.json';

/** The module's texts for people of a shop. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));

/** Why a PaymentIntent was canceled (`cancellation_reason`). */
export const CANCELLATIONS: TextTable = { ...texts.cancellations, automatic: texts.holdExpired, expired: texts.holdExpired };

const { noReason, lost, wrongData, notSupported, limit, authentication, risk, issuerAway, byCode } = texts.declines;
const ANY_DECLINE = 'generic_decline';
const REASONS = [
  [noReason, ANY_DECLINE],
  [lost, 'lost_card stolen_card pickup_card restricted_card'],
  [wrongData, 'incorrect_number invalid_number incorrect_cvc invalid_cvc invalid_expiry_month invalid_expiry_year incorrect_zip'],
  [wrongData, 'incorrect_address incorrect_pin invalid_pin'],
  [notSupported, 'invalid_account new_account_information_available card_not_supported currency_not_supported not_permitted'],
  [notSupported, 'service_not_allowed transaction_not_allowed'],
  [limit, 'invalid_amount card_velocity_exceeded pin_try_exceeded withdrawal_count_limit_exceeded'],
  [authentication, 'authentication_required authentication_not_handled payment_intent_authentication_failure'],
  [risk, 'fraudulent merchant_blacklist highest_risk_level security_violation'],
  [issuerAway, 'issuer_not_available processing_error reenter_transaction try_again_later'],
] as const;
/** Why a card was declined. */
const DECLINES: TextTable = Object.fromEntries(
  [...REASONS.flatMap(([why, codes]) => codes.split(' ').map((code) => [code, why] as const)), ...Object.entries(byCode)].map(
    ([code, why]) => [code, fillIn(texts.declined, { why })],
  ),
);

/** Returns the code in `WORDS` of a declined card: its `decline_code`, or the error's `code`. */
export function findDecline(error: { decline_code?: string | undefined; code?: string | undefined }): string {
  return [error.decline_code, error.code].find((code) => findText(DECLINES, code)) ?? ANY_DECLINE;
}

/** Why a card was declined, in plain words. */
export function explainDecline(error: Parameters<typeof findDecline>[0]): LocalText | undefined {
  return DECLINES[findDecline(error)];
}

/** Why a refund failed (`failure_reason`). */
export const REFUND_FAILURES: TextTable = { ...texts.refundFailures, lost_or_stolen_card: lost };

/** Why the buyer disputes a payment (`reason`). */
export const DISPUTE_REASONS: TextTable = texts.disputeReasons;

/** The meaning of Stripe's codes if its own words would not help. */
export const WORDS: TextTable = {
  ...DECLINES,
  ...texts.words,
  charge_disputed: texts.disputedAlready,
  refund_disputed_payment: texts.disputedAlready,
  charge_expired_for_capture: texts.holdIsOver,
  capture_charge_authorization_expired: texts.holdIsOver,
};

import { AuthenticationError, CrmError, LimitError, NotFoundError, ScopeError, UsageError, ValidationError } from '#crm-client';
import { maskWords } from '#journal';
import { errorText } from '#platform';

/** Says why a call of the CRM failed, without its verb and address. */
export function explainCrmError(error: unknown): string {
  if (!(error instanceof CrmError)) return errorText(error);
  return error.message.replace(`${error.verb} ${error.path}: `, '');
}

/** Says for the log why a call failed; words are masked: what is said of an order may name its buyer. */
export function explainMasked(error: unknown): string {
  return maskWords(explainCrmError(error));
}

/** Whether the CRM's refusal of a call is permanent, so that a repeat is useless. */
export function isCrmRefusal(error: unknown): error is CrmError {
  return isAccountRefusal(error) || isContentRefusal(error);
}

/** Whether the CRM refuses the account's key: every call of this account fails until it connects again. */
export function isAccountRefusal(error: unknown): error is CrmError {
  return error instanceof AuthenticationError || error instanceof ScopeError;
}

/** Whether the CRM refuses the content of a call: another content may pass. */
export function isContentRefusal(error: unknown): error is CrmError {
  return error instanceof ValidationError || error instanceof NotFoundError || error instanceof UsageError;
}

/** Says in one word why a call failed; what may have been done without an answer is as for providers. */
export function toCrmOutcome(error: CrmError): string {
  if (error instanceof LimitError) return 'rate_limited';
  if (error.outcome === 'unknown') return 'unknown_outcome';
  if (isAccountRefusal(error)) return 'auth';
  return isContentRefusal(error) ? 'rejected' : 'unavailable';
}

import { AuthenticationError, CrmError, LimitError, NotFoundError, ScopeError, UsageError, ValidationError } from '#crm-client';
import { maskWords } from '#journal';
import { errorText } from '#platform';

/** Explains why a call to the CRM failed, without its verb and address. */
export function explainCrmError(error: unknown): string {
  if (!(error instanceof CrmError)) return errorText(error);
  return error.message.replace(`${error.verb} ${error.path}: `, '');
}

/** Explains for the log why a call failed. Masks words, because a text about an order may name its buyer. */
export function explainMasked(error: unknown): string {
  return maskWords(explainCrmError(error));
}

/** Whether the CRM's rejection of a call is permanent, so that a repeat is useless. */
export function isCrmRejection(error: unknown): error is CrmError {
  return isAccountRejection(error) || isContentRejection(error);
}

/** Whether the CRM rejects the account's key, so that every call fails until the account connects again. */
export function isAccountRejection(error: unknown): error is CrmError {
  return error instanceof AuthenticationError || error instanceof ScopeError;
}

/** Whether the CRM rejects the content of a call, so that other content may succeed. */
export function isContentRejection(error: unknown): error is CrmError {
  return error instanceof ValidationError || error instanceof NotFoundError || error instanceof UsageError;
}

/** Returns one word for why a call failed. The word for an unknown effect is the same as for providers. */
export function toCrmOutcome(error: CrmError): string {
  if (error instanceof LimitError) return 'rate_limited';
  if (error.outcome === 'unknown') return 'unknown_outcome';
  if (isAccountRejection(error)) return 'auth';
  return isContentRejection(error) ? 'rejected' : 'unavailable';
}

import { AuthenticationError, type CrmError, NotFoundError, ScopeError, UsageError, ValidationError } from '#crm-client';

/** Whether the CRM answered that it will not do this, so that the same call is in vain (as opposed to "not now"). */
export function isCrmRefusal(error: unknown): error is CrmError {
  return isAccountRefusal(error) || isContentRefusal(error);
}

/** Whether the CRM refuses the account's key: every call of this account will fail until it connects anew. */
export function isAccountRefusal(error: unknown): error is CrmError {
  return error instanceof AuthenticationError || error instanceof ScopeError;
}

/** Whether the CRM refuses what the call holds: another content may pass. */
export function isContentRefusal(error: unknown): error is CrmError {
  return error instanceof ValidationError || error instanceof NotFoundError || error instanceof UsageError;
}

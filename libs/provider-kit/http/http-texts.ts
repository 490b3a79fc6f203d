import { fillIn, type LocalText } from '#platform/plain';
import { texts } from '../provider-kit.texts.js';

/** A text for an account's users about a service that failed. `name` is the service's. */
type Say = (name: string | LocalText) => LocalText;

/** Nothing was done. */
export const sayAway: Say = (name) => fillIn(texts.calls.away, { name });

/** It may have been done. */
export const sayLost: Say = (name) => fillIn(texts.calls.lost, { name });

/** The call has no effect. */
export const sayLate: Say = (name) => fillIn(texts.calls.late, { name });

/** For an address that the account entered. */
export const sayNotThere: Say = (name) => fillIn(texts.calls.notThere, { name });

export const sayCredentialsRefused: Say = (name) => fillIn(texts.calls.credentialsRefused, { name });

/** Without a reason, such as a page of HTML. `status`: of HTTP. */
export const sayRejected = (name: string | LocalText, status: number): LocalText => fillIn(texts.calls.rejected, { name, status });

export const sayTooOften: Say = (name) => fillIn(texts.calls.tooOften, { name });

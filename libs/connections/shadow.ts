import { CallbackError, textFor } from '#platform';
import type { Connection } from './connection.js';
import { texts } from './connections.texts.js';

/** Throws CallbackError 400, in the account's language, if a trial is to run an action with an effect. */
export function refuseForShadow({ shadow, account }: Pick<Connection, 'shadow' | 'account'>): void {
  if (shadow) throw new CallbackError(400, textFor(texts.trial, account.language));
}

import { CallbackError, textFor } from '#platform';
import type { Connection } from './connection.js';
import { texts } from './connections.texts.js';

/** Throws CallbackError 400, in the account's language, when a shadow is asked for what has an effect. */
export function refuseForShadow({ shadow, account }: Pick<Connection, 'shadow' | 'account'>): void {
  if (shadow) throw new CallbackError(400, textFor(texts.trial, account.language));
}

import type { Transaction } from '#platform';
import type { Connection } from '#connections';
import type { ProviderError } from '#provider-kit';
import type { OperationEntity } from './operation.entity.js';

/** The recovered outcome of a call whose reply was lost. */
export type Recovered<Result> =
  | { found: Result }
  /** It was never made and will not be: the key is free for another attempt. */
  | 'absent'
  /** Still not known: look again later. */
  | 'unknown';

/** How a call of an operation is made. */
export interface SendOptions {
  /** Milliseconds that remain of the callback's time. Missing: a whole PROVIDER_BUDGET_MS. */
  budgetMs?: number | undefined;
  /** The transaction in which a built-in service (recovery `local`) reads and writes. */
  transaction?: Transaction | undefined;
  /**
   * Called when the provider goes on after its time: the caller no longer waits, but the result
   * still counts. Missing: the call fails then, and what it comes to is lost.
   */
  onHang?: ((error: ProviderError) => void) | undefined;
}

/** One kind of call with an effect on an outside service; integrations define and register theirs. */
export interface OperationKind<Input extends object, Result extends object> {
  readonly kind: string;
  /**
   * Whether a repeat of a finished key returns its stored answer; otherwise the key only prevents parallel
   * runs.
   */
  readonly answersRepeats: boolean;
  /** The key holds personal data: it is freed when that is emptied, and repeats must come long before. */
  readonly keyIsPersonal?: boolean;
  /** Calls the provider. Throws ProviderError. */
  send(operation: OperationEntity & { input: Input }, connection: Connection, options: SendOptions): Promise<Result>;
  /**
   * Determines the effect of a call with an unknown outcome. Throws ProviderError if the provider is
   * unavailable, `unknown_outcome` in words for the CRM's user if it cannot say.
   */
  recover(operation: OperationEntity & { input: Input }, connection: Connection): Promise<Recovered<Result>>;
  /**
   * Stores the resulting state in the transaction that finishes the operation; returns the answer for
   * repeats.
   */
  commit(tx: Transaction, operation: OperationEntity & { input: Input }, result: Result, connection: Connection): Promise<object>;
  /** Called after `commit`, in its transaction, when the caller got no answer and no longer waits. */
  noteUnanswered?(tx: Transaction, operation: OperationEntity & { input: Input }, answer: object, connection: Connection): Promise<void>;
}

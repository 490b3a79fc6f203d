import type { Transaction } from '#platform';
import type { Connection } from '#connections';
import type { ProviderError } from '#provider-kit';
import type { OperationEntity } from './operation.entity.js';

/** The recovered outcome of a call whose reply was lost. */
export type Recovered<Result> =
  | { found: Result }
  /** The call was never made and will not be, so the key is free for another attempt. */
  | 'absent'
  /** Still unknown. It is looked up again later. */
  | 'unknown';

/** Options of an operation's call. */
export interface SendOptions {
  /** Milliseconds that remain of the callback's time. Missing: a whole PROVIDER_BUDGET_MS. */
  budgetMs?: number | undefined;
  /** The transaction in which a built-in provider (recovery `local`) reads and writes. */
  transaction?: Transaction | undefined;
  /**
   * Called when the provider continues after its time. The caller no longer waits, but the result still
   * counts. Missing: the call fails then, and its result is lost.
   */
  onHang?: ((error: ProviderError) => void) | undefined;
}

/** One kind of call with an effect on an outside service. Integrations define and register their kinds. */
export interface OperationKind<Input extends object, Result extends object> {
  readonly kind: string;
  /**
   * Whether a repeat of a finished key returns its stored answer. Otherwise the key only prevents parallel
   * runs.
   */
  readonly answersRepeats: boolean;
  /**
   * Whether the key contains personal data. It is freed when that data is emptied, so repeats must arrive
   * long before.
   */
  readonly keyIsPersonal?: boolean;
  /** Name of the CRM's callback that it answers, such as `delivery.save`. Counted when it is done. */
  readonly callback?: string;
  /** Calls the provider. Throws ProviderError. */
  send(operation: OperationEntity & { input: Input }, connection: Connection, options: SendOptions): Promise<Result>;
  /**
   * Determines the effect of a call with an unknown outcome. Throws ProviderError if the provider is
   * unavailable, or `unknown_outcome` with a message for the CRM's user if it cannot be determined.
   */
  recover(operation: OperationEntity & { input: Input }, connection: Connection): Promise<Recovered<Result>>;
  /**
   * Stores the resulting state in the transaction that finishes the operation. Returns the answer for
   * repeats.
   */
  commit(tx: Transaction, operation: OperationEntity & { input: Input }, result: Result, connection: Connection): Promise<object>;
  /** Called after `commit`, in its transaction, if the caller got no answer and no longer waits. */
  noteUnanswered?(tx: Transaction, operation: OperationEntity & { input: Input }, answer: object, connection: Connection): Promise<void>;
}

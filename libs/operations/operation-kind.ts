import type { Transaction } from '#platform';
import type { Connection } from '#connections';
import type { OperationEntity } from './operation.entity.js';

/** What became known of a call whose reply was lost. */
export type Recovered<Result> =
  | { found: Result }
  /** It was never made and will not be: the key is free for another attempt. */
  | 'absent'
  /** Still not known: look again later. */
  | 'unknown';

/** One kind of call with an effect on an outside service; integrations define and register theirs. */
export interface OperationKind<Input extends object, Result extends object> {
  readonly kind: string;
  /**
   * Whether the key stays taken after success, so that a repeat gets the stored answer; otherwise it only
   * keeps two from running at once.
   */
  readonly answersRepeats: boolean;
  /**
   * Calls the provider. Throws ProviderError. `budgetMs` is what is left of the callback's time.
   * `transaction` is there for one of our own services (recovery `local`): all that is read and written
   * belongs into it.
   */
  send(operation: OperationEntity & { input: Input }, connection: Connection, budgetMs: number, transaction?: Transaction): Promise<Result>;
  /**
   * Finds out what became of a call whose outcome is unknown. Throws ProviderError when the provider cannot
   * be asked.
   */
  recover(operation: OperationEntity & { input: Input }, connection: Connection): Promise<Recovered<Result>>;
  /**
   * Stores the state that follows from the result, in the transaction that marks the operation done. Gives
   * what a repeat is answered from.
   */
  commit(tx: Transaction, operation: OperationEntity & { input: Input }, result: Result, connection: Connection): Promise<object>;
}

import type { Connection } from '#connections';

/** How far a trial is that an account makes from its page, such as a test payment. */
export interface TrialView {
  /** Where the account's user goes on, for a day; missing: none was begun, or it is done. */
  url?: string;
  isDone: boolean;
}

/** Trials of an integration: they show the account that it works, and leave no trace in the CRM. */
export interface Trials {
  /** Whether these settings allow one; quick, and asks nobody. */
  isOffered(connection: Connection): boolean;

  /**
   * Begins one in place of the last.
   * @throws CallbackError 404 where none is offered, ProviderError as the service refuses it
   */
  start(connection: Connection): Promise<TrialView>;

  /** How far the last one is; the service is asked while it is open. */
  read(connection: Connection): Promise<TrialView>;
}

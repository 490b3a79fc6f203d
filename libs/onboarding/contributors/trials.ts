import type { Connection } from '#connections';

/** Progress of a trial that an account makes from its page, such as a test payment. */
export interface TrialView {
  /** Where the account's user continues, for a day. Missing: no trial was started, or it is done. */
  url?: string;
  isDone: boolean;
}

/** Trials of an integration. They show the account that it works, and leave no trace in the CRM. */
export interface Trials {
  /** Whether these settings allow a trial. Quick, and makes no calls. */
  isOffered(connection: Connection): boolean;

  /**
   * Starts a trial and replaces the last one.
   * @throws CallbackError 404 if none is offered, ProviderError if the service rejects it
   */
  start(connection: Connection): Promise<TrialView>;

  /** Returns the last trial's progress. The service is called while the trial is open. */
  read(connection: Connection): Promise<TrialView>;
}

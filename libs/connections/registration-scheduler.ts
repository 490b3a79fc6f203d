import type { Transaction } from '#platform';

/** Port: keeps, in the transaction of `tx`, that a connection must be registered with its CRM again. The outbox fills it. */
export abstract class RegistrationScheduler {
  abstract schedule(connectionId: string, tx: Transaction): Promise<void>;

  /** Those of the connections for which a registration waits already. */
  abstract waiting(connectionIds: string[]): Promise<Set<string>>;

  /** The account can be called again (a new key, another address, switched on): what waits for it is tried at once. */
  abstract resume(connectionId: string): Promise<void>;
}

import { Injectable } from '@nestjs/common';
import { Clock, Database, type Transaction } from '#platform';
import type { Connection } from './connection.js';
import { ConnectionStore } from './connection-store.js';

/** Stores at which calls a provider refuses a connection's credentials. */
@Injectable()
export class RefusedCalls {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds a call, unless it is known or a notice is younger than `quietHours` with no refusal since.
   * Returns whether to notify the account now; the row lock lets only one process do so.
   */
  async add(tx: Transaction, connection: Connection, call: string, quietHours: number): Promise<boolean> {
    let isToBeTold = false;
    await this.connections.changeState(connection, tx, ({ refusedCalls, credentialsToldAt }) => {
      const now = this.clock.now();
      const isQuiet = credentialsToldAt !== null && now.getTime() - credentialsToldAt.getTime() < quietHours * 3_600_000;
      if (refusedCalls.includes(call) || (isQuiet && refusedCalls.length === 0)) return undefined;
      isToBeTold = !isQuiet;
      return { refusedCalls: [...refusedCalls, call], ...(isToBeTold && { credentialsToldAt: now }) };
    });
    return isToBeTold;
  }

  /** Removes a call at which the credentials were accepted. */
  async remove(connection: Connection, call: string): Promise<void> {
    await this.database.transaction((tx) =>
      this.connections.changeState(connection, tx, ({ refusedCalls }) =>
        refusedCalls.includes(call) ? { refusedCalls: refusedCalls.filter((one) => one !== call) } : undefined,
      ),
    );
  }

  /** Forgets all calls and the notice to the account. */
  async clear(tx: Transaction, connection: Connection): Promise<void> {
    await this.connections.changeState(connection, tx, () => ({ refusedCalls: [], credentialsToldAt: null }));
  }
}

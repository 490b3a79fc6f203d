import { Injectable } from '@nestjs/common';
import { Clock, Database, type Transaction } from '#platform';
import type { Connection } from '../connection.js';
import { SettingsStore } from '../settings/settings-store.js';
import { listProblemKeys } from './health.js';
import { HealthStore } from './health-store.js';

/** A call at which the credentials were rejected, with the provider's message. */
interface RejectedCall {
  readonly call: string;
  readonly reason: string;
}

/** Stores the calls at which a provider rejects a connection's credentials. */
@Injectable()
export class RejectedCalls {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsStore,
    private readonly health: HealthStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds a call, unless it is known. Returns whether to notify the account now, because it got no notice
   * within `quietHours`. The row lock lets only one process notify, which must then call `markTold`.
   */
  async add(tx: Transaction, connection: Connection, { call, reason }: RejectedCall, quietHours: number): Promise<boolean> {
    let [isNew, isToBeTold] = [false, false];
    await this.settings.changeState(connection, tx, ({ rejectedCalls, credentialsNotifiedAt }) => {
      if (rejectedCalls.includes(call)) return undefined;
      [isNew, isToBeTold] = [true, this.isLongAgo(credentialsNotifiedAt, quietHours)];
      return { rejectedCalls: [...rejectedCalls, call] };
    });
    const { id, module } = connection;
    if (isNew) await this.health.begin(id, { kind: 'credentials-refused', provider: module.manifest.code }, reason, tx);
    return isToBeTold;
  }

  /** Whether the account has not been notified of a rejection, because it was too early or too much. */
  async isDue(tx: Transaction, connection: Connection, quietHours: number): Promise<boolean> {
    let isDue = false;
    const [key] = listProblemKeys(connection.problems, 'credentials-refused', connection.module);
    const since = key === undefined ? undefined : connection.problems[key]?.since;
    await this.settings.changeState(connection, tx, ({ rejectedCalls, credentialsNotifiedAt }) => {
      const wasTold = credentialsNotifiedAt !== null && since !== undefined && credentialsNotifiedAt >= new Date(since);
      isDue = rejectedCalls.length > 0 && !wasTold && this.isLongAgo(credentialsNotifiedAt, quietHours);
      return undefined;
    });
    return isDue;
  }

  /** Records that the account was notified. */
  async markTold(tx: Transaction, connection: Connection): Promise<void> {
    await this.settings.changeState(connection, tx, () => ({ credentialsNotifiedAt: this.clock.now() }));
  }

  /** Removes a call at which the credentials were accepted. */
  async remove(connection: Connection, call: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      let isLast = false;
      await this.settings.changeState(connection, tx, ({ rejectedCalls }) => {
        if (!rejectedCalls.includes(call)) return undefined;
        isLast = rejectedCalls.length === 1;
        return { rejectedCalls: rejectedCalls.filter((one) => one !== call) };
      });
      if (isLast) await this.health.endOf(connection.id, 'credentials-refused', connection.module, tx);
    });
  }

  /** Removes all calls. Unless it `wasMended` at the service, also removes the time of the last notice. */
  async clear(tx: Transaction, connection: Connection, wasMended = false): Promise<void> {
    await this.settings.changeState(connection, tx, () => ({ rejectedCalls: [], ...(!wasMended && { credentialsNotifiedAt: null }) }));
    await this.health.endOf(connection.id, 'credentials-refused', connection.module, tx);
  }

  private isLongAgo(notifiedAt: Date | null, hours: number): boolean {
    return notifiedAt === null || this.clock.now().getTime() - notifiedAt.getTime() >= hours * 3_600_000;
  }
}

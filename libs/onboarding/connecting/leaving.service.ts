import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ActivationStore, ConnectionStore, ErasureStore } from '#connections';
import { OutboxService } from '#outbox';
import { Database, toLogLine, type Transaction } from '#platform';
import { AccountErasure } from '../erasure/account-erasure.js';
import { RegistrationContributors } from '../registration/registration-contributors.js';
import { RegistrationService } from '../registration/registration.service.js';
import { RetiredConnections } from '../registration/retired-connections.js';
import { ProviderSetups } from '../provider-setup/provider-setups.js';

/** A connection to leave. `views` are missing if this process does not serve its module. */
export type LeavingConnection = Pick<Connection, 'id' | 'request'> & Partial<Pick<Connection, 'views'>>;

/** Removes a module from an account, or freezes it there for the operator. All methods may be repeated. */
@Injectable()
export class LeavingService {
  private readonly logger = new Logger(LeavingService.name);

  constructor(
    private readonly connections: ConnectionStore,
    private readonly activation: ActivationStore,
    private readonly registration: RegistrationService,
    private readonly contributors: RegistrationContributors,
    private readonly setups: ProviderSetups,
    private readonly retired: RetiredConnections,
    private readonly outbox: OutboxService,
    private readonly erasures: ErasureStore,
    private readonly erasure: AccountErasure,
    private readonly database: Database,
  ) {}

  /**
   * Switches a connection off until the account connects again. The CRM is notified through the outbox, and
   * the set-up at the providers' services is removed in the background. Stored data stays.
   * @param check runs first, in the same transaction. If it throws, the connection stays on
   */
  async disconnect(connection: LeavingConnection, check?: (tx: Transaction) => Promise<void>): Promise<void> {
    const isNew = await this.change(connection, async (tx) => {
      await check?.(tx);
      if (!(await this.activation.disconnect(connection.id, tx))) return false;
      await this.tell(tx, connection.id);
      return true;
    });
    if (!isNew) return;
    this.setups.wake();
    this.logger.log(toLogLine(`connection ${connection.id} is disconnected`, connection.request));
  }

  /**
   * Freezes a connection until `unfreeze`, whether or not the CRM froze it. For a retired module the CRM is
   * notified that it is off.
   */
  async freeze(connection: LeavingConnection): Promise<void> {
    const isNew = await this.change(connection, (tx) => this.activation.setFrozenByOperator(connection.id, true, tx));
    if (!isNew) return;
    this.retired.wake();
    this.logger.log(toLogLine(`connection ${connection.id} is frozen by the operator`, connection.request));
  }

  /** Ends `freeze`. Waiting rows are sent. A connection that the CRM froze stays frozen. */
  async unfreeze(connection: LeavingConnection): Promise<void> {
    const isNew = await this.change(connection, (tx) => this.activation.setFrozenByOperator(connection.id, false, tx));
    if (!isNew) return;
    this.logger.log(toLogLine(`connection ${connection.id} is no longer frozen by the operator`, connection.request));
    await this.outbox.resume(connection.id);
  }

  /**
   * Erases all data of a connection in the background. The connection is disconnected first, and there is a
   * day to notify the CRM and the services. Does nothing if the connection is already being erased, or does
   * not exist.
   */
  async erase(id: string, request?: string): Promise<void> {
    const connection = await this.connections.findById(id);
    await this.database.transaction(async (tx) => {
      if (!(await this.erasures.request(tx, id))) return;
      await this.tell(tx, id);
      this.logger.log(toLogLine(`connection ${id} is to be erased`, request));
      if (connection) await this.contributors.noteChange(tx, connection);
    }, request);
    this.setups.wake();
    this.erasure.wake();
  }

  /**
   * Schedules the notice to the CRM that the module is off. No process serves the outbox rows of a retired
   * module.
   */
  private async tell(tx: Transaction, id: string): Promise<void> {
    const retired = await this.activation.isRetired(id, tx);
    if (retired) tx.afterCommit(() => this.retired.wake());
    else await this.registration.schedule(tx, id);
  }

  /** Makes a change and schedules its consequences. Returns whether there was anything to change. */
  private change(connection: LeavingConnection, make: (tx: Transaction) => Promise<boolean>): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (!(await make(tx))) return false;
      await this.contributors.noteChange(tx, connection);
      return true;
    }, connection.request);
  }
}

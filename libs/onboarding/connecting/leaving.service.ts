import { Injectable, Logger } from '@nestjs/common';
import { ActivationStore, bindToRequest, ConnectionStore, ErasureStore } from '#connections';
import { Database, toLogLine, type Transaction } from '#platform';
import { type AccountChange, AccountChanges, type ChangedConnection } from '../changes/account-changes.js';

/** Removes a module from an account, or freezes it there for the operator. All methods may be repeated. */
@Injectable()
export class LeavingService {
  private readonly logger = new Logger(LeavingService.name);

  constructor(
    private readonly connections: ConnectionStore,
    private readonly activation: ActivationStore,
    private readonly erasures: ErasureStore,
    private readonly changes: AccountChanges,
    private readonly database: Database,
  ) {}

  /**
   * Switches a connection off until the account connects again. The CRM is notified through the outbox, and
   * the set-up at the providers' services is removed in the background. Stored data stays.
   * @param check runs first, in the same transaction. If it throws, the connection stays on
   */
  async disconnect(connection: ChangedConnection, check?: (tx: Transaction) => Promise<void>): Promise<void> {
    const isNew = await this.change({ kind: 'left', connection, isErased: false }, async (tx) => {
      await check?.(tx);
      return this.activation.disconnect(connection.id, tx);
    });
    if (!isNew) return;
    this.logger.log(toLogLine(`connection ${connection.id} is disconnected`, connection.request));
  }

  /**
   * Freezes a connection until `unfreeze`, whether or not the CRM froze it. For a retired module the CRM is
   * notified that it is off.
   */
  async freeze(connection: ChangedConnection): Promise<void> {
    const change = { kind: 'frozen', connection } as const;
    if (!(await this.change(change, (tx) => this.activation.setFrozenByOperator(connection.id, true, tx)))) return;
    this.logger.log(toLogLine(`connection ${connection.id} is frozen by the operator`, connection.request));
  }

  /** Ends `freeze`. Waiting rows are sent. A connection that the CRM froze stays frozen. */
  async unfreeze(connection: ChangedConnection): Promise<void> {
    const change = { kind: 'activity', connection, isLive: true } as const;
    if (!(await this.change(change, (tx) => this.activation.setFrozenByOperator(connection.id, false, tx)))) return;
    this.logger.log(toLogLine(`connection ${connection.id} is no longer frozen by the operator`, connection.request));
  }

  /**
   * Erases all data of a connection in the background. The connection is disconnected first, and there is a
   * day to notify the CRM and the services. Does nothing if the connection is already being erased, or does
   * not exist.
   */
  async erase(id: string, request?: string): Promise<void> {
    const known = await this.connections.findById(id);
    const connection = known ? bindToRequest(known, request) : { id, request };
    const isNew = await this.change({ kind: 'left', connection, isErased: true }, (tx) => this.erasures.request(tx, id));
    if (isNew) this.logger.log(toLogLine(`connection ${id} is to be erased`, request));
  }

  /** Makes a change and notes it. Returns whether there was anything to change. */
  private change(change: AccountChange, make: (tx: Transaction) => Promise<boolean>): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (!(await make(tx))) return false;
      await this.changes.note(tx, change);
      return true;
    }, change.connection.request);
  }
}

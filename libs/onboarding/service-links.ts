import { Injectable } from '@nestjs/common';
import { type CheckOutcome, type Connection, ConnectionServiceEntity } from '#connections';
import { Database, type Transaction } from '#platform';
import { ServiceProviders } from './service-providers.js';
import { type ServiceView, toServiceView } from './service-view.js';

/** Keeps what stands at the services of providers. */
@Injectable()
export class ServiceLinks {
  constructor(
    private readonly database: Database,
    private readonly providers: ServiceProviders,
  ) {}

  /** Whether the connection's provider can try settings or set itself up. */
  has(connection: Connection): boolean {
    const calls = this.providers.of(connection);
    return calls.has(connection, 'check') || calls.has(connection, 'connect');
  }

  /** Returns what stands at the service; undefined when its provider neither checks nor connects. */
  async view(connection: Connection): Promise<ServiceView | undefined> {
    return this.has(connection) ? toServiceView(await this.find(connection), connection) : undefined;
  }

  /** Makes the connection due in `tx`, after its settings were stored; `check` is of these settings. */
  async schedule(tx: Transaction, connection: Connection, check: CheckOutcome | undefined): Promise<void> {
    if (!this.has(connection)) return;
    await tx.query(
      `INSERT INTO connection_service (connection_id, provider, wanted, check_report, checked_at, due_at)
         SELECT id, $2, active, $3, $4, now() FROM connection WHERE id = $1
       ON CONFLICT (connection_id, provider) DO UPDATE SET wanted = excluded.wanted, check_report = excluded.check_report,
         checked_at = excluded.checked_at, due_at = excluded.due_at, tries = 0, updated_at = now()`,
      [connection.id, connection.module.manifest.code, check && JSON.stringify(check), check?.at],
    );
  }

  /** Stores a check of the stored settings. */
  async keepCheck(connection: Connection, check: CheckOutcome): Promise<void> {
    await this.database.query(
      `UPDATE connection_service SET check_report = $3, checked_at = $4, updated_at = now() WHERE connection_id = $1 AND provider = $2`,
      [connection.id, connection.module.manifest.code, JSON.stringify(check), check.at],
    );
  }

  /** Reads the connection's row. */
  async find({ id, module }: Connection): Promise<ConnectionServiceEntity | undefined> {
    const rows = this.database.dataSource.getRepository(ConnectionServiceEntity);
    return (await rows.findOneBy({ connectionId: id, provider: module.manifest.code })) ?? undefined;
  }
}

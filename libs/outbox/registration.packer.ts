import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Connection, RegistrationScheduler, RegistrationService } from '#connections';
import type { CrmClient } from '#crm-client';
import { Database, type Transaction } from '#platform';
import { type OutboxEntry, type OutboxPacker, OutboxPackers } from './outbox-packer.js';
import { OutboxService } from './outbox.service.js';

const KIND = 'registration';

/** Registers connections with their CRM through the outbox; several that wait are one call with what holds then. */
@Injectable()
export class RegistrationPacker implements OutboxPacker<object>, OnModuleInit {
  readonly kind = KIND;
  readonly maxSubjects = 1;
  readonly lingerMs = 0;

  constructor(
    private readonly registration: RegistrationService,
    private readonly packers: OutboxPackers,
  ) {}

  onModuleInit(): void {
    this.packers.add(this);
  }

  async send(_crm: CrmClient, connection: Connection, _entries: OutboxEntry<object>[]): Promise<void> {
    await this.registration.register(connection.id, 'background');
  }
}

/** Fills the port of the connections. */
@Injectable()
export class OutboxRegistrationScheduler extends RegistrationScheduler {
  constructor(
    private readonly outbox: OutboxService,
    private readonly database: Database,
  ) {
    super();
  }

  /** What was refused before says no more than this one will. */
  override async schedule(connectionId: string, tx: Transaction): Promise<void> {
    await tx.query(
      `UPDATE outbox SET state = 'dropped', sent_at = now() WHERE connection_id = $1 AND kind = $2 AND (state = 'failed' OR (state = 'pending' AND refusals > 0))`,
      [connectionId, KIND],
    );
    await this.outbox.add(tx, [{ connectionId, kind: KIND, subject: KIND, payload: {} }]);
  }

  override async waiting(connectionIds: string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ connection_id: string }>(
      `SELECT DISTINCT connection_id FROM outbox WHERE connection_id = ANY ($1::uuid[]) AND kind = $2 AND state = 'pending'`,
      [connectionIds, KIND],
    );
    return new Set(rows.map((row) => row.connection_id));
  }

  override resume(connectionId: string): Promise<void> {
    return this.outbox.resume(connectionId);
  }
}

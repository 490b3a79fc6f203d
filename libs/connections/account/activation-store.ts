import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull, Not } from 'typeorm';
import { toRows, type Transaction } from '#platform';
import type { Connection } from '../connection.js';
import { ConnectionEntity } from '../connection.entity.js';
import { ConnectionMemory } from '../store/connection-memory.js';

/** Stores whether a connection works: active, frozen, disconnected, or a trial. */
@Injectable()
export class ActivationStore {
  constructor(private readonly memory: ConnectionMemory) {}

  /** Ends a trial. Its services are set up in the background. Returns false if it is not a trial. */
  async goLive(id: string, tx: Transaction): Promise<boolean> {
    const ended = toRows(
      await tx.query(
        'UPDATE connection SET shadow = false, version = version + 1, updated_at = now() WHERE id = $1 AND shadow RETURNING id',
        [id],
      ),
    );
    if (ended.length === 0) return false;
    this.memory.forget(id);
    await this.wantServices(id, true, tx);
    return true;
  }

  /**
   * Stores whether a connection is active and frozen in the CRM. Its services follow in the background. A
   * disconnected connection does not become active.
   */
  async setActivity(before: Connection, { active, frozen }: Pick<Connection, 'active' | 'frozen'>, tx: Transaction): Promise<void> {
    const [now] = toRows<{ active: boolean }>(
      await tx.query(
        `UPDATE connection SET active = $2 AND disconnected_at IS NULL, frozen = $3, version = version + 1, updated_at = now()
         WHERE id = $1 RETURNING active`,
        [before.id, active, frozen],
      ),
    );
    this.memory.forget(before.id);
    if (now && now.active !== before.active) await this.wantServices(before.id, now.active, tx);
  }

  /**
   * Marks a connection as disconnected until the account connects again. Its services follow in the
   * background. Returns false, and changes nothing, if it was disconnected before.
   */
  async disconnect(id: string, tx: Transaction): Promise<boolean> {
    const rows = toRows(
      await tx.query(
        `UPDATE connection SET active = false, disconnected_at = now(), version = version + 1, updated_at = now()
         WHERE id = $1 AND disconnected_at IS NULL RETURNING id`,
        [id],
      ),
    );
    if (rows.length === 0) return false;
    this.memory.forget(id);
    await this.wantServices(id, false, tx);
    return true;
  }

  /** Freezes a connection for the operator, or unfreezes it. Returns whether this changed anything. */
  async setFrozenByOperator(id: string, frozen: boolean, tx: Transaction): Promise<boolean> {
    const rows = toRows(
      await tx.query(
        `UPDATE connection SET frozen_by_operator_at = CASE WHEN $2 THEN now() END, version = version + 1, updated_at = now()
         WHERE id = $1 AND (frozen_by_operator_at IS NULL) = $2 RETURNING id`,
        [id, frozen],
      ),
    );
    this.memory.forget(id);
    return rows.length > 0;
  }

  /** Whether no process serves the module of a connection. */
  async isRetired(id: string, manager: EntityManager): Promise<boolean> {
    return manager.existsBy(ConnectionEntity, { id, retiredAt: Not(IsNull()) });
  }

  /** Schedules the setup of the connection's services, or its removal, as soon as possible. */
  async wantServices(id: string, wanted: boolean, tx: Transaction): Promise<void> {
    await tx.query('UPDATE provider_setup SET wanted = $2, due_at = now(), tries = 0 WHERE connection_id = $1', [id, wanted]);
  }
}

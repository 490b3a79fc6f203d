import { Injectable } from '@nestjs/common';
import { Database, newId, type Transaction } from '#platform';
import { ChannelStore, type SyncLease } from './channel-store.js';
import { TemplateEntity, type TemplateWish } from './chat.entity.js';
import type { StoredTemplate } from './gateway/gateway-template.js';
import type { TemplateState } from './port/index.js';

const PENDING: TemplateState = { status: 'pending' };

/** Stores templates of channels, in the table `chat_template`. */
@Injectable()
export class TemplateStore {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelStore,
  ) {}

  /** Lists the templates of a channel. */
  list(channelId: string): Promise<TemplateEntity[]> {
    return this.database.dataSource.getRepository(TemplateEntity).find({ where: { channelId }, order: { code: 'ASC' } });
  }

  /** Finds a template of a channel by its code. */
  async find(channelId: string, code: string): Promise<TemplateEntity | undefined> {
    return (await this.database.dataSource.getRepository(TemplateEntity).findOneBy({ channelId, code })) ?? undefined;
  }

  /**
   * Stores a new template of a manager, and makes its channel due. A known one stays unchanged, unless the
   * messenger has refused it. Returns its state.
   */
  create(place: { connectionId: string; channelId: string }, code: string, content: StoredTemplate): Promise<TemplateState> {
    return this.change(place, async (tx) => {
      await tx.query(
        `INSERT INTO chat_template AS t (id, connection_id, channel_id, code, content, state, wish) VALUES ($1, $2, $3, $4, $5, $6, 'create')
         ON CONFLICT (channel_id, code) DO UPDATE SET content = $5, state = $6, wish = 'create', version = t.version + 1, updated_at = now()
         WHERE t.wish = 'refused'`,
        [newId(), place.connectionId, place.channelId, code, JSON.stringify(content), JSON.stringify(PENDING)],
      );
      const row = await tx.getRepository(TemplateEntity).findOneByOrFail({ channelId: place.channelId, code });
      return row.state;
    });
  }

  /** Stores a manager's change or deletion of a known template, and makes its channel due. */
  async want(
    place: { connectionId: string; channelId: string },
    code: string,
    wish: 'update' | 'delete',
    content?: StoredTemplate,
  ): Promise<void> {
    await this.change(place, (tx) =>
      tx.query(
        `UPDATE chat_template SET content = coalesce($4, content), version = version + 1, updated_at = now(),
           wish = CASE WHEN $3 = 'update' AND wish IN ('create', 'refused') THEN 'create' ELSE $3 END
         WHERE channel_id = $1 AND code = $2`,
        [place.channelId, code, wish, content ? JSON.stringify(content) : null],
      ),
    );
  }

  /** Stores a wish's result, unless a manager has changed the template since. Throws SyncLost. */
  async settle(lease: SyncLease, { id, version }: TemplateEntity, wish: TemplateWish | null, state: TemplateState): Promise<void> {
    await this.channels.whileHeld(lease, (tx) =>
      tx.query('UPDATE chat_template SET wish = $3, state = $4, updated_at = now() WHERE id = $1 AND version = $2', [
        ...[id, version, wish, JSON.stringify(state)],
      ]),
    );
  }

  /** Stores the messenger's templates by code, unless a manager's change waits. Throws SyncLost. */
  async keep(lease: SyncLease, channelId: string, listed: ReadonlyMap<string, StoredTemplate & { state: TemplateState }>): Promise<void> {
    const rows = [...listed].map(([code, { state, ...content }]) => ({ id: newId(), code, content, state }));
    await this.channels.whileHeld(lease, (tx) =>
      tx.query(
        `INSERT INTO chat_template AS t (id, connection_id, channel_id, code, content, state)
         SELECT r.id, $1, $2, r.code, r.content, r.state
           FROM jsonb_to_recordset($3::jsonb) AS r (id uuid, code text, content jsonb, state jsonb)
         ON CONFLICT (channel_id, code) DO UPDATE SET content = excluded.content, state = excluded.state, wish = NULL, updated_at = now()
         WHERE (t.wish IS NULL OR t.wish = 'refused') AND (t.content, t.state) IS DISTINCT FROM (excluded.content, excluded.state)`,
        [lease.connectionId, channelId, JSON.stringify(rows)],
      ),
    );
  }

  /** Stores the hash of a sent template. `problem`: why the gateway rejected it. Throws SyncLost. */
  async markSent(lease: SyncLease, id: string, sentHash: string, problem: string | null): Promise<void> {
    await this.channels.whileHeld(lease, (tx) =>
      tx.query('UPDATE chat_template SET sent_hash = $2, problem = $3 WHERE id = $1', [id, sentHash, problem]),
    );
  }

  /** Removes a template that is gone, unless a manager has created it again. Throws SyncLost. */
  async remove(lease: SyncLease, { id, version }: TemplateEntity): Promise<void> {
    await this.channels.whileHeld(lease, (tx) => tx.query('DELETE FROM chat_template WHERE id = $1 AND version = $2', [id, version]));
  }

  private change<Result>({ connectionId }: { connectionId: string }, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.database.transaction(async (tx) => {
      const result = await work(tx);
      await this.channels.markDue(tx, connectionId);
      return result;
    });
  }
}

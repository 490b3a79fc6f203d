import { Injectable } from '@nestjs/common';
import { Database, newId, type Transaction } from '#platform';
import { ChannelStore } from './channel-store.js';
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

  /** Stores the result of a wish, unless a manager has changed the template in the meantime. */
  async settle({ id, version }: TemplateEntity, wish: TemplateWish | null, state: TemplateState): Promise<void> {
    await this.database.query('UPDATE chat_template SET wish = $3, state = $4, updated_at = now() WHERE id = $1 AND version = $2', [
      ...[id, version, wish, JSON.stringify(state)],
    ]);
  }

  /** Stores a template as the messenger lists it, unless a manager's change of it waits. */
  async keep(
    place: { connectionId: string; channelId: string },
    code: string,
    content: StoredTemplate,
    state: TemplateState,
  ): Promise<void> {
    await this.database.query(
      `INSERT INTO chat_template AS t (id, connection_id, channel_id, code, content, state) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (channel_id, code) DO UPDATE SET content = $5, state = $6, wish = NULL, updated_at = now()
       WHERE (t.wish IS NULL OR t.wish = 'refused') AND (t.content, t.state) IS DISTINCT FROM ($5::jsonb, $6::jsonb)`,
      [newId(), place.connectionId, place.channelId, code, JSON.stringify(content), JSON.stringify(state)],
    );
  }

  /** Stores the hash of the template that was sent to the gateway. `problem`: why it was rejected there. */
  async markSent(id: string, sentHash: string, problem: string | null): Promise<void> {
    await this.database.query('UPDATE chat_template SET sent_hash = $2, problem = $3 WHERE id = $1', [id, sentHash, problem]);
  }

  /** Removes a template that neither messenger nor gateway have, unless a manager has created it again. */
  async remove({ id, version }: TemplateEntity): Promise<void> {
    await this.database.query('DELETE FROM chat_template WHERE id = $1 AND version = $2', [id, version]);
  }

  private change<Result>({ connectionId }: { connectionId: string }, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.database.transaction(async (tx) => {
      const result = await work(tx);
      await this.channels.markDue(tx, connectionId);
      return result;
    });
  }
}

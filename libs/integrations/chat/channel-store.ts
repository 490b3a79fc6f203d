import { Injectable } from '@nestjs/common';
import { Database, newId, toRows, type Transaction } from '#platform';
import { ChannelEntity, type ChannelState, ChannelSyncEntity } from './chat.entity.js';
import type { MessengerAccount } from './port/index.js';

/** Duration of a run's lease in seconds. */
const LEASE_S = 60;
/** Maximum number of connections per claim. */
const BATCH = 20;
/** Seconds until the next try, doubled each time: the first and the longest pause. */
const PAUSE_S = { first: 15, longest: 3_600 };
/** Seconds between successful runs, plus or minus a tenth. */
const EVERY_S = 86_400;

/** When the next run is due: after its pause, in a day, or only after a change. */
export type NextRun = 'retry' | 'daily' | 'never';

/**
 * The exclusive right to compare a connection's channels with the gateway's, until another run takes over.
 */
export interface SyncLease {
  readonly connectionId: string;
  readonly fence: number;
  /** Tries since the last successful run, including this one. */
  readonly tries: number;
  /** When it is due again unless it succeeds. Another value at its end means that something has changed. */
  readonly dueAt: string;
}

/** Another run has taken over the channels, so this run's results are not stored. */
export class SyncLost extends Error {}

/** Stores channels and when they are compared, in the tables `chat_channel` and `chat_channel_sync`. */
@Injectable()
export class ChannelStore {
  constructor(private readonly database: Database) {}

  /** Makes a connection's channels due immediately, in the transaction of the change that requires it. */
  async markDue(tx: Transaction, connectionId: string): Promise<void> {
    await tx.query(
      `INSERT INTO chat_channel_sync (connection_id, due_at) VALUES ($1, now()) ON CONFLICT (connection_id) DO UPDATE SET due_at = now()`,
      [connectionId],
    );
  }

  /**
   * Makes channels without a problem due immediately, because their run fetches the gateway's present token.
   */
  async askForToken(connectionId: string): Promise<void> {
    await this.database.query('UPDATE chat_channel_sync SET due_at = now() WHERE connection_id = $1 AND tries = 0', [connectionId]);
  }

  /** Claims due connections. They are due again after a pause that grows with the tries. */
  claimDue(): Promise<SyncLease[]> {
    return this.database.query<SyncLease>(
      `UPDATE chat_channel_sync SET tries = tries + 1, fence = fence + 1, lease_until = now() + make_interval(secs => $1),
         due_at = now() + make_interval(secs => least($2, $3 * power(2, least(tries, 20))))
       WHERE connection_id IN (SELECT connection_id FROM chat_channel_sync WHERE due_at <= now() AND lease_until <= now()
         ORDER BY due_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
       RETURNING connection_id AS "connectionId", fence, tries, due_at::text AS "dueAt"`,
      [LEASE_S, PAUSE_S.longest, PAUSE_S.first],
    );
  }

  /**
   * Ends a run. `problem` is the reason if it failed. Channels that were made due in the meantime stay due.
   */
  async endRun({ connectionId, fence, dueAt }: SyncLease, next: NextRun, problem: string | null = null): Promise<void> {
    await this.database.query(
      `UPDATE chat_channel_sync SET lease_until = '-infinity', problem = $4, tries = CASE WHEN $4::text IS NULL THEN 0 ELSE tries END,
         due_at = CASE WHEN due_at IS DISTINCT FROM $3::timestamptz OR $5 = 'retry' THEN due_at
           WHEN $5 = 'daily' THEN now() + make_interval(secs => $6::int * (0.9 + random() * 0.2)) END
       WHERE connection_id = $1 AND fence = $2`,
      [connectionId, fence, dueAt, problem, next, EVERY_S],
    );
  }

  /** Returns a connection's channels. */
  list(connectionId: string): Promise<ChannelEntity[]> {
    return this.database.dataSource.getRepository(ChannelEntity).find({ where: { connectionId }, order: { account: 'ASC' } });
  }

  /** Returns when a connection's channels are next compared, or undefined if it has no messenger. */
  async findSync(connectionId: string): Promise<ChannelSyncEntity | undefined> {
    return (await this.database.dataSource.getRepository(ChannelSyncEntity).findOneBy({ connectionId })) ?? undefined;
  }

  /** Whether any customer has written to a connection. */
  async hasDialogue(connectionId: string): Promise<boolean> {
    return (await this.database.query('SELECT 1 FROM chat_dialogue WHERE connection_id = $1 LIMIT 1', [connectionId])).length > 0;
  }

  /** Adds new accounts of a messenger, updates changed ones, and returns all channels. Throws SyncLost. */
  async keepAccounts(lease: SyncLease, accounts: readonly MessengerAccount[]): Promise<ChannelEntity[]> {
    await this.whileHeld(lease, async (tx) => {
      for (const { id, name } of accounts)
        await tx.query(
          `INSERT INTO chat_channel (id, connection_id, account, name, state) VALUES ($1, $2, $3, $4, 'wanted')
           ON CONFLICT (connection_id, account) DO UPDATE SET name = excluded.name,
             state = CASE WHEN chat_channel.state = 'off' THEN 'wanted' ELSE chat_channel.state END`,
          [newId(), lease.connectionId, id, name],
        );
    });
    return this.list(lease.connectionId);
  }

  /** Stores changes of a channel. Columns that are left out stay unchanged. Throws SyncLost. */
  async keepChannel(
    lease: SyncLease,
    id: string,
    change: { state: ChannelState; problem: string | null; mgId?: number | null; settingsHash?: string },
  ): Promise<void> {
    const { mgId, ...rest } = change;
    await this.whileHeld(lease, (tx) =>
      tx
        .getRepository(ChannelEntity)
        .update({ id }, { ...rest, ...(mgId !== undefined && { mgId: mgId === null ? null : String(mgId) }), updatedAt: () => 'now()' }),
    );
  }

  /** Stores results of a run in one transaction. Throws SyncLost. */
  whileHeld<Result>({ connectionId, fence }: SyncLease, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.database.transaction(async (tx) => {
      const held = toRows(
        await tx.query('SELECT 1 FROM chat_channel_sync WHERE connection_id = $1 AND fence = $2 FOR SHARE', [connectionId, fence]),
      );
      if (held.length === 0) throw new SyncLost();
      return work(tx);
    });
  }
}

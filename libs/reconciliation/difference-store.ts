import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database, isUuid, newId, notFound, toRows, type Transaction } from '#platform';
import type { FoundDifference } from './comparison.js';
import { DifferenceEntity } from './reconciliation.entity.js';
import type { ReconciliationLease } from './reconciliation-store.js';

/** Maximum duration of a fix in seconds. */
const HOLD_S = 60;
/** Maximum number of differences that a run fixes before it loads more. */
const BATCH = 100;

/** Differences: table `difference`. There is at most one current difference per kind and subject. */
@Injectable()
export class DifferenceStore {
  constructor(private readonly database: Database) {}

  /** Lists the latest differences of a connection about any of these subjects. */
  listOf(connectionId: string, subjects: readonly string[], most: number): Promise<DifferenceEntity[]> {
    return this.database.dataSource
      .getRepository(DifferenceEntity)
      .find({ where: { connectionId, subject: In([...subjects]) }, order: { id: 'DESC' }, take: most });
  }

  /** Lists the open and dismissed differences of these kinds, the latest first. */
  listPresent(connectionId: string, kinds: readonly string[], most: number): Promise<DifferenceEntity[]> {
    const where = { connectionId, kind: In([...kinds]), state: In(['open', 'dismissed']) };
    return this.database.dataSource.getRepository(DifferenceEntity).find({ where, order: { state: 'DESC', id: 'DESC' }, take: most });
  }

  /** Stores differences of a run or other work. Dismissed differences that have changed are opened again. */
  async keep(
    tx: Transaction,
    { id, connectionId }: Pick<ReconciliationLease, 'id' | 'connectionId'>,
    found: readonly FoundDifference[],
  ): Promise<void> {
    // One statement cannot store the same row twice.
    const different = [...new Map(found.map((one) => [JSON.stringify([one.kind, one.subject]), one])).values()];
    if (different.length === 0) return;
    await tx.query(
      `INSERT INTO difference (id, connection_id, reconciliation_id, kind, subject, text, facts)
         SELECT id, $1, CASE WHEN NOT starts_with(kind, 'money.') THEN $2::uuid END, kind, subject, text, facts
         FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::jsonb[]) AS d (id, kind, subject, text, facts) ORDER BY kind, subject
       ON CONFLICT (connection_id, kind, subject) WHERE state IN ('open', 'dismissed') DO UPDATE SET
         reconciliation_id = EXCLUDED.reconciliation_id, text = EXCLUDED.text, facts = EXCLUDED.facts, seen_at = now(), problem = NULL,
         state = CASE WHEN difference.facts = EXCLUDED.facts THEN difference.state ELSE 'open' END`,
      [
        ...[connectionId, id, different.map(() => newId())],
        ...[different.map(({ kind }) => kind), different.map(({ subject }) => subject), different.map(({ text }) => text)],
        different.map(({ facts }) => JSON.stringify(facts)),
      ],
    );
  }

  /** Keeps the current differences of subjects that a run could not decide about. */
  async spare(tx: Transaction, { id, connectionId }: ReconciliationLease, subjects: readonly string[]): Promise<void> {
    if (subjects.length === 0) return;
    await tx.query(
      `UPDATE difference SET reconciliation_id = $2 WHERE connection_id = $1 AND subject = ANY ($3::text[]) AND state IN ('open', 'dismissed')`,
      [connectionId, id, subjects],
    );
  }

  /** Closes the current differences that a run did not find again although it compared everything. */
  async endUnseen(tx: Transaction, { id, connectionId, scope }: ReconciliationLease): Promise<void> {
    await tx.query(
      `UPDATE difference SET state = 'gone', closed_at = now() WHERE connection_id = $1 AND state IN ('open', 'dismissed')
         AND reconciliation_id IS DISTINCT FROM $2 AND starts_with(kind, 'money.') = $3 AND seen_at < (SELECT started_at FROM reconciliation WHERE id = $2)`,
      [connectionId, id, scope === 'money'],
    );
  }

  /** Reads open differences of a run that it must fix automatically and has not tried. */
  listToMend({ id, connectionId, mends }: ReconciliationLease): Promise<DifferenceEntity[]> {
    return this.database.dataSource
      .getRepository(DifferenceEntity)
      .createQueryBuilder('d')
      .where(
        `d.connectionId = :connectionId AND d.state = 'open' AND d.reconciliationId = :id AND d.kind = ANY (:mends) AND d.problem IS NULL`,
        {
          ...{ connectionId, id, mends: [...mends] },
        },
      )
      .orderBy('d.id')
      .limit(BATCH)
      .getMany();
  }

  /** Returns a difference. Throws CallbackError 404. */
  async load(id: string): Promise<DifferenceEntity> {
    const row = isUuid(id) ? await this.database.dataSource.getRepository(DifferenceEntity).findOneBy({ id }) : null;
    if (!row) throw notFound('difference', id);
    return row;
  }

  /** Reserves an open difference for one process that fixes it. Returns false while another process does. */
  async hold(id: string): Promise<boolean> {
    const held = await this.database.query(
      `UPDATE difference SET lease_until = now() + make_interval(secs => ${HOLD_S}) WHERE id = $1 AND state = 'open' AND lease_until <= now() RETURNING 1`,
      [id],
    );
    return held.length > 0;
  }

  /** Ends a reservation, with the reason why the difference was not fixed. */
  async release(id: string, problem: string | null): Promise<void> {
    await this.database.query(`UPDATE difference SET lease_until = '-infinity', problem = $2 WHERE id = $1`, [id, problem]);
  }

  /** Replaces the text and facts of a difference that has changed. */
  async change(id: string, { text, facts }: FoundDifference): Promise<void> {
    await this.database.query(`UPDATE difference SET text = $2, facts = $3, seen_at = now() WHERE id = $1`, [
      id,
      text,
      JSON.stringify(facts),
    ]);
  }

  /** Sets who takes care of a difference. Null: no one. */
  async assign(id: string, owner: string | null): Promise<void> {
    await this.database.query(`UPDATE difference SET owner = $2 WHERE id = $1`, [id, owner]);
  }

  /** Closes an open difference, or dismisses it. Returns false if it is no longer open. */
  async close(id: string, state: 'mended' | 'gone' | 'dismissed', tx?: Transaction): Promise<boolean> {
    const closed = await (tx ?? this.database.dataSource).query(
      `UPDATE difference SET state = $2, lease_until = '-infinity', problem = NULL, closed_at = CASE WHEN $2 <> 'dismissed' THEN now() END
       WHERE id = $1 AND state = 'open' RETURNING 1`,
      [id, state],
    );
    return toRows(closed as unknown[]).length > 0;
  }
}

import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { isUuid } from '#connections';
import type { Transaction } from '#platform';
import { DeliveryEntity, DeliveryStatusEntity } from './delivery.entity.js';
import { toColumns, toFacts } from './delivery-rows.js';
import type { DeliveryFacts, StatusEntry } from './delivery-state.js';

/** A delivery under its lock, and what is known about it. */
export interface TrackedDelivery {
  readonly row: DeliveryEntity;
  facts: DeliveryFacts;
  /** Set with new facts: nothing can follow their status. */
  isFinal: boolean;
}

/** A new entry of a delivery's history. */
export interface NewEntry {
  deliveryId: string;
  entry: StatusEntry;
}

/** Reads and writes deliveries and their history in bulk, in the caller's transaction. */
@Injectable()
export class DeliveryHistory {
  /**
   * Locks deliveries, deleted ones too, in one order always, so that two batches never wait for each other.
   */
  async lock(tx: Transaction, deliveryIds: readonly string[]): Promise<Map<string, TrackedDelivery>> {
    const ids = [...new Set(deliveryIds.filter(isUuid))];
    if (ids.length === 0) return new Map();
    const lock = { mode: 'pessimistic_write' } as const;
    const rows = await tx.getRepository(DeliveryEntity).find({ where: { id: In(ids) }, order: { id: 'ASC' }, lock });
    const history = await tx.getRepository(DeliveryStatusEntity).find({ where: { deliveryId: In(ids) }, order: { id: 'ASC' } });
    const byDelivery = new Map<string, DeliveryStatusEntity[]>(rows.map(({ id }) => [id, []]));
    for (const entry of history) byDelivery.get(entry.deliveryId)?.push(entry);
    return new Map(rows.map((row) => [row.id, { row, facts: toFacts(row, byDelivery.get(row.id) ?? []), isFinal: false }]));
  }

  /** The present moment of the one clock that every time here is compared with. */
  async readClock(tx: Transaction): Promise<Date> {
    const [row] = await tx.query<{ now: Date }[]>(`SELECT clock_timestamp() AS now`);
    if (!row) throw new Error('the database has told no time');
    return row.now;
  }

  /**
   * Adds history entries and stores changed facts, in one statement each. Ends polling of final deliveries.
   */
  async store(tx: Transaction, entries: readonly NewEntry[], changed: readonly TrackedDelivery[]): Promise<void> {
    if (entries.length > 0)
      await tx.query(
        `INSERT INTO delivery_status (delivery_id, code, updated_at, reported_at, comment, moved)
         SELECT delivery_id, code, updated_at, reported_at, comment, moved
         FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::bool[])
           WITH ORDINALITY AS e (delivery_id, code, updated_at, reported_at, comment, moved, n) ORDER BY n`,
        [
          entries.map(({ deliveryId }) => deliveryId),
          entries.map(({ entry }) => entry.code),
          entries.map(({ entry }) => entry.updatedAt),
          entries.map(({ entry }) => entry.reportedAt ?? null),
          entries.map(({ entry }) => entry.comment ?? null),
          entries.map(({ entry }) => entry.moved),
        ],
      );
    if (changed.length === 0) return;
    const columns = changed.map(({ facts }) => toColumns(facts));
    await tx.query(
      `UPDATE delivery d SET status = m.status, status_at = m.status_at, status_comment = m.status_comment, track_number = m.track_number,
         cost_minor = m.cost_minor, cost_currency = m.cost_currency, extra_data = m.extra_data,
         poll_at = CASE WHEN m.final THEN NULL ELSE d.poll_at END, updated_at = now()
       FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::jsonb[], $9::bool[])
         AS m (id, status, status_at, status_comment, track_number, cost_minor, cost_currency, extra_data, final) WHERE d.id = m.id`,
      [
        changed.map(({ row }) => row.id),
        columns.map(({ status }) => status),
        columns.map(({ statusAt }) => statusAt),
        columns.map(({ statusComment }) => statusComment),
        columns.map(({ trackNumber }) => trackNumber),
        columns.map(({ costMinor }) => costMinor),
        columns.map(({ costCurrency }) => costCurrency),
        columns.map(({ extraData }) => JSON.stringify(extraData)),
        changed.map(({ isFinal }) => isFinal),
      ],
    );
  }
}

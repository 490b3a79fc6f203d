import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { QueueConnection } from './queue-connection.js';

let spec: SpecDatabase | undefined;
let clients: Client[] = [];

beforeAll(async () => {
  spec = await createSpecDatabase([]);
  const { url: DATABASE_URL = '' } = spec.source.options as { url?: string };
  await new QueueConnection({ DATABASE_URL, REDIS_URL: undefined }).migrate((sql) => spec!.source.query(sql));
  clients = [0, 1, 2].map(() => new Client({ connectionString: DATABASE_URL, options: '-c search_path=bullmq' }));
  for (const client of clients) await client.connect();
}, 60_000);
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await spec?.remove();
});

/** Waits until so many statements wait for a lock. */
async function untilWaiting(count: number): Promise<void> {
  for (;;) {
    const [row] = await spec!.source.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (row?.n === count) return;
    await sleep(20);
  }
}

it('two workers that take a job at the same time do not deadlock, whatever order they read the due jobs in', async () => {
  const [holder, first, second] = clients as [Client, Client, Client];
  // The table has them in this order, the index in the opposite one.
  for (const [n, id] of ['a', 'b', 'c'].entries())
    await holder.query(
      `INSERT INTO job (queue, id, seq, name, state, added_at_ms, process_at_ms) VALUES ('q', $1, $2, 'spec', 'delayed', 0, $3)`,
      [id, n, 10 - n],
    );
  const take = async (client: Client, scan: 'indexscan' | 'seqscan'): Promise<string | undefined> => {
    const others = ['indexscan', 'seqscan', 'bitmapscan', 'indexonlyscan'].filter((name) => name !== scan);
    for (const name of others) await client.query(`SET enable_${name} = off`);
    return (await client.query<{ id: string }>(`SELECT id FROM move_to_active('q', 'token', 1000, 100, 'spec', NULL, NULL)`)).rows[0]?.id;
  };
  await holder.query(`BEGIN; SELECT FROM job WHERE id = 'b' FOR UPDATE`);
  const taken = [take(first, 'seqscan'), take(second, 'indexscan')];
  await untilWaiting(2);
  await holder.query('COMMIT');
  expect((await Promise.all(taken)).sort()).toEqual(['a', 'b']);
});

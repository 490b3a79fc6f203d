import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Connection, type ConnectionStore, connectionsSchema } from '#connections';
import type { Providers } from '#integration-kit';
import { Database } from '#platform';
import { createSpecDatabase, saveRequest, type SpecDatabase } from '#testing';
import { delivery } from './delivery.integration.js';
import { DeliveryPoll } from './delivery-poll.js';
import type { DeliveryStatusesService } from './delivery-statuses.service.js';
import type { CarrierReport, DeliveryProvider } from './port/index.js';

const STATUSES = [
  { code: 'new', isPreprocessing: true },
  { code: 'underway' },
  { code: 'delivered', isFinal: true },
  { code: 'back', isFinal: true, isReturning: true },
];

let spec: SpecDatabase | undefined;
let database: Database;
let connection: Connection;
/** The requested ids at the carrier, for each call. */
let asked: string[][];
/** Runs during the call to the carrier. */
let during: () => Promise<unknown>;
/** Reports in the carrier's reply. */
let reports: CarrierReport[];

const poll = (): Promise<void> => {
  const providers = {
    getManifest: () => ({ code: 'carrier', statuses: STATUSES }),
    has: () => true,
    call: async (_connection: Connection, _method: string, call: (provider: object, context: object) => Promise<unknown>) =>
      call(
        {
          track: async (deliveries: readonly { externalId: string }[]) => {
            asked.push(deliveries.map(({ externalId }) => externalId).sort());
            await during();
            return reports;
          },
        },
        {},
      ),
  } as unknown as Providers<DeliveryProvider>;
  const connections = { findById: () => Promise.resolve(connection) } as unknown as ConnectionStore;
  const statuses = { applyCarrierReports: () => Promise.resolve() } as unknown as DeliveryStatusesService;
  return new DeliveryPoll(database, connections, providers, statuses).poll({}, new AbortController().signal);
};
const add = (externalId: string, status: string, connectionId = connection.id): Promise<unknown> =>
  database.query(
    `INSERT INTO delivery (id, connection_id, order_ref, reference, external_id, outside, status, status_at, tariff, request, request_hash, poll_at)
     VALUES (gen_random_uuid(), $1, $2::text, $2::text, $2::text, true, $3, now(), 't', $4, '', now())`,
    [connectionId, externalId, status, JSON.stringify(saveRequest(externalId, 'courier'))],
  );
const addConnection = (id: string): Promise<unknown> =>
  database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, active)
     VALUES ($1::uuid, 'carrier', 'https://' || $1::text, $1::text, '', '', '{}', true)`,
    [id],
  );
/** Seconds until each delivery of a connection is polled again, in steps of 5. Null if it never is. */
const readPauses = async (connectionId = connection.id): Promise<Record<string, number | null>> => {
  const rows = await database.query<{ id: string; pause: number | null }>(
    'SELECT external_id AS id, ceil(extract(epoch FROM poll_at - now()) / 5)::int * 5 AS pause FROM delivery WHERE connection_id = $1',
    [connectionId],
  );
  return Object.fromEntries(rows.map(({ id, pause }) => [id, pause]));
};

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, delivery]);
  database = new Database(spec.source);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  connection = { id: randomUUID(), settings: {}, module: { manifest: { code: 'carrier' } } } as unknown as Connection;
  [asked, during, reports] = [[], () => Promise.resolve(), []];
  await database.query('TRUNCATE connection, delivery CASCADE');
  await addConnection(connection.id);
});

describe('deliveries that are due', () => {
  it('are asked for by one of two workers, and again by their status', async () => {
    await add('A', 'new');
    await add('B', 'underway');
    await Promise.all([poll(), poll()]);
    expect([asked, await readPauses()]).toEqual([[['A', 'B']], { A: 5, B: 600 }]);
  });

  it('keep a poll time that was set while the carrier was called, also the time of their end', async () => {
    await add('ended', 'underway');
    await add('saved', 'underway');
    during = async () => {
      await database.query(`UPDATE delivery SET status = 'delivered', poll_at = NULL WHERE external_id = 'ended'`);
      await database.query(`UPDATE delivery SET poll_at = now() + interval '1 minute' WHERE external_id = 'saved'`);
    };
    await poll();
    expect(await readPauses()).toEqual({ ended: null, saved: 60 });
  });

  it('are polled no more once they have ended, and another shop’s of the same number are', async () => {
    const other = randomUUID();
    await addConnection(other);
    for (const id of [connection.id, other]) await add('A', 'delivered', id);
    await database.query(`UPDATE delivery SET poll_at = now() + interval '1 minute' WHERE connection_id = $1`, [other]);
    reports = [{ externalId: 'A', code: 'delivered', updatedAt: new Date() }];
    await poll();
    expect([await readPauses(), await readPauses(other)]).toEqual([{ A: null }, { A: 60 }]);
  });

  it('are polled on while they come back: daily after three days, and not after sixty', async () => {
    for (const [id, days] of [
      ['A', 0],
      ['B', 4],
      ['C', 61],
    ] as const) {
      await add(id, 'back');
      await database.query('UPDATE delivery SET status_at = now() - make_interval(days => $2) WHERE external_id = $1', [id, days]);
    }
    await add('D', 'back');
    await add('E', 'delivered');
    const related = (state: string): string => JSON.stringify({ related: [{ kind: 'return', externalId: 'R', state }] });
    await database.query(`UPDATE delivery SET details = $1 WHERE external_id = 'D'`, [related('back')]);
    await database.query(`UPDATE delivery SET details = $1 WHERE external_id = 'E'`, [related('going')]);
    reports = ['A', 'B', 'C', 'D', 'E'].map((externalId) => ({ externalId, code: 'back', updatedAt: new Date() }));
    await poll();
    expect(await readPauses()).toEqual({ A: 600, B: 86_400, C: null, D: null, E: 600 });
  });

  it('are polled once more a day after their end if the carrier has not reported the cash they owed', async () => {
    const collect = { currency: 'RUB', goods: 100, delivery: 0, total: 100, perItem: [] };
    const made = { A: 0, B: 2, C: 0, D: 0, E: 0 };
    for (const [id, days] of Object.entries(made)) {
      await add(id, id === 'E' ? 'back' : 'delivered');
      await database.query(
        `UPDATE delivery SET status_at = now() - make_interval(days => $2), request = request || $3::jsonb WHERE external_id = $1`,
        [id, days, JSON.stringify(id === 'D' ? {} : { collect })],
      );
    }
    const related = [{ kind: 'return', externalId: 'R', state: 'back' }];
    await database.query(`UPDATE delivery SET details = $1 WHERE external_id = 'C'`, [
      JSON.stringify({ collected: { currency: 'RUB', total: 100 } }),
    ]);
    await database.query(`UPDATE delivery SET details = $1 WHERE external_id = 'E'`, [JSON.stringify({ related })]);
    reports = Object.keys(made).map((externalId) => ({ externalId, code: 'delivered', updatedAt: new Date() }));
    await poll();
    expect(await readPauses()).toEqual({ A: 86_400, B: null, C: null, D: null, E: null });
  });

  it('are due again when the carrier does not answer', async () => {
    await add('A', 'underway');
    during = () => Promise.reject(new Error('away'));
    await poll();
    expect(await readPauses()).toEqual({ A: 600 });
  });
});

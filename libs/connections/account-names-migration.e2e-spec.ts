import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { connectionsSchema } from './connections.module.js';
import { AccountNames1764000971000 } from './migrations/1764000971000-account-names.js';

const id = (n: number): string => `01900000-0000-7000-8000-00000000000${n}`;

describe('reports of checks of the version before', () => {
  let spec: SpecDatabase;
  let database: Database;

  beforeAll(async () => {
    spec = await createSpecDatabase([connectionsSchema]);
    database = new Database(spec.source);
  }, 60_000);
  afterAll(() => spec?.remove());

  it('lose the client ids of CDEK and the logins of ApiShip, and nothing else', async () => {
    const report = { account: 'client-id', warnings: { shops: 'none' } };
    const providers = ['cdek', 'apiship', 'stripe'];
    for (const [n, provider] of providers.entries()) {
      await database.query(
        `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
         VALUES ($1::uuid, $2, 'https://x', ($1::uuid)::text, '', '', '{}')`,
        [id(n), provider],
      );
      await database.query('INSERT INTO connection_service (connection_id, provider, check_report) VALUES ($1, $2, $3)', [
        ...[id(n), provider, JSON.stringify(report)],
      ]);
    }
    await new AccountNames1764000971000().up(spec.source.createQueryRunner());
    const { account, ...rest } = report;
    expect(await database.query('SELECT provider, check_report AS report FROM connection_service ORDER BY connection_id')).toEqual([
      { provider: 'cdek', report: rest },
      { provider: 'apiship', report: rest },
      { provider: 'stripe', report: { account, ...rest } },
    ]);
  });
});

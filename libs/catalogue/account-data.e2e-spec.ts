import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { listSchemas } from './catalogue.module.js';

const accountData = listSchemas().flatMap((schema) => schema.accountData ?? []);
const CONNECTION = '01900000-0000-7000-8000-000000000001';
let spec: SpecDatabase;

beforeAll(async () => {
  spec = await createSpecDatabase(listSchemas());
}, 60_000);
afterAll(() => spec?.remove());

describe('what is held of accounts', () => {
  it('is in every table with a connection, and each of them is erased with it', async () => {
    const rows = await spec.source.query<{ name: string }[]>(
      `SELECT c.table_name AS name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE c.column_name = 'connection_id' AND t.table_type = 'BASE TABLE' AND c.table_schema = current_schema()`,
    );
    const erased = new Set(accountData.flatMap(({ tables }) => tables.map(({ table }) => table)));
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.map(({ name }) => name).filter((name) => !erased.has(name))).toEqual([]);
    expect(erased).toContain('connection');
  });

  it('has a unique name', () => {
    expect(new Set(accountData.map(({ name }) => name)).size).toBe(accountData.length);
  });

  it.each(accountData.flatMap(({ name, buyers }) => (buyers ? [[name, buyers] as const] : [])))(
    'is read and erased of one buyer by SQL that fits the tables: %s',
    async (_name, { select, erase, links }) => {
      const columns = ['id', 'about', 'open', 'view', ...(links ? ['links'] : [])].join(', ');
      expect(await spec.source.query(`SELECT ${columns} FROM (${select}) r`, [CONNECTION])).toEqual([]);
      await spec.source.query(erase, [[]]);
    },
  );
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { listSchemas } from './catalogue.module.js';

let spec: SpecDatabase;

beforeAll(async () => {
  spec = await createSpecDatabase(listSchemas());
}, 60_000);
afterAll(() => spec?.remove());

interface MadeColumn {
  name: string;
  type: string;
  nullable: boolean;
  primary: boolean;
}

it('describes the columns of each entity as the migrations make them', async () => {
  const { source } = spec;
  expect(source.entityMetadatas.length).toBeGreaterThan(0);
  for (const { tableName, columns } of source.entityMetadatas) {
    const made = await source.query<MadeColumn[]>(
      `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
         EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS primary
       FROM pg_attribute a WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped`,
      [tableName],
    );
    // PostgreSQL itself has `xmin` in each table.
    const own = columns.filter(({ databaseName }) => databaseName !== 'xmin');
    const described = own.map((column): [string, object] => [
      `${tableName}.${column.databaseName}`,
      {
        type: `${source.driver.normalizeType(column)}${column.isArray ? '[]' : ''}`,
        nullable: column.isNullable,
        primary: column.isPrimary,
      },
    ]);
    // Checked only in one direction, because columns that only SQL uses may be left out.
    const all = Object.fromEntries(made.map(({ name, ...column }) => [`${tableName}.${name}`, column]));
    expect(all).toMatchObject(Object.fromEntries(described));
  }
});

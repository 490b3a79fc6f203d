import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { listSchemas } from './catalogue.module.js';

it('every table from which a buyer’s data is exported is documented, with how long it holds them', () => {
  const page = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');
  const section = /^### Personal data in PostgreSQL.*?(?=^#)/ms.exec(page)?.[0] ?? '';
  const documented = new Set(
    section.split('\n').flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name)),
  );
  const accountData = listSchemas().flatMap((schema) => schema.accountData ?? []);
  const personal = accountData
    .filter(({ buyers }) => buyers !== undefined)
    .map(({ buyers }) => [...`${buyers?.select} ${buyers?.erase}`.matchAll(/(?:FROM|UPDATE) ([a-z]+_?[a-z_]*)/g)].map(([, name]) => name));
  const tables = accountData.flatMap((data) => data.tables.map(({ table }) => table));
  const named = [...new Set(personal.flat())].filter((name) => tables.includes(name ?? ''));
  expect(named.length).toBeGreaterThan(7);
  expect(named.filter((name) => !documented.has(name))).toEqual([]);
});

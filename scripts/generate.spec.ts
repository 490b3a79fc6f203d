import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { generateSources } from './generate.mjs';
import { root } from './project.mjs';

let folder: string;
const document = (): string => join(folder, 'docs/openapi/api.json');
const types = (): string => join(folder, 'apps/web/api/schema.d.ts');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'generate-'));
  for (const path of ['docs/openapi', 'apps/web/api']) mkdirSync(join(folder, path), { recursive: true });
  cpSync(join(root, 'docs/openapi/api.json'), document());
});
afterEach(() => rmSync(folder, { recursive: true }));

it('writes the types of the pages’ client, again only when the document changed', async () => {
  await generateSources(folder);
  expect(readFileSync(types(), 'utf8')).toContain('"/operator/api/connections": {');
  const written = statSync(types()).mtimeMs;
  await generateSources(folder);
  expect(statSync(types()).mtimeMs).toBe(written);

  writeFileSync(document(), readFileSync(document(), 'utf8').replaceAll('/operator/api/connections"', '/operator/api/shops"'));
  await generateSources(folder);
  expect(readFileSync(types(), 'utf8')).toContain('"/operator/api/shops": {');
});

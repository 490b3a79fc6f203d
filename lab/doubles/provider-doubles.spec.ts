import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProviderDoubles } from './provider-doubles.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-doubles-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

it('finds the doubles of providers by their names, and starts one', async () => {
  write(
    'acme/acme.double.js',
    'export const startDouble = async ({ port }) => ({ url: `http://localhost:${port}`, close: async () => {} });',
  );
  write('acme/acme.double.js.map', '{}');
  write('acme/parts/acme.double.js', '');
  write('beta/index.js', '');
  const [double, ...others] = findProviderDoubles(folder);
  expect([double?.code, others]).toEqual(['acme', []]);
  expect((await double?.start({ port: 4300 }))?.url).toBe('http://localhost:4300');
});

it('reports what a file lacks', async () => {
  write('acme/acme.double.js', 'export const start = 1;');
  await expect(findProviderDoubles(folder)[0]?.start({})).rejects.toThrow(/acme\.double\.js exports no function startDouble/);
});

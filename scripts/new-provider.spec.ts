import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeProvider } from './new-provider.mjs';
import { root } from './project.mjs';

describe('makeProvider', () => {
  let folder: string;
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crossdock-provider-'));
    for (const part of ['libs/testing/doubles/fake-carrier/adapter', 'libs/catalogue/catalogue.ts'])
      cpSync(join(root, part), join(folder, part), { recursive: true });
    mkdirSync(join(folder, 'libs/providers/cdek'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes an adapter of its own name, whose imports are allowed to it, and adds it to the catalogue', () => {
    const files = makeProvider(folder, 'acme-express', 'Acme');
    expect(files.map((file) => file.replace('libs/providers/acme-express/', '')).sort()).toEqual(
      [
        'README.md',
        ...['documents', 'index', 'order', 'parcels', 'points', 'quote', 'shipment', 'tracking'].map((part) => `${part}.ts`),
        ...['client', 'errors', 'manifest', 'provider', 'settings', 'spec', 'statuses'].map((part) => `acme-express.${part}.ts`),
      ].sort(),
    );
    expect(read('libs/providers/acme-express/acme-express.manifest.ts')).toContain(
      "code: 'acme-express',\n  title: { en: 'Acme', es: 'Acme', ru: 'Acme' },",
    );
    for (const file of files) {
      expect(read(file)).not.toMatch(/FakeCarrier(Provider|Settings|Client|Webhook|Context)|Fake Carrier|fake-carrier\.[a-z]+\.js/);
      const imported = [...read(file).matchAll(/from '([^']+)'/g)].map(([, from]) => from ?? '');
      // Beside itself: the port, the platform, libraries; and in its spec what is for specs.
      for (const from of imported)
        expect(from).toMatch(/^(\.\/[a-z-]+\.|#delivery\/port$|#platform$|#provider-kit$|#testing(\/conformance)?$|node:|@?[a-z])/);
    }
    const catalogue = read('libs/catalogue/catalogue.ts');
    expect(catalogue).toContain("import { AcmeExpressProvider } from '#providers/acme-express';\n");
    expect(catalogue).toContain('adapters: [new AcmeExpressProvider(), ConfiguredAdapter.of(');
  });

  it.each([
    ['Acme', undefined, 'small letters'],
    ['../acme', undefined, 'small letters'],
    ['cdek', undefined, 'already'],
    ['acme', "O'Neil", 'quotes'],
  ])('refuses %s %s and leaves everything as it was', (code, title, reason) => {
    const before = read('libs/catalogue/catalogue.ts');
    expect(() => makeProvider(folder, code, title)).toThrow(reason);
    expect(read('libs/catalogue/catalogue.ts')).toBe(before);
    expect(readdirSync(join(folder, 'libs/providers'))).toEqual(['cdek']);
  });
});

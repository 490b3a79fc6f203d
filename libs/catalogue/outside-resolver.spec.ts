import { describe, expect, it } from '@jest/globals';
import { addressPackage, redirectImport } from './outside-resolver.js';

const CODE = { folder: 'file:///app/dist/', file: 'file:///app/dist/libs/catalogue/outside.js' };
const resolve = (specifier: string, parentURL?: string): object | undefined => redirectImport({ specifier, parentURL }, CODE);
const ours = (specifier: string): object => ({ specifier, parentURL: CODE.file });

describe('an import from outside the deployment', () => {
  it.each(['file:///opt/acme/index.js', 'file:///app/node_modules/@acme/carrier/index.js', 'file:///app/distant/index.js'])(
    'of %s leads to the deployment’s kit and decorators',
    (parent) => {
      expect(resolve('@crossdock/provider-kit', parent)).toEqual(ours('#provider-kit/package'));
      expect(resolve('@crossdock/provider-kit/telephony', parent)).toEqual(ours('#telephony/port'));
      expect(resolve('@crossdock/provider-kit/store', parent)).toEqual(ours('#inventory/port'));
      for (const name of ['class-validator', 'class-transformer', 'class-transformer/cjs/storage.js', 'reflect-metadata'])
        expect(resolve(name, parent)).toEqual(ours(name));
    },
  );

  it.each([
    'undici',
    './class-validator',
    'class-validator-jsonschema',
    '@crossdock/provider-kit/dist/x.js',
    '@crossdock/provider-testing',
  ])('of %s stays unchanged', (name) => expect(resolve(name, 'file:///opt/acme/index.js')).toBeUndefined());

  it('does not apply to our own files or to a program', () => {
    expect(resolve('class-validator', 'file:///app/dist/libs/platform/index.js')).toBeUndefined();
    expect(resolve('class-validator')).toBeUndefined();
  });

  it('may name a package as another folder finds it', () => {
    const from = 'file:///etc/a%20folder/modules.json';
    expect(resolve(addressPackage('@acme/carrier/x?y', from), CODE.file)).toEqual({ specifier: '@acme/carrier/x?y', parentURL: from });
  });
});

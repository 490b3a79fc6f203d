import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';
import { Environment, EnvironmentError, Field } from '#platform';
import type { ProviderManifest } from '#provider-kit';
import { type ModuleSource, type HostedModules, listNamedProviders, readModules } from './hosted-modules.js';

class NoSettings {}

class SearchedSettings {
  @Field({ title: { en: 'City', es: 'Ciudad', ru: 'Город' }, lookup: 'cities' })
  @IsString()
  city = '';

  @Field({ title: { en: 'Site', es: 'Tienda', ru: 'Магазин' }, lookup: 'sites' })
  @IsString()
  site = '';
}

function source(code: string, integration = 'delivery'): ModuleSource {
  const manifest: ProviderManifest<object> = {
    ...{ code, portVersion: 2, title: { en: `The ${code}`, es: code, ru: code }, logo: '<svg/>', countries: ['RU', 'ES'] },
    ...{ settings: NoSettings, createDefaultSettings: () => new NoSettings() },
  };
  return { integration, manifest, kind: 'service' };
}

const SOURCES = [source('courier'), source('cdek')];

let folder: string;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-modules-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(file: string | undefined, environment: Partial<Environment> = {}): Environment {
  const path = join(folder, `modules-${++count}.json`);
  if (file !== undefined) writeFileSync(path, file);
  return Object.assign(new Environment(), { NODE_ENV: 'development', MODULES_FILE: path, ...environment });
}

function read(file: string | undefined, environment: Partial<Environment> = {}, sources = SOURCES): HostedModules {
  return readModules(write(file, environment), sources);
}

const codes = (modules: HostedModules): string[] => modules.all().map((module) => module.code);

describe('the modules hosted', () => {
  it('are all providers by default', () => {
    const modules = read(undefined);
    expect(codes(modules)).toEqual(['courier', 'cdek']);
    expect(modules.get('courier')).toMatchObject({
      ...{
        integration: 'delivery',
        name: 'The courier',
        logo: '<svg/>',
        countries: ['RU', 'ES'],
        secrets: ['development-secret-of-courier'],
      },
    });
    expect(modules.get('courier')?.multiAccount).toBe(false);
    expect(modules.get('constructor')).toBeUndefined();
  });

  it('are the modules of MODULES', () => {
    expect(codes(read(undefined, { MODULES: 'cdek' }))).toEqual(['cdek']);
    expect(() => read(undefined, { MODULES: 'cdek,nosuch' })).toThrow('MODULES contains "nosuch", which is not one of courier, cdek');
  });

  it('include each module that an operator is limited to, also if other processes serve it', () => {
    const limit = (codes: string): Partial<Environment> => ({ MODULES: 'courier', OPERATOR_TOKENS: `leo:view@${codes}:${'a'.repeat(64)}` });
    expect(codes(read(undefined, limit('courier+cdek')))).toEqual(['courier']);
    expect(() => read(undefined, limit('courier+nope'))).toThrow(
      'OPERATOR_TOKENS limits an operator to "nope", which is not one of courier, cdek: correct or remove the code after the @',
    );
  });

  it('are the modules of modules.json, as an object or a bare list', () => {
    writeFileSync(join(folder, 'logo.svg'), '<svg id="own"/>');
    const entries = [
      { code: 'fast-riders', provider: 'courier', name: 'Fast Riders', logo: 'logo.svg', countries: ['MX'], multiAccount: true },
      { code: 'slow', provider: 'courier' },
    ];
    for (const file of [{ modules: entries }, entries]) {
      const modules = read(JSON.stringify(file), { moduleSecrets: { MODULE_FAST_RIDERS_SECRET: ['own', 'old'] } });
      expect(codes(modules)).toEqual(['fast-riders', 'slow']);
      expect(modules.get('fast-riders')).toMatchObject({
        name: 'Fast Riders',
        logo: '<svg id="own"/>',
        countries: ['MX'],
        secrets: ['own', 'old'],
      });
      expect(['fast-riders', 'slow'].map((code) => modules.get(code)?.multiAccount)).toEqual([true, false]);
      expect(modules.get('slow')).toMatchObject({ name: 'The courier', secrets: ['development-secret-of-slow'] });
    }
    expect(codes(read(JSON.stringify(entries), { MODULES: 'slow' }))).toEqual(['slow']);
  });

  it('have a name and a logo in each language: of modules.json, or else of the provider', () => {
    for (const name of ['own', 'own-ru']) writeFileSync(join(folder, `${name}.svg`), `<svg id="${name}"/>`);
    const { manifest, ...rest } = source('courier');
    const sources = [{ ...rest, manifest: { ...manifest, logos: { es: '<svg id="es"/>' } } }];
    const entries = [
      { code: 'plain', provider: 'courier' },
      { code: 'named', provider: 'courier', name: 'Acme', logo: 'own.svg' },
      { code: 'local', provider: 'courier', name: 'Acme', names: { ru: 'Акме' }, logo: 'own.svg', logos: { ru: 'own-ru.svg' } },
      { code: 'partly', provider: 'courier', names: { en: 'Acme', ru: 'Акме' }, logos: { ru: 'own-ru.svg' } },
    ];
    const modules = read(JSON.stringify(entries), {}, sources);
    const logo = (id: string): string => `<svg id="${id}"/>`;
    const expected = {
      plain: [{ en: 'The courier', es: 'courier', ru: 'courier' }, '<svg/>', { en: '<svg/>', es: logo('es'), ru: '<svg/>' }],
      named: [{ en: 'Acme', es: 'Acme', ru: 'Acme' }, logo('own'), { en: logo('own'), es: logo('own'), ru: logo('own') }],
      local: [{ en: 'Acme', es: 'Acme', ru: 'Акме' }, logo('own'), { en: logo('own'), es: logo('own'), ru: logo('own-ru') }],
      partly: [{ en: 'Acme', es: 'courier', ru: 'Акме' }, '<svg/>', { en: '<svg/>', es: logo('es'), ru: logo('own-ru') }],
    };
    for (const [code, [names, ownLogo, logos]] of Object.entries(expected))
      expect(modules.get(code)).toMatchObject({ name: (names as { en: string }).en, names, logo: ownLogo, logos });
  });

  it('may have a provider from outside, whose code is unique', () => {
    const file = JSON.stringify([
      ...[
        { code: 'fast', provider: './acme' },
        { code: 'slow', provider: './acme/index.js' },
      ],
      { code: 'courier', provider: 'courier' },
    ]);
    const names = ['./acme', './acme/index.js'];
    const modules = read(file, {}, [...SOURCES, { ...source('acme'), names }]);
    expect(modules.get('fast')).toMatchObject({ from: './acme', manifest: { code: 'acme' } });
    expect(modules.get('slow')).toMatchObject({ from: './acme/index.js', manifest: { code: 'acme' } });
    expect(modules.get('courier')).not.toHaveProperty('from');
    expect(() => read(file, {}, [...SOURCES, { ...source('cdek'), names }])).toThrow(
      'provider "./acme" has the code "cdek", which another provider has.',
    );
    expect(listNamedProviders(write(file))).toEqual([...names, 'courier']);
    expect(listNamedProviders(write(file, { MODULES: 'courier,slow' }))).toEqual(['./acme/index.js', 'courier']);
    expect(listNamedProviders(write(undefined))).toEqual([]);
  });

  it('may have several providers of different integrations, and the first represents the module', () => {
    const sources = [...SOURCES, source('ledger', 'store'), { ...source('pbx', 'telephony'), names: ['./pbx'] }];
    const file = JSON.stringify([
      { code: 'all', providers: ['ledger', 'courier', './pbx'] },
      { code: 'one', providers: ['cdek'] },
    ]);
    const modules = read(file, {}, sources);
    const all = modules.get('all');
    expect(all).toMatchObject({ integration: 'store', name: 'The ledger', manifest: { code: 'ledger' } });
    expect(all?.providers.map(({ code, integration, manifest, from }) => [code, integration, manifest.code, from])).toEqual([
      ['all', 'store', 'ledger', undefined],
      ['all', 'delivery', 'courier', undefined],
      ['all', 'telephony', 'pbx', './pbx'],
    ]);
    for (const part of all?.providers ?? []) expect(part.providers).toBe(all?.providers);
    expect(all?.providers[0]).toBe(all);
    expect(modules.listByProvider('delivery').map(({ code, manifest }) => [code, manifest.code])).toEqual([
      ['all', 'courier'],
      ['one', 'cdek'],
    ]);
    expect(modules.listCodes('courier')).toEqual(['all']);
    expect(listNamedProviders(write(file))).toEqual(['ledger', 'courier', './pbx', 'cdek']);
  });

  it.each([
    ['malformed', '{"modules":', 'is not valid JSON'],
    ['no list', '{"modules":5}', 'must be a list'],
    ['a code in capitals', '[{"code":"Fast","provider":"courier"}]', 'modules[0].code must be lower-case letters, digits and dashes'],
    ['no provider', '[{"code":"fast"}]', 'modules[0].provider is required'],
    ['a code of our own addresses', '[{"code":"operator","provider":"courier"}]', '"operator" cannot be the code of a module'],
    ['an unknown provider', '[{"code":"fast","provider":"rocket"}]', 'has provider "rocket", which is not one of courier, cdek'],
    [
      'a provider and providers',
      '[{"code":"fast","provider":"courier","providers":["cdek"]}]',
      'modules[0].providers cannot be combined with',
    ],
    ['no providers', '[{"code":"fast","providers":[]}]', 'modules[0].providers'],
    ['an unknown one of several', '[{"code":"fast","providers":["courier","rocket"]}]', 'has provider "rocket", which is not one of'],
    [
      'two providers of an integration',
      '[{"code":"fast","providers":["courier","cdek"]}]',
      'module "fast" names two providers of delivery, "courier" and "cdek": a module has one of each integration.',
    ],
    ['a provider twice', '[{"code":"fast","providers":["courier","courier"]}]', 'names two providers of delivery'],
    ['a code twice', '[{"code":"fast","provider":"courier"},{"code":"fast","provider":"cdek"}]', 'module "fast" is listed twice'],
    ['a logo that is not there', '[{"code":"fast","provider":"courier","logo":"nosuch.svg"}]', 'the logo of module "fast" cannot be read'],
    [
      'a logo of a language that is not there',
      '[{"code":"fast","provider":"courier","logos":{"ru":"no.svg"}}]',
      'the logo of module "fast"',
    ],
    ['no names by language', '[{"code":"fast","provider":"courier","names":"Fast"}]', 'modules[0].names'],
    ['a name of nothing', '[{"code":"fast","provider":"courier","names":{"ru":""}}]', 'modules[0].names.ru'],
    ['several instances in words', '[{"code":"fast","provider":"courier","multiAccount":"often"}]', 'multiAccount'],
    ['countries in words', '[{"code":"fast","provider":"courier","countries":["Spain"]}]', 'countries'],
  ])('are not when modules.json is wrong: %s', (_what, file, why) => {
    expect(() => read(file)).toThrow(EnvironmentError);
    expect(() => read(file)).toThrow(why);
  });

  it('have settings whose lookups are the provider’s or the CRM’s', () => {
    const { manifest, ...rest } = source('searching');
    const searching = (lookups?: string[]): ModuleSource[] => [
      { ...rest, manifest: { ...manifest, settings: SearchedSettings, ...(lookups && { lookups }) } },
    ];
    expect(read(undefined, {}, searching(['cities', 'points'])).get('searching')?.lookups).toEqual(['cities', 'sites']);
    expect(read(undefined).get('courier')?.lookups).toEqual([]);
    for (const lookups of [undefined, ['points']])
      expect(() => read(undefined, {}, searching(lookups))).toThrow(
        /module "searching": its settings use the lookup "cities", which is not one of (points, )?sites, stores, /,
      );
  });

  it('need a secret each in production', () => {
    expect(() => read(undefined, { NODE_ENV: 'production', MODULES: 'courier' })).toThrow('MODULE_COURIER_SECRET is missing');
    const readWith = (...secrets: string[]): HostedModules =>
      read(undefined, { NODE_ENV: 'production', MODULES: 'courier', moduleSecrets: { MODULE_COURIER_SECRET: secrets } });
    expect(readWith('own-secret-of-16', 'the-one-before-it').get('courier')?.secrets).toEqual(['own-secret-of-16', 'the-one-before-it']);
    expect(() => readWith('own-secret-of-16', 'fifteen-letters')).toThrow('MODULE_COURIER_SECRET must have 16 characters or more');
    expect(() => readWith('development-secret-of-courier')).toThrow('MODULE_COURIER_SECRET must not be the published secret');
  });

  it('have all their problems listed together', () => {
    expect(() => read(undefined, { NODE_ENV: 'production' })).toThrow(/^MODULE_COURIER_SECRET is missing.*\nMODULE_CDEK_SECRET is missing/);
    expect(() => read(undefined, { NODE_ENV: 'production', MODULES: 'one,cdek,two' })).toThrow(
      /^MODULES contains "one", "two", which is not one of courier, cdek: .*\nMODULE_CDEK_SECRET is missing/,
    );
  });
});

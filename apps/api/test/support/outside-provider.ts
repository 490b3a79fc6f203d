import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProviderKind } from '#provider-kit';

const packages = fileURLToPath(new URL('../../../../node_modules/', import.meta.url));

/** As an author writes it without a compiler: settings within settings, and settings of the operator. */
const COMMON = `
import { IsArray, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { defineProvider, Field, ProviderError, Secret } from '@crossdock/provider-kit';

const say = (text) => ({ en: text, es: text, ru: text });
const field = Field({ title: say('Field') });
const decorate = (target, property, ...decorators) => decorators.forEach((decorator) => decorator(target.prototype, property));

class Depot {}
decorate(Depot, 'code', IsString(), field);
decorate(Depot, 'password', IsOptional(), IsString(), Secret(), field);
class Settings { depots = []; }
decorate(Settings, 'depots', IsArray(), ValidateNested({ each: true }), Type(() => Depot), field);
/** Named as the deployment's own class is. */
class Environment { ACME_TRIES = 3; }
decorate(Environment, 'ACME_TRIES', IsOptional(), IsInt());

const common = (code) => ({
  code, title: say(code), logo: '<svg xmlns="http://www.w3.org/2000/svg"/>', countries: ['RU', 'ES'],
  settings: Settings, createDefaultSettings: () => new Settings(), recovery: { kind: 'none' },
});
`;

/** The members that a provider of each kind must have in addition to the common ones, and no more. */
const PROBES: Readonly<Record<ProviderKind, { manifest: string; members: string }>> = {
  delivery: {
    manifest: `statuses: [{ code: 'gone', name: say('Gone') }], cancelledStatus: 'gone', forms: [], dataFields: [], shipmentDataFields: [],
      payerTypes: ['receiver', 'sender'], printLimit: 1, cod: true, packages: true, selfShipment: false, trackNumber: false, requiredFields: []`,
    members: `
      async calculate(request, { settings }) {
        return settings.depots.map(({ code, password }) => ({ code, name: password, type: 'courier', description: 'On request', extraDataAvailable: [] }));
      },
      async save() { throw new ProviderError('rejected', 'The street is not served after ' + environment.ACME_TRIES + ' tries'); },`,
  },
  payment: {
    manifest: `currencies: ['RUB'], invoiceTypes: ['link'], captureModes: ['automatic'], listShops: () => []`,
    members: `async create() {}, async get() {}, async openCheckout() {},`,
  },
  telephony: {
    manifest: `events: { incoming: true, outgoing: true, hangup: true }, isConfigured: () => false, listExtensions: () => [],
      listExternalPhones: () => [], readCountry: () => 'RU', readRecordDays: () => undefined`,
    members: '',
  },
  store: {
    manifest: `listCallPoints: () => ({ inventoriesUpload: [], inventoriesActualize: [] })`,
    members: `async readStocks(offers) { return offers.map(() => undefined); },`,
  },
  recommendation: {
    manifest: `modes: [{ code: 'any', name: say('Any') }], scopes: [], addDefaultModes: () => false`,
    members: `async recommend() { return []; },`,
  },
  chat: {
    manifest: `describeTransport: () => ({ active: false }), describeBot: () => undefined`,
    members: `async findLastOnline() {}, async readVisits() { return { count: 0 }; },`,
  },
};

/** The source of a provider. `manifest`: more of it, or other, as JavaScript. */
export function writeProbe(kind: ProviderKind, code: string, manifest = ''): string {
  const probe = PROBES[kind];
  return `${COMMON}
export default defineProvider({ kind: '${kind}', environment: Environment, create: (environment) => ({
  manifest: { ...common('${code}'), ${probe.manifest}, ${manifest} },${probe.members}
}) });
`;
}

/** Writes a file, and the folders that lead to it. */
export function place(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/**
 * Installs a provider as a package into `folder`/node_modules, with its own copies of the packages that
 * keep decorators, and a kit that must not be loaded.
 */
export function installPackage(folder: string, name: string, source: string): void {
  const home = join(folder, 'node_modules', name);
  place(
    join(home, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', type: 'module', exports: { '.': { import: './lib/main.js' } } }),
  );
  place(join(home, 'lib/main.js'), source);
  const own = join(home, 'node_modules');
  for (const shared of ['class-transformer', 'reflect-metadata']) cpSync(join(packages, shared), join(own, shared), { recursive: true });
  const kit = join(own, '@crossdock/provider-kit');
  place(join(kit, 'package.json'), JSON.stringify({ name: '@crossdock/provider-kit', type: 'module', exports: './index.js' }));
  place(join(kit, 'index.js'), `throw new Error('a second copy of the kit');`);
}

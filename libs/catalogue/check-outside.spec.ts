import { describe, expect, it } from '@jest/globals';
import { IsArray, IsString, MinLength, ValidateNested } from 'class-validator';
import { Field, listUntypedProperties, type LocalText, NamesAddress, readVersion } from '#platform';
import type { ProviderKind } from '#provider-kit';
import { FakeCarrierProvider } from '#testing';
import { builtIn, ConfiguredAdapter } from './catalogue.js';
import { findMisfit } from './check-outside.js';

const say = (text: string): LocalText => ({ en: text, es: text, ru: text });

class Settings {
  @Field({ title: say('Key') }) @IsString() key: string = '';
}

/** A class as a bundled copy of class-validator leaves it. */
class Undecorated extends Settings {
  region: string = 'eu';
}

class Unnamed {
  @IsString() key: string = '';
}

class Untyped {
  @Field({ title: say('Depots') }) @IsArray() @ValidateNested({ each: true }) depots: object[] = [];
}

class Strict {
  @Field({ title: say('Key') }) @IsString() @MinLength(3) key: string = '';
}

class Placed extends Settings {
  @Field({ title: say('Address') }) @NamesAddress() @IsString() url: string = '';
}

/** A manifest's members for settings of the class `settings`. */
const withSettings = (settings: new () => object): object => ({ settings, createDefaultSettings: () => new settings() });

const COMMON = {
  ...{ code: 'acme', title: say('Acme'), logo: '<svg xmlns="http://www.w3.org/2000/svg"/>', countries: ['RU'] },
  ...withSettings(Settings),
};
const work = (): void => undefined;
const STEP = { title: say('Key'), text: say('Paste it'), sign: 'checked', section: 'general' };
const ACTION = { id: 'ring', label: say('Ring'), states: ['gone'], hasEffect: true };
const ROW = { label: say('Hub'), field: 'hub' };

/** A valid provider of each kind. */
const FIT: Readonly<Record<ProviderKind, { manifest: object }>> = {
  delivery: {
    manifest: {
      ...{ ...COMMON, recovery: { kind: 'none' }, statuses: [{ code: 'gone' }], cancelledStatus: 'gone', forms: [], dataFields: [] },
      ...{ shipmentDataFields: [], payerTypes: [], printLimit: 1, cod: false, packages: false, selfShipment: false, trackNumber: false },
      ...{ requiredFields: [] },
    },
    ...{ calculate: work, save: work },
  },
  payment: {
    manifest: {
      ...{ ...COMMON, recovery: { kind: 'idempotency-key' }, currencies: ['RUB'], invoiceTypes: ['link'], captureModes: [] },
      ...{ listShops: work },
    },
    ...{ create: work, get: work, openCheckout: work },
  },
  telephony: {
    manifest: {
      ...{ ...COMMON, recovery: { kind: 'none' }, events: {}, isConfigured: work, listExtensions: work, listExternalPhones: work },
      ...{ readCountry: work, readRecordDays: work },
    },
  },
  store: { manifest: { ...COMMON, recovery: { kind: 'none' }, listCallPoints: work }, ...{ readStocks: work } },
  recommendation: { manifest: { ...COMMON, modes: [], scopes: [], addDefaultModes: work }, ...{ recommend: work } },
  chat: { manifest: { ...COMMON, describeMessenger: () => ({}) }, ...{ listAccounts: work, webhook: { verify: work, parse: work } } },
};

/** A valid carrier, except for these members, or these members of its manifest. */
const carrier = (members: object, manifest: object = {}): object => ({
  ...FIT.delivery,
  manifest: { ...FIT.delivery.manifest, ...manifest },
  ...members,
});

describe('the built-in providers', () => {
  it('have no class with a property without a type', () => {
    expect(builtIn.flatMap(({ adapters }) => adapters).length).toBeGreaterThan(0);
    expect(listUntypedProperties()).toEqual([]);
  });
});

describe('an outside provider', () => {
  it.each(Object.keys(FIT) as ProviderKind[])('of kind %s fits if it has everything that its port requires', (kind) => {
    expect(findMisfit(FIT[kind], kind)).toBeUndefined();
  });

  it('may declare the first steps of an account', () => {
    expect(
      findMisfit(carrier({}, { firstSteps: [STEP, { ...STEP, sign: undefined, isDone: work, section: 'rules' }] }), 'delivery'),
    ).toBeUndefined();
  });

  it('may add actions to its widgets', () => {
    expect(findMisfit(carrier({ press: work }, { widget: { actions: [ACTION] } }), 'delivery')).toBeUndefined();
  });

  it('may add rows to its widgets', () => {
    const row = { label: say('Hub'), field: 'hub', values: { a: say('A') }, link: 'https://acme.example/{value}' };
    expect(findMisfit(carrier({}, { widget: { rows: [row, { label: say('Note'), field: 'note' }] } }), 'delivery')).toBeUndefined();
  });

  it.each([1, 2])('may have port version %d', (portVersion) => {
    expect(findMisfit(carrier({}, { portVersion }), 'delivery')).toBeUndefined();
  });

  it('of kind chat may know visitors and be no messenger', () => {
    expect(findMisfit({ manifest: COMMON, readVisits: work }, 'chat')).toBeUndefined();
  });

  it('may be a built-in adapter', () => {
    const adapters = builtIn.flatMap(({ integration, adapters: all }) =>
      all.map((one) => ({
        kind: integration.code as ProviderKind,
        ...(one instanceof ConfiguredAdapter
          ? { code: one.code, made: one.create(new one.environment()) }
          : { code: undefined, made: one }),
      })),
    );
    expect(adapters.map(({ code }) => code)).toEqual(adapters.map(({ made }) => made.manifest.code));
    for (const { kind, made } of [...adapters, { kind: 'delivery' as const, made: new FakeCarrierProvider() }])
      expect(findMisfit(made, kind)).toBeUndefined();
  });

  it.each<[string, unknown, ProviderKind?]>([
    ['creates no provider: create must return an object', undefined],
    ['has no manifest', { calculate: work }],
    ['has a manifest.portVersion that is not a whole number', carrier({}, { portVersion: '2' })],
    [`has the port version 0, and Crossdock ${readVersion()} supports 1 and 2. Update the package`, carrier({}, { portVersion: 0 })],
    [`has the port version 3, and Crossdock ${readVersion()} supports 1 and 2. Update Crossdock`, carrier({}, { portVersion: 3 })],
    ['has no manifest.code of lower-case letters, digits and dashes', carrier({}, { code: 'Acme' })],
    ['has no manifest.title in en, es, ru', carrier({}, { title: { en: 'Acme', ru: 'Акме' } })],
    ['has no SVG source as manifest.logo', carrier({}, { logo: 'https://acme.example/logo.png' })],
    ['must have only SVG sources in manifest.logos', carrier({}, { logos: { ru: 'logo.svg' } })],
    ['has no list as manifest.countries', carrier({}, { countries: 'RU' })],
    ['contains the country "Spain", which is not an ISO 3166-1 alpha-2 code in upper case', carrier({}, { countries: ['ES', 'Spain'] })],
    ['has no class as manifest.settings', carrier({}, { settings: {} })],
    ['has no function manifest.createDefaultSettings', carrier({}, { createDefaultSettings: undefined })],
    [
      'has settings without a possible form: Unnamed.key needs @Field({ title }) to be shown on the account page',
      carrier({}, withSettings(Unnamed)),
    ],
    [
      'has settings without a possible form: Untyped.depots: @nestedValidation needs @Type(() => TheClass) on the same property',
      carrier({}, withSettings(Untyped)),
    ],
    [
      'has the setting "region", whose decorators this deployment cannot see. Import class-validator instead of bundling it',
      carrier({}, withSettings(Undecorated)),
    ],
    [
      'has default settings of production, createDefaultSettings(true), that their own class rejects: key must have at least 3 characters',
      carrier({}, { settings: Strict, createDefaultSettings: (production: boolean) => ({ key: production ? '' : 'abc' }) }),
    ],
    ['lacks calculate (a function), which a provider of kind delivery must have', carrier({ calculate: 'yes' })],
    ['lacks save (a function), which a provider of kind delivery must have', carrier({ save: undefined })],
    ['lacks manifest.payerTypes (a list), which a provider of kind delivery must have', carrier({}, { payerTypes: {} })],
    ['lacks readStocks (a function), which a provider of kind store must have', { ...FIT.store, readStocks: undefined }, 'store'],
    ['has no manifest.recovery of kind find, idempotency-key, none', carrier({}, { recovery: undefined })],
    ['has no manifest.recovery of kind find, idempotency-key, none', carrier({}, { recovery: { kind: 'luck' } })],
    ['has the recovery "local", which is for services with this deployment’s own database', carrier({}, { recovery: { kind: 'local' } })],
    ['has the recovery "find" without settleSeconds', carrier({}, { recovery: { kind: 'find' } })],
    ['has the recovery "find" and save, but no method find', carrier({}, { recovery: { kind: 'find', settleSeconds: 5 } })],
    [
      'has the recovery "find" and saveShipment, but no method findShipment',
      carrier({ find: work, saveShipment: work }, { recovery: { kind: 'find', settleSeconds: 5 } }),
    ],
    ['has no list as manifest.strategies', carrier({}, { strategies: 'print-job' })],
    [
      'has the strategy "print-later", which is not one of create-then-buy, create-and-wait, adopt-when-same, print-job',
      carrier({}, { strategies: ['print-later'] }),
    ],
    ['has the strategy "create-then-buy" without the recovery "find"', carrier({ find: work }, { strategies: ['create-then-buy'] })],
    ['has the strategy "adopt-when-same" without the recovery "find"', carrier({ find: work }, { strategies: ['adopt-when-same'] })],
    ['has the strategy "print-job", but no method print', carrier({}, { strategies: ['print-job'] })],
    [
      'has the strategy "create-and-wait" without a status that isPreprocessing',
      carrier({ track: work }, { strategies: ['create-and-wait'] }),
    ],
    [
      'has the strategy "create-and-wait", but no method track, which reads the outcome',
      carrier({}, { strategies: ['create-and-wait'], statuses: [{ code: 'cancelled', isPreprocessing: true }] }),
    ],
    ['has the lookup "sites", which belongs to the CRM', carrier({ lookUp: work }, { lookups: ['cities', 'sites'] })],
    ['has lookups, but no method lookUp', carrier({}, { lookups: ['cities'] })],
    ['has no list as manifest.firstSteps', carrier({}, { firstSteps: {} })],
    [
      'has no title and text in en, es, ru in manifest.firstSteps[0]',
      carrier({}, { firstSteps: [{ title: say('Key'), text: 'Paste it' }] }),
    ],
    [
      'has neither a function isDone nor a sign of checked, set-up, used in manifest.firstSteps[1]',
      carrier({}, { firstSteps: [STEP, { ...STEP, sign: 'done' }] }),
    ],
    [
      'contains "keys" in manifest.firstSteps[0], which is not a section of its settings',
      carrier({}, { firstSteps: [{ ...STEP, section: 'keys' }] }),
    ],
    ['has no object as manifest.widget', carrier({}, { widget: 7 })],
    ['has no list as manifest.widget.rows', carrier({}, { widget: { rows: 7 } })],
    ['has no list as manifest.widget.actions', carrier({}, { widget: { actions: {} } })],
    ['has manifest.widget.actions, but no method press', carrier({}, { widget: { actions: [ACTION] } })],
    ...(
      [
        ['has no label in en, es, ru in manifest.widget.actions[0]', { label: 'Ring' }],
        ['has no id of at most 40 letters, digits, dots and hyphens in manifest.widget.actions[0]', { id: 'a b' }],
        ['must say with hasEffect, true or false, whether manifest.widget.actions[0] changes something', { hasEffect: undefined }],
        ['has no list as states in manifest.widget.actions[0]', { states: 'gone' }],
        ['contains the state "lost" in manifest.widget.actions[0], which is not one of its statuses', { states: ['lost'] }],
      ] as const
    ).map(([misfit, wrong]): [string, object] => [misfit, carrier({ press: work }, { widget: { actions: [{ ...ACTION, ...wrong }] } })]),
    ['repeats the id "ring" in manifest.widget.actions[1]', carrier({ press: work }, { widget: { actions: [ACTION, ACTION] } })],
    [
      'has manifest.widget.actions, but only delivery, payment have records that an action is about',
      { ...FIT.store, press: work, manifest: { ...FIT.store.manifest, widget: { actions: [ACTION] } } },
      'store',
    ],
    [
      'contains the state "gone" in manifest.widget.actions[0], which is not one of its statuses',
      { ...FIT.payment, press: work, manifest: { ...FIT.payment.manifest, widget: { actions: [{ ...ACTION, states: ['gone'] }] } } },
      'payment',
    ],
    ['has no label in en, es, ru in manifest.widget.rows[0]', carrier({}, { widget: { rows: [{ label: 'Hub', field: 'hub' }] } })],
    ['has no key of stored data as field in manifest.widget.rows[1]', carrier({}, { widget: { rows: [ROW, { ...ROW, field: '' }] } })],
    [
      'must have only texts in en, es, ru as values in manifest.widget.rows[0]',
      carrier({}, { widget: { rows: [{ ...ROW, values: { a: 'A' } }] } }),
    ],
    ...['http://acme.example/{value}', 'https://{value}/', 'https://acme.example/', 7].map((link): [string, object] => [
      'has a link that is not an https address with {value} in its path in manifest.widget.rows[0]',
      carrier({}, { widget: { rows: [{ ...ROW, link }] } }),
    ]),
    [
      'has a manifest.widget, but only delivery, payment, store have stored data for its rows',
      { ...FIT.telephony, manifest: { ...FIT.telephony.manifest, widget: { rows: [ROW] } } },
      'telephony',
    ],
    ['has a webhook without parse', carrier({ webhook: { verify: work } })],
    ['has no list as manifest.senderFields', carrier({}, { senderFields: 'name' })],
    [
      'contains "secret" in manifest.contractFields, which its settings lack (and "code" is taken)',
      carrier({}, { contractFields: ['secret'] }),
    ],
    [
      'contains the address "url" in manifest.contractFields: the secrets of the settings would be sent to it',
      carrier({}, { ...withSettings(Placed), contractFields: ['url'] }),
    ],
    ['has a manifest.cancelledStatus that is not one of its statuses', carrier({}, { cancelledStatus: 'withdrawn' })],
    ['has an unsigned webhook, but no method track', carrier({ webhook: { verify: work, parse: work, unsigned: true } })],
    ['has neither openCheckout nor form, so no one could pay', { ...FIT.payment, openCheckout: undefined }, 'payment'],
    ['has a webhook, but no method track', { ...FIT.telephony, webhook: { verify: work, parse: work } }, 'telephony'],
    ['has listAccounts, but no manifest.describeMessenger', { manifest: COMMON, listAccounts: work }, 'chat'],
    [
      'lets managers begin with a template (newCustomer), but has no method listTemplates',
      { manifest: { ...COMMON, describeMessenger: () => ({ newCustomer: 'template' }) }, listAccounts: work },
      'chat',
    ],
    [
      'has createTemplate, but not all of listTemplates, updateTemplate and deleteTemplate',
      { manifest: { ...COMMON, describeMessenger: () => ({}) }, ...{ listAccounts: work, listTemplates: work, createTemplate: work } },
      'chat',
    ],
    ['has sendMessage, but no method listAccounts, which makes it a messenger', { manifest: COMMON, sendMessage: work }, 'chat'],
  ])('%s', (misfit, made, kind = 'delivery') => {
    expect(findMisfit(made, kind)).toBe(misfit);
  });
});

import { expect, it } from '@jest/globals';
import { buildSettingsForm, CRM_LANGUAGES, getParser, listUntypedProperties } from '#platform/plain';
import { PORT_VERSION } from '#provider-kit';
import { listUntranslated } from './languages.js';
import { PROVIDER_METHODS, type ProviderMethod, type ProviderSubject } from './subject.js';

/** Lookups that the CRM provides. */
const CRM_LOOKUPS = ['sites', 'stores', 'users', 'paymentTypes', 'statuses', 'deliveryTypes'];

/** Tests that a manifest is complete, in every language. */
export function testManifest<S extends object>(
  has: (method: ProviderMethod) => boolean,
  getSubject: () => ProviderSubject<S>,
  sameInAllLanguages: readonly string[],
): void {
  it('has the general methods that options.methods lists', () => {
    const { provider } = getSubject();
    expect(PROVIDER_METHODS.filter((method) => provider[method] !== undefined)).toEqual(PROVIDER_METHODS.filter(has));
    // A set-up must have a way to remove it.
    expect({ disconnect: has('disconnect') }).toEqual({ disconnect: has('connect') });
  });

  it('has a code, a logo, countries and a title in three languages', () => {
    const { manifest } = getSubject().provider;
    expect(manifest.code).toMatch(/^[a-z][a-z0-9-]{0,49}$/);
    for (const language of CRM_LANGUAGES) expect(manifest.title[language]).toMatch(/\S/);
    for (const logo of [manifest.logo, ...Object.values(manifest.logos ?? {})])
      expect(logo).toMatch(/^\s*(<\?xml[^>]*\?>\s*)?<svg\b[^]*<\/svg>\s*$/);
    const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    expect(manifest.countries.filter((code) => !/^[A-Z]{2}$/.test(code) || regions.of(code) === undefined)).toEqual([]);
    expect(new Set(manifest.countries).size).toBe(manifest.countries.length);
  });

  it('names the port version that it was compiled with', () => {
    expect(getSubject().provider.manifest.portVersion).toBe(PORT_VERSION);
  });

  it('every property of a class of settings has a type', () => {
    expect(listUntypedProperties()).toEqual([]);
  });

  it('every text except a name differs between the three languages', () => {
    const { manifest } = getSubject().provider;
    const form = buildSettingsForm(manifest.settings);
    const missing = manifest.describeMissing?.(manifest.createDefaultSettings());
    expect(listUntranslated({ manifest, form, missing }, [manifest.title.en, ...sameInAllLanguages])).toEqual([]);
  });
}

/** Tests the class of settings, and the parts of a manifest that follow from them. */
export function testSettings<S extends object>(has: (method: ProviderMethod) => boolean, getSubject: () => ProviderSubject<S>): void {
  it('the settings make a form, are valid for their own parser, and have new defaults for each account', () => {
    const { provider, context } = getSubject();
    const { settings, createDefaultSettings } = provider.manifest;
    expect(buildSettingsForm(settings).fields.length).toBeGreaterThan(0);
    expect(getParser(settings).parse(structuredClone(context.settings))).toEqual(context.settings);
    const [first, second] = [createDefaultSettings(), createDefaultSettings()];
    expect(first).toEqual(second);
    if (!Object.isFrozen(first)) expect({ 'new object at each call': first !== second }).toEqual({ 'new object at each call': true });
    // A deployment refuses a module whose defaults its own class refuses, in production too.
    for (const isProduction of [false, true]) {
      const defaults = createDefaultSettings(isProduction);
      expect(getParser(settings).parse(structuredClone(defaults))).toEqual(defaults);
    }
  });

  it('bySettings changes only properties that may depend on settings', () => {
    const { provider, context } = getSubject();
    const { manifest } = provider;
    const differing = manifest.bySettings?.(context.settings) ?? {};
    expect(manifest.bySettings?.(context.settings) ?? {}).toEqual(differing);
    for (const fixed of ['code', 'portVersion', 'recovery', 'strategies', 'statuses', 'cancelledStatus', 'settings', 'lookups'])
      expect(differing).not.toHaveProperty(fixed);
  });

  it('the manifest has lookups if and only if there is a lookUp method', () => {
    const { manifest } = getSubject().provider;
    expect({ lookups: (manifest.lookups ?? []).length > 0 }).toEqual({ lookups: has('lookUp') });
    expect((manifest.lookups ?? []).filter((name) => CRM_LOOKUPS.includes(name))).toEqual([]);
  });
}

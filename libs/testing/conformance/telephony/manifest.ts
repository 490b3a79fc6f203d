import { expect, it } from '@jest/globals';
import { isProviderMethod } from '../provider/index.js';
import type { OptionalTelephonyMethod } from './subject.js';
import type { TelephonySuite } from './suite.js';

/** The optional methods of the port itself. */
const METHODS: readonly OptionalTelephonyMethod[] = [
  ...(['call', 'findCall', 'setUserStatus', 'listen', 'webhook', 'track', 'catchUp', 'findRecord'] as const),
];

/** Tests the manifest against the methods and the settings. */
export function testManifest<S extends object>(suite: TelephonySuite<S>): void {
  it('has the methods of the telephony port that options.methods lists', () => {
    expect(METHODS.filter((method) => suite.provider[method] !== undefined)).toEqual(METHODS.filter((method) => suite.has(method)));
    expect(suite.options.methods.filter((method) => !isProviderMethod(method) && !METHODS.includes(method))).toEqual([]);
    expect(suite.has('track')).toBe(suite.has('webhook'));
    if (suite.provider.manifest.recovery.kind === 'find' && suite.has('call')) expect(suite.options.methods).toContain('findCall');
  });

  it('extensions, numbers and the country follow from the settings', () => {
    const { manifest } = suite.provider;
    const defaults = manifest.createDefaultSettings();
    expect({
      'settings of the subject': manifest.isConfigured(suite.context.settings),
      'default settings': manifest.isConfigured(defaults),
    }).toEqual({ 'settings of the subject': true, 'default settings': false });
    const codes = manifest.listExtensions(suite.context.settings).map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining([...suite.subject.codes]));
    expect(new Set(codes).size).toBe(codes.length);
    for (const { siteCode, phone } of manifest.listExternalPhones(suite.context.settings))
      for (const text of [siteCode, phone]) expect(text).toMatch(/\S/);
    expect(manifest.readCountry(suite.context.settings)).toMatch(/^[A-Z]{2}$/);
    expect(() => manifest.listExtensions(defaults)).not.toThrow();
  });
}

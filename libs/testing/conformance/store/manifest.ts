import { expect, it } from '@jest/globals';
import { isProviderMethod } from '../provider/index.js';
import type { OptionalStoreMethod } from './subject.js';
import type { StoreSuite } from './suite.js';

/** The optional methods of the port itself. */
const METHODS: readonly OptionalStoreMethod[] = ['reserve', 'writeOff', 'takeBack', 'webhook', 'listChanges'];

/** Tests the methods, the interval of changes and the call points. */
export function testManifest<S extends object>(suite: StoreSuite<S>): void {
  it('has the methods of the store port that options.methods lists, and an interval of 60 to 3600 seconds', () => {
    expect(METHODS.filter((method) => suite.provider[method] !== undefined)).toEqual(METHODS.filter((method) => suite.has(method)));
    expect(suite.options.methods.filter((method) => !isProviderMethod(method) && !METHODS.includes(method))).toEqual([]);
    const seconds = suite.provider.manifest.changesEverySeconds?.(suite.context.settings) ?? 300;
    expect(seconds).toBeGreaterThanOrEqual(60);
    expect(seconds).toBeLessThanOrEqual(3600);
  });

  it('every call point of the CRM is a text', () => {
    for (const points of Object.values(suite.provider.manifest.listCallPoints(suite.context.settings)))
      for (const point of points as readonly unknown[]) expect(point).toMatch(/\S/);
  });
}

import { describe, it } from '@jest/globals';
import type { Unproven } from '../lost-calls.js';
import { testCheck } from './check.js';
import { testConnect } from './connect.js';
import { testLookUp } from './look-up.js';
import { testManifest, testSettings } from './manifest.js';
import type { ProviderMethod, ProviderSubject } from './subject.js';

export * from './effects.js';
export * from './errors.js';
export * from './failures.js';
export * from './press.js';
export { OTHER_SECRET, removeSecrets, replaceMemory, replaceSecrets } from './secrets.js';
export { isProviderMethod } from './subject.js';
export { Suite } from './suite.js';
export type { ConformanceOptions, ExpectedFailure, ProviderMethod, ProviderSamples, ProviderSubject, ServiceHooks } from './subject.js';

/**
 * Tests the requirements for every provider of any integration. Each kind's suite calls it within its own
 * `describe`. `has` returns which methods exist. `getSubject` is called when a test runs.
 */
export function testProvider<S extends object>(
  has: (method: ProviderMethod) => boolean,
  getSubject: () => ProviderSubject<S>,
  { sameInAllLanguages = [], unproven }: { sameInAllLanguages?: readonly string[] | undefined; unproven?: Unproven } = {},
): void {
  describe('as any provider', () => {
    testManifest(has, getSubject, sameInAllLanguages);
    testSettings(has, getSubject);
    if (has('check')) describe('check', () => testCheck(getSubject));
    if (has('connect')) describe('connect', () => testConnect(getSubject, unproven));
    if (has('lookUp')) describe('lookUp', () => testLookUp(getSubject));

    if (has('refresh'))
      it('refresh succeeds twice in a row', async () => {
        const { provider, context } = getSubject();
        await provider.refresh?.(context);
        await provider.refresh?.(context);
      });
  });
}

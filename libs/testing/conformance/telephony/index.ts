import { afterAll, beforeAll, describe } from '@jest/globals';
import { testEffects, testFailures, testProvider } from '../provider/index.js';
import { testCatchUp, testUnheard, testPages } from './catch-up.js';
import { testManagers } from './managers.js';
import { testManifest } from './manifest.js';
import { testCall, listPlacing } from './placed.js';
import { testPlayedCalls } from './played.js';
import { testRecords } from './records.js';
import type { TelephonyConformanceOptions } from './subject.js';
import { TelephonySuite } from './suite.js';
import { testCallWebhook } from './webhook.js';

export type * from './subject.js';

/**
 * Tests the requirements for every telephony provider. Run it in the provider's spec. Absent methods make no
 * tests. It really places calls, so run it against a double.
 */
export function runTelephonyConformance<S extends object>(name: string, options: TelephonyConformanceOptions<S>): void {
  describe(`${name} as a telephony provider`, () => {
    const suite = new TelephonySuite(name, options);
    beforeAll(() => suite.start());
    afterAll(() => suite.close());

    testManifest(suite);
    if (suite.has('listen') || suite.has('webhook')) testPlayedCalls(suite);
    if (suite.has('webhook')) describe('webhook', () => testCallWebhook(suite));
    if (suite.has('call')) describe('call', () => testCall(suite));
    testManagers(suite);
    testCatchUp(suite);
    testUnheard(suite);
    testPages(suite);
    if (suite.has('findRecord')) describe('findRecord', () => testRecords(suite));
    if (suite.has('call')) testEffects([listPlacing(suite)], () => suite.subject, { isLocal: () => false, unproven: suite.unproven });
    // Runs last, because the PBX goes down in it and its listener has to come back.
    testProvider(
      (method) => suite.has(method),
      () => suite.subject,
      { ...options, unproven: suite.unproven },
    );
    if (suite.has('call')) testFailures(() => ({ ...suite.subject, isLocal: false }));
  });
}

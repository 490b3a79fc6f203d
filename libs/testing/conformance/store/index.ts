import { afterAll, beforeAll, describe } from '@jest/globals';
import { testFailures, testProvider } from '../provider/index.js';
import { testChanges, testAllChanges } from './changes.js';
import { testManifest } from './manifest.js';
import { testMoves } from './moves.js';
import { testReserve, testRefusals, testLostReservations } from './reserve.js';
import { testSignal } from './signal.js';
import { testStocks, testOffers, testPrices, testManyStocks } from './stocks.js';
import type { StoreConformanceOptions } from './subject.js';
import { StoreSuite } from './suite.js';
import { testStoreWebhook } from './webhook.js';

export type * from './subject.js';

/**
 * Tests the requirements for every store provider. Run it in the provider's spec. Absent methods make no
 * tests. It really makes reservations, so run it against a double.
 */
export function runStoreConformance<S extends object>(name: string, options: StoreConformanceOptions<S>): void {
  describe(`${name} as a store provider`, () => {
    const suite = new StoreSuite(name, options);
    beforeAll(() => suite.start());
    afterAll(() => suite.close());

    testProvider(
      (method) => suite.has(method),
      () => suite.subject,
      { ...options, unproven: suite.unproven },
    );
    testManifest(suite);
    describe('readStocks', () => {
      testStocks(suite);
      testOffers(suite);
      testPrices(suite);
      testManyStocks(suite);
    });
    if (suite.has('reserve'))
      describe('reserve', () => {
        testReserve(suite);
        testRefusals(suite);
        testLostReservations(suite);
      });
    if (suite.has('writeOff')) describe('writeOff and takeBack', () => testMoves(suite));
    if (suite.has('listChanges'))
      describe('listChanges', () => {
        testChanges(suite);
        testAllChanges(suite);
      });
    if (suite.has('webhook')) describe('webhook', () => testStoreWebhook(suite));
    testFailures(() => ({ ...suite.subject, isLocal: suite.isLocal() }));
    testSignal(suite);
  });
}

import { afterAll, beforeAll, describe } from '@jest/globals';
import { testEffects, testFailures, testPresses, testProvider } from '../provider/index.js';
import { testCancel } from './cancel.js';
import { testDecide } from './decide.js';
import { listEffects } from './effects.js';
import { testOutcomes } from './outcomes.js';
import { testPickupPoints, testTariffs, testAutocomplete } from './lists.js';
import { testMethods, testManifestWords, testManifestFields } from './manifest.js';
import { testPrint } from './print.js';
import { testQuoteFigures, testQuoteTerms, testQuoteAnswers } from './quote.js';
import { testSaveFigures, testSavePrices } from './save-figures.js';
import { testAddresses, testDocument, testSave, testEdit, testSaveLimits, testCustoms, testOddOrders } from './save.js';
import { testShipments, testShipmentEnds } from './shipment.js';
import { testSignal } from './signal.js';
import { testFind, testGet, testTakenBack, testTimes } from './state.js';
import { testStatuses, testUnknownStatus } from './statuses.js';
import { testStrategies } from './strategies.js';
import type { DeliveryConformanceOptions } from './subject.js';
import { DeliverySuite } from './suite.js';
import { testTrack } from './track.js';
import { testUntidy } from './untidy.js';
import { testDeliveryWebhook } from './webhook.js';

export type * from './subject.js';

/**
 * Tests the requirements for every delivery provider. Run it in the provider's spec. Absent methods make no
 * tests. It registers orders, so run it against a double.
 */
export function runDeliveryConformance<S extends object>(name: string, options: DeliveryConformanceOptions<S>): void {
  describe(`${name} as a delivery provider`, () => {
    const suite = new DeliverySuite(name, options);
    beforeAll(() => suite.start());
    afterAll(() => suite.close());

    testProvider(
      (method) => suite.has(method),
      () => suite.subject,
      { ...options, unproven: suite.unproven },
    );
    testMethods(suite);
    describe('the manifest', () => {
      testManifestWords(suite);
      testManifestFields(suite);
    });
    describe('calculate', () => {
      testQuoteFigures(suite);
      testQuoteTerms(suite);
      testQuoteAnswers(suite);
    });
    describe('save', () => {
      testSave(suite);
      testDocument(suite);
      testEdit(suite);
      testSaveFigures(suite);
      testSavePrices(suite);
      testSaveLimits(suite);
      testCustoms(suite);
      testOddOrders(suite);
    });
    if (suite.has('checkAddress')) describe('checkAddress', () => testAddresses(suite));
    testReads(suite);
    testPapers(suite);
    if (suite.has('track')) testTrack(suite);
    if (suite.has('webhook')) describe('webhook', () => testDeliveryWebhook(suite));
    testStrategies(suite);
    testEffects(listEffects(suite), () => suite.subject, { isLocal: () => suite.isLocal(), unproven: suite.unproven });
    testStatuses(suite);
    describe('when things go wrong', () => {
      testUnknownStatus(suite);
      testFailures(() => ({ ...suite.subject, isLocal: suite.isLocal() }), suite.unproven);
      testSignal(suite);
    });
  });
}

/** Tests what happens to a saved delivery. */
function testReads<S extends object>(suite: DeliverySuite<S>): void {
  if (suite.has('find')) describe('find', () => testFind(suite));
  if (suite.has('get')) testGet(suite);
  if (suite.has('cancel')) testCancel(suite);
  if (suite.has('press'))
    describe('press', () => testPresses(suite, () => suite.register(), suite.has('cancel') ? () => suite.withdraw() : undefined));
  if (suite.has('decide')) describe('decide', () => testDecide(suite));
  if (suite.has('get')) testTakenBack(suite);
  testTimes(suite);
  describe('the end of a delivery', () => testOutcomes(suite));
  testUntidy(suite);
}

/** Tests documents, lists and shipments. */
function testPapers<S extends object>(suite: DeliverySuite<S>): void {
  if (suite.has('print')) describe('print', () => testPrint(suite));
  if (suite.has('listPickupPoints')) testPickupPoints(suite);
  if (suite.has('listTariffs')) testTariffs(suite);
  if (suite.has('autocomplete')) testAutocomplete(suite);
  if (!suite.has('saveShipment')) return;
  describe('shipments', () => {
    testShipments(suite);
    testShipmentEnds(suite);
  });
}

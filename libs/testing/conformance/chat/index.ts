import { afterAll, beforeAll, describe } from '@jest/globals';
import { testEffects, testFailures, testProvider } from '../provider/index.js';
import { testChanges } from './changes.js';
import { listEffects } from './effects.js';
import { testFiles } from './files.js';
import { testMethods, testManifest } from './manifest.js';
import { testTexts, testOutcomes } from './send.js';
import type { ChatConformanceOptions } from './subject.js';
import { ChatSuite } from './suite.js';
import { testVisits } from './visits.js';
import { testChatWebhook, testCustomers, testReceipts } from './webhook.js';

export type * from './subject.js';

/**
 * Tests the requirements for every chat provider. Run it in the provider's spec. Absent methods make no
 * tests. It really sends messages, so run it against a double.
 */
export function runChatConformance<S extends object>(name: string, options: ChatConformanceOptions<S>): void {
  describe(`${name} as a chat provider`, () => {
    const suite = new ChatSuite(name, options);
    beforeAll(() => suite.start());
    afterAll(() => suite.close());

    testProvider(
      (method) => suite.has(method),
      () => suite.subject,
      { ...options, unproven: suite.unproven },
    );
    testMethods(suite);
    if (suite.has('sendMessage')) testMessenger(suite);
    if (suite.has('findLastOnline') || suite.has('readVisits')) describe('visits', () => testVisits(suite));
    testFailures(() => ({ ...suite.subject, isLocal: suite.subject.failures === undefined }));
  });
}

/** Tests a provider with a messenger. */
function testMessenger<S extends object>(suite: ChatSuite<S>): void {
  testManifest(suite);
  describe('webhook', () => {
    testChatWebhook(suite);
    testCustomers(suite);
    testReceipts(suite);
  });
  describe('sendMessage', () => {
    testTexts(suite);
    testFiles(suite);
    testOutcomes(suite);
  });
  describe('after a message', () => testChanges(suite));
  testEffects(listEffects(suite), () => suite.subject, { isLocal: () => false, unproven: suite.unproven });
}

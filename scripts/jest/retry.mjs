/**
 * Runs an end-to-end test that failed once more, and prints why it failed. They wait for real processes,
 * which a loaded machine may keep from answering in time.
 */
import { expect, jest } from '@jest/globals';

if (expect.getState().testPath?.endsWith('.e2e-spec.ts')) jest.retryTimes(1, { logErrorsBeforeRetry: true });

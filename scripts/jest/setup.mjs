/** Runs before each spec file. */
import { expect, jest } from '@jest/globals';
import { configureGlobal } from 'fast-check';

// The same examples in each run by default. SPEC_SEED=random finds new ones at night.
const { SPEC_SEED = '1' } = process.env;
configureGlobal(SPEC_SEED === 'random' ? {} : { seed: Number(SPEC_SEED) });

// Distinguishes a race from a fault: the run fails for a test that passed only at the second try, and reports
// it. Tried again immediately, because later tests change what the test is about.
if (expect.getState().testPath?.endsWith('.e2e-spec.ts')) jest.retryTimes(1, { logErrorsBeforeRetry: true, retryImmediately: true });

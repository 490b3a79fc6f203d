import type { FirstStep } from '#provider-kit';
import type { TestpaySettings } from './testpay.settings.js';
import { texts } from './testpay.texts.js';

/** First steps of an account with the test gateway. */
export const firstSteps: readonly FirstStep<TestpaySettings>[] = [{ ...texts.firstSteps.payment, sign: 'used' }];

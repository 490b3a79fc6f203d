import type { FirstStep } from '#provider-kit';
import type { TestpaySettings } from './testpay.settings.js';
import { texts } from './testpay.texts.js';

/** What an account does first with the test gateway. */
export const firstSteps: readonly FirstStep<TestpaySettings>[] = [{ ...texts.firstSteps.payment, sign: 'used' }];

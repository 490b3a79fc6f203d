import type { FirstStep } from '#provider-kit';
import type { CopurchaseSettings } from './copurchase.settings.js';
import { texts } from './copurchase.texts.js';

/** First steps of an account with recommendations. */
export const firstSteps: readonly FirstStep<CopurchaseSettings>[] = [{ ...texts.firstSteps.read, sign: 'used' }];

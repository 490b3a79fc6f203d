import type { FirstStep } from '#provider-kit';
import type { LedgerSettings } from './ledger.settings.js';
import { texts } from './ledger.texts.js';

/** First steps of an account with the stock ledger. */
export const firstSteps: readonly FirstStep<LedgerSettings>[] = [
  { ...texts.firstSteps.stores, section: 'stock', isDone: ({ stores }) => stores.length > 0 },
  { ...texts.firstSteps.stock, sign: 'used' },
];

import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { isConfigured, type ZadarmaSettings } from './zadarma.settings.js';
import { texts } from './zadarma.texts.js';

/** The first steps of an account with Zadarma. */
export const firstSteps: readonly FirstStep<ZadarmaSettings>[] = [
  { ...texts.firstSteps.key, section: SECTIONS.connect.code, isDone: isConfigured },
  { ...texts.firstSteps.webhook, section: SECTIONS.connect.code, sign: 'set-up' },
  {
    ...texts.firstSteps.phones,
    section: 'phones',
    isDone: ({ extensions }) => extensions.some(({ userId }) => userId !== undefined),
  },
  { ...texts.firstSteps.call, sign: 'used' },
];

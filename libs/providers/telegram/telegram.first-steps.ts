import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import type { TelegramSettings } from './telegram.settings.js';
import { texts } from './telegram.texts.js';

/** The first steps of an account with Telegram. */
export const firstSteps: readonly FirstStep<TelegramSettings>[] = [
  { ...texts.firstSteps.token, section: SECTIONS.connect.code, isDone: ({ bots }) => bots.length > 0 },
  { ...texts.firstSteps.webhook, section: SECTIONS.connect.code, sign: 'set-up' },
  { ...texts.firstSteps.message, sign: 'used' },
];

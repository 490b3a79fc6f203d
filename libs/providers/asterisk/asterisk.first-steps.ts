import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import type { AsteriskSettings } from './asterisk.settings.js';
import { texts } from './asterisk.texts.js';

/** The first steps of an account with Asterisk. */
export const firstSteps: readonly FirstStep<AsteriskSettings>[] = [
  {
    ...texts.firstSteps.pbx,
    section: SECTIONS.connect.code,
    isDone: ({ host, username }) => host !== '' && username !== '',
  },
  { ...texts.firstSteps.check, section: SECTIONS.connect.code, sign: 'checked' },
  {
    ...texts.firstSteps.phones,
    section: 'phones',
    isDone: ({ extensions }) => extensions.some(({ userId }) => userId !== undefined),
  },
  { ...texts.firstSteps.call, sign: 'used' },
];

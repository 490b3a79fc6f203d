import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { type ApishipSettings, createDefaultSettings } from './apiship.settings.js';
import { texts } from './apiship.texts.js';

/** The initial settings of a connection, which belong to no account. */
const EXAMPLE = createDefaultSettings();

/** The first steps of an account with ApiShip. */
export const firstSteps: readonly FirstStep<ApishipSettings>[] = [
  { ...texts.firstSteps.carriers, section: SECTIONS.connect.code, isDone: ({ contour }) => contour === 'production' },
  { ...texts.firstSteps.check, section: SECTIONS.connect.code, sign: 'checked' },
  {
    ...texts.firstSteps.sender,
    section: SECTIONS.sender.code,
    isDone: ({ senderPhone, fromCity, fromStreet }) => senderPhone !== EXAMPLE.senderPhone && !!(fromCity && fromStreet),
  },
  { ...texts.firstSteps.statuses, section: 'connect', sign: 'set-up' },
  { ...texts.firstSteps.delivery, section: 'rules', sign: 'used' },
];

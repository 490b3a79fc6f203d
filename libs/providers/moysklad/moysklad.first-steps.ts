import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { RESERVES, STOCKS, type MoyskladSettings } from './moysklad.settings.js';
import { texts } from './moysklad.texts.js';

/** The first steps of an account with MoySklad. */
export const firstSteps: readonly FirstStep<MoyskladSettings>[] = [
  { ...texts.firstSteps.token, section: SECTIONS.connect.code, isDone: ({ token }) => token !== '' },
  { ...texts.firstSteps.check, section: SECTIONS.connect.code, sign: 'checked' },
  { ...texts.firstSteps.stores, section: STOCKS.code, isDone: ({ stores }) => stores.length > 0 },
  {
    ...texts.firstSteps.reserves,
    section: RESERVES.code,
    isDone: ({ organization, agent }) => Boolean(organization && agent),
  },
  { ...texts.firstSteps.order, sign: 'used' },
];

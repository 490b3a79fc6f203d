import type { LocalText } from '#platform';
import type { CallOutcome, UserStatus } from '../port/index.js';
import { texts } from '../telephony.texts.js';

/** Outcomes of a call, in words. */
export const OUTCOMES: Readonly<Record<CallOutcome | 'going', LocalText>> = texts.page.outcomes;

/** A manager's status, in words. */
export const STATUSES: Readonly<Record<UserStatus, LocalText>> = texts.page.statuses;

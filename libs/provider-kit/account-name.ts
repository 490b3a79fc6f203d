import type { LocalText } from '#platform/plain';
import { texts } from './provider-kit.texts.js';

/** Part of a test account's name in a check: buyers pay nothing there. */
export const TEST_ACCOUNT: LocalText = texts.testAccount;

/** Maximum number of characters that a page shows of an account's id or login, and never over a quarter. */
const MOST_SHOWN = 4;

/** Shortens the id or login of an account so that its owner recognizes it and no one can sign in with it. */
export function shortenAccount(id: string): string {
  return `${id.slice(0, Math.min(MOST_SHOWN, Math.floor(id.length / 4)))}…`;
}

import type { LocalText } from '#platform';
import { texts } from '../payment.texts.js';

/** What an invoice is for the buyer. */
export type PageState = 'open' | 'processing' | 'held' | 'paid' | 'refunded' | 'canceled' | 'expired' | 'closed';

/** The line that says how the invoice stands. */
export const STATE_TEXTS: Readonly<Record<PageState, LocalText>> = texts.page.states;

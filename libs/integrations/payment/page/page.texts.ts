import type { LocalText } from '#platform';
import { texts } from '../payment.texts.js';

/** An invoice's state for the buyer. */
export type PageState = 'open' | 'processing' | 'held' | 'paid' | 'refunded' | 'canceled' | 'expired' | 'closed';

/** The line that describes the invoice's state. */
export const STATE_TEXTS: Readonly<Record<PageState, LocalText>> = texts.page.states;

import type { LocalText } from '#platform';
import { texts } from './testpay.texts.js';

/** Behaviour of a test card. All times are in seconds. */
export interface TestCard {
  /** Only digits. */
  number: string;
  text: LocalText;
  /** Outcome of entering the card. Default: the amount is held. */
  outcome?: 'held' | 'declined' | 'confirming' | 'processing';
  /** For `processing`: the final outcome, and the seconds until then. */
  settles?: { to: 'held' | 'declined'; after: number };
  /** Seconds until the hold ends, instead of the shop's time. */
  holdSeconds?: number;
  /** Delivery of the webhooks. Default: once, immediately, in order. */
  events?: 'late' | 'twice' | 'swapped' | 'doubled';
  /** Outcome of a refund. Default: succeeds immediately. */
  refund?: { to: 'succeeded' | 'canceled'; after: number };
}

/** Seconds for which late or swapped webhooks are delayed. */
export const EVENT_DELAY = { late: 15, swapped: 6 };

/** The test gateway's cards, as listed on the page. */
export const TEST_CARDS: readonly TestCard[] = [
  { number: '4242424242424242', text: texts.cards.pays },
  { number: '4000000000000002', text: texts.cards.declined, outcome: 'declined' },
  {
    number: '4000000000000077',
    text: texts.cards.paysLate,
    outcome: 'processing',
    settles: { to: 'held', after: 10 },
  },
  {
    number: '4000000000000119',
    text: texts.cards.declinedLate,
    outcome: 'processing',
    settles: { to: 'declined', after: 10 },
  },
  { number: '4000000000003220', text: texts.cards.confirming, outcome: 'confirming' },
  { number: '4000000000000259', text: texts.cards.chargedTwice, events: 'doubled' },
  { number: '4000000000000341', text: texts.cards.holdExpires, holdSeconds: 20 },
  { number: '4000000000000010', text: texts.cards.webhooksLate, events: 'late' },
  { number: '4000000000000028', text: texts.cards.webhooksTwice, events: 'twice' },
  { number: '4000000000000036', text: texts.cards.webhooksSwapped, events: 'swapped' },
  { number: '4000000000007726', text: texts.cards.refundLate, refund: { to: 'succeeded', after: 10 } },
  { number: '4000000000005126', text: texts.cards.refundFails, refund: { to: 'canceled', after: 10 } },
];

/** Finds a card by the entered number. Spaces and dashes are ignored. */
export function findTestCard(entered: string): TestCard | undefined {
  const digits = entered.replace(/\D/g, '');
  return TEST_CARDS.find((card) => card.number === digits);
}

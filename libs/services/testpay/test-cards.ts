import type { LocalText } from '#platform';
import { texts } from './testpay.texts.js';

/** What a test card does when it is entered. All times in seconds. */
export interface TestCard {
  /** Digits. */
  number: string;
  text: LocalText;
  /** What entering it comes to; default: the amount is held. */
  outcome?: 'held' | 'declined' | 'confirming' | 'processing';
  /** Of `processing`: what it comes to, and when. */
  settles?: { to: 'held' | 'declined'; after: number };
  /** The hold ends after so long, instead of the shop's time. */
  holdSeconds?: number;
  /** How the webhooks travel; default: once, at once, in order. */
  events?: 'late' | 'twice' | 'swapped' | 'doubled';
  /** How a refund goes; default: succeeds at once. */
  refund?: { to: 'succeeded' | 'canceled'; after: number };
}

/** Webhooks that are late or out of order wait for so long. */
export const EVENT_DELAY = { late: 15, swapped: 6 };

/** The cards the test gateway knows; the page lists them. */
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

/** A card by what was entered: spaces and dashes do not count. */
export function findTestCard(entered: string): TestCard | undefined {
  const digits = entered.replace(/\D/g, '');
  return TEST_CARDS.find((card) => card.number === digits);
}

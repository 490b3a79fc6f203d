import type { LocalText } from '#platform';

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
  { number: '4242424242424242', text: { en: 'pays', es: 'paga', ru: 'платит' } },
  { number: '4000000000000002', text: { en: 'is declined', es: 'es rechazada', ru: 'отклоняется' }, outcome: 'declined' },
  {
    number: '4000000000000077',
    text: {
      en: 'hangs, pays by itself after 10 seconds',
      es: 'queda pendiente, paga sola a los 10 segundos',
      ru: 'зависает, платит сама через 10 секунд',
    },
    outcome: 'processing',
    settles: { to: 'held', after: 10 },
  },
  {
    number: '4000000000000119',
    text: {
      en: 'hangs, is declined after 10 seconds',
      es: 'queda pendiente, es rechazada a los 10 segundos',
      ru: 'зависает, отклоняется через 10 секунд',
    },
    outcome: 'processing',
    settles: { to: 'declined', after: 10 },
  },
  {
    number: '4000000000003220',
    text: { en: 'asks for a second step', es: 'pide un segundo paso', ru: 'требует второго шага' },
    outcome: 'confirming',
  },
  {
    number: '4000000000000259',
    text: {
      en: 'is charged twice at once, and both report it; it pays once',
      es: 'se intenta cobrar dos veces a la vez y ambas lo comunican; paga una vez',
      ru: 'списывается дважды сразу, о чём сообщают оба раза; платит один раз',
    },
    events: 'doubled',
  },
  {
    number: '4000000000000341',
    text: {
      en: 'pays, a hold expires after 20 seconds',
      es: 'paga, la retención caduca a los 20 segundos',
      ru: 'платит, удержание истекает через 20 секунд',
    },
    holdSeconds: 20,
  },
  {
    number: '4000000000000010',
    text: {
      en: 'pays, webhooks come 15 seconds late',
      es: 'paga, los webhooks llegan 15 segundos tarde',
      ru: 'платит, вебхуки опаздывают на 15 секунд',
    },
    events: 'late',
  },
  {
    number: '4000000000000028',
    text: { en: 'pays, each webhook comes twice', es: 'paga, cada webhook llega dos veces', ru: 'платит, каждый вебхук приходит дважды' },
    events: 'twice',
  },
  {
    number: '4000000000000036',
    text: {
      en: 'pays, webhooks come out of order',
      es: 'paga, los webhooks llegan desordenados',
      ru: 'платит, вебхуки приходят не по порядку',
    },
    events: 'swapped',
  },
  {
    number: '4000000000007726',
    text: {
      en: 'pays, a refund takes 10 seconds',
      es: 'paga, la devolución tarda 10 segundos',
      ru: 'платит, возврат занимает 10 секунд',
    },
    refund: { to: 'succeeded', after: 10 },
  },
  {
    number: '4000000000005126',
    text: {
      en: 'pays, a refund fails after 10 seconds',
      es: 'paga, la devolución falla a los 10 segundos',
      ru: 'платит, возврат не проходит через 10 секунд',
    },
    refund: { to: 'canceled', after: 10 },
  },
];

/** A card by what was entered: spaces and dashes do not count. */
export function findTestCard(entered: string): TestCard | undefined {
  const digits = entered.replace(/\D/g, '');
  return TEST_CARDS.find((card) => card.number === digits);
}

/** A way to pay, and its abilities. */
export interface YooKassaWay {
  /** Seconds the buyer has to pay. Undefined for no limit. */
  payWithin: number | undefined;
  /** Seconds a hold lasts. Undefined if there are no holds, and only one stage. */
  hold: number | undefined;
  /** Whether a part can be captured. */
  parts: boolean;
  refund: 'any' | 'full' | 'none';
  /** Years in which it can be refunded. */
  refundYears: number;
  /** Hundredths of the currency. */
  least: number;
  most: number;
  /** Its undocumented ability, which the mode `unsure` decides. */
  unsure?: 'hold' | 'parts';
}

const HOUR = 3_600;
const DAY = 24 * HOUR;
const CARD: YooKassaWay = {
  ...{ payWithin: HOUR, hold: 7 * DAY, parts: true, refund: 'any', refundYears: 3, least: 100, most: 350_000_00 },
};
const BANK = { ...CARD, most: 700_000_00 };

/** Ways to pay that a live shop may have, by `type`. */
export const YOOKASSA_WAYS: Readonly<Record<string, YooKassaWay>> = {
  bank_card: CARD,
  sberbank: { ...BANK, refundYears: 1 },
  tinkoff_bank: BANK,
  yoo_money: { ...BANK, unsure: 'parts' },
  sbp: { ...BANK, hold: undefined, parts: false },
  sber_loan: { ...CARD, payWithin: 8 * HOUR, hold: 2 * HOUR, least: 3_000_00, most: 1_500_000_00 },
  b2b_sberbank: { ...BANK, payWithin: 8 * HOUR, hold: 6 * HOUR, parts: false, refund: 'none', unsure: 'hold' },
  cash: { ...BANK, payWithin: undefined, hold: 6 * HOUR, parts: false, refund: 'none', unsure: 'hold' },
  mobile_balance: { ...BANK, hold: 6 * HOUR, parts: false, refund: 'full', unsure: 'hold' },
};

/** Ways to pay of a test shop. */
export const TEST_WAYS = ['bank_card', 'yoo_money'];

/** Time to pay on a page while the buyer still chooses the way. */
export const PAGE_SECONDS = HOUR;

/** Cards of test shops: the reason of each card's decline. Null if it pays. */
export const TEST_CARDS: Readonly<Record<string, { reason: string; party: 'payment_network' | 'yoo_money' } | null>> = {
  ...Object.fromEntries(
    ['5555555555554477', '5555555555554444', '4793128161644804', '4111111111111111', '2200000000000004', '2202474301322987'].map(
      (number) => [number, null],
    ),
  ),
  ...Object.fromEntries(
    Object.entries({
      '4592': '3d_secure_failed',
      '4535': 'call_issuer',
      '4543': 'card_expired',
      '4568': 'fraud_suspected',
      '4527': 'general_decline',
      '4600': 'insufficient_funds',
      '4618': 'invalid_card_number',
      '4626': 'invalid_csc',
      '4501': 'issuer_unavailable',
      '4576': 'payment_method_limit_exceeded',
      '4550': 'payment_method_restricted',
    }).map(([end, reason]) => [`555555555555${end}`, { reason, party: 'payment_network' as const }]),
  ),
  '5555555555554584': { reason: 'country_forbidden', party: 'yoo_money' },
  '5555555555554634': { reason: 'fraud_suspected', party: 'yoo_money' },
};

/** The test cards that require a code. */
export const THREE_D_SECURE = ['5555555555554477', '4793128161644804', '2200000000000004'];

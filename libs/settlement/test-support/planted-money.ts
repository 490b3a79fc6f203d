import { toMoney } from '#provider-kit';
import type { BookedRow, MoneyDifferenceKind } from '../find-money-differences.js';
import type { MoneyFacts } from '../money-source.js';

/** The time of a comparison. */
export const NOW = new Date('2026-12-02T00:00:00Z');
/** The end of deliveries whose money is due. */
export const LONG_AGO = new Date('2026-11-01T00:00:00Z');
/** The rules of a comparison. */
export const RULES = { now: NOW, payoutDays: 10, since: LONG_AGO };

/** Facts of a delivery that ended long ago. */
export const facts = (more: Partial<MoneyFacts>): MoneyFacts => ({
  ...{ subject: 'delivery:1', service: 'cdek', day: '2026-11-01', orderNumber: '1C', ended: true, endedAt: LONG_AGO },
  ...more,
});
/** A sale in a register. */
export const row = (more: Partial<BookedRow>): BookedRow => ({
  register: 'payout',
  currency: 'RUB',
  kind: 'sale',
  gross: 0,
  fees: [],
  net: 0,
  ...more,
});
/** A delivery or payment with its rows in registers, and the differences that must be found. */
export interface PlantedMoney {
  readonly facts: MoneyFacts;
  readonly rows: BookedRow[];
  readonly kinds: MoneyDifferenceKind[];
}

/** The ways in which one of the thousand is wrong, and the differences that must be found. */
const PLANTS: Record<string, (id: number, currency: string) => PlantedMoney> = {
  right: (id, currency) => sell(id, currency, []),
  'lost cash': (id, currency) => ({ ...sell(id, currency, ['money.not-paid']), rows: [] }),
  'cash that the courier did not collect': (id, currency) => {
    const made = sell(id, currency, ['money.not-collected']);
    const taken = toMoney(made.facts.owed!.minor - 1, currency);
    return { ...made, facts: { ...made.facts, collected: taken }, rows: made.rows.map((one) => ({ ...one, gross: taken.minor })) };
  },
  'one minor unit less': (id, currency) => {
    const made = sell(id, currency, ['money.paid-less']);
    return { ...made, rows: made.rows.map((one) => ({ ...one, gross: one.gross - 1 })) };
  },
  'paid twice': (id, currency) => {
    const made = sell(id, currency, ['money.paid-more', 'money.double-fee']);
    return { ...made, rows: [...made.rows, ...made.rows] };
  },
  'returned, and nothing is due': (id, currency) => {
    const made = sell(id, currency, []);
    return { ...made, facts: { ...made.facts, owed: toMoney(0, currency), collected: undefined as never }, rows: [] };
  },
  'returned, but paid out': (id, currency) => {
    const made = sell(id, currency, ['money.paid-more']);
    return {
      ...made,
      facts: { ...made.facts, owed: toMoney(0, currency), collected: undefined as never },
      rows: made.rows.map((one) => ({ ...one, fees: [] })),
    };
  },
  'the same fee twice in a row': (id, currency) => {
    const made = sell(id, currency, ['money.double-fee']);
    return { ...made, rows: made.rows.map((one) => ({ ...one, fees: [one.fees[0]!, ...one.fees] })) };
  },
  'a fee in the payout and in the bill': (id, currency) => {
    const made = sell(id, currency, ['money.double-fee']);
    return { ...made, rows: [...made.rows, row({ register: 'bill', currency, kind: 'fee', fees: made.rows[0]!.fees.slice(0, 1) })] };
  },
  'billed above the quote': (id, currency) => {
    const made = sell(id, currency, ['money.bill']);
    return { ...made, facts: { ...made.facts, quoted: toMoney(made.facts.quoted!.minor - 1, currency) } };
  },
  'a refund that is in the register only': (id, currency) => {
    const made = sell(id, currency, ['money.refund']);
    return { ...made, rows: [...made.rows, row({ currency, kind: 'refund', gross: -7 })] };
  },
  'a refund that both know': (id, currency) => {
    const made = sell(id, currency, []);
    return {
      ...made,
      facts: { ...made.facts, refunded: toMoney(7, currency) },
      rows: [...made.rows, row({ currency, kind: 'refund', gross: -7 })],
    };
  },
  'paid in another currency': (id, currency) => {
    const made = sell(id, currency, ['money.currency']);
    return { ...made, rows: made.rows.map((one) => ({ ...one, currency: 'USD' })) };
  },
  'not due yet': (id, currency) => {
    const made = sell(id, currency, []);
    return { ...made, facts: { ...made.facts, endedAt: NOW }, rows: [] };
  },
};

/** A delivery whose money was collected and paid out. */
export function sell(id: number, currency: string, kinds: MoneyDifferenceKind[]): PlantedMoney {
  const owed = toMoney(1_000 + id, currency);
  const fees = [
    { code: 'commission', minor: 30 + (id % 7) },
    { code: 'delivery', minor: 50 },
  ];
  const net = owed.minor - fees.reduce((sum, { minor }) => sum + minor, 0);
  return {
    facts: facts({ subject: `delivery:${id}`, orderNumber: String(id), owed, collected: owed, quoted: toMoney(50, currency) }),
    rows: [row({ currency, gross: owed.minor, fees, net })],
    kinds,
  };
}

/** Plants a thousand deliveries in currencies of 0 to 3 digits. Two of three are right. */
export function plantThousand(): { name: string; id: number; planted: PlantedMoney }[] {
  const names = Object.keys(PLANTS);
  return Array.from({ length: 1_000 }, (_, id) => {
    const name = id % 3 === 0 ? (names[(id / 3) % names.length] ?? 'right') : 'right';
    const currency = ['RUB', 'JPY', 'KWD'][(id % 7) % 3] ?? 'RUB';
    return { name, id, planted: PLANTS[name]!(id, currency) };
  });
}

import { type Money, type Register, type RegisterRow, toMoney, toWireAmount } from '#provider-kit';
import type { FoundDifference } from '#reconciliation';
import type { MoneyFacts } from './money-source.js';

/** Kinds of differences in money. Crossdock moves no money, so they are only listed. */
export const MONEY_DIFFERENCES = {
  'money.not-collected': null,
  'money.not-paid': null,
  'money.paid-less': null,
  'money.paid-more': null,
  'money.refund': null,
  'money.double-fee': null,
  'money.bill': null,
  'money.cost': null,
  'money.currency': null,
  'money.unknown': null,
  'money.total': null,
} as const;

export type MoneyDifferenceKind = keyof typeof MONEY_DIFFERENCES;

/** A row of a register about a delivery or payment. */
export interface BookedRow extends Pick<RegisterRow, 'externalId' | 'kind' | 'gross' | 'fees' | 'net' | 'at'> {
  readonly register: Register['kind'];
  readonly currency: string;
}

/** A cost of a delivery or payment that the CRM has, although no register has its fee. */
export interface LostCost {
  readonly code: string;
  readonly money: Money;
}

/** The sums of a delivery or payment in one currency, in minor units. */
export interface MoneySums {
  readonly currency: string;
  readonly owed: number;
  readonly collected: number;
  readonly refunded: number;
  /** Paid out, after fees. */
  readonly paid: number;
  readonly fees: number;
  /** Expected but not paid out, although it is due. */
  readonly missing: number;
  readonly quoted: number;
  readonly billed: number;
}

/** The result of comparing a delivery or payment with its rows. */
export interface ComparedMoney {
  readonly sums: readonly MoneySums[];
  readonly differences: readonly FoundDifference[];
}

/** The rules of a comparison. */
export interface MoneyRules {
  readonly now: Date;
  /** Days after the end of a delivery or payment, after which its money is missing. */
  readonly payoutDays: number;
  /** The first register of payouts. Earlier money may have been paid out before. Missing: there is none. */
  readonly since: Date | undefined;
}

/** The fee that a service promises with its quote. */
const QUOTED_FEE = 'delivery';
const DAY_MS = 86_400_000;

/** Returns the id of a delivery or payment, as in the differences about it. */
export function toDifferenceSubject(subject: string): string {
  return subject.slice(subject.indexOf(':') + 1);
}

/** Describes an amount for operators. */
export function sayAmount(minor: number, currency: string): string {
  return `${toWireAmount(toMoney(minor, currency))} ${currency}`;
}

/**
 * Compares what a delivery or payment should bring with the rows of registers about it. Pure. Amounts of two
 * currencies are never compared.
 * @param lost its costs in the CRM whose fees the rows do not have
 */
export function compareMoney(
  facts: MoneyFacts,
  rows: readonly BookedRow[],
  { now, payoutDays, since }: MoneyRules,
  lost: readonly LostCost[] = [],
): ComparedMoney {
  const { owed, collected, refunded, quoted } = facts;
  const known = [owed, collected, refunded, quoted].filter((one) => one !== undefined);
  const currency = (collected ?? owed ?? refunded ?? quoted ?? rows[0] ?? lost[0]?.money)?.currency;
  if (currency === undefined) return { sums: [], differences: [] };
  const take = (money: Money | undefined, of: string): number => (money?.currency === of ? money.minor : 0);
  const sumUp = (of: string): MoneySums => {
    const own = rows.filter((row) => row.currency === of);
    const payouts = own.filter(({ register }) => register === 'payout');
    return {
      currency: of,
      owed: take(owed, of),
      collected: take(collected, of),
      refunded: take(refunded, of),
      paid: add(payouts.map(({ net }) => net)),
      fees: add(own.flatMap(({ fees }) => fees.map(({ minor }) => minor))),
      missing: 0,
      quoted: take(quoted, of),
      billed: add(own.flatMap(({ fees }) => fees.filter(({ code }) => code === QUOTED_FEE).map(({ minor }) => minor))),
    };
  };
  const currencies = [...new Set([currency, ...known.map((one) => one.currency), ...rows.map((row) => row.currency)])];
  const sums = currencies.map(sumUp);
  const differences: FoundDifference[] = [];
  const report = (kind: MoneyDifferenceKind, text: string, amounts: Record<string, Money>): void => {
    const { service, orderNumber, day } = facts;
    const name = orderNumber === undefined ? service : `${service}, order ${orderNumber}`;
    const subject = toDifferenceSubject(facts.subject);
    differences.push({
      kind,
      subject,
      text: `${name}: ${text}`,
      facts: { service, day, ...(orderNumber !== undefined && { orderNumber }), ...amounts },
    });
  };
  if (currencies.length > 1)
    report(
      'money.currency',
      `not comparable: ${currencies.join(' and ')}.`,
      Object.fromEntries(
        sums.flatMap((one) =>
          (['owed', 'collected', 'paid', 'quoted', 'billed'] as const)
            .filter((what) => one[what] !== 0)
            .map((what) => [`${what}${one.currency === currency ? '' : ` ${one.currency}`}`, toMoney(one[what], one.currency)]),
        ),
      ),
    );

  if (lost.length > 0)
    report(
      'money.cost',
      `the CRM has costs that registers no longer have: ${lost.map(({ code, money: { minor, currency: of } }) => `${code} of ${sayAmount(minor, of)}`).join(', ')}.`,
      Object.fromEntries(lost.map(({ code, money: amount }) => [code, amount])),
    );

  const own = rows.filter((row) => row.currency === currency);
  const say = (minor: number): string => sayAmount(minor, currency);
  const money = (minor: number): Money => toMoney(minor, currency);
  const sold = add(own.filter(({ kind }) => kind === 'sale').map(({ gross }) => gross));
  const returned = -add(own.filter(({ kind }) => kind === 'refund').map(({ gross }) => gross));
  const expected = (collected ?? owed)?.minor ?? 0;
  const isComparable = rows.every((row) => row.currency === currency || row.gross === 0);
  const endedAt = facts.ended ? facts.endedAt : undefined;
  const isDue = endedAt && since && endedAt >= since && now.getTime() - endedAt.getTime() >= payoutDays * DAY_MS;
  let missing = 0;

  if (facts.ended && owed && collected?.currency === owed.currency && collected.minor < owed.minor)
    report('money.not-collected', `${say(collected.minor)} collected of ${say(owed.minor)}.`, {
      owed,
      collected,
      missing: money(owed.minor - collected.minor),
    });
  const hasSale = own.some(({ kind }) => kind === 'sale');
  if (isComparable && expected !== sold && (hasSale || isDue)) {
    const amounts = { expected: money(expected), paid: money(sold) };
    if (sold > expected) report('money.paid-more', `${say(sold)} in registers, but ${say(expected)} expected.`, amounts);
    else {
      missing = expected - sold;
      const text = hasSale ? `${say(sold)} in registers of ${say(expected)}.` : `${say(expected)} not paid out within ${payoutDays} days.`;
      report(hasSale ? 'money.paid-less' : 'money.not-paid', text, { ...amounts, missing: money(missing) });
    }
  }
  const refund = take(refunded, currency);
  if (isComparable && returned !== refund && (returned > refund || isDue))
    report('money.refund', `${say(returned)} refunded in registers, but ${say(refund)} known.`, {
      refunded: money(refund),
      booked: money(returned),
    });

  const doubles = findDoubleFees(own, { sale: sold <= expected, refund: returned <= refund });
  if (doubles.length > 0)
    report(
      'money.double-fee',
      `${doubles.map(({ code, minor, times }) => `the fee ${code} of ${say(minor)} was taken ${times} times`).join(', ')}.`,
      {
        ...Object.fromEntries(doubles.map(({ code, minor }) => [code, money(minor)])),
        double: money(add(doubles.map(({ minor, extra }) => minor * extra))),
      },
    );
  const base = sums[0] as MoneySums;
  const billed = base.billed - add(doubles.filter(({ code }) => code === QUOTED_FEE).map(({ minor, extra }) => minor * extra));
  const isBilled = own.some(({ fees }) => fees.some(({ code }) => code === QUOTED_FEE));
  if (quoted?.currency === currency && isBilled && billed !== quoted.minor)
    report('money.bill', `${say(billed)} billed for the delivery, but ${say(quoted.minor)} quoted.`, { quoted, billed: money(billed) });
  return { sums: [{ ...base, missing }, ...sums.slice(1)], differences };
}

/**
 * Finds fees that were taken several times, in one row, one register or several. Each sale and refund may
 * have its own fee if their total is expected, because money may be captured or refunded in equal parts.
 * Operations with different ids at the service may cost the same, and storage on several days.
 */
function findDoubleFees(
  rows: readonly BookedRow[],
  isExpected: Partial<Record<RegisterRow['kind'], boolean>>,
): { code: string; minor: number; times: number; extra: number }[] {
  const found = new Map<string, { code: string; minor: number; times: number; allowed: number }>();
  const hasOperations = new Set(rows.flatMap(({ externalId }) => externalId ?? [])).size > 1;
  for (const { kind, gross, fees, at, externalId } of rows) {
    const own = new Set<string>();
    for (const { code, minor } of fees) {
      if (minor === 0) continue;
      const key = JSON.stringify([code, minor, code === 'storage' && at, hasOperations && externalId]);
      const known = found.get(key) ?? { code, minor, times: 0, allowed: 0 };
      const isAllowed = isExpected[kind] && gross !== 0 && !own.has(key);
      found.set(key, { ...known, times: known.times + 1, allowed: known.allowed + (isAllowed ? 1 : 0) });
      own.add(key);
    }
  }
  return [...found.values()].flatMap(({ allowed, ...one }) => {
    const extra = one.times - Math.max(1, allowed);
    return extra > 0 ? [{ ...one, extra }] : [];
  });
}

function add(minors: readonly number[]): number {
  return minors.reduce((sum, minor) => sum + minor, 0);
}

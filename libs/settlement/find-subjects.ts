import type { Money, RegisterRow } from '#provider-kit';
import type { BookedRow } from './find-money-differences.js';
import type { MoneyFacts } from './money-source.js';

/** Names of a delivery or payment in registers. A number may be used again, the service's id is not. */
export const KEYS = ['externalId', 'trackNumber', 'reference'] as const;

type Keys = { readonly [Key in (typeof KEYS)[number]]?: string | null | undefined };

/** A row of a register whose delivery or payment is looked for. */
export type NamedRow = Keys & Pick<RegisterRow, 'kind' | 'gross' | 'fees'> & { readonly id: string; readonly currency: string };

type Booked = Pick<BookedRow, 'kind' | 'gross' | 'fees' | 'currency'>;

/** Returns the names in rows or facts, each once, to look up deliveries or payments. */
export function listKeys(list: readonly Keys[]): { externalIds: string[]; trackNumbers: string[]; references: string[] } {
  const pick = (key: keyof Keys): string[] => [...new Set(list.flatMap((one) => one[key] ?? []))];
  return { externalIds: pick('externalId'), trackNumbers: pick('trackNumber'), references: pick('reference') };
}

/** Returns the deliveries or payments that share an order, which may be all that a register names. */
export function listRivals(facts: readonly MoneyFacts[]): string[] {
  return [...groupByOrder(facts).values()].filter(({ length }) => length > 1).flatMap((some) => some.map(({ subject }) => subject));
}

/**
 * Finds the delivery or payment of rows by its names. A row that has only the number of an order belongs to
 * the delivery or payment of that order that still lacks its amount.
 * @param booked rows that are found already, of the subjects of `listRivals`
 * @returns the subject of each row's id
 */
export function findSubjects(
  rows: readonly NamedRow[],
  facts: readonly MoneyFacts[],
  booked: ReadonlyMap<string, readonly Booked[]>,
): Map<string, string> {
  const index = (key: keyof Keys): Map<string, string> =>
    new Map(facts.flatMap((one) => (one[key] === undefined ? [] : [[one[key], one.subject]])));
  const indexes = { externalId: index('externalId'), trackNumber: index('trackNumber'), reference: index('reference') };
  const orders = groupByOrder(facts);
  const taken = new Map([...booked].map(([subject, some]) => [subject, [...some]]));
  return new Map(
    rows.flatMap((row) => {
      const named = KEYS.map((key) => indexes[key].get(row[key] ?? '')).find((subject) => subject !== undefined);
      const found = named ?? chooseRival(row, orders.get(row.reference ?? '') ?? [], taken);
      if (found === undefined) return [];
      taken.set(found, [...(taken.get(found) ?? []), row]);
      return [[row.id, found]];
    }),
  );
}

function groupByOrder(facts: readonly MoneyFacts[]): Map<string, MoneyFacts[]> {
  const orders = new Map<string, MoneyFacts[]>();
  for (const one of facts) if (one.orderNumber !== undefined) orders.set(one.orderNumber, [...(orders.get(one.orderNumber) ?? []), one]);
  return orders;
}

/** Prefers an equal open amount, then the latest that is open, then the latest that brings money. */
function chooseRival(row: NamedRow, rivals: readonly MoneyFacts[], taken: ReadonlyMap<string, readonly Booked[]>): string | undefined {
  const paying = rivals.filter((one) => sumExpected(one, row.currency) > 0);
  const some = paying.length > 0 ? paying : rivals;
  const list = (one: MoneyFacts): Booked[] => (taken.get(one.subject) ?? []).filter(({ currency }) => currency === row.currency);
  const gross = Math.abs(row.gross);
  const measure = (one: MoneyFacts): number => {
    const all = row.kind === 'refund' ? takeMinor(one.refunded, row.currency) : sumExpected(one, row.currency);
    return all - list(one).reduce((sum, other) => (other.kind === row.kind ? sum + Math.abs(other.gross) : sum), 0);
  };
  const fees = JSON.stringify(row.fees.map(({ code, minor }) => [code, minor]));
  const hasFees = (one: MoneyFacts): boolean =>
    list(one).some(({ kind, fees: other }) => kind === row.kind && JSON.stringify(other.map(({ code, minor }) => [code, minor])) === fees);
  const chosen =
    gross === 0
      ? some.find((one) => !hasFees(one))
      : (some.find((one) => measure(one) === gross) ?? some.findLast((one) => measure(one) >= gross));
  return (chosen ?? some.at(-1))?.subject;
}

function sumExpected({ collected, owed }: MoneyFacts, currency: string): number {
  return takeMinor(collected ?? owed, currency);
}

function takeMinor(money: Money | undefined, currency: string): number {
  return money?.currency === currency ? money.minor : 0;
}

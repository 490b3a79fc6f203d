import type { Connection } from '#connections';
import { type Clock, isUuid } from '#platform';
import { ProviderError, type Register, sayError, toMoney } from '#provider-kit';
import type { ComparedPage, Comparison, FoundDifference } from '#reconciliation';
import { type BookedRow, compareMoney, MONEY_DIFFERENCES, sayAmount } from './find-money-differences.js';
import { findSubjects, KEYS, listKeys, listRivals } from './find-subjects.js';
import type { MoneyFacts, MoneySource } from './money-source.js';
import type { RegisterOwner, RegisterStore, UnmatchedRow } from './register-store.js';

/** Days of registers that are read, and of deliveries and payments that are compared, every night. */
const DAYS = 45;
const DAY_MS = 86_400_000;
/** Rows, deliveries or payments of a page. */
const PAGE = 200;
/** Milliseconds between two calls for registers of one service by one process. */
const CALL_EVERY_MS = 200;

/** The parts of a comparison in their order. */
const PARTS = ['days', 'rows', 'facts', 'differing'] as const;
type Part = (typeof PARTS)[number];

/** When this process may next call a service for registers. */
const nextCalls = new Map<string, number>();

/**
 * Compares the money of an integration's deliveries or payments with the registers of its services. First
 * it reads the registers of each day. Then it looks up what their rows belong to, compares the deliveries
 * or payments of the last days, and compares everything again that differed before or was corrected.
 */
export class MoneyComparison implements Comparison {
  readonly scope = 'money';
  readonly kinds = MONEY_DIFFERENCES;
  readonly integration: string;

  constructor(
    private readonly source: MoneySource,
    private readonly store: RegisterStore,
    private readonly clock: Clock,
  ) {
    this.integration = source.integration;
  }

  async comparePage(connection: Connection, place: string | undefined): Promise<ComparedPage> {
    const [part, after] = (place ?? (this.source.canListRegisters(connection) ? 'days:' : 'rows:')).split(/:(.*)/s) as [Part, string];
    if (part === 'days') return this.readDay(connection, after);
    if (part === 'rows') return this.matchRows(connection, after);
    return this.compareFacts(connection, part, after);
  }

  async compareOne(): Promise<readonly FoundDifference[]> {
    return [];
  }

  async mend(): Promise<void> {
    throw new Error('Differences in money are only listed');
  }

  /** Imports the registers of a day. A service that rejects the call does not prevent the comparison. */
  private async readDay(connection: Connection, place: string): Promise<ComparedPage> {
    const today = toDay(this.clock.now().getTime(), connection);
    const day = place === '' ? shiftDay(today, -DAYS) : place;
    const following = { ...EMPTY, next: day < today ? `days:${shiftDay(day, 1)}` : 'rows:' };
    let registers: Register[];
    try {
      await waitTurn(connection.module.manifest.code);
      registers = await this.source.listRegisters(connection, day);
    } catch (error) {
      if (!(error instanceof ProviderError) || !['auth', 'rejected', 'invalid'].includes(error.kind)) throw error;
      return { ...EMPTY, next: 'rows:', omitted: `Registers were not read: ${sayError(error, 'en')}` };
    }
    for (const { rows, ...head } of registers) await this.store.import(this.own(connection), head, rows);
    return following;
  }

  /**
   * Finds the deliveries or payments of new rows, and marks them for the comparison, when all their rows are
   * found.
   */
  private async matchRows(connection: Connection, after: string): Promise<ComparedPage> {
    const own = this.own(connection);
    const rows = await this.store.listUnmatched(own, isUuid(after) ? after : FIRST_ID, PAGE);
    const keys = listKeys(rows);
    const facts = rows.length === 0 ? [] : await this.source.listFacts(connection, keys);
    facts.push(...(await this.store.listEntered(own, [...keys.externalIds, ...keys.references])));
    const rivals = listRivals(facts);
    const booked = rivals.length === 0 ? new Map<string, BookedRow[]>() : await this.store.listRows(connection.id, rivals);
    const found = findSubjects(rows, facts, booked);
    const subjects = new Set(found.values());
    await this.compare(
      connection,
      facts.filter(({ subject }) => subjects.has(subject)),
      found,
    );
    const unknown = rows.filter(({ id }) => !found.has(id)).map(describeUnknown);
    const wrong = after === '' ? (await this.store.listWrongTotals(own)).map(describeWrongTotal) : [];
    return {
      ...{ checked: 0, differed: unknown.length + wrong.length, differences: [...unknown, ...wrong] },
      next: rows.length === PAGE ? `rows:${rows.at(-1)?.id}` : 'facts:',
    };
  }

  private async compareFacts(connection: Connection, part: 'facts' | 'differing', after: string): Promise<ComparedPage> {
    const from = new Date(this.clock.now().getTime() - DAYS * DAY_MS);
    const own = this.own(connection);
    const isFirst = part === 'facts';
    const page = isFirst
      ? await this.source.listFacts(connection, { from, ...(after !== '' && { after }), limit: PAGE })
      : await this.renew(connection, await this.store.listDiffering(own, after, PAGE));
    const next = page.length === PAGE ? `${part}:${page.at(-1)?.subject}` : isFirst ? 'differing:' : undefined;
    return { ...(await this.compare(connection, page)), ...(next !== undefined && { next }) };
  }

  /** Reads facts again. Facts of a delivery or payment that is no longer kept are unchanged. */
  private async renew(connection: Connection, stored: readonly MoneyFacts[]): Promise<MoneyFacts[]> {
    const present = stored.length === 0 ? [] : await this.source.listFacts(connection, listKeys(stored));
    const bySubject = new Map(present.map((facts) => [facts.subject, facts]));
    return stored.map((facts) => bySubject.get(facts.subject) ?? facts);
  }

  /**
   * Closed money is not compared.
   * @param matched subjects of rows that are found first. Their deliveries or payments are compared again
   * later.
   */
  private async compare(
    connection: Connection,
    listed: readonly MoneyFacts[],
    matched?: ReadonlyMap<string, string>,
  ): Promise<Omit<ComparedPage, 'next'>> {
    if (listed.length === 0) return EMPTY;
    if (matched) await this.store.match(matched);
    const own = this.own(connection);
    const closed = await this.store.listClosed(
      connection.id,
      listed.map(({ subject }) => subject),
    );
    const page = listed.filter(({ subject }) => !closed.has(subject));
    const rules = { now: this.clock.now(), ...(await this.store.readRules(connection.id, own.service)) };
    const subjects = page.map(({ subject }) => subject);
    const rows = await this.store.listRows(connection.id, subjects);
    const lost = await this.store.listLostCosts(connection.id, subjects);
    const compared = page.map((facts) => {
      const { subject } = facts;
      return { facts, ...compareMoney(facts, rows.get(subject) ?? [], rules, lost.get(subject)) };
    });
    const kept = compared.map(({ facts, sums, differences }) => ({
      facts,
      sums,
      differs: matched !== undefined || differences.length > 0,
    }));
    await this.store.keep(own, kept);
    return {
      checked: page.length,
      differed: kept.filter(({ differs }) => differs).length,
      differences: compared.flatMap(({ differences }) => differences),
    };
  }

  private own(connection: Connection): RegisterOwner {
    return { connectionId: connection.id, integration: this.integration, service: connection.module.manifest.code };
  }
}

const EMPTY = { checked: 0, differed: 0, differences: [] };
/** Before every id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Returns the day of a moment in the account's time zone. */
export function toDay(at: number, { account }: Pick<Connection, 'account'>): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: account.timeZone, dateStyle: 'short' }).format(at);
}

function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Runs of several shops call a service one after the other. */
async function waitTurn(service: string): Promise<void> {
  const now = performance.now();
  const turn = Math.max(now, nextCalls.get(service) ?? 0);
  nextCalls.set(service, turn + CALL_EVERY_MS);
  if (turn > now) await new Promise((resolve) => setTimeout(resolve, turn - now));
}

function describeUnknown(row: UnmatchedRow): FoundDifference {
  const { id, service, number, date, currency, line, gross, net } = row;
  const key = KEYS.map((one) => row[one]).find((one) => one != null) ?? '';
  return {
    kind: 'money.unknown',
    subject: `register-row:${id}`,
    text: `${service}, register ${number} of ${date}, line ${line}: ${key} is unknown here (${sayAmount(gross, currency)}).`,
    facts: { service, day: date, register: number, line, key, gross: toMoney(gross, currency), paid: toMoney(net, currency) },
  };
}

function describeWrongTotal({
  id,
  service,
  number,
  date,
  currency,
  total,
  sum,
}: Awaited<ReturnType<RegisterStore['listWrongTotals']>>[number]): FoundDifference {
  return {
    kind: 'money.total',
    subject: `register:${id}`,
    text: `${service}, register ${number} of ${date}: the rows make ${sayAmount(sum, currency)}, but the total is ${sayAmount(total, currency)}.`,
    facts: { service, day: date, register: number, rows: toMoney(sum, currency), total: toMoney(total, currency) },
  };
}

import { Injectable } from '@nestjs/common';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { Connection } from '#connections';
import { Clock, Database, isUuid, notFound, textFor } from '#platform';
import { toMoney, toWireAmount } from '#provider-kit';
import { DifferenceStore, type DifferenceState, MendingService, ReconciliationService } from '#reconciliation';
import { Invoices, type InvoiceState } from './booking/invoices.js';
import { MONEY_DIFFERENCES, type MoneyDifferenceKind } from './find-money-differences.js';
import { toDay } from './money.comparison.js';
import { MoneySources } from './money-sources.js';
import { type MoneySettingsDto, RegisterUploads } from './register-uploads.js';
import { texts } from './settlement.texts.js';

const DAY = { message: 'must be a date (YYYY-MM-DD)' };
/** Days shown by default, and rows of each list. */
const DEFAULT_DAYS = 45;
const MOST = { figures: 2_000, subjects: 500, differences: 500, registers: 50 };
/** A link needs the order's number in the CRM. */
const ORDER_ID = `CASE WHEN facts ->> 'order' ~ '^[1-9][0-9]{0,14}$' THEN (facts ->> 'order')::float8 END AS "orderId"`;
const AMOUNTS = ['owed', 'collected', 'refunded', 'paid', 'fees', 'missing', 'quoted', 'billed'] as const;

/** Selects days of money. */
export class MoneyQueryDto {
  /** First day. Default: 45 days ago. */
  @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}$/, DAY) from?: string;
  /** Last day. Default: today. */
  @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}$/, DAY) to?: string;
}

/** Selects the deliveries or payments behind a figure. */
export class MoneyDayDto {
  @IsString() @MaxLength(100) service!: string;
  @Matches(/^\d{4}-\d{2}-\d{2}$/, DAY) day!: string;
  @Matches(/^[A-Z]{3}$/) currency!: string;
}

/** A change of a difference. */
export class MoneyDifferenceDto {
  /** Who takes care of it. An empty text removes the owner. */
  @IsOptional() @IsString() @MaxLength(100) owner?: string;
  /** Dismisses the difference until it changes. */
  @IsOptional() @IsIn(['dismissed']) state?: 'dismissed';
}

/** Amounts in one currency, as decimal numbers. */
export interface MoneyAmounts {
  currency: string;
  /** To be collected, or the amounts of invoices. */
  owed: number;
  collected: number;
  refunded: number;
  /** Paid out to the shop, after fees. */
  paid: number;
  fees: number;
  /** Expected but not paid out, although it is due. */
  missing: number;
  quoted: number;
  billed: number;
}

/** The money of a service on a day in one currency. */
export interface MoneyFigure extends MoneyAmounts {
  service: string;
  day: string;
  /** Number of deliveries or payments. */
  count: number;
  /** Number of these with a difference. */
  differing: number;
}

/** The money of a delivery or payment in one currency. */
export interface MoneySubject extends MoneyAmounts {
  /** `delivery:<uuid>` or `payment:<uuid>`. */
  subject: string;
  /** Number of the order, or its id. */
  order?: string;
  /** The order's id in the CRM, for a link. */
  orderId?: number;
  differs: boolean;
}

/** A difference in money. */
export interface MoneyDifferenceView {
  id: string;
  kind: MoneyDifferenceKind;
  /** The difference in plain English. */
  text: string;
  service: string;
  day: string;
  /** Number of the order, or of the register. */
  order?: string;
  register?: string;
  /** Number of an unknown delivery or payment at the service. */
  key?: string;
  /** `delivery:<uuid>` or `payment:<uuid>`. Missing for a difference of a register. */
  subject?: string;
  /** The order's id in the CRM, for a link. */
  orderId?: number;
  /** Amounts of the sides, by their names. */
  amounts: { name: string; amount: number; currency: string }[];
  state: DifferenceState;
  /** Whether a payment of a gateway can be entered in the CRM. Missing: it cannot. */
  invoice?: InvoiceState;
  owner?: string;
  foundAt: string;
}

/** A register that was read or uploaded. */
export interface RegisterView {
  id: string;
  service: string;
  number: string;
  kind: 'payout' | 'bill';
  date: string;
  currency: string;
  total: number;
  rows: number;
  document?: string;
  /** Whether it was uploaded as a file. */
  isFile: boolean;
  /** Number of imports that changed it. */
  revision: number;
}

/** How the files of a service are read, as in `MoneySettingsDto`. */
export interface RegisterLayoutView {
  delimiter: ';' | ',' | '\t' | '|';
  decimal: ',' | '.';
  encoding: 'utf-8' | 'windows-1251';
  dateFormat: string;
  externalId?: string;
  trackNumber?: string;
  reference?: string;
  gross?: string;
  net?: string;
  date?: string;
  text?: string;
  fees: { column: string; code: string }[];
}

/** The money of a connection. */
export interface MoneyView {
  from: string;
  to: string;
  /** By service and day, the latest first. */
  figures: MoneyFigure[];
  /** By currency. Amounts of two currencies are not comparable. */
  totals: MoneyAmounts[];
  /** Differences that are open or dismissed, the latest first. */
  differences: MoneyDifferenceView[];
  registers: RegisterView[];
  /** Base currency of the account, such as `EUR`. */
  currency?: string;
  /** Kinds of fees in the account's language. */
  fees: { code: string; title: string }[];
  services: {
    provider: string;
    title: string;
    /** Whether its registers are read every night. Otherwise they are uploaded as files. */
    isRead: boolean;
    payoutDays: number;
    layout?: RegisterLayoutView;
  }[];
  /** The last comparison. Missing before the first one. */
  compared?: { state: 'running' | 'done' | 'failed'; startedAt: string; problem?: string; omitted?: string };
}

type Row = Record<(typeof AMOUNTS)[number], string> & { currency: string };

/**
 * The money of a connection, for the account page and the console. Both show the result of the same
 * queries.
 */
@Injectable()
export class MoneyPages {
  constructor(
    private readonly database: Database,
    private readonly sources: MoneySources,
    private readonly uploads: RegisterUploads,
    private readonly differences: DifferenceStore,
    private readonly mending: MendingService,
    private readonly reconciliation: ReconciliationService,
    private readonly invoices: Invoices,
    private readonly clock: Clock,
  ) {}

  /** Whether a connection has a provider with money. */
  has(connection: Connection): boolean {
    return this.uploads.listViews(connection).length > 0;
  }

  /** Returns the money of a connection by service and day. */
  async read(connection: Connection, query: MoneyQueryDto): Promise<MoneyView> {
    const { account } = connection;
    const now = this.clock.now().getTime();
    const to = query.to ?? toDay(now, connection);
    const from = query.from ?? toDay(now - DEFAULT_DAYS * 86_400_000, connection);
    const sums = AMOUNTS.map((name) => `sum(${name})::text AS ${name}`).join(', ');
    const days = [connection.id, from, to];
    const where = `FROM settlement WHERE connection_id = $1 AND day BETWEEN $2 AND $3`;
    const figures = await this.database.query<Row & Pick<MoneyFigure, 'service' | 'day' | 'count' | 'differing'>>(
      `SELECT service, day::text AS day, currency, count(*)::int AS count, count(*) FILTER (WHERE differs)::int AS differing, ${sums}
       ${where} GROUP BY service, day, currency ORDER BY day DESC, service, currency LIMIT ${MOST.figures}`,
      days,
    );
    const totals = await this.database.query<Row>(`SELECT currency, ${sums} ${where} GROUP BY currency ORDER BY currency`, days);
    const compared = await this.reconciliation.findLatest(connection.id, 'money');
    return {
      ...{ from, to },
      figures: figures.map((row) => ({
        ...toAmounts(row),
        service: row.service,
        day: row.day,
        count: row.count,
        differing: row.differing,
      })),
      totals: totals.map(toAmounts),
      differences: await this.listDifferences(connection),
      registers: await this.listRegisters(connection),
      ...(account.currency !== undefined && { currency: account.currency }),
      fees: Object.entries(texts.fees).map(([code, title]) => ({ code, title: textFor(title, account.language) })),
      services: await Promise.all(
        this.uploads.listViews(connection).map(async (view) => {
          const { layout, payoutDays } = await this.uploads.readSetting(view);
          const isRead = this.sources.find(view.module.integration)?.canListRegisters(view) ?? false;
          const { code: provider, title } = view.module.manifest;
          return { provider, title: textFor(title, account.language), isRead, payoutDays, ...(layout && { layout }) };
        }),
      ),
      ...(compared && {
        compared: {
          ...{ state: compared.state, startedAt: compared.startedAt.toISOString() },
          ...(compared.problem !== null && { problem: compared.problem }),
          ...(compared.omitted !== null && { omitted: compared.omitted }),
        },
      }),
    };
  }

  /** Lists the deliveries or payments behind a figure, the largest missing amount first. */
  async listSubjects({ id }: Connection, { service, day, currency }: MoneyDayDto): Promise<MoneySubject[]> {
    const rows = await this.database.query<Row & { subject: string; order: string | null; orderId: number | null; differs: boolean }>(
      `SELECT subject, order_number AS "order", ${ORDER_ID}, differs, currency, ${AMOUNTS.join(', ')} FROM settlement
       WHERE connection_id = $1 AND service = $2 AND day = $3 AND currency = $4 ORDER BY missing DESC, differs DESC, subject LIMIT ${MOST.subjects}`,
      [id, service, day, currency],
    );
    return rows.map((row) => ({
      ...toAmounts(row),
      ...{ subject: row.subject, differs: row.differs },
      ...(row.order !== null && { order: row.order }),
      ...(row.orderId !== null && { orderId: row.orderId }),
    }));
  }

  /**
   * Writes the money of each delivery or payment as CSV, with a semicolon and a byte order mark, which
   * spreadsheets recognize.
   */
  async writeCsv(connection: Connection, query: MoneyQueryDto): Promise<string> {
    const { from, to } = await this.read(connection, query);
    const rows = await this.database.query<Row & Record<'service' | 'day' | 'subject', string> & { order: string | null }>(
      `SELECT service, day::text AS day, order_number AS "order", subject, currency, ${AMOUNTS.join(', ')} FROM settlement
       WHERE connection_id = $1 AND day BETWEEN $2 AND $3 ORDER BY day, service, subject LIMIT 100000`,
      [connection.id, from, to],
    );
    const lines = rows.map((row) => {
      const amounts = toAmounts(row);
      return [row.service, row.day, row.order ?? '', row.subject, row.currency, ...AMOUNTS.map((name) => String(amounts[name]))]
        .map(quote)
        .join(';');
    });
    return `\uFEFF${[['service', 'day', 'order', 'subject', 'currency', ...AMOUNTS].join(';'), ...lines].join('\r\n')}\r\n`;
  }

  /**
   * Changes a difference in money of this connection. Returns the updated money.
   * @throws CallbackError 404, or 409 if it is closed
   */
  async change(connection: Connection, id: string, { owner, state }: MoneyDifferenceDto): Promise<MoneyView> {
    const row = isUuid(id) ? await this.differences.load(id) : undefined;
    if (row?.connectionId !== connection.id || !(row.kind in MONEY_DIFFERENCES)) throw notFound('difference', id);
    if (owner !== undefined) await this.differences.assign(id, owner.trim() || null);
    if (state === 'dismissed') await this.mending.dismiss(id);
    return this.read(connection, {});
  }

  /** Stores settings of a service. Returns the updated money. */
  async saveSettings(connection: Connection, settings: MoneySettingsDto): Promise<MoneyView> {
    await this.uploads.saveSettings(connection, settings);
    return this.read(connection, {});
  }

  private async listDifferences({ id }: Connection): Promise<MoneyDifferenceView[]> {
    const rows = await this.differences.listPresent(id, Object.keys(MONEY_DIFFERENCES), MOST.differences);
    const subjects = await this.database.query<{ id: string; subject: string; orderId: number | null }>(
      `SELECT DISTINCT ON (subject) split_part(subject, ':', 2) AS id, subject, ${ORDER_ID} FROM settlement
       WHERE connection_id = $1 AND subject = ANY ($2::text[])`,
      [id, rows.flatMap(({ subject }) => this.sources.list().map(({ integration }) => `${integration}:${subject}`))],
    );
    const bySubject = new Map(subjects.map((one) => [one.id, one]));
    const invoices = await this.invoices.listStates(
      id,
      rows.map(({ subject }) => subject),
    );
    return rows.map(({ id: difference, kind, subject, text, facts, state, owner, foundAt }) => {
      const [found, invoice] = [bySubject.get(subject), invoices.get(subject)];
      const { service = '', day = '', orderNumber, register, key, ...rest } = facts as Record<string, unknown> as DifferenceFacts;
      const amounts = Object.entries(rest).flatMap(([name, value]) =>
        isMoney(value) ? [{ name, amount: toWireAmount(value), currency: value.currency }] : [],
      );
      return {
        ...{ id: difference, kind: kind as MoneyDifferenceKind, text, service, day, amounts, state, foundAt: foundAt.toISOString() },
        ...(orderNumber !== undefined && { order: orderNumber }),
        ...(register !== undefined && { register }),
        ...(key !== undefined && { key }),
        ...(found && { subject: found.subject }),
        ...(found?.orderId != null && { orderId: found.orderId }),
        ...(owner !== null && { owner }),
        ...(invoice !== undefined && { invoice }),
      };
    });
  }

  private async listRegisters({ id }: Connection): Promise<RegisterView[]> {
    const rows = await this.database.query<Omit<RegisterView, 'total'> & { total: string; document: string | null }>(
      `SELECT id, service, number, kind, date::text AS date, currency, total, row_count AS rows, document, is_file AS "isFile", revision
       FROM register WHERE connection_id = $1 ORDER BY date DESC, id DESC LIMIT ${MOST.registers}`,
      [id],
    );
    return rows.map(({ document, total, ...row }) => ({
      ...row,
      total: toWireAmount(toMoney(Number(total), row.currency)),
      ...(document !== null && { document }),
    }));
  }
}

type DifferenceFacts = Record<string, unknown> & { service?: string; day?: string; orderNumber?: string; register?: string; key?: string };

function isMoney(value: unknown): value is { minor: number; currency: string } {
  return typeof (value as { minor?: unknown } | null)?.minor === 'number';
}

function toAmounts(row: Row): MoneyAmounts {
  const { currency } = row;
  const amount = (name: (typeof AMOUNTS)[number]): number => toWireAmount(toMoney(Number(row[name]), currency));
  return {
    ...{ currency, owed: amount('owed'), collected: amount('collected'), refunded: amount('refunded'), paid: amount('paid') },
    ...{ fees: amount('fees'), missing: amount('missing'), quoted: amount('quoted'), billed: amount('billed') },
  };
}

/** A cell that a spreadsheet would run as a formula gets an apostrophe. */
function quote(cell: string): string {
  const safe = /^[=+@]/.test(cell) ? `'${cell}` : cell;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

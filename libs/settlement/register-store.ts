import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, newId, type Transaction } from '#platform';
import { type Register, type RegisterRow, toMoney } from '#provider-kit';
import type { BookedRow, LostCost, MoneyRules, MoneySums } from './find-money-differences.js';
import type { MoneyFacts } from './money-source.js';
import { dropStagedRows, readStagedRows, stageRows } from './staged-rows.js';

/** Rows of one statement. */
const BATCH = 500;
/** Characters that are kept of a number and of a text. */
const MOST = { key: 100, text: 200 };
/** Days after which rows that belong to nothing are no longer looked up. */
const UNMATCHED_DAYS = 180;
/** Days in which the deliveries or payments of replaced rows are compared again. */
const REPLACED_DAYS = 45;

/** A register without its rows. Without a total, the total of its rows counts. */
export type RegisterHead = Omit<Register, 'rows' | 'total'> & { readonly total: number | undefined };

/** Whose register it is. */
export interface RegisterOwner {
  readonly connectionId: string;
  readonly integration: string;
  /** Code of the provider. */
  readonly service: string;
}

/** The result of an import. `same`: it changed nothing, because this register or file was imported before. */
export interface ImportedRegister {
  readonly outcome: 'added' | 'corrected' | 'same';
  /** Number of the register with the same rows. */
  readonly number: string;
  readonly rows: number;
  /** Rows that the register no longer contains. They are kept. */
  readonly replaced: number;
}

/** A row whose delivery or payment is not known yet. */
export type UnmatchedRow = Pick<RegisterRow, 'externalId' | 'trackNumber' | 'reference' | 'kind' | 'gross' | 'fees' | 'net' | 'line'> & {
  readonly id: string;
  readonly service: string;
  readonly number: string;
  readonly date: string;
  readonly currency: string;
};

/**
 * SQL: whether registers have the fee of a cost, table `booking b`. As for entries, payouts count, or else
 * bills.
 */
export const HAS_FEE = `coalesce((
  SELECT coalesce(sum(fee.minor) FILTER (WHERE g.kind = 'payout'), sum(fee.minor)) FROM register_row r JOIN register g ON g.id = r.register_id
    CROSS JOIN LATERAL jsonb_to_recordset(r.fees) AS fee (code text, minor bigint)
  WHERE r.connection_id = b.connection_id AND r.subject = b.subject AND r.replaced_at IS NULL AND g.currency = b.currency AND fee.code = b.code
), 0) > 0`;

/** A register whose rows do not make its total. */
export interface WrongTotal {
  readonly id: string;
  readonly service: string;
  readonly number: string;
  readonly date: string;
  readonly currency: string;
  readonly total: number;
  readonly sum: number;
}

/** Rolls an import back that changes nothing. */
class SameRegister extends Error {
  constructor(readonly result: ImportedRegister) {
    super('the register was imported before');
  }
}

/** Registers and what was compared with them: tables `register`, `register_row` and `settlement`. */
@Injectable()
export class RegisterStore {
  private lastFile: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: Database) {}

  /**
   * Imports a register in one transaction. The same register adds nothing. A corrected register replaces
   * the rows that it no longer contains. A replaced row is kept with the time.
   */
  import(owner: RegisterOwner, head: RegisterHead, rows: Iterable<RegisterRow>): Promise<ImportedRegister> {
    return this.importInOne(owner, head, () => rows, false);
  }

  /**
   * As `import`, of a file. A file with the rows of another register of the service adds nothing either. A
   * comparison of money starts soon.
   */
  async importFile(owner: RegisterOwner, head: RegisterHead, rows: AsyncIterable<RegisterRow>): Promise<ImportedRegister> {
    const upload = newId();
    try {
      await stageRows(this.database, owner.connectionId, upload, rows);
      return await this.takeTurn(() => this.importInOne(owner, head, (tx) => readStagedRows(tx, upload), true));
    } finally {
      await dropStagedRows(this.database, upload);
    }
  }

  /** Long files are imported one after the other, so that they do not take all connections of the process. */
  private takeTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastFile.then(work);
    this.lastFile = turn.catch(() => undefined);
    return turn;
  }

  private async importInOne(
    owner: RegisterOwner,
    head: RegisterHead,
    read: (tx: Transaction) => AsyncIterable<RegisterRow> | Iterable<RegisterRow>,
    isFile: boolean,
  ): Promise<ImportedRegister> {
    try {
      return await this.database.transaction((tx) => this.importRows(tx, owner, head, read(tx), isFile));
    } catch (error) {
      if (error instanceof SameRegister) return error.result;
      throw error;
    }
  }

  private async importRows(
    tx: Transaction,
    { connectionId, integration, service }: RegisterOwner,
    { id: number, kind, date, currency, total, document }: RegisterHead,
    rows: AsyncIterable<RegisterRow> | Iterable<RegisterRow>,
    isFile: boolean,
  ): Promise<ImportedRegister> {
    const key = [connectionId, service, kind, number];
    const [before] = await tx.query<{ hash: string; date: string; total: string; currency: string; document: string | null }[]>(
      `SELECT hash, date::text, total::text, currency, document FROM register
       WHERE connection_id = $1 AND service = $2 AND kind = $3 AND number = $4 FOR UPDATE`,
      key,
    );
    const [register] = await tx.query<{ id: string; revision: number }[]>(
      `INSERT INTO register (id, connection_id, service, kind, number, integration, date, currency, total, document, is_file)
       VALUES ($5, $1, $2, $3, $4, $6, $7, $8, $9, $10, $11)
       ON CONFLICT (connection_id, service, kind, number) DO UPDATE SET revision = register.revision + 1, date = EXCLUDED.date,
         currency = EXCLUDED.currency, total = EXCLUDED.total, document = EXCLUDED.document, updated_at = now()
       RETURNING id, revision`,
      [...key, newId(), integration, date, currency, total ?? 0, document ?? null, isFile],
    );
    if (!register) throw new Error('the register was not stored');
    const hash = createHash('sha256');
    let [count, sum] = [0, 0];
    let batch: RegisterRow[] = [];
    const flush = async (): Promise<void> => {
      await this.storeRows(tx, { connectionId, integration, ...register }, batch);
      batch = [];
    };
    for await (const row of rows) {
      hash.update(hashRow(row));
      count++;
      sum += kind === 'payout' ? row.net : row.fees.reduce((all, { minor }) => all + minor, 0);
      batch.push(row);
      if (batch.length === BATCH) await flush();
    }
    await flush();
    const digest = hash.update(currency).digest('base64url');
    const present = { hash: digest, date, total: String(total ?? sum), currency, document: document ?? null };
    const result = { number, rows: count };
    if (before && Object.entries(present).every(([name, value]) => before[name as keyof typeof present] === value))
      throw new SameRegister({ ...result, outcome: 'same', replaced: 0 });
    if (isFile && !before) {
      const [other] = await tx.query<{ number: string }[]>(
        `SELECT number FROM register WHERE connection_id = $1 AND service = $2 AND kind = $3 AND hash = $4 AND row_count > 0 LIMIT 1`,
        [connectionId, service, kind, digest],
      );
      if (other) throw new SameRegister({ ...result, number: other.number, outcome: 'same', replaced: 0 });
    }
    const [{ replaced } = { replaced: 0 }] = await tx.query<{ replaced: number }[]>(
      `WITH replaced AS (UPDATE register_row SET replaced_at = now() WHERE register_id = $1 AND replaced_at IS NULL AND revision < $2 RETURNING 1)
       SELECT count(*)::int AS replaced FROM replaced`,
      [register.id, register.revision],
    );
    await tx.query(
      `UPDATE register SET hash = $2, row_count = $3, sum = $4, total = $5, compared_at = CASE WHEN is_file THEN NULL ELSE now() END WHERE id = $1`,
      [register.id, digest, count, sum, total ?? sum],
    );
    return { ...result, outcome: before ? 'corrected' : 'added', replaced };
  }

  /** Equal rows are numbered, so that a fee that was taken twice stays two rows. */
  private async storeRows(
    tx: Transaction,
    { connectionId, integration, id, revision }: { connectionId: string; integration: string; id: string; revision: number },
    rows: readonly RegisterRow[],
  ): Promise<void> {
    if (rows.length === 0) return;
    const list = rows.map((row) => ({
      ...{ id: newId(), line: row.line, hash: hashRow(row), kind: row.kind, gross: row.gross, fees: row.fees, net: row.net },
      ...{ external_id: cut(row.externalId), track_number: cut(row.trackNumber), reference: cut(row.reference) },
      ...{ at: row.at?.toISOString() ?? null, text: row.text?.slice(0, MOST.text) ?? null },
    }));
    await tx.query(
      `WITH r AS (SELECT * FROM jsonb_to_recordset($5::jsonb) AS r (id uuid, line int, hash text, external_id text, track_number text, reference text,
           kind text, gross bigint, fees jsonb, net bigint, at timestamptz, text text)),
         known AS MATERIALIZED (SELECT h.hash, (SELECT coalesce(max(o.occurrence), 0) FROM register_row o
           WHERE o.register_id = $2 AND o.hash = h.hash AND o.replaced_at IS NULL AND o.revision = $4) AS most FROM (SELECT DISTINCT hash FROM r) h)
       INSERT INTO register_row (id, connection_id, register_id, integration, revision, line, hash, occurrence, external_id, track_number,
           reference, kind, gross, fees, net, at, text, subject)
         SELECT r.id, $1, $2, $3, $4, r.line, r.hash, known.most + row_number() OVER (PARTITION BY r.hash ORDER BY r.line),
           r.external_id, r.track_number, r.reference, r.kind, r.gross, r.fees, r.net, r.at, r.text,
           CASE WHEN coalesce(r.external_id, r.track_number, r.reference) IS NULL THEN '' END
         FROM r JOIN known USING (hash)
       ON CONFLICT (register_id, hash, occurrence) WHERE replaced_at IS NULL DO UPDATE SET revision = EXCLUDED.revision, line = EXCLUDED.line`,
      [connectionId, id, integration, revision, JSON.stringify(list)],
    );
  }

  /** Lists rows whose delivery or payment is not known, in the order of their ids. */
  async listUnmatched(
    { connectionId, integration }: Omit<RegisterOwner, 'service'>,
    after: string,
    limit: number,
  ): Promise<UnmatchedRow[]> {
    const rows = await this.database.query<UnmatchedRow & { gross: string; net: string }>(
      `SELECT w.id, w.line, w.external_id AS "externalId", w.track_number AS "trackNumber", w.reference, w.kind, w.gross, w.fees, w.net,
         r.service, r.number, r.date::text AS date, r.currency
       FROM register_row w JOIN register r ON r.id = w.register_id
       WHERE w.connection_id = $1 AND w.integration = $2 AND w.subject IS NULL AND w.replaced_at IS NULL AND w.id > $3
         AND w.created_at > now() - make_interval(days => ${UNMATCHED_DAYS})
       ORDER BY w.id LIMIT $4`,
      [connectionId, integration, after, limit],
    );
    return rows.map((row) => ({ ...row, gross: Number(row.gross), net: Number(row.net) }));
  }

  /** Notes the deliveries or payments of rows. */
  async match(subjects: ReadonlyMap<string, string>): Promise<void> {
    if (subjects.size === 0) return;
    await this.database.query(
      `UPDATE register_row w SET subject = m.subject FROM unnest($1::uuid[], $2::text[]) AS m (id, subject) WHERE w.id = m.id`,
      [[...subjects.keys()], [...subjects.values()]],
    );
  }

  /** Lists the rows of deliveries or payments. */
  async listRows(connectionId: string, subjects: readonly string[]): Promise<ReadonlyMap<string, BookedRow[]>> {
    const rows = await this.database.query<
      BookedRow & { subject: string; gross: string; net: string; at: Date | null; ownId: string | null }
    >(
      `SELECT w.subject, w.external_id AS "ownId", w.kind, w.gross, w.fees, w.net, w.at, r.kind AS register, r.currency FROM register_row w JOIN register r ON r.id = w.register_id
       WHERE w.connection_id = $1 AND w.subject = ANY ($2::text[]) AND w.replaced_at IS NULL ORDER BY w.id`,
      [connectionId, subjects],
    );
    const found = new Map<string, BookedRow[]>();
    for (const { subject, at, ownId, ...row } of rows) {
      const booked = found.get(subject) ?? [];
      booked.push({
        ...row,
        gross: Number(row.gross),
        net: Number(row.net),
        ...(at && { at }),
        ...(ownId !== null && { externalId: ownId }),
      });
      found.set(subject, booked);
    }
    return found;
  }

  /** Returns the deliveries or payments whose money is closed. */
  async listClosed(connectionId: string, subjects: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ subject: string }>(
      `SELECT subject FROM settlement WHERE connection_id = $1 AND subject = ANY ($2::text[]) AND closed_at IS NOT NULL`,
      [connectionId, subjects],
    );
    return new Set(rows.map(({ subject }) => subject));
  }

  /** Lists registers whose rows do not make their total. */
  async listWrongTotals({ connectionId, integration }: Omit<RegisterOwner, 'service'>): Promise<WrongTotal[]> {
    const rows = await this.database.query<WrongTotal & { total: string; sum: string }>(
      `SELECT id, service, number, date::text AS date, currency, total, sum FROM register
       WHERE connection_id = $1 AND integration = $2 AND total <> sum ORDER BY id LIMIT 1000`,
      [connectionId, integration],
    );
    return rows.map((row) => ({ ...row, total: Number(row.total), sum: Number(row.sum) }));
  }

  /** Stores the compared money of deliveries or payments. */
  async keep(
    owner: Omit<RegisterOwner, 'service'>,
    compared: readonly { facts: MoneyFacts; sums: readonly MoneySums[]; differs: boolean }[],
  ): Promise<void> {
    const rows = compared.flatMap(({ facts, sums, differs }) =>
      sums.map((one) => ({
        ...{ subject: facts.subject, service: facts.service, day: facts.day, order_number: facts.orderNumber ?? facts.order ?? null },
        ...{ ...one, differs, facts },
      })),
    );
    await this.database.query(
      `WITH gone AS (DELETE FROM settlement s WHERE connection_id = $1 AND subject = ANY ($4::text[])
           AND NOT EXISTS (SELECT FROM jsonb_to_recordset($3::jsonb) AS r (subject text, currency text) WHERE r.subject = s.subject AND r.currency = s.currency))
       INSERT INTO settlement (connection_id, integration, subject, currency, service, day, order_number, owed, collected, refunded, paid, fees,
           missing, quoted, billed, differs, facts)
         SELECT $1, $2, subject, currency, service, day, order_number, owed, collected, refunded, paid, fees, missing, quoted, billed, differs, facts
         FROM jsonb_to_recordset($3::jsonb) AS r (subject text, currency text, service text, day date, order_number text, owed bigint,
           collected bigint, refunded bigint, paid bigint, fees bigint, missing bigint, quoted bigint, billed bigint, differs boolean, facts jsonb)
         ORDER BY subject, currency
       ON CONFLICT (connection_id, subject, currency) DO UPDATE SET service = EXCLUDED.service, day = EXCLUDED.day,
         order_number = EXCLUDED.order_number, owed = EXCLUDED.owed, collected = EXCLUDED.collected, refunded = EXCLUDED.refunded,
         paid = EXCLUDED.paid, fees = EXCLUDED.fees, missing = EXCLUDED.missing, quoted = EXCLUDED.quoted, billed = EXCLUDED.billed,
         differs = EXCLUDED.differs, facts = EXCLUDED.facts
         WHERE settlement.closed_at IS NULL`,
      [owner.connectionId, owner.integration, JSON.stringify(rows), compared.map(({ facts }) => facts.subject)],
    );
  }

  /** Notes and lists costs that the CRM has, although no register has their fees. */
  async listLostCosts(connectionId: string, subjects: readonly string[]): Promise<ReadonlyMap<string, LostCost[]>> {
    const rows = await this.database.query<{ subject: string; code: string; minor: string; currency: string }>(
      `UPDATE booking b SET lost_at = coalesce(lost_at, now())
       WHERE connection_id = $1 AND subject = ANY ($2::text[]) AND kind = 'cost' AND sent_at IS NOT NULL AND NOT ${HAS_FEE}
       RETURNING subject, code, amount_minor AS minor, currency`,
      [connectionId, subjects],
    );
    const lost = new Map<string, LostCost[]>();
    for (const { subject, code, minor, currency } of rows.sort((one, other) => (one.code < other.code ? -1 : 1)))
      lost.set(subject, [...(lost.get(subject) ?? []), { code, money: toMoney(Number(minor), currency) }]);
    return lost;
  }

  /**
   * Lists the facts of deliveries or payments with a difference, or whose rows were replaced lately, in the
   * order of their subjects.
   */
  async listDiffering({ connectionId, integration }: Omit<RegisterOwner, 'service'>, after: string, limit: number): Promise<MoneyFacts[]> {
    const rows = await this.database.query<FactsRow>(
      `SELECT DISTINCT ON (subject) facts FROM settlement WHERE connection_id = $1 AND integration = $2 AND subject > $3
         AND (differs OR subject IN (SELECT subject FROM register_row WHERE connection_id = $1 AND replaced_at > now() - make_interval(days => ${REPLACED_DAYS})))
       ORDER BY subject LIMIT $4`,
      [connectionId, integration, after, limit],
    );
    return rows.map(toFacts);
  }

  /** Lists the facts of payments that were entered in the CRM, by their numbers at the gateway. */
  async listEntered({ connectionId, service }: RegisterOwner, numbers: readonly string[]): Promise<MoneyFacts[]> {
    if (numbers.length === 0) return [];
    const rows = await this.database.query<FactsRow>(
      `SELECT s.facts FROM booking b JOIN settlement s ON s.connection_id = b.connection_id AND s.subject = b.subject
       WHERE b.connection_id = $1 AND b.key = ANY ($2::text[])`,
      [connectionId, numbers.map((number) => `invoice:${service}:${number}`)],
    );
    return rows.map(toFacts);
  }

  /** Returns when money of a service is missing. */
  async readRules(connectionId: string, service: string): Promise<Omit<MoneyRules, 'now'>> {
    const [row] = await this.database.query<{ payoutDays: number | null; since: Date | null }>(
      `SELECT (SELECT payout_days FROM settlement_setting WHERE connection_id = $1 AND service = $2) AS "payoutDays",
         (SELECT min(date)::timestamptz FROM register WHERE connection_id = $1 AND service = $2 AND kind = 'payout') AS since`,
      [connectionId, service],
    );
    return { payoutDays: row?.payoutDays ?? 10, since: row?.since ?? undefined };
  }

  /** Lists connections with files that were not compared yet. */
  async listNew(limit: number): Promise<{ connectionId: string; registers: string[] }[]> {
    return this.database.query(
      `SELECT connection_id AS "connectionId", array_agg(id) AS registers FROM register WHERE compared_at IS NULL GROUP BY connection_id LIMIT $1`,
      [limit],
    );
  }

  /** Notes that a comparison was started for registers. */
  async noteCompared(registers: readonly string[]): Promise<void> {
    await this.database.query(`UPDATE register SET compared_at = now() WHERE id = ANY ($1::uuid[])`, [registers]);
  }
}

interface FactsRow {
  facts: Omit<MoneyFacts, 'endedAt'> & { endedAt?: string };
}

function toFacts({ facts: { endedAt, ...facts } }: FactsRow): MoneyFacts {
  return { ...facts, ...(endedAt !== undefined && { endedAt: new Date(endedAt) }) };
}

/** Returns the hash of a row without its line, which differs after a correction above it. */
function hashRow({ externalId, trackNumber, reference, kind, gross, fees, net, at, text }: RegisterRow): string {
  const parts = [externalId, trackNumber, reference, kind, gross, fees.map(({ code, minor }) => [code, minor]), net, at?.getTime(), text];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

function cut(text: string | undefined): string | null {
  return text?.slice(0, MOST.key) || null;
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Database, BadInputError, CallbackError, isUniqueViolation, sha256Hex, type Transaction } from '#platform';
import { StockChanges } from '#inventory/services';
import { LedgerImportEntity, LedgerImportLineEntity } from '../ledger.entity.js';
import type { LedgerSettings } from '../ledger.settings.js';
import { toOffer } from '../ledger-stocks.js';
import { type BadLine, BadLines, MOST_NAMED } from './bad-lines.js';
import type { ImportReport } from './import-report.js';
import {
  buildBalanceStatements,
  CHANGED_OFFERS,
  type Counting,
  MISNAMED,
  NAME_OFFERS,
  OPEN_BALANCES,
  REPEATED,
  RESOLVE,
  SETTLE,
  TOO_MANY_STORES,
} from './import-statements.js';
import type { RawLine } from './raw-line.js';
import { formatProblem, type StockLine, readStockLine } from './stock-line.js';

/** Number of lines sent to the database at a time. */
const BATCH = 2_000;
/** Number of offers added to the outbox at a time. */
const OFFERS = 5_000;
const MOST_LINES = 1_000_000;
/** Number of lines from which a badly chosen plan would be noticeable. */
const MANY_LINES = 1_000;
/** A statement over a million lines takes longer than a callback's may. */
const STATEMENT_TIMEOUT = '10min';

/** The ledger that an import is for. */
export interface ImportTarget {
  connectionId: string;
  settings: LedgerSettings;
}

/** Options of applying lines. */
export interface ImportOptions {
  /** `set`: quantities are the stock. `adjust`: quantities are changes. */
  mode: 'set' | 'adjust';
  /** In mode `set`, whether the quantity includes reserved units. */
  counts: 'onHand' | 'available';
  /** ISO 4217 code of purchase prices. */
  currency?: string | undefined;
  /** An import with the key of an applied one is not applied again. */
  key?: string | undefined;
  comment?: string | undefined;
  /** Whether to only check. */
  dryRun: boolean;
  /** Whether the CRM has these stocks already, so that they are not sent. */
  untold?: boolean;
}

/** Rolls back the transaction. */
class NotApplied extends Error {
  constructor(readonly report: ImportReport) {
    super();
  }
}

/**
 * Applies files of stock lines, completely or not at all. Lines wait in a table, so that a slow sender holds
 * neither memory nor a transaction. Then one transaction applies all lines in SQL and queues stocks.
 */
@Injectable()
export class LedgerImports {
  constructor(
    private readonly database: Database,
    private readonly changes: StockChanges,
  ) {}

  /**
   * Applies a file. `contentHash` is called once the file was read to its end. Throws BadInputError for a
   * file without lines, CallbackError 409 for a key used with another file.
   */
  async run(target: ImportTarget, options: ImportOptions, file: AsyncIterable<RawLine>, contentHash: () => string): Promise<ImportReport> {
    const id = uuidv7();
    const badLines = new BadLines();
    try {
      const { lines, staged } = await this.stage(id, target, options, file, badLines);
      if (lines === 0) throw new BadInputError({ body: 'must contain at least one line' });
      const many = staged > MANY_LINES;
      if (many) await this.database.query('ANALYZE ledger_import_line');
      const report = await this.database.transaction((tx) =>
        this.apply(tx, { id, target, options, lines, staged, hash: hashImport(options, contentHash()), badLines }),
      );
      // Runs earlier than autovacuum, for reads right after the import.
      if (many) await this.database.query('ANALYZE ledger_offer, ledger_balance');
      return report;
    } catch (error) {
      if (error instanceof NotApplied) return error.report;
      throw error;
    } finally {
      const lines = this.database.dataSource.getRepository(LedgerImportLineEntity).createQueryBuilder();
      await lines.delete().where(`import_id = :id OR created_at < now() - interval '1 day'`, { id }).execute();
    }
  }

  /**
   * Applies one line in `tx`, as a separate import with the key in the options. Throws CallbackError 409 for
   * a key used with another line.
   */
  async applyLine(tx: Transaction, target: ImportTarget, options: ImportOptions, line: StockLine): Promise<ImportReport> {
    const id = uuidv7();
    await this.insert(id, [{ ...line, line: 1 }], options.currency, tx);
    const hash = hashImport(options, sha256Hex(JSON.stringify(line)));
    try {
      return await this.apply(tx, { id, target, options, lines: 1, staged: 1, hash, badLines: new BadLines() });
    } catch (error) {
      if (error instanceof NotApplied) return error.report;
      throw error;
    } finally {
      // If a statement has failed, this fails too, and everything is rolled back.
      await tx.query('DELETE FROM ledger_import_line WHERE import_id = $1', [id]).catch(() => undefined);
    }
  }

  /** Checks lines one by one and stores the valid ones in their table. */
  private async stage(
    id: string,
    { settings }: ImportTarget,
    { mode, currency }: ImportOptions,
    file: AsyncIterable<RawLine>,
    badLines: BadLines,
  ): Promise<{ lines: number; staged: number }> {
    const rules = { mode, currency, settings };
    let batch: (StockLine & { line: number })[] = [];
    let lines = 0;
    let staged = 0;
    const flush = async (): Promise<void> => {
      await this.insert(id, batch, currency);
      staged += batch.length;
      batch = [];
    };
    for await (const { line, value, problem } of file) {
      if (++lines > MOST_LINES) throw new BadInputError({ body: `must contain at most ${MOST_LINES} lines` });
      if (problem !== undefined) {
        badLines.add(line, problem);
        continue;
      }
      try {
        batch.push({ ...readStockLine(value, rules), line });
      } catch (error) {
        if (!(error instanceof BadInputError)) throw error;
        badLines.add(line, formatProblem(error));
      }
      if (batch.length === BATCH) await flush();
    }
    if (batch.length > 0) await flush();
    return { lines, staged };
  }

  private async insert(
    id: string,
    lines: readonly (StockLine & { line: number })[],
    currency: string | undefined,
    manager: EntityManager = this.database.dataSource.manager,
  ): Promise<void> {
    await manager.query(
      `INSERT INTO ledger_import_line (import_id, price_currency, line, crm_id, xml_id, external_id, site, warehouse, quantity, price_minor)
       SELECT $1, CASE WHEN price_minor IS NOT NULL THEN $2 END, line, crm_id, xml_id, external_id, site, warehouse, quantity, price_minor
       FROM unnest($3::int[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[])
         AS l (line, crm_id, xml_id, external_id, site, warehouse, quantity, price_minor)`,
      [
        id,
        currency ?? null,
        lines.map((one) => one.line),
        lines.map((one) => one.id ?? null),
        lines.map((one) => one.xmlId ?? null),
        lines.map((one) => one.externalId ?? null),
        lines.map((one) => one.site ?? null),
        lines.map((one) => one.store),
        lines.map((one) => one.quantity ?? null),
        lines.map((one) => one.priceMinor ?? null),
      ],
    );
  }

  private async apply(tx: Transaction, run: Run): Promise<ImportReport> {
    const { id, target, options, badLines } = run;
    const { connectionId, settings } = target;
    await tx.query(`SET LOCAL statement_timeout = '${STATEMENT_TIMEOUT}'`);
    if (run.staged > MANY_LINES) await joinWithoutLoops(tx);
    // Imports of one ledger run one after the other, so that two never create the same offer.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`ledger import ${connectionId}`]);
    const before = await this.appliedBefore(tx, run);
    if (before) return before;
    const newOffers = await this.resolve(tx, connectionId, id, run.staged);
    for (const statement of MISNAMED) await this.refuse(tx, badLines, statement, [id]);
    if (options.mode === 'set') await this.refuse(tx, badLines, REPEATED, [id]);
    if (badLines.count === 0) await this.nameOffers(tx, id);
    const opened = await countChanged(tx, OPEN_BALANCES, [connectionId, id]);
    if (opened > 0) await this.refuse(tx, badLines, TOO_MANY_STORES, [id]);
    const counting: Counting = options.mode === 'adjust' ? 'adjust' : options.counts;
    const statements = buildBalanceStatements(counting);
    const unchanged = await countChanged(tx, statements.dropUnchanged, [id]);
    const applies = !options.dryRun && badLines.count === 0;
    // Runs before the locks, so that they are held only briefly.
    if (applies && !options.untold) await tellOffers(tx, this.changes, connectionId, CHANGED_OFFERS, [id]);
    await tx.query(statements.lock, [id]);
    await this.refuse(tx, badLines, statements.refuse, [id, settings.allowNegative]);
    const report = { applied: false, dryRun: options.dryRun, repeated: false, lines: run.lines, changed: 0, unchanged, newOffers };
    if (badLines.count > 0) throw new NotApplied({ ...report, unchanged: 0, newOffers: 0, bad: badLines.count, badLines: badLines.list() });
    const changed = await countChanged(tx, statements.post, [connectionId, id, options.mode, settings.allowNegative]);
    if (options.dryRun) throw new NotApplied({ ...report, changed, bad: 0, badLines: [] });
    const done: ImportReport = { ...report, applied: true, changed, bad: 0, badLines: [] };
    const { key, comment } = options;
    await tx.insert(LedgerImportEntity, {
      id,
      connectionId,
      key: key ?? null,
      contentHash: run.hash,
      comment: comment ?? null,
      report: done,
    });
    return done;
  }

  private async appliedBefore(tx: Transaction, { target, options, hash }: Run): Promise<ImportReport | undefined> {
    if (options.key === undefined) return undefined;
    const row = await tx.findOneBy(LedgerImportEntity, { connectionId: target.connectionId, key: options.key });
    if (!row) return undefined;
    if (row.contentHash !== hash)
      throw new CallbackError(409, 'This key was already used with other content or in another mode. Use another key.');
    return { ...row.report, repeated: true };
  }

  /** Finds the lines' offers and creates missing ones. Returns their number. */
  private async resolve(tx: Transaction, connectionId: string, id: string, lines: number): Promise<number> {
    let found = await countChanged(tx, RESOLVE, [connectionId, id]);
    let made = 0;
    for (const { share, create } of SETTLE) {
      if (found === lines) return made;
      found += await countChanged(tx, share, [id]);
      made += await countChanged(tx, create, [connectionId, id]);
      found += await countChanged(tx, RESOLVE, [connectionId, id]);
    }
    // The table of lines does not survive a crash of the database.
    if (found !== lines) throw new CallbackError(503, 'The import lost some of its lines and was not applied. Send it again.');
    return made;
  }

  private async refuse(tx: Transaction, badLines: BadLines, statement: string, values: unknown[]): Promise<void> {
    const rows = (await tx.query(
      `SELECT line, error, count(*) OVER ()::int AS total FROM (${statement}) bad ORDER BY line LIMIT ${MOST_NAMED}`,
      values,
    )) as (BadLine & { total: number })[];
    for (const { line, error } of rows) badLines.add(line, error);
    badLines.count += (rows[0]?.total ?? 0) - rows.length;
  }

  private async nameOffers(tx: Transaction, id: string): Promise<void> {
    try {
      await tx.query(NAME_OFFERS, [id]);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new BadInputError({ body: 'exchanges identifiers between offers. Use two imports' });
    }
  }
}

/** State of one import. */
interface Run {
  id: string;
  target: ImportTarget;
  options: ImportOptions;
  lines: number;
  staged: number;
  hash: string;
  badLines: BadLines;
}

/**
 * Reports the offers that a query returns (columns id, crm_id, xml_id, external_id, site) to StockChanges, a
 * few thousand at a time, in the transaction `tx`. Returns their number.
 */
export async function tellOffers(
  tx: Transaction,
  changes: StockChanges,
  connectionId: string,
  query: string,
  values: unknown[],
): Promise<number> {
  await tx.query(`DECLARE told_offers NO SCROLL CURSOR FOR ${query}`, values);
  let told = 0;
  for (;;) {
    const rows = (await tx.query(`FETCH ${OFFERS} FROM told_offers`)) as Parameters<typeof toOffer>[0][];
    await changes.add(tx, connectionId, rows.map(toOffer));
    told += rows.length;
    if (rows.length < OFFERS) break;
  }
  await tx.query('CLOSE told_offers');
  return told;
}

/**
 * Disables nested loops for this transaction. After a rejected or checked file the planner assumes empty
 * tables and would compare each line with each offer.
 */
export async function joinWithoutLoops(tx: Transaction): Promise<void> {
  await tx.query('SET LOCAL enable_nestloop = off');
}

/** Returns the number of rows that a statement changed. */
async function countChanged(tx: Transaction, statement: string, values: unknown[]): Promise<number> {
  const result = await tx.queryRunner?.query(statement, values, true);
  if (result?.affected === undefined) throw new Error('the statement was run outside a transaction, or changes nothing');
  return result.affected;
}

/** Returns a hash that is equal for the same content applied in the same way. */
function hashImport({ mode, counts, currency }: ImportOptions, contentHash: string): string {
  return `${mode}/${counts}/${currency ?? ''}/${contentHash}`;
}

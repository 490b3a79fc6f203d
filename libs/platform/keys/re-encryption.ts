import { Injectable } from '@nestjs/common';
import type { Operator } from '../config/index.js';
import { SecretBox } from '../crypto/index.js';
import { Database, type SealedColumn, type SealedTable, SealedTables, type Transaction } from '../database/index.js';
import { defineTask, HandleTask, type TaskEntity, type TaskRun, type TaskSlice, TasksService } from '../tasks/index.js';

/** Where a re-encryption continues: after a row of a table. Rows that were in use follow in another pass. */
interface Place {
  readonly table: number;
  readonly after: readonly string[] | null;
  readonly pass: number;
}

/** `key`: id of the key to encrypt everything with. */
/** The task that encrypts everything stored with the first key. */
export const reEncrypt = defineTask<{ key: string }, Place>('keys.re-encrypt', 're-encrypts with the first key');

/** Rows of one slice. */
const BATCH = 100;
/** Maximum number of passes. Rows that are locked in each of them remain for the next re-encryption. */
const MOST_PASSES = 5;

/** Sealed values of a key. */
export interface KeyUse {
  /** The key's id: the beginning of its SHA-256. */
  id: string;
  /** `encrypts`: the first of ENCRYPTION_KEY; `decrypts`: another one of it; `missing`: not there. */
  state: 'encrypts' | 'decrypts' | 'missing';
  /** Values that are encrypted with it. */
  values: number;
  /** The same by table and column. */
  columns: Record<string, number>;
}

/** Lists the keys in use, and re-encrypts everything with the first. */
@Injectable()
export class ReEncryption {
  constructor(
    private readonly box: SecretBox,
    private readonly database: Database,
    private readonly sealed: SealedTables,
    private readonly tasks: TasksService,
  ) {}

  /** Starts the task. Throws CallbackError 409 while one runs. */
  start({ name }: Operator, request: string): Promise<TaskEntity> {
    return this.tasks.start(reEncrypt, { key: this.firstKey }, { startedBy: name, request, key: reEncrypt.kind });
  }

  /** Counts the values of each key, values of ENCRYPTION_KEY first. Reads all sealed columns. */
  async listKeys(): Promise<KeyUse[]> {
    const states = new Map<string, KeyUse['state']>(this.box.keyIds.map((id, index) => [id, index === 0 ? 'encrypts' : 'decrypts']));
    const uses = new Map<string, KeyUse>([...states].map(([id, state]) => [id, { id, state, values: 0, columns: {} }]));
    for (const { table, columns } of this.sealed.all)
      for (const { column, isJson } of columns) {
        const rows = await this.database.query<{ id: string; values: number }>(
          `SELECT m[1] AS id, count(*)::int AS values FROM ${table}, regexp_matches(${column}::text, $1, 'g') m GROUP BY 1`,
          [buildPattern('', isJson)],
        );
        for (const { id, values } of rows) {
          const use = uses.get(id) ?? { id, state: 'missing', values: 0, columns: {} };
          uses.set(id, { ...use, values: use.values + values, columns: { ...use.columns, [`${table}.${column}`]: values } });
        }
      }
    return [...uses.values()];
  }

  /** Encrypts the values of some rows again. Values that cannot be opened stay unchanged. */
  @HandleTask(reEncrypt)
  async renewSome(tx: Transaction, { input, place, total }: TaskRun<{ key: string }, Place>): Promise<TaskSlice<Place>> {
    if (input.key !== this.firstKey)
      throw new Error(
        `a worker has another first ENCRYPTION_KEY (${this.firstKey}) than the api had (${input.key}): restart all processes`,
      );
    const all = total === null ? { total: await this.countStale(tx) } : {};
    const { table: index, after, pass } = place ?? { table: 0, after: null, pass: 1 };
    const table = this.sealed.all[index];
    if (!table) return this.endPass(tx, pass);
    const rows = await this.readStale(tx, table, after);
    let [renewed, unreadable] = [0, 0];
    for (const row of rows) {
      const fresh = table.columns.map(({ isJson }, at) => this.renew(row.texts[at] ?? null, row.contexts[at] ?? '', isJson));
      renewed += fresh.reduce((sum, one) => sum + one.renewed, 0);
      unreadable += fresh.reduce((sum, one) => sum + one.unreadable, 0);
      if (fresh.some((one) => one.renewed > 0))
        await write(
          tx,
          table,
          row.key,
          fresh.map(({ text }) => text),
        );
    }
    const last = rows.at(-1);
    const isWhole = rows.length === BATCH && last !== undefined;
    return {
      done: renewed,
      ...all,
      // Each pass finds the unreadable values again.
      result: { renewed, ...(pass === 1 && unreadable > 0 && { unreadable }) },
      next: isWhole ? { table: index, after: last.key, pass } : { table: index + 1, after: null, pass },
    };
  }

  /** Another pass for rows that were locked, as long as the one before changed anything. */
  private async endPass(tx: Transaction, pass: number): Promise<TaskSlice<Place>> {
    const left = pass < MOST_PASSES ? await this.countStale(tx) : 0;
    return { done: 0, ...(left > 0 && { next: { table: 0, after: null, pass: pass + 1 } }) };
  }

  /** Values that another known key encrypted. */
  private async countStale(tx: Transaction): Promise<number> {
    const others = this.box.keyIds.slice(1);
    let stale = 0;
    for (const { table, columns } of this.sealed.all)
      for (const { column, isJson } of columns) {
        const [row] = await tx.query<{ values: number }[]>(
          `SELECT count(*)::int AS values FROM ${table}, regexp_matches(${column}::text, $1, 'g') m WHERE m[1] = ANY ($2)`,
          [buildPattern('', isJson), others],
        );
        stale += row?.values ?? 0;
      }
    return stale;
  }

  /** Locks rows against saves, and skips rows that a save has locked. */
  private async readStale(tx: Transaction, { table, key, columns }: SealedTable, after: readonly string[] | null): Promise<StaleRow[]> {
    const isStale = columns.map(({ column }, at) => `${column}::text ~ $${at + 1}`).join(' OR ');
    const patterns = columns.map(({ isJson }) => buildPattern(`(?!${this.firstKey})`, isJson));
    const place = after?.map((_, at) => `$${patterns.length + at + 1}`);
    return tx.query<StaleRow[]>(
      `SELECT ARRAY[${key.map((one) => `${one}::text`).join(', ')}] AS key,
         ARRAY[${columns.map(({ column }) => `${column}::text`).join(', ')}] AS texts,
         ARRAY[${columns.map(({ context }) => `(${context})::text`).join(', ')}] AS contexts
       FROM ${table} WHERE (${isStale})${place ? ` AND (${key.join(', ')}) > (${place.join(', ')})` : ''}
       ORDER BY ${key.join(', ')} LIMIT ${BATCH} FOR NO KEY UPDATE SKIP LOCKED`,
      [...patterns, ...(after ?? [])],
    );
  }

  private renew(
    text: string | null,
    context: string,
    isJson: SealedColumn['isJson'],
  ): { text: string | null; renewed: number; unreadable: number } {
    let [renewed, unreadable] = [0, 0];
    const fresh = text?.replace(new RegExp(buildPattern('', isJson), 'g'), (found) => {
      const sealed = isJson ? found.slice(1, -1) : found;
      if (!this.box.isStale(sealed)) return found;
      const opened = this.tryOpen(sealed, context);
      if (opened === undefined) {
        unreadable++;
        return found;
      }
      renewed++;
      const resealed = this.box.seal(opened, context);
      return isJson ? `"${resealed}"` : resealed;
    });
    return { text: fresh ?? null, renewed, unreadable };
  }

  /** As bytes: not everything sealed is a text. */
  private tryOpen(sealed: string, context: string): Buffer | undefined {
    try {
      return this.box.openBytes(sealed, context);
    } catch {
      return undefined;
    }
  }

  private get firstKey(): string {
    return this.box.keyIds[0] ?? '';
  }
}

/** A row with values of other keys; `texts` and `contexts` in the order of the table's columns. */
interface StaleRow {
  readonly key: readonly string[];
  readonly texts: readonly (string | null)[];
  readonly contexts: readonly string[];
}

/** The expression for sealed texts, of PostgreSQL and of JavaScript. Their key's id is its group. */
function buildPattern(beforeKey: string, isJson: SealedColumn['isJson']): string {
  const sealed = `v1\\.${beforeKey}([0-9a-f]{8})\\.[A-Za-z0-9_-]+`;
  return isJson ? `"${sealed}"` : `^${sealed}$`;
}

/** The row is locked: it has not been written since it was read. */
async function write(
  tx: Transaction,
  { table, key, columns }: SealedTable,
  id: readonly string[],
  texts: readonly (string | null)[],
): Promise<void> {
  const values = columns.map(({ column, isJson }, at) => `${column} = $${at + 1}${isJson ? '::jsonb' : ''}`);
  const place = key.map((one, at) => `${one} = $${columns.length + at + 1}`);
  await tx.query(`UPDATE ${table} SET ${values.join(', ')} WHERE ${place.join(' AND ')}`, [...texts, ...id]);
}

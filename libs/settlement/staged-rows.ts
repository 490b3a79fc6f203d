import type { Database, Transaction } from '#platform';
import type { RegisterRow } from '#provider-kit';

/** Rows of one batch. */
const BATCH = 500;

/**
 * Stores the rows of a file that is being received, until it is complete. A slow sender then holds neither
 * memory nor a transaction.
 * @param upload id for `readStagedRows` and `dropStagedRows`
 */
export async function stageRows(database: Database, connectionId: string, upload: string, rows: AsyncIterable<RegisterRow>): Promise<void> {
  let batch: RegisterRow[] = [];
  let number = 0;
  const flush = async (): Promise<void> => {
    const values = [upload, number++, connectionId, JSON.stringify(batch)];
    batch = [];
    await database.query('INSERT INTO register_batch (upload_id, number, connection_id, rows) VALUES ($1, $2, $3, $4)', values);
  };
  for await (const row of rows) {
    batch.push(row);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
}

/** Reads the rows in their order, a batch at a time. */
export async function* readStagedRows(tx: Transaction, upload: string): AsyncGenerator<RegisterRow> {
  for (let number = 0; ; number++) {
    const [batch] = await tx.query<{ rows: (Omit<RegisterRow, 'at'> & { at?: string })[] }[]>(
      'SELECT rows FROM register_batch WHERE upload_id = $1 AND number = $2',
      [upload, number],
    );
    if (!batch) return;
    for (const { at, ...row } of batch.rows) yield { ...row, ...(at !== undefined && { at: new Date(at) }) };
  }
}

/** Deletes the rows of an upload, and rows that processes left when they crashed. */
export async function dropStagedRows(database: Database, upload: string): Promise<void> {
  await database.query(`DELETE FROM register_batch WHERE upload_id = $1 OR created_at < now() - interval '1 day'`, [upload]);
}

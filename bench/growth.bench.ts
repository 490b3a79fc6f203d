import pg from 'pg';
import { callsGrowth } from './growth/calls.js';
import { deliveriesGrowth } from './growth/deliveries.js';
import { inboxGrowth } from './growth/inbox.js';
import { messagesGrowth } from './growth/messages.js';
import { operationsGrowth } from './growth/operations.js';
import { outboxGrowth } from './growth/outbox.js';
import { paymentsGrowth } from './growth/payments.js';
import { connectionId, CONNECTIONS, type GrowthPart, type Recurring } from './growth/part.js';
import { benchDatabase, median } from './support/bench.js';

/**
 * Milliseconds and plan of each statement that recurs, on tables that hold years: with statistics from before
 * the latest rows and with fresh ones, planned for its values and for any. Ends with 1 when a plan reads a
 * large table from end to end.
 */
const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000);
const TIMES = 5;
const parts: GrowthPart[] = [outboxGrowth, inboxGrowth, messagesGrowth, operationsGrowth, deliveriesGrowth, paymentsGrowth, callsGrowth];

/** What EXPLAIN tells of a step of a plan. */
interface Step {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  Plans?: Step[];
}

const { variables, drop } = await benchDatabase('growth', {});
const database = new pg.Client(variables.DATABASE_URL);
await database.connect();
let walks = 0;

try {
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
     SELECT ${connectionId('n')}, 'courier', 'https://shop-' || n || '.example', 'hash ' || n, 'client', 'key', '{"timeZone":"UTC","language":"en"}'
     FROM generate_series(1, ${CONNECTIONS}) n`,
  );
  const tables = parts.flatMap((part) => part.tables);
  for (const table of tables) await database.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
  for (const part of parts) await part.seed(database, ROWS);
  await database.query(`VACUUM ANALYZE connection, ${tables.join(', ')}`);
  for (const part of parts) await part.burst(database);
  await printSizes(tables);
  console.log(`${ROWS} rows in each of the large tables; milliseconds (median of ${TIMES}) and plan`);
  await measure('statistics from before the latest rows');
  await database.query(`ANALYZE ${tables.join(', ')}`);
  await measure('fresh statistics');
} finally {
  await database.end();
  await drop();
}
if (walks > 0) throw new Error(`${walks} plans read a large table from end to end`);

/** Prints what a row of each table takes on disk, with its indexes. */
async function printSizes(tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const { rows } = await database.query<{ count: string; row: number; index: number }>(
      `SELECT count(*), pg_table_size($1) / greatest(count(*), 1) AS row, pg_indexes_size($1) / greatest(count(*), 1) AS index FROM ${table}`,
      [table],
    );
    const [size] = rows;
    if (size) console.log(`${table}: ${size.count} rows, each ${size.row} bytes and ${size.index} bytes of indexes`);
  }
}

async function measure(statistics: string): Promise<void> {
  console.log(`${statistics}:`);
  for (const part of parts)
    for (const recurring of await part.list(database))
      for (const mode of ['custom', 'generic']) {
        const { ms, steps } = await explain(recurring, mode);
        const walked = steps.filter((step) => step['Node Type'] === 'Seq Scan' && recurring.tables.includes(step['Relation Name'] ?? ''));
        walks += walked.length;
        const verdict = [
          ...walked.map((step) => `READS ALL OF ${step['Relation Name'] ?? ''}`),
          ...(ms > recurring.largestMs ? ['SLOW'] : []),
        ];
        const aim = `(at most ${recurring.largestMs})`;
        console.log(`  ${recurring.name}, ${mode} plan: ${ms.toFixed(2)} ${aim} ${[...verdict, ...steps.map(describe)].join(', ')}`);
      }
}

/** Runs a statement some times, and undoes it each time. */
async function explain({ sql, values = [] }: Recurring, mode: string): Promise<{ ms: number; steps: Step[] }> {
  await database.query(`SET plan_cache_mode = force_${mode}_plan`);
  await database.query('DEALLOCATE ALL');
  await database.query(`PREPARE recurring AS ${sql}`);
  const execute = `EXECUTE recurring ${values.length > 0 ? `(${values.map(toLiteral).join(', ')})` : ''}`;
  const times: number[] = [];
  let steps: Step[] = [];
  for (let time = 0; time < TIMES; time++) {
    await database.query('BEGIN');
    const { rows } = await database.query<{ 'QUERY PLAN': [{ Plan: Step; 'Execution Time': number }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${execute}`,
    );
    await database.query('ROLLBACK');
    const plan = rows[0]?.['QUERY PLAN'][0];
    if (!plan) throw new Error('no plan was answered');
    times.push(plan['Execution Time']);
    steps = listSteps(plan.Plan).filter((step) => step['Relation Name'] !== undefined);
  }
  return { ms: median(times), steps };
}

function listSteps(step: Step): Step[] {
  return [step, ...(step.Plans ?? []).flatMap(listSteps)];
}

function describe(step: Step): string {
  const rows = Math.round((step['Actual Rows'] ?? 0) * (step['Actual Loops'] ?? 0));
  return `${step['Node Type']} ${step['Index Name'] ?? step['Relation Name'] ?? ''} (${rows} rows)`;
}

function toLiteral(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return database.escapeLiteral(Array.isArray(value) ? `{${value.join(',')}}` : String(value));
}

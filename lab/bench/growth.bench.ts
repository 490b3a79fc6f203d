import pg from 'pg';
import { SecretBox } from '#platform';
import { callsGrowth } from './growth/calls.js';
import { seedConnections } from './growth/connections.js';
import { copurchaseGrowth } from './growth/copurchase.js';
import { deliveriesGrowth } from './growth/deliveries.js';
import { inboxGrowth } from './growth/inbox.js';
import { ledgerGrowth } from './growth/ledger.js';
import { metricsGrowth } from './growth/metrics.js';
import { messagesGrowth } from './growth/messages.js';
import { operationsGrowth } from './growth/operations.js';
import { outboxGrowth } from './growth/outbox.js';
import { paymentsGrowth } from './growth/payments.js';
import { searchGrowth } from './growth/search.js';
import { shopsGrowth } from './growth/shops.js';
import type { GrowthPart, Recurring } from './growth/part.js';
import { benchDatabase, median } from './support/bench.js';

/**
 * Milliseconds and plan of each recurring statement on tables with data of years: with statistics from before
 * the latest rows and with fresh ones, planned for its values and for any values. Exits with 1 if a plan
 * reads most of a large table, by an index or without. BENCH_WITHOUT=index,... drops indexes first: without
 * an index that a statement needs, the run must exit with 1.
 */
const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000);
const TIMES = 5;
/** Share of a table's rows that no plan may read. */
const MOST = 0.6;
const WITHOUT = process.env.BENCH_WITHOUT?.split(',') ?? [];
const parts: GrowthPart[] = [
  outboxGrowth,
  inboxGrowth,
  messagesGrowth,
  operationsGrowth,
  deliveriesGrowth,
  paymentsGrowth,
  callsGrowth,
  ledgerGrowth,
  copurchaseGrowth,
  metricsGrowth,
  searchGrowth,
  shopsGrowth,
];

/** A step of a plan in the output of EXPLAIN. */
interface Step {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Actual Loops'?: number;
  Plans?: Step[];
}

const { variables, environment, drop } = await benchDatabase('growth', {});
const database = new pg.Client(variables.DATABASE_URL);
await database.connect();
const tableRows = new Map<string, number>();
let longReads = 0;

try {
  await seedConnections(database, new SecretBox(environment.ENCRYPTION_KEY));
  const tables = parts.flatMap((part) => part.tables);
  for (const table of tables) await database.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
  for (const part of parts) await part.seed(database, ROWS);
  await database.query(`VACUUM ANALYZE connection, ${tables.join(', ')}`);
  for (const part of parts) await part.burst(database);
  for (const index of WITHOUT) await database.query(`DROP INDEX ${database.escapeIdentifier(index)}`);
  await measureSizes(tables);
  console.log(`${ROWS} rows in each of the large tables; milliseconds (median of ${TIMES}) and plan`);
  await measure('statistics from before the latest rows');
  await database.query(`ANALYZE ${tables.join(', ')}`);
  await measure('fresh statistics');
} finally {
  await database.end();
  await drop();
}
if (longReads > 0) throw new Error(`${longReads} plans read most of a large table`);

/** Counts the rows of each table, and prints the disk size per row including indexes. */
async function measureSizes(tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const { rows } = await database.query<{ count: string; row: number; index: number }>(
      `SELECT count(*), pg_table_size($1) / greatest(count(*), 1) AS row, pg_indexes_size($1) / greatest(count(*), 1) AS index FROM ${table}`,
      [table],
    );
    const [size] = rows;
    tableRows.set(table, Number(size?.count));
    if (size) console.log(`${table}: ${size.count} rows, each ${size.row} bytes and ${size.index} bytes of indexes`);
  }
}

async function measure(statistics: string): Promise<void> {
  console.log(`${statistics}:`);
  for (const part of parts)
    for (const recurring of await part.list(database))
      for (const mode of ['custom', 'generic']) {
        const { ms, steps } = await explain(recurring, mode);
        const long = steps.filter((step) => isLong(recurring, step));
        if (long.length > 0) longReads++;
        const verdict = [
          ...long.map((step) => `READS ${countRead(step)} ROWS OF ${step['Relation Name'] ?? ''}`),
          ...(ms > recurring.largestMs ? ['SLOW'] : []),
        ];
        const aim = `(at most ${recurring.largestMs})`;
        console.log(`  ${recurring.name}, ${mode} plan: ${ms.toFixed(2)} ${aim} ${[...verdict, ...steps.map(describe)].join(', ')}`);
      }
}

/** Runs a statement several times, and rolls back each time. */
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
    if (!plan) throw new Error(`EXPLAIN returned no plan for: ${sql}`);
    times.push(plan['Execution Time']);
    steps = listSteps(plan.Plan).filter((step) => step['Relation Name'] !== undefined);
  }
  return { ms: median(times), steps };
}

function listSteps(step: Step): Step[] {
  return [step, ...(step.Plans ?? []).flatMap(listSteps)];
}

function isLong({ tables }: Recurring, step: Step): boolean {
  const table = step['Relation Name'] ?? '';
  return tables.includes(table) && countRead(step) > MOST * (tableRows.get(table) ?? 0);
}

/** Returns the number of rows that a step read, including rows that it filtered out. */
function countRead(step: Step): number {
  const rows = (step['Actual Rows'] ?? 0) + (step['Rows Removed by Filter'] ?? 0) + (step['Rows Removed by Index Recheck'] ?? 0);
  return Math.round(rows * (step['Actual Loops'] ?? 0));
}

function describe(step: Step): string {
  const rows = Math.round((step['Actual Rows'] ?? 0) * (step['Actual Loops'] ?? 0));
  return `${step['Node Type']} ${step['Index Name'] ?? step['Relation Name'] ?? ''} (${rows} rows)`;
}

function toLiteral(value: unknown): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return database.escapeLiteral(Array.isArray(value) ? `{${value.join(',')}}` : String(value));
}

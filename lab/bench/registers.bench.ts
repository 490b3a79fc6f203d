import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { Database, dataSourceOptions } from '#platform';
import { RegisterLayout, settlementSchema } from '#settlement';
import { readRegister, RegisterFileReport } from '../../libs/settlement/csv/read-register.js';
import { RegisterStore } from '../../libs/settlement/register-store.js';
import { benchDatabase } from './support/bench.js';

/**
 * Microseconds for each row of a register that is read from a CSV file and stored in one transaction, and the
 * memory that it adds to the process, for a small and a large file. Aim: linear in the rows, also if all are
 * equal.
 */
const LARGE = Number(process.env.BENCH_ROWS ?? 100_000);
const SMALL = LARGE / 10;
const LAYOUT = Object.assign(new RegisterLayout(), {
  ...{ reference: 'Order', gross: 'Sum' },
  fees: [{ column: 'Fee', code: 'commission' }],
});

const { environment, drop } = await benchDatabase('registers', {});
const source = await new DataSource(dataSourceOptions(environment, [settlementSchema], 'bench')).initialize();
const store = new RegisterStore(new Database(source));
const owner = { connectionId: randomUUID(), integration: 'delivery', service: 'cdek' };

try {
  // The first import also prepares statements and the compiled code.
  await time(1_000, 0);
  for (const equal of [false, true]) {
    const what = equal ? 'all rows equal' : 'all rows different';
    const small = await time(SMALL, 1, equal);
    const large = await time(LARGE, 2, equal);
    console.log(`${what}: ${SMALL} rows ${describe(small)}; ${LARGE} rows ${describe(large)}; ratio ${(large.us / small.us).toFixed(2)}`);
    console.log(`  again, nothing changed: ${describe(await time(LARGE, 2, equal))}`);
  }
} finally {
  await source.destroy();
  await drop();
}

function describe({ us, mb }: { us: number; mb: number }): string {
  return `${us.toFixed(1)} us a row, +${mb.toFixed(0)} MB`;
}

/** Imports a file. `equal`: each row is the same, as a fee that was taken many times. */
async function time(rows: number, seed: number, equal = false): Promise<{ us: number; mb: number }> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
  const start = performance.now();
  const report = new RegisterFileReport();
  const file = { kind: 'payout', currency: 'RUB', timeZone: 'UTC' } as const;
  const head = { id: `${rows} ${seed} ${equal}`, kind: file.kind, date: '2026-11-24', currency: file.currency, total: undefined };
  const result = await store.import(owner, head, readRegister(csv(rows, seed, equal), LAYOUT, file, report), false);
  clearInterval(timer);
  if (result.rows !== rows || report.bad > 0) throw new Error(`the import is not what was sent: ${JSON.stringify({ result, report })}`);
  return { us: ((performance.now() - start) * 1000) / rows, mb: (peak - before) / 2 ** 20 };
}

/** Yields the file in chunks, like a network does. */
async function* csv(rows: number, seed: number, equal: boolean): AsyncGenerator<Uint8Array> {
  yield Buffer.from('Order;Sum;Fee\n');
  for (let from = 0; from < rows; from += 500) {
    let text = '';
    for (let n = from; n < Math.min(rows, from + 500); n++)
      text += equal ? `${seed};100,00;1,00\n` : `${seed}-${n};${(n % 997) + 1},50;1,00\n`;
    yield Buffer.from(text);
  }
}

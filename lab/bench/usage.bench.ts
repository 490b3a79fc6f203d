import { DataSource } from 'typeorm';
import { listSchemas } from '#catalogue';
import { type Counted, Usage, UsageStore } from '#connections';
import { Clock, Database, dataSourceOptions } from '#platform';
import { benchDatabase, median } from './support/bench.js';

/**
 * The cost of the counts for partners: what a `calculate` pays in memory, and how fast facts are appended and
 * added up. Aims: under 1 % of a `calculate` (200 us of an api's processor), and appending is not slower with
 * one account than with many.
 */
const SHOPS = 1_000;
const CALLS = 1_000_000;
const CALCULATE_US = 200;
const ENTRIES = 2_000;
const ROUNDS = 5;

const { environment, drop } = await benchDatabase('usage', {});
const source = await new DataSource(dataSourceOptions(environment, listSchemas(), 'bench')).initialize();
const database = new Database(source);
const usage = new Usage(database, new Clock(database));
const shops = Array.from(
  { length: SHOPS },
  (_, n) =>
    ({
      ...{ id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, shadow: false },
      ...{ module: { code: 'courier' }, account: { timeZone: n % 2 ? 'Europe/Moscow' : 'America/Mexico_City' } },
    }) as unknown as Counted,
);

try {
  await measureCalculate();
  await measureAppending();
} finally {
  await source.destroy();
  await drop();
}

async function measureCalculate(): Promise<void> {
  const note: number[] = [];
  const write: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    let start = performance.now();
    for (let n = 0; n < CALLS; n++) usage.noteCallback(shops[n % SHOPS] as Counted, 'delivery.calculate');
    note.push(((performance.now() - start) * 1_000) / CALLS);
    start = performance.now();
    await usage.flush();
    write.push(performance.now() - start);
  }
  const us = median(note);
  const share = ((100 * us) / CALCULATE_US).toFixed(2);
  console.log(
    `a calculate pays ${us.toFixed(3)} us, ${share} % of ${CALCULATE_US} us. A write of ${SHOPS} shops takes ${median(write).toFixed(0)} ms.`,
  );
}

async function measureAppending(): Promise<void> {
  const append = async (shop: (n: number) => Counted): Promise<number> => {
    const start = performance.now();
    for (let n = 0; n < ENTRIES; n += 10)
      await Promise.all(Array.from({ length: 10 }, (_, at) => database.transaction((tx) => usage.add(tx, shop(n + at), 'delivery'))));
    return ENTRIES / ((performance.now() - start) / 1_000);
  };
  const one: number[] = [];
  const many: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    one.push(await append(() => shops[0] as Counted));
    many.push(await append((n) => shops[n % SHOPS] as Counted));
  }
  console.log(`transactions per second with an entry: ${median(one).toFixed(0)} of one shop, ${median(many).toFixed(0)} of ${SHOPS}`);
  await database.query(`UPDATE usage_entry SET stored_at = stored_at - interval '10 minutes'`);
  const [{ entries } = { entries: 0 }] = await database.query<{ entries: number }>('SELECT count(*)::int AS entries FROM usage_entry');
  const start = performance.now();
  await new UsageStore(database).fold({}, new AbortController().signal);
  console.log(`${entries} entries were added up in ${(performance.now() - start).toFixed(0)} ms`);
}

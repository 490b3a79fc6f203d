import { createHmac } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import pg from 'pg';
import { benchDatabase, freePort, startChild } from './support/bench.js';

/**
 * Microseconds for each row of a register that is uploaded to an api as a CSV file, and the memory that this
 * adds to the idle api at its peak (Linux), for files of 10,000 to 100,000 rows. Aims: linear in the rows,
 * also if all are equal, and memory that does not grow with the rows, in 160 MB of heap.
 */
const ROWS = [10_000, 50_000, 100_000];

const crm = createServer((request, reply) => {
  request.resume();
  reply.setHeader('content-type', 'application/json');
  const scopes = ['integration_read', 'integration_write', 'notification_write', 'delivery_read', 'delivery_write'];
  reply.end(JSON.stringify({ success: true, ...(request.url === '/api/credentials' && { scopes }) }));
});
await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
const crmUrl = `http://127.0.0.1:${(crm.address() as { port: number }).port}`;
const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const { variables, drop } = await benchDatabase('registers', { PORT: String(port), MODULES: 'cdek', CRM_HOSTS: crmUrl });
const api = await startChild('./api.child.js', { ...variables, NODE_OPTIONS: '--max-old-space-size=160' });
const database = new pg.Client(variables.DATABASE_URL);
await database.connect();

try {
  const connection = await connect();
  const layout = { delimiter: ';', decimal: ',', reference: 'Order', gross: 'Sum', fees: [{ column: 'Fee', code: 'commission' }] };
  await call('PUT', `/connections/${connection}/money/settings`, JSON.stringify({ layout }), 'application/json');
  // The first import also prepares statements and the compiled code.
  await time(connection, 1_000, 'first', 0);
  console.log(`the idle api has ${(await readPeak(true)).toFixed(0)} MB`);
  for (const equal of [false, true])
    for (const rows of ROWS) {
      const number = `${rows} ${equal}`;
      const [made, again, corrected] = [
        await time(connection, rows, number, 1, equal),
        await time(connection, rows, number, 1, equal),
        await time(connection, rows, number, 2, equal),
      ];
      console.log(`${rows} ${equal ? 'equal' : 'different'} rows: ${made}; again, nothing changed: ${again}; all corrected: ${corrected}`);
    }
} finally {
  await database.end();
  await api.stop();
  crm.close();
  crm.closeAllConnections();
  await drop();
}

/** Uploads a file. `equal`: each row is the same, as a fee that was taken many times. */
async function time(connection: string, rows: number, number: string, seed: number, equal = false): Promise<string> {
  const query = new URLSearchParams({ number, date: '2026-11-24', currency: 'RUB' });
  const before = await readPeak(true);
  const start = performance.now();
  const body = ReadableStream.from(csv(rows, seed, equal));
  const report = await call('POST', `/connections/${connection}/money/registers?${query.toString()}`, body, 'text/csv');
  const us = ((performance.now() - start) * 1000) / rows;
  if (report['rows'] !== rows || report['bad'] !== 0) throw new Error(`the import is not as sent: ${JSON.stringify(report)}`);
  return `${us.toFixed(1)} us a row, +${((await readPeak()) - before).toFixed(0)} MB`;
}

/** Returns the api's maximum MB since the last reset, or its present MB. */
async function readPeak(reset = false): Promise<number> {
  if (reset) await writeFile(`/proc/${api.pid}/clear_refs`, '5');
  return Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${api.pid}/status`, 'utf8'))?.[1]) / 1024;
}

async function call(method: string, path: string, body: RequestInit['body'], type: string): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${variables['OPERATOR_TOKEN'] ?? ''}`, 'content-type': type };
  const reply = await fetch(`${base}/operator/api${path}`, { method, headers, body, duplex: 'half' } as RequestInit);
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text) as Record<string, unknown>;
}

async function connect(): Promise<string> {
  const apiKey = 'bench-key';
  const token = createHmac('sha256', 'development-secret-of-cdek').update(apiKey).digest('hex');
  const registered = await fetch(`${base}/cdek/register`, {
    method: 'POST',
    body: new URLSearchParams({ register: JSON.stringify({ token, apiKey, systemUrl: crmUrl }) }),
  });
  if (!registered.ok) throw new Error(`register answered ${registered.status}: ${await registered.text()}`);
  const { rows } = await database.query<{ id: string }>('SELECT id FROM connection');
  return rows[0]?.id ?? '';
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

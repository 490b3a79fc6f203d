import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';
import { benchDatabase, freePort, startChild } from './support/bench.js';

/**
 * Seconds to import a large CSV over HTTP, compared with a COPY of the file, in several states of the ledger.
 * Aims: at most 15 times COPY, linear in the lines, in 160 MB of heap (an idle api takes about 80).
 */
const LINES = Number(process.env.BENCH_LINES ?? 200_000);
const FEW = 1000;
const HEADER = 'xmlId,store,quantity,purchasePrice,name\n';

const crm = createServer((request, reply) => {
  request.resume();
  reply.setHeader('content-type', 'application/json');
  const scopes = ['integration_read', 'integration_write', 'notification_write', 'store_read', 'store_write'];
  reply.end(JSON.stringify({ success: true, ...(request.url === '/api/credentials' && { scopes }) }));
});
await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
const crmUrl = `http://127.0.0.1:${(crm.address() as { port: number }).port}`;
const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const { variables, drop } = await benchDatabase('ledger', { PORT: String(port), MODULES: 'ledger', CRM_HOSTS: crmUrl });
// The file's lines would not fit into this heap.
const api = await startChild('./api.child.js', { ...variables, NODE_OPTIONS: '--max-old-space-size=160' });
const database = new pg.Client(variables.DATABASE_URL);
await database.connect();

try {
  const connection = await connect();
  await database.query(
    'CREATE TABLE bare_stock (xml_id text, store text, quantity numeric, price numeric, name text, PRIMARY KEY (xml_id, store))',
  );
  const copy = await seconds(() => copyIn(database, 'COPY bare_stock FROM STDIN (FORMAT csv, HEADER)', csv(LINES, 0)));
  console.log(`${LINES} lines; COPY into a table with a key: ${copy.toFixed(2)} s`);
  const tell = (what: string, took: number): void => console.log(`  ${what}: ${took.toFixed(2)} s, ${(took / copy).toFixed(1)} of COPY`);
  tell('checked (dry run)', await seconds(() => send(connection, LINES, 0, { changed: LINES, applied: false }, '&dryRun=true')));
  // Vacuum may leave many pages with few rows, so that the planner considers the tables empty.
  await send(connection, 1, 0, { changed: 1 });
  await database.query('VACUUM ANALYZE ledger_offer, ledger_balance, ledger_movement');
  tell('applied', await seconds(() => send(connection, LINES, 0, { changed: LINES - 1, newOffers: LINES - 1, applied: true })));
  tell('again, nothing changed', await seconds(() => send(connection, LINES, 0, { unchanged: LINES, changed: 0 })));
  tell('again, all changed', await seconds(() => send(connection, LINES, 1, { changed: LINES, newOffers: 0 })));
  const few = await seconds(() => send(connection, FEW, 2, { changed: FEW }));
  console.log(`  ${FEW} lines of it: ${few.toFixed(2)} s`);
  await database.query('SET enable_nestloop = off');
  const { rows } = await database.query<{ offers: number; told: number }>(
    `SELECT (SELECT count(*)::int FROM ledger_balance JOIN (SELECT offer_id, sum(on_hand) AS on_hand FROM ledger_movement GROUP BY 1) m USING (offer_id, on_hand)) AS offers,
       (SELECT count(DISTINCT subject)::int FROM outbox WHERE kind = 'store.stock') AS told`,
  );
  if (rows[0]?.offers !== LINES || rows[0].told !== LINES) throw new Error(`the ledger is not what was sent: ${JSON.stringify(rows)}`);
} finally {
  await database.end();
  await api.stop();
  crm.close();
  crm.closeAllConnections();
  await drop();
}

/** Yields the file in chunks, like a network does. `more` is added to each quantity. */
function* csv(lines: number, more: number): Generator<Buffer> {
  yield Buffer.from(HEADER);
  for (let from = 0; from < lines; from += 500) {
    let text = '';
    for (let n = from; n < Math.min(lines, from + 500); n++)
      text += `sku-${n},main,${(n % 97) + more},${n}.5,Article ${n} ${'-'.repeat(200)}\n`;
    yield Buffer.from(text);
  }
}

async function send(connection: string, lines: number, more: number, expected: object, query = ''): Promise<void> {
  const reply = await fetch(`${base}/operator/api/stock/import?connection=${connection}${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${variables.OPERATOR_TOKEN ?? ''}`, 'content-type': 'text/csv' },
    body: ReadableStream.from(csv(lines, more)),
    duplex: 'half',
  });
  const text = await reply.text();
  const report = JSON.parse(text) as Record<string, unknown>;
  const wrong = Object.entries({ lines, ...expected }).filter(([name, value]) => report[name] !== value);
  if (!reply.ok || wrong.length > 0) throw new Error(`the import answered ${reply.status}: ${text.slice(0, 500)}`);
}

async function connect(): Promise<string> {
  const apiKey = 'bench-key';
  const token = createHmac('sha256', 'development-secret-of-ledger').update(apiKey).digest('hex');
  const registered = await fetch(`${base}/ledger/register`, {
    method: 'POST',
    body: new URLSearchParams({ register: JSON.stringify({ token, apiKey, systemUrl: crmUrl }) }),
  });
  if (!registered.ok) throw new Error(`register answered ${registered.status}: ${await registered.text()}`);
  const { rows } = await database.query<{ id: string }>('SELECT id FROM connection');
  // Sets a currency for prices, like the account's settings do.
  await database.query(`UPDATE connection SET account = account || '{"currency":"RUB"}'`);
  return rows[0]?.id ?? '';
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The part of pg's connection that COPY needs. Its types do not have it. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** Sends a file by COPY. */
function copyIn(client: pg.Client, statement: string, chunks: Iterable<Buffer>): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => undefined;
    client.query({
      submit: (connection: unknown) => (connection as CopyConnection).query(statement),
      handleCopyInResponse: (connection: CopyConnection) => {
        for (const chunk of chunks) connection.sendCopyFromChunk(chunk);
        connection.endCopyFrom();
      },
      handleError: reject,
      handleCommandComplete: done,
      handleReadyForQuery: resolve,
    } as pg.Submittable);
  });
}

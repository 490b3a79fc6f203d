import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import autocannon from 'autocannon';
import pg from 'pg';
import { callbackForm, sampleOrder, wireCalculate, wireSave } from '#testing';
import { benchDatabase, type Child, freePort, median, startChild } from './support/bench.js';

/**
 * Requests a second of `calculate` and `save` beside a bare Fastify server on the same bodies, in turns, in
 * one run. Aims: calculate 0.8 of bare Fastify, save 0.9 of bare Fastify with one insert.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 5);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CONNECTIONS = 50;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const crm = createServer((request, reply) => {
  reply.setHeader('content-type', 'application/json');
  if (request.url === '/api/credentials')
    reply.end(
      '{"success":true,"scopes":["integration_read","integration_write","notification_write","delivery_read","delivery_write"],"siteAccess":"access_full"}',
    );
  else if (request.url === '/api/v5/settings') reply.end('{"success":true,"settings":{"timezone":{"value":"Europe/Moscow"}}}');
  else reply.end('{"success":true}');
});
await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
const crmUrl = `http://127.0.0.1:${(crm.address() as { port: number }).port}`;
const port = await freePort();
const { variables, drop } = await benchDatabase('callbacks', { PORT: String(port), MODULES: 'courier', CRM_HOSTS: crmUrl });
const stop: (() => Promise<void>)[] = [];

try {
  const api = await startChild('./api.child.js', variables);
  stop.push(api.stop);
  const ours = `http://127.0.0.1:${port}/courier/callbacks/delivery`;
  const clientId = await connect(`http://127.0.0.1:${port}/courier/register`);

  const calculateBody = callbackForm(clientId, { calculate: wireCalculate() });
  const calculateReply = await post(`${ours}/calculate`, calculateBody);
  const saveReply = await post(`${ours}/save`, saveBody(clientId, '1'));

  const barePort = await freePort();
  const bareDatabase = new pg.Client(variables.DATABASE_URL);
  await bareDatabase.connect();
  await bareDatabase.query(
    'CREATE TABLE bare_save (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_ref text NOT NULL, body jsonb NOT NULL, created_at timestamptz DEFAULT now())',
  );
  await bareDatabase.query('CREATE INDEX ON bare_save (order_ref)');
  const baseline = await startChild('./bare.child.js', {
    ...variables,
    PORT: String(barePort),
    CALCULATE_REPLY: calculateReply,
    SAVE_REPLY: saveReply,
  });
  stop.push(baseline.stop);
  const bare = `http://127.0.0.1:${barePort}`;

  console.log(
    `calculate: body ${calculateBody.length} bytes, reply ${calculateReply.length} bytes; save: body ${saveBody(clientId, '1').length} bytes; ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s each`,
  );
  await compare(
    'calculate',
    0.8,
    () => load(api, `${ours}/calculate`, () => calculateBody),
    () => load(baseline, `${bare}/calculate`, () => calculateBody),
  );
  const [prefix, suffix] = saveBody(clientId, '987654321').split('987654321') as [string, string];
  let order = 1;
  const nextSave = (): string => `${prefix}${++order}${suffix}`;
  await compare(
    'save',
    0.9,
    () => load(api, `${ours}/save`, nextSave),
    () => load(baseline, `${bare}/save`, nextSave),
  );
  await bareDatabase.end();
} finally {
  for (const end of stop) await end();
  crm.close();
  await drop();
}

/** Connects the account and reads its clientId out of the registration that the module sends. */
async function connect(registerUrl: string): Promise<string> {
  const apiKey = 'bench-key';
  const token = createHmac('sha256', 'development-secret-of-courier').update(apiKey).digest('hex');
  const registered = new Promise<string>((resolve) => {
    crm.on('request', (request) => {
      if (!request.url?.includes('/edit')) return;
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () =>
        resolve((JSON.parse(new URLSearchParams(text).get('integrationModule') ?? '{}') as { clientId: string }).clientId),
      );
    });
  });
  await post(registerUrl, new URLSearchParams({ register: JSON.stringify({ token, apiKey, systemUrl: crmUrl }) }).toString());
  return registered;
}

function saveBody(clientId: string, order: string): string {
  return callbackForm(clientId, { save: wireSave('courier', sampleOrder('moscowCourier', { order, orderNumber: '1000A' })) });
}

async function post(url: string, body: string): Promise<string> {
  const reply = await fetch(url, { method: 'POST', headers: FORM, body });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}: ${text}`);
  return text;
}

/** What a server did under load. */
interface Load {
  /** Requests a second. */
  rate: number;
  /**
   * Processor time of the server for one request, microseconds; other load on the machine hardly affects it.
   */
  cpu: number;
}

async function load(server: Child, url: string, nextBody: () => string): Promise<Load> {
  const before = await server.cpu();
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [{ method: 'POST', headers: FORM, setupRequest: (request) => ({ ...request, body: nextBody() }) }],
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  return { rate: result.requests.average, cpu: ((await server.cpu()) - before) / result.requests.total };
}

async function compare(name: string, aim: number, ours: () => Promise<Load>, bare: () => Promise<Load>): Promise<void> {
  await ours();
  await bare();
  const rounds: { ours: Load; bare: Load }[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push({ ours: await ours(), bare: await bare() });
  const ratios = rounds.map((round) => round.ours.rate / round.bare.rate);
  const middle = (of: (round: { ours: Load; bare: Load }) => number): string => median(rounds.map(of)).toFixed(0);
  console.log(
    `${name}: ${middle((round) => round.ours.rate)} requests a second, bare Fastify ${middle((round) => round.bare.rate)}, ` +
      `ratio ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}), aim ${aim}; ` +
      `processor time of one ${middle((round) => round.ours.cpu)} us, bare ${middle((round) => round.bare.cpu)} us`,
  );
}

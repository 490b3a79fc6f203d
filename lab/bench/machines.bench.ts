import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { CRM_LIMITS } from '#crm-client';
import { callbackForm, FakeCarrier, sampleOrder, wireCalculate, wireSave } from '#testing';
import { benchDatabase, type Child, freePort, startChild } from './support/bench.js';

/**
 * One api and one worker, then two of each on the same stores: quotes of a carrier that takes 300 ms, and
 * statuses for accounts that are at their CRM's limit. Aims: throughput grows with the processes, processor
 * time per request by at most 10 %, and no CRM account receives more calls per second than its limit.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 8);
const CARRIER_MS = 300;
/** Requests in flight per api. */
const CALLERS = 60;
const ACCOUNTS = 4;
const DELIVERIES = 400;
const CODES = ['collected', 'in-transit', 'delivered'];
const SCOPES = ['integration_read', 'integration_write', 'notification_write', 'delivery_read', 'delivery_write', 'reference_read'];
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Api and worker processes with one database and queue. */
class Machines {
  readonly apis: { child: Child; url: string }[] = [];
  private readonly workers: Child[] = [];

  constructor(private readonly variables: Record<string, string>) {}

  /** Adds an api and a worker. */
  async grow(): Promise<void> {
    const port = await freePort();
    const child = await startChild('./api.child.js', { ...this.variables, PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` });
    this.apis.push({ child, url: `http://127.0.0.1:${port}` });
    this.workers.push(await startChild('./worker.child.js', this.variables));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.apis.map(({ child }) => child), ...this.workers].map((child) => child.stop()));
  }
}

/** When each account's CRM was called, in milliseconds, and the number of its statuses. */
const calls = new Map<string, number[]>();
const clientIds = new Map<string, string>();
let statuses = 0;
let lastOrder = 0;

const crm = createServer((request, reply) => {
  const host = `http://${request.headers.host}`;
  let text = '';
  request.on('data', (part: Buffer) => (text += part.toString()));
  request.on('end', () => {
    calls.set(host, [...(calls.get(host) ?? []), performance.now()]);
    const form = new URLSearchParams(text);
    for (const { history } of JSON.parse(form.get('statusUpdate') ?? '[]') as { history: object[] }[]) statuses += history.length;
    const { clientId } = JSON.parse(form.get('integrationModule') ?? '{}') as { clientId?: string };
    if (clientId) clientIds.set(host, clientId);
    reply.setHeader('content-type', 'application/json');
    reply.end(JSON.stringify(request.url?.startsWith('/api/credentials') ? { success: true, scopes: SCOPES } : { success: true }));
  });
});
await new Promise<void>((resolve) => crm.listen(0, resolve));
const { port: crmPort } = crm.address() as { port: number };
const accounts = Array.from({ length: ACCOUNTS }, (_, index) => `http://127.0.0.${index + 1}:${crmPort}`);
const carrier = await FakeCarrier.start();
const stop: (() => Promise<void>)[] = [];
const redis = process.env.TEST_REDIS_URL;

try {
  for (const queue of redis ? ['PostgreSQL', 'Redis'] : ['PostgreSQL']) {
    clientIds.clear();
    const { variables, drop } = await benchDatabase('machines', {
      MODULES: 'fake-carrier',
      WITH_FAKE_CARRIER: '1',
      CRM_HOSTS: accounts.join(','),
      PROVIDER_BUDGET_MS: '10000',
      ...(queue === 'Redis' && { REDIS_URL: redis ?? '' }),
    });
    const deployment = new Machines(variables);
    stop.push(() => deployment.stop(), drop);
    await deployment.grow();
    carrier.reset();
    await connect(deployment);
    const one = await measure(deployment);
    await deployment.grow();
    const two = await measure(deployment);
    console.log(`queue on ${queue}, a carrier that takes ${CARRIER_MS} ms, ${CALLERS} callers at each api, ${ACCOUNTS} accounts:`);
    for (const [name, figures] of [
      ['one api, one worker  ', one],
      ['two apis, two workers', two],
    ] as const)
      console.log(
        `  ${name}: ${figures.rate.toFixed(0)} quotes a second, ${figures.cpu.toFixed(0)} us of api each; ` +
          `${figures.statusRate.toFixed(0)} statuses a second; most calls of one account in a second: ${figures.mostCalls} (limit ${CRM_LIMITS.general.calls})`,
      );
    console.log(
      `  ratio of quotes ${(two.rate / one.rate).toFixed(2)} (aim: near 2), of processor time ${(two.cpu / one.cpu).toFixed(2)} (aim: at most 1.1)`,
    );
    if (Math.max(one.mostCalls, two.mostCalls) > CRM_LIMITS.general.calls) process.exitCode = 1;
    for (const end of stop.splice(0)) await end();
  }
} finally {
  for (const end of stop) await end();
  await carrier.close();
  crm.close();
  crm.closeAllConnections();
}

/** The result of a deployment under load. */
interface Figures {
  /** Quotes per second. */
  rate: number;
  /** Processor time of the apis per quote, in microseconds. */
  cpu: number;
  /** Statuses per second that reached the CRMs. */
  statusRate: number;
  /** Maximum number of calls that one account received within any second. */
  mostCalls: number;
}

async function measure(deployment: Machines): Promise<Figures> {
  const { rate, cpu } = await quote(deployment);
  const deliveries = await saveDeliveries(deployment);
  calls.clear();
  const before = statuses;
  const started = performance.now();
  for (const [index, code] of CODES.entries()) {
    const updatedAt = new Date(Date.now() + index * 1_000).toISOString();
    const reports = deliveries.map((deliveryId) => ({ deliveryId, code, updatedAt }));
    // Small reports that alternate between the apis, so that every process has work for every account.
    await Promise.all(
      Array.from({ length: ACCOUNTS * 4 }, (_, part) => {
        const mine = reports.filter((_report, place) => place % (ACCOUNTS * 4) === part);
        return operator(deployment, part, 'POST', '/deliveries/statuses', mine);
      }),
    );
  }
  const expected = before + deliveries.length * CODES.length;
  for (const deadline = Date.now() + 120_000; statuses < expected; await sleep(20))
    if (Date.now() > deadline) throw new Error(`${expected - statuses} statuses did not arrive`);
  const statusRate = (statuses - before) / ((performance.now() - started) / 1000);
  return { rate, cpu, statusRate, mostCalls: Math.max(...[...calls.values()].map(countInAnySecond)) };
}

async function quote({ apis }: Machines): Promise<{ rate: number; cpu: number }> {
  carrier.setModes({ latencyMs: CARRIER_MS });
  const clients = [...clientIds.values()];
  const used = await readCpu(apis);
  const results = await Promise.all(
    apis.map(({ url }) =>
      autocannon({
        url: `${url}/fake-carrier/callbacks/delivery/calculate`,
        connections: CALLERS,
        duration: SECONDS,
        requests: clients.map((clientId) => ({
          method: 'POST',
          headers: FORM,
          body: callbackForm(clientId, { calculate: wireCalculate() }),
        })),
      }),
    ),
  );
  const cpu = (await readCpu(apis)) - used;
  carrier.setModes({ latencyMs: 0 });
  for (const { non2xx, errors } of results) if (non2xx + errors > 0) throw new Error(`${non2xx} quotes refused, ${errors} failed`);
  const total = results.reduce((sum, { requests }) => sum + requests.total, 0);
  return { rate: total / SECONDS, cpu: cpu / total };
}

async function readCpu(apis: readonly { child: Child }[]): Promise<number> {
  let sum = 0;
  for (const { child } of apis) sum += await child.cpu();
  return sum;
}

async function saveDeliveries({ apis }: Machines): Promise<string[]> {
  const ids: string[] = [];
  for (const clientId of clientIds.values()) {
    const saves = Array.from({ length: DELIVERIES }, async (_, index) => {
      const order = String(++lastOrder);
      const body = callbackForm(clientId, {
        save: wireSave('express', sampleOrder('moscowCourier', { order, orderNumber: `${order}A` })),
      });
      const url = apis[index % apis.length]?.url ?? '';
      const reply = await fetch(`${url}/fake-carrier/callbacks/delivery/save`, { method: 'POST', headers: FORM, body });
      const answer = (await reply.json()) as { result?: { deliveryId: string } };
      if (!answer.result) throw new Error(`save answered ${reply.status}: ${JSON.stringify(answer)}`);
      ids.push(answer.result.deliveryId);
    });
    await Promise.all(saves);
  }
  return ids;
}

/** Connects the accounts and enters the carrier's address and keys. */
async function connect(deployment: Machines): Promise<void> {
  const url = deployment.apis[0]?.url ?? '';
  for (const systemUrl of accounts) {
    const apiKey = 'bench-key';
    const token = createHmac('sha256', 'development-secret-of-fake-carrier').update(apiKey).digest('hex');
    const register = JSON.stringify({ token, apiKey, systemUrl });
    const reply = await fetch(`${url}/fake-carrier/register`, { method: 'POST', body: new URLSearchParams({ register }) });
    if (!reply.ok) throw new Error(`register answered ${reply.status}: ${await reply.text()}`);
  }
  const { items } = await operator<{ items: { id: string }[] }>(deployment, 0, 'GET', '/connections');
  const { url: baseUrl, apiKey, webhookSecret } = carrier;
  for (const { id } of items) await operator(deployment, 0, 'PUT', `/connections/${id}/settings`, { baseUrl, apiKey, webhookSecret });
  for (const deadline = Date.now() + 30_000; clientIds.size < ACCOUNTS; await sleep(20))
    if (Date.now() > deadline) throw new Error(`only ${clientIds.size} of ${ACCOUNTS} accounts were registered`);
}

async function operator<Body>({ apis }: Machines, turn: number, method: string, path: string, body?: object): Promise<Body> {
  const reply = await fetch(`${apis[turn % apis.length]?.url ?? ''}/operator/api${path}`, {
    method,
    headers: { authorization: 'Bearer bench', ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${await reply.text()}`);
  return (await reply.json()) as Body;
}

/** Returns the maximum number of moments (in milliseconds, sorted) within one second. */
function countInAnySecond(moments: readonly number[]): number {
  let [from, most] = [0, 0];
  for (const [index, moment] of moments.entries()) {
    while (moment - (moments[from] ?? moment) >= 1_000) from++;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { AsteriskDouble, sampleOrder, wireSave } from '#testing';
import { benchDatabase, freePort, startChild } from './support/bench.js';

/**
 * Milliseconds from a status to its CRM request while another account's PBX reports a flood of calls,
 * compared with an idle system. Aims: at most twice the time, and the worker grows by less than 100 MB.
 */
const CALLS = Number(process.env.BENCH_CALLS ?? 4_000);
const WITHIN_MS = 2_000;
const WATCH_MS = Number(process.env.BENCH_WATCH_MS ?? 15_000);
const SCOPES = [
  ...['integration_read', 'integration_write', 'notification_write', 'telephony_read', 'telephony_write', 'delivery_read'],
  'delivery_write',
  'reference_read',
];
const CODES = ['accepted', 'in-transit', 'delivered'];

/** When each status arrived at its CRM, in order. */
const statuses: number[] = [];
const clientIds = new Map<string, string>();
let uploaded = 0;
let events = 0;
let orders = 0;

const crm = createServer((request, reply) => {
  const at = performance.now();
  let text = '';
  request.on('data', (part: Buffer) => (text += part.toString()));
  request.on('end', () => {
    const path = request.url ?? '';
    const form = new URLSearchParams(text);
    reply.setHeader('content-type', 'application/json');
    if (path.includes('/tracking')) statuses.push(...(JSON.parse(form.get('statusUpdate') ?? '[]') as unknown[]).map(() => at));
    if (path.endsWith('/telephony/call/event')) events++;
    if (path.endsWith('/telephony/calls/upload')) uploaded += (JSON.parse(form.get('calls') ?? '[]') as unknown[]).length;
    const module = form.get('integrationModule');
    if (module) {
      const { code, clientId } = JSON.parse(module) as { code: string; clientId?: string };
      if (clientId) clientIds.set(code, clientId);
    }
    reply.end(JSON.stringify(path.startsWith('/api/credentials') ? { success: true, scopes: SCOPES } : { success: true }));
  });
});
await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
const { port: crmPort } = crm.address() as { port: number };
const [pbxCrm, shopCrm] = [`http://127.0.0.1:${crmPort}`, `http://localhost:${crmPort}`];
const pbx = await AsteriskDouble.start();
const port = await freePort();
const { variables, drop } = await benchDatabase('flood', {
  ...{ PORT: String(port), MODULES: 'asterisk,courier', CRM_HOSTS: `${pbxCrm},${shopCrm}`, LOG_LEVEL: 'error' },
});
const stop: (() => Promise<void>)[] = [];

try {
  stop.push((await startChild('./api.child.js', variables)).stop);
  const worker = await startChild('./worker.child.js', variables);
  stop.push(worker.stop);
  await register('courier', shopCrm);
  await register('asterisk', pbxCrm);
  const { items } = await operator<{ items: { id: string; module: string }[] }>('GET', '/connections');
  const line = items.find(({ module }) => module === 'asterisk')?.id ?? '';
  await operator('PUT', `/connections/${line}/settings`, {
    ...pbx.settings,
    ...{ extensions: [{ code: '101', userId: 1 }], missedCode: '101' },
  });
  await until(() => pbx.listeners === 1);

  await statusTimes(5_000);
  const idle = await statusTimes(10_000);
  const before = readMemory(worker.pid);
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, readMemory(worker.pid))), 100);
  const [flooded] = await Promise.all([statusTimes(WATCH_MS), flood()]);
  clearInterval(watch);
  console.log(`${CALLS} calls ring on one PBX within ${WITHIN_MS} ms and end; a status of another account:`);
  console.log(`  idle:  ${summary(idle)}`);
  console.log(`  flood: ${summary(flooded)}, ratio of p50 ${(middle(flooded) / middle(idle)).toFixed(2)} (aim: at most 2)`);
  console.log(`  the worker grew by ${most - before} MB, from ${before} (aim: less than 100)`);
  const { overload } = await operator<{ overload?: object }>('GET', `/connections/${line}`);
  console.log(
    `  after ${WATCH_MS} ms the PBX's CRM has ${events} events and ${uploaded} calls; dropped: ${JSON.stringify(overload ?? null)}`,
  );
} finally {
  for (const end of stop) await end();
  await pbx.close();
  crm.close();
  crm.closeAllConnections();
  await drop();
}

/** All calls ring, then all end. */
async function flood(): Promise<void> {
  const calls = [];
  const started = performance.now();
  for (let index = 0; index < CALLS; index++) {
    calls.push(pbx.incoming(`7916${String(1_000_000 + index)}`, '74950000000').ring('101'));
    const ahead = (index / CALLS) * WITHIN_MS - (performance.now() - started);
    if (index % 20 === 0) await sleep(Math.max(0, ahead));
  }
  await sleep(1_000);
  for (const [index, call] of calls.entries()) {
    call.hangup();
    if (index % 20 === 0) await sleep(1);
  }
}

/** Measures the time of each status to its CRM, one after the other, for `forMs` milliseconds. */
async function statusTimes(forMs: number): Promise<number[]> {
  const times: number[] = [];
  for (const end = performance.now() + forMs; performance.now() < end;) {
    const deliveryId = await save();
    for (const code of CODES) {
      const known = statuses.length;
      const at = performance.now();
      await operator('POST', '/deliveries/statuses', [{ deliveryId, code }]);
      await until(() => statuses.length > known);
      times.push((statuses[known] ?? NaN) - at);
    }
  }
  return times;
}

async function save(): Promise<string> {
  const order = String(1_000 + orders++);
  const body = wireSave('courier', sampleOrder('moscowCourier', { order, orderNumber: `${order}A` }));
  const reply = await fetch(`http://127.0.0.1:${port}/courier/callbacks/delivery/save`, {
    method: 'POST',
    body: new URLSearchParams({ clientId: clientIds.get('courier') ?? '', save: JSON.stringify(body) }),
  });
  const answer = (await reply.json()) as { result?: { deliveryId: string } };
  if (!answer.result) throw new Error(`save answered ${reply.status}: ${JSON.stringify(answer)}`);
  return answer.result.deliveryId;
}

async function register(module: string, systemUrl: string): Promise<void> {
  const apiKey = `bench-key-of-${module}`;
  const token = createHmac('sha256', `development-secret-of-${module}`).update(apiKey).digest('hex');
  const reply = await fetch(`http://127.0.0.1:${port}/${module}/register`, {
    method: 'POST',
    body: new URLSearchParams({ register: JSON.stringify({ token, apiKey, systemUrl }) }),
  });
  if (!reply.ok) throw new Error(`register answered ${reply.status}: ${await reply.text()}`);
}

async function operator<Body>(method: string, path: string, body?: object): Promise<Body> {
  const reply = await fetch(`http://127.0.0.1:${port}/operator/api${path}`, {
    method,
    headers: { authorization: `Bearer ${variables.OPERATOR_TOKEN ?? ''}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${await reply.text()}`);
  return (await reply.json()) as Body;
}

/** Returns the resident memory of a process in MB. */
function readMemory(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024);
}

function middle(values: number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
}

function summary(values: number[]): string {
  return `p50 ${middle(values).toFixed(0)} ms, most ${Math.max(...values).toFixed(0)} ms (${values.length} statuses)`;
}

async function until(look: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !look(); await sleep(5)) if (Date.now() > deadline) throw new Error('waited in vain');
}

import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { AsteriskDouble, FakePbx } from '#testing';
import { benchDatabase, freePort, startChild } from './support/bench.js';

/**
 * Milliseconds from a PBX event to the first byte of its CRM request, idle, through the database and limits,
 * for a PBX with an event stream (aim: 99 of 100 below 100 ms) and one with webhooks (95 below 300 ms).
 */
const CALLS = Number(process.env.BENCH_CALLS ?? 200);
const PAUSE_MS = Number(process.env.BENCH_PAUSE_MS ?? 150);
const SCOPES = ['integration_read', 'integration_write', 'notification_write', 'telephony_read', 'telephony_write'];

/** A call that the benchmark plays. */
interface BenchCall {
  id: string;
  ring(): void;
  answer(): void;
  hangup(): void;
}

/** When each event arrived at the CRM, by `type call`. */
const arrived = new Map<string, number>();
const uploads: number[] = [];

const crm = createServer((request, reply) => {
  const at = performance.now();
  let text = '';
  request.on('data', (part: Buffer) => (text += part.toString()));
  request.on('end', () => {
    reply.setHeader('content-type', 'application/json');
    if (request.url?.endsWith('/telephony/call/event')) {
      const event = JSON.parse(new URLSearchParams(text).get('event') ?? '{}') as { type: string; callExternalId: string };
      arrived.set(`${event.type} ${event.callExternalId}`, at);
    }
    if (request.url?.endsWith('/telephony/calls/upload'))
      uploads.push((JSON.parse(new URLSearchParams(text).get('calls') ?? '[]') as unknown[]).length);
    reply.end(JSON.stringify(request.url === '/api/credentials' ? { success: true, scopes: SCOPES } : { success: true }));
  });
});
await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
const crmUrl = `http://127.0.0.1:${(crm.address() as { port: number }).port}`;
const asterisk = await AsteriskDouble.start();
const cloud = await FakePbx.start();
const port = await freePort();
const { variables, drop } = await benchDatabase('telephony', {
  PORT: String(port),
  MODULES: 'asterisk,fake-pbx',
  CRM_HOSTS: crmUrl,
  WITH_FAKE_CARRIER: '1',
});
const stop: (() => Promise<void>)[] = [];

try {
  stop.push((await startChild('./api.child.js', variables)).stop);
  stop.push((await startChild('./worker.child.js', variables)).stop);
  await connect('asterisk', asterisk.settings);
  const { url: baseUrl, key, secret, zone } = cloud;
  const id = await connect('fake-pbx', { baseUrl, key, secret, zone });
  await cloud.enterUrl(`http://127.0.0.1:${port}/fake-pbx/webhooks/${id}`);
  await until(() => asterisk.listeners === 1);
  await measure("a listened PBX's event", 'p99 below 100 ms', (phone) => {
    const call = asterisk.incoming(phone, '74950000000');
    return { id: call.id, ring: () => call.ring('101'), answer: () => call.answer('101'), hangup: () => call.hangup() };
  });
  await measure("a PBX's webhook", 'p95 below 300 ms', (phone) => {
    const call = cloud.incoming(phone, '74950000000');
    return { id: call.id, ring: () => call.ring('101'), answer: () => call.answer('101'), hangup: () => call.end() };
  });
} finally {
  for (const end of stop) await end();
  await asterisk.close();
  await cloud.close();
  crm.close();
  crm.closeAllConnections();
  await drop();
}

/** Plays calls after some warm-up calls, and prints the durations of their events. */
async function measure(from: string, aim: string, begin: (phone: string) => BenchCall): Promise<void> {
  const before = uploads.reduce((sum, one) => sum + one, 0);
  await play(20, begin, new Map());
  const sent = new Map<string, number>();
  await play(CALLS, begin, sent);
  await until(() => [...sent.keys()].every((key) => arrived.has(key)));
  const times = (type: string): number[] =>
    [...sent].filter(([key]) => key.startsWith(type)).map(([key, at]) => (arrived.get(key) ?? NaN) - at);
  console.log(`${CALLS} calls, one every ${PAUSE_MS} ms; from ${from} to the request at the CRM (aim: ${aim}):`);
  for (const type of ['in', 'hangup']) console.log(`  ${type}: ${summary(times(type))}`);
  await until(() => uploads.reduce((sum, one) => sum + one, 0) >= before + CALLS + 20);
  console.log(`  finished calls: ${before + CALLS + 20} in ${uploads.length} uploads`);
}

/** Plays calls that ring, are answered and end. Records when the PBX sent each event. */
async function play(count: number, begin: (phone: string) => BenchCall, sent: Map<string, number>): Promise<void> {
  for (let index = 0; index < count; index++) {
    const call = begin(`7916${String(1_000_000 + index)}`);
    await sleep(PAUSE_MS / 3);
    sent.set(`in ${call.id}`, performance.now());
    call.ring();
    await sleep(PAUSE_MS / 3);
    call.answer();
    await sleep(PAUSE_MS / 3);
    sent.set(`hangup ${call.id}`, performance.now());
    call.hangup();
  }
}

/** Connects a module and returns its connection's id. */
async function connect(module: string, settings: object): Promise<string> {
  const apiKey = 'bench-key';
  const token = createHmac('sha256', `development-secret-of-${module}`).update(apiKey).digest('hex');
  const base = `http://127.0.0.1:${port}`;
  const registered = await fetch(`${base}/${module}/register`, {
    method: 'POST',
    body: new URLSearchParams({ register: JSON.stringify({ token, apiKey, systemUrl: crmUrl }) }),
  });
  if (!registered.ok) throw new Error(`register answered ${registered.status}: ${await registered.text()}`);
  const headers = { authorization: `Bearer ${variables.OPERATOR_TOKEN ?? ''}`, 'content-type': 'application/json' };
  const { items } = (await (await fetch(`${base}/operator/api/connections?module=${module}`, { headers })).json()) as {
    items: { id: string }[];
  };
  const id = items[0]?.id ?? '';
  const saved = await fetch(`${base}/operator/api/connections/${id}/settings`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ ...settings, extensions: [{ code: '101', userId: 1 }] }),
  });
  if (!saved.ok) throw new Error(`settings answered ${saved.status}: ${await saved.text()}`);
  return id;
}

function summary(values: number[]): string {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (part: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN).toFixed(1);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`;
}

async function until(look: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !look(); await sleep(20)) if (Date.now() > deadline) throw new Error('waited in vain');
}

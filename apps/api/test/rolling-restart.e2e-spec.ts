import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callbackForm, sampleOrder, wireCalculate } from '#testing';
import { Account } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { NameServer } from './support/name-server.js';
import { hasNginx, Nginx } from './support/nginx.js';
import { ServerProcess } from './support/server-process.js';

/** Callbacks per second. One in five has a slow body. */
const RATE = 20;
const SLOW_EVERY = 5;
const SLOW_BODY_MS = 2_000;
/** Milliseconds of load before the first restart and after the last. */
const AROUND_MS = 2_000;

/** The event loop of a process is busy for a second when it is signalled: loaded before everything else. */
const BUSY_AT_SIGNAL = `process.once('SIGTERM', () => { const end = performance.now() + 1_000; while (performance.now() < end); });`;
const BUSY = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(BUSY_AT_SIGNAL)}` };

let names: NameServer;
let deployment: Deployment;
let proxy: Nginx;
let account: Account;
/** Apis by their address, each with the same port, as containers have them. */
const apis = new Map<string, ServerProcess>();
let started = 1;

/** Starts an api at a new address, to which the name resolves from then on. */
async function startApi(): Promise<void> {
  const address = `127.0.0.${++started}`;
  const { PORT = '', ...variables } = deployment.variables;
  const busy = started % 2 === 0 ? BUSY : {};
  const api = ServerProcess.start('apps/api/src/main.js', [], { ...variables, ...busy, PORT, HOST: address, DRAIN_SECONDS: '3' });
  apis.set(address, api);
  names.addresses = [...apis.keys()];
  await api.ready(`http://${address}:${PORT}/health/ready`);
}

/** Replaces the oldest api by a new one. The name has its address until its process has ended. */
async function replaceOne(): Promise<void> {
  const [address, api] = [...apis][0] ?? [];
  if (!address || !api) throw new Error('there is no api');
  await startApi();
  expect(await api.stop()).toBe('SIGTERM');
  apis.delete(address);
  names.addresses = [...apis.keys()];
}

/** Sends a callback through the proxy. Returns its outcome in a word. */
async function send(isSlow: boolean): Promise<string> {
  const body = callbackForm(account.clientId, { calculate: wireCalculate(sampleOrder()) }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length };
  const call = request(`${proxy.url}/courier/callbacks/delivery/calculate`, { method: 'POST', headers, agent: false });
  const replied = once(call, 'response') as Promise<[IncomingMessage]>;
  const ended = replied.then(async ([reply]) => [reply.statusCode, await text(reply)] as const);
  // A connection may be lost during the pause.
  ended.catch(() => undefined);
  if (isSlow) {
    call.write(body.slice(0, 20));
    await sleep(SLOW_BODY_MS);
  }
  call.end(body.slice(isSlow ? 20 : 0));
  return ended.then(
    ([status, words]) => (status === 200 && words.includes('"success":true') ? 'answered' : `${status ?? 0} ${words.slice(0, 200)}`),
    (error: Error) => error.message,
  );
}

(hasNginx ? describe : describe.skip)('callbacks through the shipped nginx', () => {
  beforeAll(async () => {
    names = await NameServer.start();
    deployment = await Deployment.start({ accounts: 1, workers: 0 });
    account = await Account.connect(deployment, deployment.nextCrm());
    await startApi();
    await startApi();
    const { PORT = '' } = deployment.variables;
    proxy = await Nginx.start('proxy.conf', { 'http://api:3000': `http://api:${PORT}`, '127.0.0.11': `127.0.0.1:${names.port}` });
  }, START_MS);
  afterAll(async () => {
    await proxy?.stop();
    await Promise.all([...apis.values()].map((api) => api.stop()));
    await deployment?.stop();
    names?.stop();
  });

  it('are all answered while the apis are replaced one by one, one of them busy', async () => {
    const outcomes: Promise<string>[] = [];
    const timer = setInterval(() => outcomes.push(send(outcomes.length % SLOW_EVERY === 0)), 1_000 / RATE);
    try {
      await sleep(AROUND_MS);
      await replaceOne();
      await replaceOne();
      await sleep(AROUND_MS);
    } finally {
      clearInterval(timer);
    }
    const lost = (await Promise.all(outcomes)).filter((outcome) => outcome !== 'answered');
    expect(outcomes.length).toBeGreaterThan(RATE * 5);
    expect(lost).toEqual([]);
  }, 120_000);
});

import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { connectionsSchema, type HostedModules } from '#connections';
import { type Clock, Database, Environment, type Retention } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { type HealthEvent, OperatorWebhook, signMessage } from './operator-webhook.js';

interface Arrival {
  id: string;
  signed: boolean;
  body: { type: string; events: HealthEvent[] };
}

const SECRET = randomBytes(32);
const SHOPS = 230;

let spec: SpecDatabase;
let database: Database;
let receiver: Server;
let arrivals: Arrival[];
/** Statuses of the receiver's next replies. Once they are used up, it replies 204. */
let answers: number[];
let now: Date;

/** Verifies a signature the way docs/operating.md describes it. */
function isSigned(headers: NodeJS.Dict<string | string[]>, body: string): boolean {
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = createHmac('sha256', SECRET).update(content).digest('base64');
  return String(headers['webhook-signature']).split(' ').includes(`v1,${expected}`);
}

/** Creates a separate worker. */
function createWebhook(url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/told`): OperatorWebhook {
  const secrets = `whsec_${SECRET.toString('base64')},${'another one '.repeat(3)}`;
  const environment = Object.assign(new Environment(), { OPERATOR_WEBHOOK_URL: url, OPERATOR_WEBHOOK_SECRET: secrets });
  const modules = { get: () => undefined } as unknown as HostedModules;
  return new OperatorWebhook(database, modules, environment, { now: () => now } as Clock, {} as Retention);
}
const tell = (webhook = createWebhook()): Promise<void> => webhook.tell({}, new AbortController().signal);
const passTime = (): Promise<unknown> => database.query(`UPDATE operator_message SET due_at = now()`);
const count = async (state: string): Promise<number> =>
  (await database.query<{ n: number }>('SELECT count(*)::int AS n FROM health_change WHERE state = $1', [state]))[0]?.n ?? 0;
const takeAway = (): Promise<unknown> =>
  database.query(`UPDATE connection SET problems = '{"service-away:carrier": {"since": "2026-01-01T00:00:00Z", "reason": "no route"}}'`);

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema]);
  database = new Database(spec.source);
  receiver = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { headers } = request;
      arrivals.push({ id: String(headers['webhook-id']), signed: isSigned(headers, body), body: JSON.parse(body) as Arrival['body'] });
      reply.writeHead(answers.shift() ?? 204, { location: '/elsewhere' }).end();
    });
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
}, 60_000);
afterAll(async () => {
  receiver?.close();
  await spec?.remove();
});

beforeEach(async () => {
  jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  [arrivals, answers, now] = [[], [], new Date()];
  await database.query('TRUNCATE connection, health_change, operator_message CASCADE');
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, registered_at)
     SELECT gen_random_uuid(), 'acme', 'https://shop' || n || '.example', n, '', '', '{}', now() FROM generate_series(1, $1::int) AS n`,
    [SHOPS],
  );
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe("the operator's webhook", () => {
  it('receives the state of a carrier with many shops in few signed requests, each change once', async () => {
    await takeAway();
    await Promise.all([tell(), tell(), tell()]);
    await tell();
    expect(arrivals.map(({ body }) => body.events.length)).toEqual([100, 100, 30]);
    expect(arrivals.every(({ signed, body }) => signed && body.type === 'connections.health')).toBe(true);
    const events = arrivals.flatMap(({ body }) => body.events);
    expect(new Set(events.map(({ id }) => id)).size).toBe(SHOPS);
    expect(events[0]).toEqual({
      ...{
        id: expect.any(String),
        connection: expect.any(String),
        module: 'acme',
        code: 'acme',
        account: expect.stringMatching(/^shop\d+\.example$/),
      },
      ...{
        from: 'ok',
        to: 'service-away',
        since: '2026-01-01T00:00:00.000Z',
        at: expect.any(String),
        words: 'The service does not answer.',
      },
      ...{ provider: 'carrier', reason: 'no route' },
    });
    expect(await count('sent')).toBe(SHOPS);
  });

  it.each([500, 302, 410])('that answers %i gets the same message again, with the same id, and what follows after it', async (status) => {
    await database.query('DELETE FROM connection WHERE client_id_hash <> $1', ['1']);
    answers = [status, status];
    await takeAway();
    await tell();
    await database.query(`UPDATE connection SET problems = '{}'`);
    // Not due yet.
    await tell();
    await passTime();
    await tell();
    await passTime();
    // A process that starts now.
    await tell(createWebhook());
    expect(arrivals.map(({ body }) => body.events.map(({ to }) => to))).toEqual([
      ['service-away'],
      ['service-away'],
      ['service-away'],
      ['ok'],
    ]);
    expect(new Set(arrivals.slice(0, 3).map(({ id }) => id)).size).toBe(1);
    expect(arrivals[3]?.id).not.toBe(arrivals[0]?.id);
    expect(arrivals.every(({ signed }) => signed)).toBe(true);
  });

  it('is notified by another worker when the sending one died', async () => {
    await takeAway();
    // The message was claimed, but not sent.
    const dead = createWebhook();
    await (dead as unknown as { makeMessage(): Promise<boolean> }).makeMessage();
    await (dead as unknown as { claim(): Promise<unknown> }).claim();
    await tell();
    expect(arrivals).toEqual([]);
    await passTime();
    await tell();
    expect(arrivals.flatMap(({ body }) => body.events)).toHaveLength(SHOPS);
  });

  it('that accepts nothing for three days no longer receives the old changes', async () => {
    await takeAway();
    answers = [500, 500];
    await tell();
    await passTime();
    now = new Date(Date.now() + 73 * 3_600_000);
    await tell();
    expect([await count('unsent'), await count('sent')]).toEqual([100, 130]);
  });

  it('receives no changes from the time before it was set', async () => {
    const silent = new OperatorWebhook(database, {} as HostedModules, new Environment(), { now: () => now } as Clock, {} as Retention);
    await takeAway();
    await silent.tell({}, new AbortController().signal);
    expect(await count('unsent')).toBe(SHOPS);
    await tell();
    expect(arrivals).toEqual([]);
  });

  it('can be tried', async () => {
    answers = [204, 302];
    expect(await createWebhook().test()).toEqual({ taken: true, status: 204, tookMs: expect.any(Number) });
    expect(await createWebhook().test()).toMatchObject({ taken: false, status: 302, problem: expect.stringContaining('redirects') });
    expect(await createWebhook('http://127.0.0.1:9/').test()).toMatchObject({ taken: false, problem: expect.any(String) });
    expect(arrivals.map(({ body, signed }) => [body.type, body.events.length, signed])).toEqual([
      ['test', 0, true],
      ['test', 0, true],
    ]);
  });

  it('gets a signature as Standard Webhooks has it', () => {
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const at = new Date(1614265330 * 1000);
    // The example of its specification.
    expect(signMessage('msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}', [key])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});

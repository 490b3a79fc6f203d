import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { type HttpFault, PlannedFaults, playFault } from './faults.js';

describe('the faults of an HTTP service', () => {
  let app: FastifyInstance;
  let url: string;
  let acts = 0;
  const faults = new PlannedFaults<'order' | 'token', HttpFault>(['order', 'token'], { refuse: ['code', 'message'] }, ['token']);

  beforeAll(async () => {
    app = Fastify({ forceCloseConnections: true });
    app.get('/order', (_request, reply) =>
      playFault({
        ...{ fault: faults.take('order'), reply },
        fail: (status) => ({ status, json: { error: 'failed' } }),
        refuse: (seconds) => ({ status: 429, json: { error: 'too many' }, headers: { 'retry-after': String(seconds) } }),
        later: (ms, action) => void setTimeout(action, ms).unref(),
        act: () => Promise.resolve({ status: 201, json: { acts: ++acts } }),
      }),
    );
    url = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => app.close());
  beforeEach(() => {
    acts = 0;
    faults.clear();
  });

  /** The status and the received part of the body, or the place where it ended. */
  async function get(): Promise<[number | 'dropped', string]> {
    const reply = await fetch(`${url}/order`, { signal: AbortSignal.timeout(150) }).catch(() => undefined);
    if (reply === undefined) return ['dropped', ''];
    return [reply.status, await reply.text().catch(() => 'broken off')];
  }

  it.each<[HttpFault, number | 'dropped', string, number]>([
    [{ kind: 'delay', ms: 1 }, 201, '{"acts":1}', 1],
    [{ kind: 'drop-before' }, 'dropped', '', 0],
    [{ kind: 'drop-after' }, 'dropped', '', 1],
    [{ kind: 'late', ms: 60_000 }, 'dropped', '', 0],
    [{ kind: 'late', ms: 0 }, 'dropped', '', 1],
    [{ kind: 'error-before' }, 500, '{"error":"failed"}', 0],
    [{ kind: 'error-after', status: 503 }, 503, '{"error":"failed"}', 1],
    [{ kind: 'rate-limit' }, 429, '{"error":"too many"}', 0],
    [{ kind: 'hang' }, 'dropped', '', 1],
    [{ kind: 'cut' }, 201, 'broken off', 1],
    [{ kind: 'stall' }, 201, 'broken off', 1],
    [{ kind: 'invalid-json' }, 201, '{"broken":', 1],
  ])('%j: answers %s %s, having acted %i times', async (fault, status, body, acted) => {
    faults.add('order', fault, 1);
    expect(await get()).toEqual([status, body]);
    if (fault.kind === 'late' && acted === 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(acts).toBe(acted);
    expect(await get()).toEqual([201, `{"acts":${acted + 1}}`]);
  });

  it('come in the order of adding, a given number of times, and `*` skips exempt calls', () => {
    faults.add('*', { kind: 'hang' }, 2);
    faults.add('order', { kind: 'cut' }, 1);
    expect(faults.take('token')).toBeUndefined();
    expect([1, 2, 3, 4].map(() => faults.take('order')?.kind)).toEqual(['hang', 'hang', 'cut', undefined]);
  });
});

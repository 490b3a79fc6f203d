import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Environment, type Operator } from '../config/index.js';
import type { Database, Retention } from '../database/index.js';
import { AuditTrail } from './audit-trail.js';

const OPERATOR = { name: 'ann', may: 'act' } as unknown as Operator;
const CONNECTION = '0193a5b0-0000-7000-8000-000000000001';

const run = jest.fn<(statement: { name: string }, values: unknown[]) => Promise<object[]>>();
let audit: AuditTrail;

const toRequest = (more: object = {}): FastifyRequest =>
  ({
    ...{ id: 'r-1', method: 'POST', ip: '203.0.113.7', query: {}, body: {} },
    ...{ params: { id: CONNECTION }, routeOptions: { url: '/operator/api/connections/:id/check' }, ...more },
  }) as unknown as FastifyRequest;
const toReply = (statusCode: number): FastifyReply => ({ statusCode, elapsedTime: 12.6 }) as unknown as FastifyReply;
const listStored = (): [string, unknown[]][] => run.mock.calls.map(([{ name }, values]) => [name, values]);

beforeEach(() => {
  run.mockReset();
  run.mockResolvedValue([]);
  audit = new AuditTrail({ run } as unknown as Database, {} as Retention, new Environment());
});

describe('an act of an operator', () => {
  it('is stored before it happens, with its connection, and its outcome after it', async () => {
    const request = toRequest({ query: { deep: '1' } });
    await audit.begin(request, OPERATOR, 'bearer');
    const [[name, values = []] = []] = listStored();
    expect(name).toMatch(/^audit-begin-/);
    expect(values.slice(1)).toEqual([
      ...['ann', 'act', 'bearer', 'r-1', 'POST', '/operator/api/connections/:id/check'],
      ...[JSON.stringify({ id: CONNECTION }), ['deep'], CONNECTION, '203.0.113.7'],
    ]);
    await audit.end(request, toReply(409));
    expect(listStored()[1]).toEqual([expect.stringMatching(/^audit-end-/), [values[0], 409, 13]]);
  });

  it('does not happen when it cannot be stored, and has no outcome then', async () => {
    run.mockRejectedValueOnce(new Error('away'));
    const request = toRequest();
    await expect(audit.begin(request, OPERATOR, 'bearer')).rejects.toThrow('away');
    await audit.end(request, toReply(503));
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('is done although its outcome cannot be stored, which is logged', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const request = toRequest();
    await audit.begin(request, OPERATOR, 'session');
    run.mockRejectedValueOnce(new Error('away'));
    await audit.end(request, toReply(204));
    expect(JSON.stringify(error.mock.calls)).toContain('the outcome 204 of audit entry');
    error.mockRestore();
  });
});

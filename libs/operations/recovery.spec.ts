import { describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import { CallBudget, ProviderError, type ProviderErrorKind } from '#provider-kit';
import type { OperationEntity } from './operation.entity.js';
import { judgeAbsence, recoverCreation, sendUnlessRejected } from './recovery.js';

const NOW = new Date('2026-03-01T10:00:00Z');
const connection = { budget: new CallBudget(60_000) } as Connection;
const operation = { sentAt: new Date(NOW.getTime() - 60_000) } as OperationEntity;
const fail = (kind: ProviderErrorKind) => (): Promise<never> => Promise.reject(new ProviderError(kind, kind));

describe('a call that is sent again', () => {
  it.each(['invalid', 'rejected'] as const)('was never done if the service refuses it as %s', async (kind) => {
    expect(await sendUnlessRejected(connection, fail(kind))).toBeUndefined();
  });

  it.each(['auth', 'rate_limited', 'unavailable', 'unknown_outcome'] as const)('stays open if the service is %s', async (kind) => {
    await expect(sendUnlessRejected(connection, fail(kind))).rejects.toMatchObject({ kind });
  });

  it('is not sent if too little time remains', async () => {
    let sent = 0;
    const late = { budget: new CallBudget(60_000, performance.now() - 59_999) } as Connection;
    await expect(sendUnlessRejected(late, () => Promise.resolve(++sent))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(sent).toBe(0);
  });
});

it('a call that the service does not know counts as never made after the time to show it', () => {
  expect(judgeAbsence(operation, 60, NOW)).toBe('absent');
  expect(judgeAbsence(operation, 61, NOW)).toBe('unknown');
});

describe('a call that creates something', () => {
  const creation = { send: () => Promise.resolve({ id: 'sent' }), find: () => Promise.resolve<object | undefined>(undefined), now: NOW };
  const find = { kind: 'find', settleSeconds: 90 } as const;

  it('is looked up and not sent, if a lookup is possible', async () => {
    const send = fail('rejected');
    expect(await recoverCreation(operation, connection, { ...creation, send, recovery: find })).toBe('unknown');
    const found = { id: 'found' };
    expect(await recoverCreation(operation, connection, { ...creation, send, find: () => Promise.resolve(found), recovery: find })).toEqual(
      { found },
    );
  });

  it('is sent again only with an idempotency key', async () => {
    const recovery = { kind: 'idempotency-key' } as const;
    expect(await recoverCreation(operation, connection, { ...creation, recovery })).toEqual({ found: { id: 'sent' } });
    expect(await recoverCreation(operation, connection, { ...creation, send: fail('rejected'), recovery })).toBe('absent');
    await expect(recoverCreation(operation, connection, { ...creation, send: fail('unavailable'), recovery })).rejects.toThrow();
    expect(await recoverCreation(operation, connection, { ...creation, recovery: { kind: 'none' } })).toBe('unknown');
  });
});

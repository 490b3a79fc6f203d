import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type DataSource, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { Environment } from '../config/index.js';
import { Database, isDatabaseUnavailable, isUniqueViolation, prepare, toRows } from './database.js';
import { dataSourceOptions } from './database.module.js';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

describe('an error of the database', () => {
  it.each([
    ['refused', coded('ECONNREFUSED')],
    ['reset', coded('ECONNRESET')],
    ['ended by an operator', coded('57P01')],
    ['starting up', coded('57P03')],
    ['out of connections', coded('53300')],
    ['a connection failure', coded('08006')],
    ['a full disk', coded('53100')],
    ['out of memory', coded('53200')],
    ['a configured limit', coded('53400')],
    ['read-only', coded('25006')],
    ['a statement that took too long', coded('57014')],
    ['a deadlock', coded('40P01')],
    ['a host without an address', coded('ENOTFOUND')],
    ['ended', new Error('Connection terminated unexpectedly')],
    ['no free connection', new Error('timeout exceeded when trying to connect')],
    ['wrapped by the mapper', Object.assign(new Error('query failed'), { driverError: coded('57P01') })],
    ['one of several addresses', Object.assign(new Error('all failed'), { errors: [coded('ECONNREFUSED')] })],
    ['a connection that is gone before COMMIT', new QueryRunnerAlreadyReleasedError()],
    ['closed', new Error('Client was closed and is not queryable')],
    ['a cause', new Error('x', { cause: coded('EPIPE') })],
  ])('that means it is unavailable: %s', (_what, error) => {
    expect(isDatabaseUnavailable(error)).toBe(true);
  });

  it.each([
    ['a statement refused', coded('23505')],
    ['a syntax error', coded('42601')],
    ['a value that is too large', coded('54000')],
    ['a failed transaction of ours', coded('25P02')],
    ['an error of ours', new Error('Cannot read properties of undefined')],
    ['no error', 'ECONNREFUSED'],
    ['nothing', undefined],
  ])('that means something else: %s', (_what, error) => {
    expect(isDatabaseUnavailable(error)).toBe(false);
  });

  it('ends where it is its own cause', () => {
    const error = new Error('x');
    error.cause = error;
    expect(isDatabaseUnavailable(error)).toBe(false);
  });

  it('about duplicate values is distinguished from others', () => {
    expect([coded('23505'), coded('23503'), new Error('x'), null].map(isUniqueViolation)).toEqual([true, false, false, false]);
  });
});

describe('a prepared statement', () => {
  it('gets another name with another text', () => {
    const [one, same, other] = [prepare('find', 'SELECT 1'), prepare('find', 'SELECT 1'), prepare('find', 'SELECT 2')];
    expect(one).toEqual({ name: expect.stringMatching(/^find-[0-9a-f]{12}$/), text: 'SELECT 1' });
    expect([same.name === one.name, other.name === one.name]).toEqual([true, false]);
  });
});

describe('a column', () => {
  it('has the name of its property in snake case, or the name in the entity', () => {
    const { namingStrategy } = dataSourceOptions(new Environment(), [], 'spec');
    const names = [namingStrategy?.columnName('externalId', '', []), namingStrategy?.columnName('order', 'order_ref', [])];
    expect(names).toEqual(['external_id', 'order_ref']);
  });
});

describe('rows', () => {
  it('are found in either form of answer', () => {
    const rows = [{ id: 1 }];
    expect([toRows(rows), toRows([rows, 1]), toRows([]), toRows([[], 0]), toRows(undefined)]).toEqual([rows, rows, [], [], []]);
    expect(toRows([{ id: 1 }, { id: 2 }])).toHaveLength(2);
  });
});

describe('a transaction', () => {
  const begun = (query: () => Promise<unknown>): Database =>
    new Database({ transaction: (work: (manager: object) => Promise<unknown>) => work({ query }) } as unknown as DataSource);

  it('is followed by what asked for it, in order, each key once, whatever fails', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const done: string[] = [];
    const result = await begun(() => Promise.resolve()).transaction(async (tx) => {
      tx.afterCommit(() => done.push('first'), 'lane');
      tx.afterCommit(() => {
        throw new Error('the queue is away');
      });
      tx.afterCommit(() => done.push('second'), 'lane');
      tx.afterCommit(() => done.push('third'));
      await Promise.resolve();
      expect(done).toEqual([]);
      return tx.request;
    }, 'r-1');
    expect([result, done]).toEqual(['r-1', ['first', 'third']]);
    expect(error).toHaveBeenCalledTimes(1);
    error.mockRestore();
  });

  it('that is rolled back is followed by nothing', async () => {
    const done: string[] = [];
    const failing = begun(() => Promise.reject(new Error('refused'))).transaction(async (tx) => {
      tx.afterCommit(() => done.push('never'));
      await tx.query('SELECT 1');
    });
    await expect(failing).rejects.toThrow('refused');
    expect(done).toEqual([]);
  });
});

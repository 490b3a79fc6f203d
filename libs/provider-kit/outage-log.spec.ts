import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { OutageLog } from './outage-log.js';
import { ProviderError, type ProviderErrorKind } from './provider-error.js';

describe('the log of a loop', () => {
  const logger = new Logger();
  const lines: string[] = [];
  let now: number;
  let log: OutageLog;

  jest.spyOn(logger, 'warn').mockImplementation((line: string) => void lines.push(`warn ${line}`));
  jest.spyOn(logger, 'log').mockImplementation((line: string) => void lines.push(`log ${line}`));
  beforeEach(() => {
    lines.length = 0;
    now = 0;
    log = new OutageLog(logger, 'polled', () => now);
  });

  const fails = (connection: string, kind: ProviderErrorKind): void =>
    log.recordFailure('carrier', connection, new ProviderError(kind, `it is ${kind}`));

  it('reports an unavailable provider once, and once that it works again for all', () => {
    for (let minute = 0; minute < 60; minute++) for (const connection of ['a', 'b', 'c']) fails(connection, 'unavailable');
    expect(lines).toEqual(['warn carrier cannot be polled (connection a): it is unavailable']);
    for (let minute = 0; minute < 3; minute++) for (const connection of ['a', 'b']) log.recordSuccess('carrier', connection);
    expect(lines).toHaveLength(1);
    for (let minute = 0; minute < 3; minute++) log.recordSuccess('carrier', 'c');
    expect(lines.slice(1)).toEqual(['log carrier can be polled again']);
    fails('b', 'unknown_outcome');
    expect(lines.slice(2)).toEqual(['warn carrier cannot be polled (connection b): it is unknown_outcome']);
  });

  it('reports problems of each connection', () => {
    for (let minute = 0; minute < 3; minute++) for (const connection of ['a', 'b']) fails(connection, 'auth');
    log.recordSuccess('carrier', 'b');
    expect(lines).toEqual([
      'warn connection a cannot be polled: it is auth',
      'warn connection b cannot be polled: it is auth',
      'log connection b can be polled again',
    ]);
  });

  it('takes a refusal for a sign that the provider is back', () => {
    fails('a', 'unavailable');
    fails('a', 'rejected');
    expect(lines.slice(1)).toEqual(['log carrier can be polled again', 'warn connection a cannot be polled: it is rejected']);
  });

  it('waits for no connection that has gone', () => {
    fails('a', 'unavailable');
    now += 3_600_001;
    log.recordSuccess('carrier', 'b');
    expect(lines.slice(1)).toEqual(['log carrier can be polled again']);
  });
});

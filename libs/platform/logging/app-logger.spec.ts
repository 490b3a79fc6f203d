import { describe, expect, it } from '@jest/globals';
import { Environment } from '../config/index.js';
import { AppLogger } from './app-logger.js';

/** Returns the line that a logger prints for a message. */
function print(message: unknown, ...rest: unknown[]): object {
  const lines: string[] = [];
  const environment = Object.assign(new Environment(), { LOG_LEVEL: 'info' });
  new AppLogger(environment, 'spec', { write: (line: string) => lines.push(line) }).log(message, ...rest);
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as object;
}

describe('a line of the log', () => {
  it('has the level, the name of the process, the context and the message', () => {
    const common = { level: 30, name: 'spec', pid: process.pid, time: expect.any(Number), context: 'http' };
    expect(print('done', 'http')).toMatchObject({ ...common, msg: 'done' });
    expect(print({ msg: 'done', status: 200, ms: null }, 'http')).toMatchObject({ ...common, msg: 'done', status: 200, ms: null });
    expect(print({ status: 200, request: 'r-1' }, 'http')).toMatchObject({ ...common, status: 200, request: 'r-1' });
  });

  it.each([
    [{ apiKey: 'hidden' }],
    [{ status: 200, token: 'hidden' }],
    [{ 'x-api-key': 'hidden' }],
    [{ headers: { authorization: 'hidden' } }],
    [{ request: { body: { clientId: 'hidden' } } }],
    [{ list: [{ password: 'hidden' }] }],
  ])('never shows a secret: %j', (message) => {
    expect(JSON.stringify(print(message, 'http'))).toContain('***');
    expect(JSON.stringify(print(message, 'http'))).not.toContain('hidden');
  });
});

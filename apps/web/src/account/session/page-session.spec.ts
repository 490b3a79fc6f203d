import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApiError } from '../../../api/client.js';
import { PageSession } from './page-session.js';

const MINUTE = 60_000;

describe('the session of a page', () => {
  let answers: (string | Error)[];
  let asked: number;
  const renew = (): Promise<string> => {
    asked++;
    const answer = answers.shift() ?? `token-${asked}`;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };

  beforeEach(() => {
    jest.useFakeTimers();
    answers = [];
    asked = 0;
  });
  afterEach(() => void jest.useRealTimers());

  it('renews its bearer long before an hour has passed, repeatedly', async () => {
    const session = new PageSession('token-0', renew);
    for (let hours = 0; hours < 5; hours++) {
      const before = session.token;
      await jest.advanceTimersByTimeAsync(59 * MINUTE);
      expect(session.token).not.toBe(before);
    }
    expect([session.token, session.isEnded.value]).toEqual([`token-${asked}`, false]);
  });

  it('tries again in a minute when the server is unavailable, and keeps its bearer meanwhile', async () => {
    answers = [new ApiError('away'), new ApiError('busy', 503)];
    const session = new PageSession('token-0', renew);
    await jest.advanceTimersByTimeAsync(20 * MINUTE);
    expect([session.token, session.isEnded.value, asked]).toEqual(['token-0', false, 1]);
    await jest.advanceTimersByTimeAsync(2 * MINUTE);
    expect([session.token, asked]).toEqual(['token-3', 3]);
  });

  it('ends when it is refused, and asks no more', async () => {
    answers = [new ApiError('The page was open too long', 401)];
    const session = new PageSession('token-0', renew);
    await jest.advanceTimersByTimeAsync(3 * 60 * MINUTE);
    expect([session.isEnded.value, asked]).toEqual([true, 1]);
  });

  it('asks no more once a call of the page was refused', async () => {
    const session = new PageSession('token-0', renew);
    session.end();
    await jest.advanceTimersByTimeAsync(3 * 60 * MINUTE);
    expect([session.isEnded.value, asked]).toEqual([true, 0]);
  });

  it('is renewed immediately when a computer wakes up after its time, and not before', async () => {
    const session = new PageSession('token-0', renew);
    await session.refresh();
    expect(asked).toBe(0);
    jest.setSystemTime(Date.now() + 50 * MINUTE);
    await session.refresh();
    expect([session.token, asked]).toEqual(['token-1', 1]);
  });
});

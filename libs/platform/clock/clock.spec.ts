import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from './clock.js';

const HOUR = 3_600_000;
let monotonic = 1_000;
/** How far the database's clock is from this count. */
let offset = HOUR;
/** How long an answer is on its way, there and back. */
let way: [number, number] = [0, 0];

function makeClock(): Clock {
  jest.spyOn(performance, 'now').mockImplementation(() => monotonic);
  const query = (): Promise<{ ms: number }[]> => {
    monotonic += way[0];
    const ms = monotonic + offset;
    monotonic += way[1];
    return Promise.resolve([{ ms }]);
  };
  return new Clock({ query } as never);
}
const measureError = (clock: Clock): number => clock.now().getTime() - (monotonic + offset);

afterEach(() => void jest.restoreAllMocks());

describe('the clock', () => {
  it("is the database's, whatever the machine's is", async () => {
    const clock = makeClock();
    way = [2, 2];
    await clock.read();
    expect(measureError(clock)).toBe(0);
    jest.spyOn(Date, 'now').mockReturnValue(0);
    monotonic += 10 * HOUR;
    expect(measureError(clock)).toBe(0);
  });

  it('keeps a sure reading when a slow one says no other', async () => {
    const clock = makeClock();
    way = [1, 1];
    await clock.read();
    way = [900, 0];
    await clock.read();
    expect(measureError(clock)).toBe(0);
    way = [1, 1];
    monotonic += HOUR;
    offset += 30;
    await clock.read();
    expect(measureError(clock)).toBe(0);
  });

  it('follows a database whose clock was set, or another one', async () => {
    const clock = makeClock();
    way = [1, 1];
    await clock.read();
    offset -= 60_000;
    way = [30, 10];
    await clock.read();
    expect(Math.abs(measureError(clock))).toBeLessThanOrEqual(20);
  });
});

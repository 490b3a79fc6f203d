import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
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

  it('keeps an exact reading if a slow one does not contradict it', async () => {
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

  it('finds the clock of the machine wrong after three readings, and right after one', async () => {
    const machine = jest.spyOn(Date, 'now');
    const [error, log] = (['error', 'log'] as const).map((level) =>
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined),
    );
    const clock = makeClock();
    way = [0, 0];
    const readAt = async (ahead: number): Promise<string | undefined> => {
      machine.mockImplementation(() => monotonic + offset + ahead);
      await clock.read();
      return clock.problem;
    };
    const problem = "the machine's clock is 31 s ahead of PostgreSQL's, and may differ by 30 s: correct it";
    expect([await readAt(31_000), await readAt(31_000), await readAt(31_000)]).toEqual([undefined, undefined, problem]);
    expect([await readAt(29_000), await readAt(-10_800_000), await readAt(-10_800_000)]).toEqual([undefined, undefined, undefined]);
    expect(await readAt(-10_800_000)).toContain('10800 s behind');
    expect([error?.mock.calls.length, log?.mock.calls.length]).toEqual([2, 1]);
  });

  it('takes the round trip off', async () => {
    const clock = makeClock();
    way = [8_000, 8_000];
    // The machine is 35 s ahead. Half the round trip may explain 8 s.
    jest.spyOn(Date, 'now').mockImplementation(() => monotonic + offset + 35_000);
    for (let reading = 0; reading < 3; reading++) await clock.read();
    expect(clock.problem).toBeUndefined();
    way = [1_000, 1_000];
    for (let reading = 0; reading < 3; reading++) await clock.read();
    expect(clock.problem).toContain('35 s ahead');
  });
});

import { expect, it } from '@jest/globals';
import type { ProviderError } from '#provider-kit';
import { providerContext } from '../builders.js';
import { CallNotReached, type Effect, playLosses } from './lost-calls.js';

it('names the second call of a purchase that is not made', async () => {
  let made = 0;
  const act = () => Promise.resolve(String(++made));
  const effect: Effect<object> = {
    ...{ name: 'save of a new order', makes: 1, leastCalls: 2 },
    prepare: () => Promise.resolve({ act, repeat: () => Promise.resolve('1'), recover: () => Promise.resolve('1') }),
  };
  const faults = {
    made: () => made,
    /** The service receives only the first call. */
    lose: async (_call: string, work: () => Promise<unknown>, nth?: number) => {
      await work();
      if (nth !== 1) throw new CallNotReached();
    },
  };
  const problems = await playLosses(effect, { faults, context: providerContext({}), checkError: (error) => error as ProviderError });
  expect(problems.at(-1)).toBe('save of a new order is answered as a success, and call 2 of faults.lose() did not come to the service');
});

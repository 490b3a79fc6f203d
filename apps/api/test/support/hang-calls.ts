import { until } from './until.js';

/**
 * Starts calls and makes a double keep back the replies. Each call has reached the double when this returns.
 * `ended`: all calls have ended, with or without a reply.
 */
export async function hangCalls<Call extends string>(
  double: { fail(call: Call, fault: { kind: 'hang' }): void; countCalls(call: Call): number },
  calls: readonly (readonly [call: Call, act: () => Promise<unknown>])[],
): Promise<{ ended: Promise<unknown> }> {
  const acts: Promise<unknown>[] = [];
  for (const [call, act] of calls) {
    double.fail(call, { kind: 'hang' });
    const before = double.countCalls(call);
    acts.push(act().catch(() => undefined));
    await until(`${call} reached the service`, () => double.countCalls(call) > before);
  }
  return { ended: Promise.all(acts) };
}

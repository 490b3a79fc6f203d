import { describe, expect, it } from '@jest/globals';
import { useAction } from './use-action.js';

describe('the work of a button', () => {
  it('shows that it runs and what it came to', async () => {
    let finish = (_: string): void => undefined;
    const action = useAction((name: string) => new Promise<string>((resolve) => (finish = (end) => resolve(`${name} ${end}`))));
    const running = action.run('order');
    expect([action.busy.value, action.result.value]).toEqual([true, undefined]);
    finish('sent');
    expect(await running).toBe('order sent');
    expect([action.busy.value, action.result.value, action.problem.value]).toEqual([false, 'order sent', '']);
  });

  it('shows why it failed, until it runs again or is cleared', async () => {
    let problem: Error | undefined;
    const action = useAction(() => (problem ? Promise.reject(problem) : Promise.resolve('sent')));
    await action.run();
    problem = new Error('the CRM is unavailable');
    expect(await action.run()).toBeUndefined();
    expect([action.busy.value, action.result.value, action.problem.value]).toEqual([false, undefined, 'the CRM is unavailable']);
    problem = undefined;
    await action.run();
    expect([action.result.value, action.problem.value]).toEqual(['sent', '']);
    action.clear();
    expect([action.result.value, action.problem.value]).toEqual([undefined, '']);
  });
});

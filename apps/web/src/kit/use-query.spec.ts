import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { effectScope, type EffectScope, nextTick, ref } from 'vue';
import { type Query, useQuery } from './use-query.js';

let scope: EffectScope;
/** The calls so far, in order, each with functions that settle it. */
let asked: { question: string; signal: AbortSignal; answer: (text: string) => void; fail: (error: Error) => void }[];

beforeEach(() => {
  [scope, asked] = [effectScope(), []];
});
afterEach(() => scope.stop());

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const question = ref('');
const use = (): Query<string> => {
  question.value = 'first';
  const ask = (signal: AbortSignal): Promise<string> => {
    const text = question.value;
    return new Promise((answer, fail) => asked.push({ question: text, signal, answer, fail }));
  };
  return scope.run(() => useQuery(ask))!;
};

describe('a query', () => {
  it('runs now and whenever its inputs change, and only the last reply counts', async () => {
    const query = use();
    expect([query.loading.value, query.data.value]).toEqual([true, undefined]);
    question.value = 'second';
    await nextTick();
    expect(asked.map((one) => [one.question, one.signal.aborted])).toEqual([
      ['first', true],
      ['second', false],
    ]);
    asked[1]?.answer('new');
    await settle();
    asked[0]?.answer('old');
    await settle();
    expect([query.loading.value, query.data.value]).toEqual([false, 'new']);
  });

  it('keeps its last answer when a later one fails, and shows no failure of an earlier question', async () => {
    const query = use();
    asked[0]?.answer('known');
    await settle();
    void query.reload();
    asked[1]?.fail(new Error('away'));
    await settle();
    expect([query.data.value, query.error.value?.message]).toEqual(['known', 'away']);
    void query.reload();
    void query.reload();
    asked[3]?.answer('again');
    asked[2]?.fail(new Error('late'));
    await settle();
    expect([query.data.value, query.error.value]).toEqual(['again', undefined]);
  });

  it('ends with its page', () => {
    use();
    scope.stop();
    expect(asked[0]?.signal.aborted).toBe(true);
  });
});

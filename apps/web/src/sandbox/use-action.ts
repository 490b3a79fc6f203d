import { type Ref, ref, shallowRef } from 'vue';

/** Something that a button does. */
export interface Action<Args extends unknown[], T> {
  readonly busy: Ref<boolean>;
  /** What the last run came to; undefined while none has. */
  readonly result: Ref<T | undefined>;
  /** Why the last run failed; empty otherwise. */
  readonly problem: Ref<string>;
  /** Runs it; undefined when it failed. */
  run(...args: Args): Promise<T | undefined>;
  /** Forgets what the last run came to. */
  clear(): void;
}

/** Makes a button's work out of a function: whether it runs, what it came to, why it failed. */
export function useAction<Args extends unknown[], T>(act: (...args: Args) => Promise<T>): Action<Args, T> {
  const busy = ref(false);
  const result = shallowRef<T>();
  const problem = ref('');
  const clear = (): void => {
    result.value = undefined;
    problem.value = '';
  };
  const run = async (...args: Args): Promise<T | undefined> => {
    busy.value = true;
    problem.value = '';
    try {
      return (result.value = await act(...args));
    } catch (error) {
      result.value = undefined;
      problem.value = (error as Error).message;
      return undefined;
    } finally {
      busy.value = false;
    }
  };
  return { busy, result, problem, run, clear };
}

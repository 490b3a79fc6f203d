import { type Ref, ref, shallowRef } from 'vue';

/** A button's action. */
export interface Action<Args extends unknown[], T> {
  readonly busy: Ref<boolean>;
  /** The result of the last run. Undefined if there was none. */
  readonly result: Ref<T | undefined>;
  /** Why the last run failed. Empty if it did not. */
  readonly problem: Ref<string>;
  /** Runs the action. Returns undefined if it failed. */
  run(...args: Args): Promise<T | undefined>;
  /** Clears the result of the last run. */
  clear(): void;
}

/** Creates a button's action from a function, and tracks whether it runs, its result and its error. */
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

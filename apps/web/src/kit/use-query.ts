import { onScopeDispose, type Ref, ref, shallowRef, watchEffect } from 'vue';

/** A reply that is loaded, and loaded again on changes. */
export interface Query<T> {
  /** The last reply. It stays while a new one is loading. */
  readonly data: Ref<T | undefined>;
  readonly error: Ref<Error | undefined>;
  readonly loading: Ref<boolean>;
  /** Loads again. Resolves when there is a reply or an error. */
  reload(): Promise<void>;
}

/**
 * Calls `ask` immediately and whenever a value that it reads has changed. If calls overlap, only the reply
 * of the last one counts. `ask` must pass its signal on to `fetch`.
 */
export function useQuery<T>(ask: (signal: AbortSignal) => Promise<T>): Query<T> {
  const data = shallowRef<T>();
  const error = shallowRef<Error>();
  const loading = ref(false);
  let current: AbortController | undefined;

  const settle = async (controller: AbortController, answer: Promise<T>): Promise<void> => {
    try {
      const found = await answer;
      if (controller.signal.aborted) return;
      data.value = found;
      error.value = undefined;
    } catch (problem) {
      if (controller.signal.aborted) return;
      error.value = problem instanceof Error ? problem : new Error(String(problem));
    }
    loading.value = false;
  };
  const start = (): Promise<void> => {
    current?.abort();
    const controller = (current = new AbortController());
    loading.value = true;
    // Called synchronously, so that Vue tracks its reads. An exception is handled like a rejection.
    const answer = new Promise<T>((resolve) => resolve(ask(controller.signal)));
    return settle(controller, answer);
  };
  watchEffect(() => void start());
  onScopeDispose(() => current?.abort());
  return { data, error, loading, reload: start };
}

import { onScopeDispose, type Ref, ref, shallowRef, watchEffect } from 'vue';

/** A reply that is asked for, and asked for anew. */
export interface Query<T> {
  /** The last reply; it stays while a new one is awaited. */
  readonly data: Ref<T | undefined>;
  readonly error: Ref<Error | undefined>;
  readonly loading: Ref<boolean>;
  /** Asks again; ends when there is a reply or an error. */
  reload(): Promise<void>;
}

/**
 * Asks for something now and whenever what the function reads has changed; of answers that overlap the last
 * asked for counts. `ask` passes its signal on to `fetch`.
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
    // Called at once, so that Vue sees what it reads; a refusal at once is one like any other.
    const answer = new Promise<T>((resolve) => resolve(ask(controller.signal)));
    return settle(controller, answer);
  };
  watchEffect(() => void start());
  onScopeDispose(() => current?.abort());
  return { data, error, loading, reload: start };
}

import { type Ref, ref, shallowRef } from 'vue';
import { CallError } from './module-call.js';

/** The result of a repeated call. */
export interface Latest<Value> {
  value: Ref<Value | undefined>;
  /** Why the last call failed. */
  error: Ref<CallError | undefined>;
  isLoading: Ref<boolean>;
  /** Calls again. A reply that a newer call has overtaken is ignored. */
  load(): Promise<void>;
}

/** Keeps the reply of the newest call. The previous value stays until the next one arrives. */
export function useLatest<Value>(call: () => Promise<Value>): Latest<Value> {
  const value = shallowRef<Value>();
  const error = shallowRef<CallError>();
  const isLoading = ref(false);
  let newest = 0;
  const load = async (): Promise<void> => {
    const own = ++newest;
    isLoading.value = true;
    const [reply, failure] = await call().then(
      (one) => [one, undefined] as const,
      (reason: unknown) => [undefined, reason instanceof CallError ? reason : new CallError(0)] as const,
    );
    if (own !== newest) return;
    if (!failure) value.value = reply;
    error.value = failure;
    isLoading.value = false;
  };
  return { value, error, isLoading, load };
}

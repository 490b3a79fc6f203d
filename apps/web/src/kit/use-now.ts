import { type Ref, ref } from 'vue';

const now = ref(Date.now());
let isTicking = false;

/** Returns the current time in milliseconds, updated every ten seconds. */
export function useNow(): Ref<number> {
  if (!isTicking) setInterval(() => (now.value = Date.now()), 10_000);
  isTicking = true;
  return now;
}

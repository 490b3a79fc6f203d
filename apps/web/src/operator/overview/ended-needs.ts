import { reactive } from 'vue';
import type { Schemas } from '../api.js';

type Need = Schemas['Need'];

/** Milliseconds for which an overview may still contain a resolved need. The server updates it every 15 s. */
const OUTDATED_MS = 20_000;
const ended = reactive(new Set<string>());
/** The action identifies a need. It stays the same while the need's counts change. */
const keyOf = ({ kind, act }: Need): string => JSON.stringify([kind, act]);

/** Hides a need after its action succeeded. If the need still exists, a later overview shows it again. */
export function hideNeed(need: Need): void {
  const key = keyOf(need);
  ended.add(key);
  setTimeout(() => ended.delete(key), OUTDATED_MS);
}

/** Returns the needs that are not hidden. */
export function listOpen(needs: readonly Need[]): Need[] {
  return needs.filter((need) => !ended.has(keyOf(need)));
}

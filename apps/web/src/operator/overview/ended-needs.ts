import { reactive } from 'vue';
import type { Schemas } from '../api.js';

type Need = Schemas['Need'];

/** The server reads an overview every 15 s; so long an ended need may still be in it, milliseconds. */
const OUTDATED_MS = 20_000;
const ended = reactive(new Set<string>());
/** The act tells needs apart, and stays the same while their counts change. */
const keyOf = ({ kind, act }: Need): string => JSON.stringify([kind, act]);

/** Hides a need whose act has succeeded; one that is there all the same comes back with a later overview. */
export function hideNeed(need: Need): void {
  const key = keyOf(need);
  ended.add(key);
  setTimeout(() => ended.delete(key), OUTDATED_MS);
}

/** Lists those of the needs that are not hidden. */
export function listOpen(needs: readonly Need[]): Need[] {
  return needs.filter((need) => !ended.has(keyOf(need)));
}

import { LRUCache } from 'lru-cache';
import type { CallSignal } from './port/index.js';

/** Phones that are remembered. One that is forgotten is told the end of a call whose beginning it was not told, which does no harm. */
const MOST = 50_000;

/** A call of a connection. */
interface CallId {
  connectionId: string;
  externalId: string;
}

/** Remembers which phones were not told that a call began for them: its end is not told them either. */
export class UntoldPhones {
  private readonly phones = new LRUCache<string, true>({ max: MOST });

  /** Remembers phones that a call began for and that are not told. */
  add(call: CallId, codes: readonly string[]): void {
    for (const code of codes) this.phones.set(keyOf(call, code), true);
  }

  /** The phones that a signal is for: all when the call begins, those that know of it when it is over. */
  audience(call: CallId, { type, codes }: CallSignal): string[] {
    return type === 'hangup' ? codes.filter((code) => !this.phones.has(keyOf(call, code))) : codes;
  }

  /** Forgets phones that are told now. */
  remove(call: CallId, codes: readonly string[]): void {
    for (const code of codes) this.phones.delete(keyOf(call, code));
  }
}

function keyOf({ connectionId, externalId }: CallId, code: string): string {
  return `${connectionId} ${externalId} ${code}`;
}

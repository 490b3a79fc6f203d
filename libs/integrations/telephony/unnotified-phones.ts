import { LRUCache } from 'lru-cache';
import type { CallSignal } from './port/index.js';

/**
 * Maximum number of remembered phones. A forgotten phone only gets an end without a start, which is harmless.
 */
const MOST = 50_000;

/** Identifies a call of a connection. */
interface CallId {
  connectionId: string;
  externalId: string;
}

/** Remembers phones that were not sent a call's start, so that they are not sent its end. */
export class UnnotifiedPhones {
  private readonly phones = new LRUCache<string, true>({ max: MOST });

  /** Remembers phones that are not sent the start of a call. */
  add(call: CallId, codes: readonly string[]): void {
    for (const code of codes) this.phones.set(makeKey(call, code), true);
  }

  /**
   * Returns a signal's recipients: at the start of a call all phones, at its end only phones that got the
   * start.
   */
  findAudience(call: CallId, { type, codes }: Pick<CallSignal, 'type' | 'codes'>): string[] {
    return type === 'hangup' ? codes.filter((code) => !this.phones.has(makeKey(call, code))) : codes;
  }

  /** Forgets phones that are now notified. */
  remove(call: CallId, codes: readonly string[]): void {
    for (const code of codes) this.phones.delete(makeKey(call, code));
  }
}

function makeKey({ connectionId, externalId }: CallId, code: string): string {
  return `${connectionId} ${externalId} ${code}`;
}

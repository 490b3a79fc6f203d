import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CallbackError } from '../errors/index.js';
import { toNetwork } from './rate-limit.js';

/** Kinds of secrets that strangers may guess, as the log shows them. */
export type SecretKind = 'operator tokens' | 'client ids' | 'registrations' | 'one-time tokens' | 'page tokens' | 'payment links';

/** Wrong secrets of one kind a minute from one address, before they get 429. */
const MOST = 30;
const MINUTE_MS = 60_000;
const MOST_ADDRESSES = 10_000;

/**
 * Counts wrong secrets by address in this process and logs the number once per minute. Call it only for wrong
 * secrets: all shops share the CRM's addresses, so a right secret always passes.
 */
@Injectable()
export class Guesses implements OnModuleDestroy {
  private readonly logger = new Logger('guesses');
  private readonly counts = new LRUCache<string, { wrong: number }>({ max: MOST_ADDRESSES, ttl: MINUTE_MS, perf: Date });
  private readonly minute = new Map<SecretKind, { wrong: number; slowed: number; last: string }>();
  private timer: NodeJS.Timeout | undefined;

  onModuleDestroy(): void {
    this.log();
  }

  /**
   * Counts a wrong secret. Returns the error to reply with: `refusal`, or 429 after too many from the
   * address.
   */
  wrong(kind: SecretKind, address: string, refusal: CallbackError): CallbackError {
    const key = `${kind} ${toNetwork(address)}`;
    const count = this.counts.get(key) ?? { wrong: 0 };
    if (count.wrong === 0) this.counts.set(key, count);
    const slowed = ++count.wrong > MOST;
    this.note(kind, address, slowed);
    if (!slowed) return refusal;
    const seconds = Math.max(1, Math.ceil(this.counts.getRemainingTTL(key) / 1000));
    return new CallbackError(429, 'Too many wrong attempts from this address. Try again in a minute.', undefined, seconds);
  }

  private note(kind: SecretKind, address: string, slowed: boolean): void {
    const { wrong, slowed: before } = this.minute.get(kind) ?? { wrong: 0, slowed: 0 };
    this.minute.set(kind, { wrong: wrong + 1, slowed: before + (slowed ? 1 : 0), last: address });
    this.timer ??= setTimeout(() => this.log(), MINUTE_MS).unref();
  }

  private log(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const [kind, { wrong, slowed, last }] of this.minute)
      this.logger.warn(`${wrong} wrong ${kind} within a minute, ${slowed} of them answered 429; the last came from ${last}`);
    this.minute.clear();
  }
}

import { StripeRefusal } from './stripe-objects.js';

/** An answer of the API. */
export interface StripeAnswer {
  status: number;
  json: object;
}

interface Kept {
  call: string;
  answer: StripeAnswer | undefined;
  at: number;
}

/** Keys are forgotten after a day, in seconds. */
const LIFE = 86_400;

/** Idempotency keys: repeats get the first answer, a conflict while it runs, an error if they differ. */
export class StripeIdempotency {
  private readonly kept = new Map<string, Kept>();

  /**
   * Begins a call (method, path, parameters): returns the kept answer, undefined if first. Throws
   * StripeRefusal.
   */
  begin(key: string, call: string, now: number): StripeAnswer | undefined {
    const known = this.kept.get(key);
    if (!known || now - known.at >= LIFE) {
      this.kept.set(key, { call, answer: undefined, at: now });
      return undefined;
    }
    if (known.call !== call)
      throw new StripeRefusal(
        400,
        { type: 'idempotency_error' },
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    if (!known.answer)
      throw new StripeRefusal(
        409,
        { type: 'idempotency_error', code: 'idempotency_key_in_use' },
        'There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through).',
      );
    return known.answer;
  }

  finish(key: string, answer: StripeAnswer): void {
    const known = this.kept.get(key);
    if (known) known.answer = answer;
  }

  /** A call that was not begun, such as one refused for its rate, leaves its key free. */
  forget(key: string): void {
    this.kept.delete(key);
  }
}

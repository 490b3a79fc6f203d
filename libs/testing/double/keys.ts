import type { ServiceAnswer } from './faults.js';
import { Refusal } from './refusal.js';

/** How a service treats idempotency keys. */
export interface KeyPolicy {
  /** In lower case. */
  header: string;
  /** Throws the refusal of a key that is malformed or missing. A call without a key that is accepted acts. */
  check(key: string | undefined): void;
  /** Seconds until a key is forgotten. */
  lifeSeconds(): number;
  /** The refusals of a key that came with another call, or whose first call still runs. */
  otherCall: Refusal;
  running: Refusal;
  /** Whether a repeat acts again. */
  isForgotten?(call: string): boolean;
  /** The reply to a repeat after a call that acted and replied an error. By default its result. */
  afterError?(): 'result' | 'error' | Refusal;
  /** Whether a repeat gets this refusal again. By default the key of a refused call is free. */
  keeps?(refusal: Refusal): boolean;
  /** Changes the answer that a repeat gets. */
  replay?(answer: ServiceAnswer): ServiceAnswer;
}

/** The policy of most services: a key is needed, lives for a day, and belongs to one call. */
export const USUAL_KEYS = {
  check(key) {
    if (!key) throw new Refusal(400, 'key_required', 'An idempotency key is required');
  },
  lifeSeconds: () => 86_400,
  otherCall: new Refusal(409, 'key_used', 'The key was used for another call'),
  running: new Refusal(409, 'in_progress', 'A call with this key is in progress'),
} as const satisfies Partial<KeyPolicy>;

/** The replies of a service by their idempotency keys: a repeat gets the first call's. */
export class IdempotencyKeys {
  private readonly kept = new Map<string, { call: string; answer: ServiceAnswer | undefined; at: number }>();

  /**
   * Acts, or returns the kept reply of the key. A repeat must equal `call`. `now` is in seconds. `act`
   * returns its reply and the one for repeats: without it the key is free again, as after a throw.
   */
  async once(
    { lifeSeconds, otherCall, running }: KeyPolicy,
    { key, call, now }: { key: string; call: string; now: number },
    act: () => Promise<{ answer: ServiceAnswer; repeats: ServiceAnswer | undefined }>,
  ): Promise<{ answer: ServiceAnswer; replayed: boolean }> {
    const known = this.kept.get(key);
    if (known && now - known.at < lifeSeconds()) {
      if (known.call !== call) throw otherCall;
      if (known.answer === undefined) throw running;
      return { answer: known.answer, replayed: true };
    }
    const kept = { call, answer: undefined as ServiceAnswer | undefined, at: now };
    this.kept.set(key, kept);
    try {
      const { answer, repeats } = await act();
      kept.answer = repeats;
      return { answer, replayed: false };
    } finally {
      if (kept.answer === undefined) this.kept.delete(key);
    }
  }

  clear(): void {
    this.kept.clear();
  }
}

/** How a service treats idempotency keys. */
export interface KeyRules {
  /** Seconds until a key is forgotten. */
  lifeSeconds(): number;
  /** The refusal of a key that came with another call before. */
  toOtherCall(key: string): Error;
  /** The refusal of a call whose first one is still under way. */
  toRunning(key: string): Error;
}

interface Kept<Answer> {
  call: string;
  answer: Answer | undefined;
  at: number;
}

/** The answers of a service by their idempotency keys: a repeat gets the first call's. */
export class IdempotencyKeys<Answer> {
  private readonly kept = new Map<string, Kept<Answer>>();

  constructor(private readonly rules: KeyRules) {}

  /**
   * Acts, or answers what is kept for the key. `call` is what a repeat must be equal in; `now` is in seconds.
   * `act` returns its answer and the one for repeats: without it the key is free again, as after a throw.
   * Throws what the rules say, and what `act` throws.
   */
  async once(
    key: string,
    call: string,
    now: number,
    act: () => Promise<{ answer: Answer; repeats: Answer | undefined }>,
  ): Promise<{ answer: Answer; replayed: boolean }> {
    const known = this.kept.get(key);
    if (known && now - known.at < this.rules.lifeSeconds()) {
      if (known.call !== call) throw this.rules.toOtherCall(key);
      if (known.answer === undefined) throw this.rules.toRunning(key);
      return { answer: known.answer, replayed: true };
    }
    const kept: Kept<Answer> = { call, answer: undefined, at: now };
    this.kept.set(key, kept);
    try {
      const { answer, repeats } = await act();
      kept.answer = repeats;
      return { answer, replayed: false };
    } finally {
      if (kept.answer === undefined) this.kept.delete(key);
    }
  }
}

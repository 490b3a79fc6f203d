import { describe, expect, it } from '@jest/globals';
import { replaceSignal } from './provider-context.js';

/** Made on first use, as the contexts that providers get. */
class Context {
  readonly now = new Date();
  private made: AbortSignal | undefined;

  get signal(): AbortSignal {
    return (this.made ??= new AbortController().signal);
  }

  get cache(): string {
    return `of ${this.now.toISOString()}`;
  }
}

describe('a context with another signal', () => {
  it('is the same otherwise, what it makes on first use included', () => {
    const context = new Context();
    const signal = AbortSignal.abort();
    const other = replaceSignal(context, signal);
    expect([other.signal, other.cache, other.now]).toEqual([signal, context.cache, context.now]);
    expect(context.signal.aborted).toBe(false);
  });
});

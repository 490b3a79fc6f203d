import { describe, expect, it, jest } from '@jest/globals';
import type { Connection, RefusedCalls } from '#connections';
import type { Database } from '#platform';
import { ProviderError } from '#provider-kit';
import type { AccountNotices } from './account-notices.js';
import { CredentialsWatch, buildCredentialsNotice } from './credentials-watch.js';

const createWatch = (): { watch: CredentialsWatch; refused: jest.SpiedFunction<CredentialsWatch['refused']> } => {
  const watch = new CredentialsWatch({} as Database, {} as RefusedCalls, {} as AccountNotices);
  return { watch, refused: jest.spyOn(watch, 'refused').mockImplementation(() => undefined) };
};
const connection = { id: 'a', refusedCalls: ['quote'] } as unknown as Connection;
/** As it is when it is read again. */
const copy = (of: Connection): Connection => ({ ...of, refusedCalls: [...of.refusedCalls] });
const failing = (error: Error) => ({ name: 'one', quote: (): Promise<number> => Promise.reject(error) });

describe('a watched provider', () => {
  it('answers as it does, with its own `this`', async () => {
    const { watch } = createWatch();
    const accepted = jest.spyOn(watch, 'accepted').mockImplementation(() => undefined);
    class Provider {
      readonly #rate = 2;
      readonly manifest = { code: 'x' };
      track?(): Promise<void>;
      quote(value: number): Promise<number> {
        return Promise.resolve(this.#rate * value);
      }
    }
    const provider = watch.over(connection, new Provider());
    expect([provider.manifest.code, provider.track, await provider.quote(21)]).toEqual(['x', undefined, 42]);
    expect(accepted).toHaveBeenCalledWith(connection, 'quote');
  });

  it('tells of refused credentials, and of nothing else', async () => {
    const { watch, refused } = createWatch();
    for (const kind of ['invalid', 'rejected', 'rate_limited', 'unavailable', 'unknown_outcome'] as const)
      await expect(watch.over(copy(connection), failing(new ProviderError(kind, 'no'))).quote()).rejects.toThrow('no');
    await expect(watch.over(copy(connection), failing(new Error('ours'))).quote()).rejects.toThrow('ours');
    expect(refused).not.toHaveBeenCalled();
    await expect(watch.over(connection, failing(new ProviderError('auth', 'no'))).quote()).rejects.toThrow('no');
    expect(refused).toHaveBeenCalledWith(connection, 'quote');
  });
});

describe('the notice', () => {
  it.each(['en', 'es', 'ru'] as const)('in %s has no more than 160 characters, whatever the name', (language) => {
    for (const name of ['Courier', 'x'.repeat(300), '<&">'.repeat(40), '😀'.repeat(100)]) {
      const text = buildCredentialsNotice(name)[language];
      expect(text.replace(/<\/?b>/g, '').length).toBeLessThanOrEqual(160);
      expect(text).toMatch(/^<b>[^<>"]+<\/b>: [^<>]+$/);
    }
  });
});

import { randomBytes } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { type Database, SecretBox } from '#platform';
import { type CompiledForm, SettingsCompilation } from './compiled-settings.js';
import { ConnectionSecrets } from '../connection-secrets.js';

const opened = jest.fn<(parts: readonly Buffer[]) => void>();
const form: CompiledForm = {
  provider: 'courier',
  compiler: {
    format: 1,
    pack: (settings) => (settings as { parts: string[] }).parts.map((part) => Buffer.from(part)),
    open: (parts) => {
      opened(parts);
      return parts.map(String);
    },
  },
};
const PLACES = Array.from({ length: 200 }, (_, place) => `place ${place}`).join();
/** Differs in one letter, which is far from the first and the last. */
const OTHER_PLACES = PLACES.replace('place 90', 'plate 90');

describe('settings that are compiled', () => {
  const secrets = new ConnectionSecrets(new SecretBox(randomBytes(32).toString('base64')));
  const create = (): SettingsCompilation => new SettingsCompilation({ run: () => Promise.resolve([]) } as unknown as Database, secrets);
  const make = (compilation: SettingsCompilation, id: string, ...parts: string[]): object | undefined =>
    compilation.make(id, `sealed of ${id}`, () => ({ parts }), form)?.open();

  it('share equal parts among accounts, and no others', () => {
    const compilation = create();
    expect(make(compilation, 'a', PLACES, 'a')).toEqual([PLACES, 'a']);
    expect(make(compilation, 'b', OTHER_PLACES, 'b')).toEqual([OTHER_PLACES, 'b']);
    opened.mockClear();
    expect(make(compilation, 'c', OTHER_PLACES, 'c')).toEqual([OTHER_PLACES, 'c']);
    expect(make(compilation, 'd', OTHER_PLACES, 'd')).toEqual([OTHER_PLACES, 'd']);
    const [[[first] = []] = [], [[second] = []] = []] = opened.mock.calls;
    expect(first?.buffer).toBe(second?.buffer);
  });
});

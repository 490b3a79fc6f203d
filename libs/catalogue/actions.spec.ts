import { describe, expect, it } from '@jest/globals';
import { type StoryReader, StoryReaders } from '#insight';
import { builtIn } from './catalogue.js';

/** Creates an instance to read its own members. Its dependencies are not used for that. */
const make = <Of>(one: unknown): Of => new (one as new (...needed: unknown[]) => Of)(...Array.from({ length: 20 }, () => ({})));

describe('what operators read of', () => {
  const storyReaders = new StoryReaders();
  for (const { integration } of builtIn) if (integration.storyReader) storyReaders.add(make<StoryReader>(integration.storyReader));

  const kinds = builtIn.flatMap(({ integration: { packers = [], operations = [], webhooks } }) => [
    ...packers.map((packer) => make<{ kind: string }>(packer).kind),
    ...operations.flatMap((source) => make<{ kinds: { kind: string }[] }>(source).kinds.map(({ kind }) => kind)),
    ...(webhooks ? Object.keys(make<{ handlers: object }>(webhooks).handlers) : []),
  ]);

  it.each([...new Set([...kinds, 'registration', 'notification'])])('%s has a description', (kind) => {
    expect(storyReaders.describe(kind)).not.toBe(kind);
  });
});

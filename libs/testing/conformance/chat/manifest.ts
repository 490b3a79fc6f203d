import { expect, it } from '@jest/globals';
import { isProviderMethod } from '../provider/index.js';
import type { OptionalChatMethod } from './subject.js';
import type { ChatSuite } from './suite.js';

/** The optional methods of the port itself. */
const METHODS: readonly OptionalChatMethod[] = [
  ...(['findLastOnline', 'readVisits', 'listAccounts', 'webhook', 'sendMessage', 'findMessage'] as const),
  ...(['editMessage', 'deleteMessage', 'reactToMessage', 'markRead', 'openMedia', 'fetchUpdates'] as const),
  ...(['listTemplates', 'createTemplate', 'updateTemplate', 'deleteTemplate', 'readHistory'] as const),
];

/** Tests that the provider has the listed methods of its port. */
export function testMethods<S extends object>(suite: ChatSuite<S>): void {
  it('has the methods of the chat port that options.methods lists', () => {
    expect(METHODS.filter((method) => suite.provider[method] !== undefined)).toEqual(METHODS.filter((method) => suite.has(method)));
    expect(suite.options.methods.filter((method) => !isProviderMethod(method) && !METHODS.includes(method))).toEqual([]);
    // A messenger has accounts, and both receives and sends messages.
    expect([suite.has('listAccounts'), suite.has('webhook')]).toEqual([suite.has('sendMessage'), suite.has('sendMessage')]);
    const { describeMessenger } = suite.provider.manifest;
    expect({ describeMessenger: describeMessenger !== undefined }).toEqual({ describeMessenger: suite.has('sendMessage') });
    if (suite.has('sendMessage')) expect(suite.provider.manifest.recovery).toBeDefined();
    expect(suite.has('findMessage')).toBe(suite.provider.manifest.recovery?.kind === 'find');
  });
}

/** Tests the messenger and its accounts. */
export function testManifest<S extends object>(suite: ChatSuite<S>): void {
  it('describeMessenger fits the methods, and its limits are above zero', () => {
    const abilities = suite.provider.manifest.describeMessenger?.(suite.context.settings);
    if (!abilities) throw new Error('the manifest needs describeMessenger()');
    expect(abilities.type).toMatch(/^[a-z_]+$/);
    expect(abilities.text.maxLength).toBeGreaterThan(0);
    for (const media of [abilities.image, abilities.file, abilities.audio])
      if (media) for (const limit of [media.maxItems, media.maxBytes]) expect(limit).toBeGreaterThan(0);
    const isMediaIn = [abilities.image, abilities.file, abilities.audio].some((media) => media && media.in !== false);
    expect(suite.has('openMedia')).toBe(isMediaIn);
    if (suite.has('reactToMessage')) expect(abilities.reactions?.dictionary.length).toBeGreaterThan(0);
    if (abilities.newCustomer === 'template') expect(suite.has('listTemplates')).toBe(true);
  });

  it('listAccounts returns the same accounts each time, each with an id and a name', async () => {
    const accounts = (await suite.provider.listAccounts?.(suite.context)) ?? [];
    expect(accounts.map(({ id }) => id)).toContain(suite.stage.account);
    expect(new Set(accounts.map(({ id }) => id)).size).toBe(accounts.length);
    for (const { id, name: title } of accounts) {
      expect(id).toMatch(/^\S.{0,63}$/);
      expect(title).toMatch(/^\S[^\n]{0,99}$/);
    }
    expect(await suite.provider.listAccounts?.(suite.context)).toEqual(accounts);
  });
}

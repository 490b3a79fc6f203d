import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { LocalText } from '#platform/plain';
import type { Provider, ProviderContext, ProviderError, ProviderPress } from '#provider-kit';

/** A run of a kind's suite, whose records have actions of providers. */
interface PressSuite<S extends object, Stored> {
  readonly provider: Provider<S> & {
    press?(press: ProviderPress, record: Stored, context: ProviderContext<S>): Promise<LocalText | undefined>;
  };
  readonly context: ProviderContext<S>;
  readonly subject: { pressed?(record: Stored): number | Promise<number> };
  catchFailure(call: Promise<unknown> | undefined): Promise<ProviderError>;
  leaveOpen(promise: string, member: string): void;
}

/**
 * Tests the provider's actions in widgets.
 * @param make makes a record in one of the states, or in any that is not final
 * @param withdraw makes a record for which nothing can be done now
 */
export function testPresses<S extends object, Stored>(
  suite: PressSuite<S, Stored>,
  make: (states?: readonly string[]) => Promise<Stored>,
  withdraw: (() => Promise<Stored>) | undefined,
): void {
  it('performs each action of the manifest once per key', async () => {
    const { actions = [] } = suite.provider.manifest.widget ?? {};
    expect(actions).not.toEqual([]);
    const { pressed } = suite.subject;
    if (!pressed) suite.leaveOpen('a press with the same key has no second effect', 'pressed');
    for (const { id: action, states, hasEffect } of actions) {
      const record = await make(states);
      const [key, other] = [randomUUID(), randomUUID()];
      for (const one of [key, key, other]) {
        const text = await suite.provider.press?.({ action, key: one }, record, suite.context);
        if (text !== undefined) expect(Object.keys(text)).toEqual(expect.arrayContaining(['en', 'es', 'ru']));
      }
      if (pressed) expect([action, await pressed(record)]).toEqual([action, hasEffect ? 2 : 0]);
    }
  });

  if (!withdraw) return;
  it('a press for a withdrawn record is rejected', async () => {
    const record = await withdraw();
    const [{ id: action } = { id: '' }] = suite.provider.manifest.widget?.actions ?? [];
    const press = { action, key: randomUUID() };
    expect(['rejected', 'invalid']).toContain((await suite.catchFailure(suite.provider.press?.(press, record, suite.context))).kind);
  });
}

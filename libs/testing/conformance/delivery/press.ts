import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { DeliverySuite } from './suite.js';

/** Tests the provider's actions in widgets. */
export function testPress<S extends object>(suite: DeliverySuite<S>): void {
  it('performs each action of the manifest once per key', async () => {
    const { actions = [] } = suite.manifest.widget ?? {};
    expect(actions).not.toEqual([]);
    const { pressed } = suite.subject;
    if (!pressed) suite.leaveOpen('a press with the same key has no second effect', 'pressed');
    for (const { id: action, hasEffect } of actions) {
      const delivery = await suite.register();
      const [key, other] = [randomUUID(), randomUUID()];
      for (const one of [key, key, other]) {
        const text = await suite.provider.press?.({ action, key: one }, delivery, suite.context);
        if (text !== undefined) expect(Object.keys(text)).toEqual(expect.arrayContaining(['en', 'es', 'ru']));
      }
      if (pressed) expect([action, await pressed(delivery)]).toEqual([action, hasEffect ? 2 : 0]);
    }
  });

  it('a press for a withdrawn delivery is rejected', async () => {
    if (!suite.has('cancel')) return;
    const delivery = await suite.register();
    await suite.provider.cancel?.(delivery, suite.context);
    await suite.settle();
    const [{ id: action } = { id: '' }] = suite.manifest.widget?.actions ?? [];
    const press = { action, key: randomUUID() };
    expect(['rejected', 'invalid']).toContain((await suite.catchFailure(suite.provider.press?.(press, delivery, suite.context))).kind);
  });
}

import { expect, it } from '@jest/globals';
import type { TelephonySuite } from './suite.js';

/** Tests the states of managers, and calls to them. */
export function testManagers<S extends object>(suite: TelephonySuite<S>): void {
  if (suite.has('setUserStatus'))
    it('a repeated status of a manager succeeds, and only a free manager is rung', async () => {
      const [code] = suite.subject.codes;
      for (const status of ['busy', 'busy', 'free'] as const) {
        await suite.provider.setUserStatus?.({ code, status }, suite.context);
        if (suite.subject.isPaused) expect([status, suite.subject.isPaused(code)]).toEqual([status, status === 'busy']);
      }
      if (!suite.subject.isPaused) suite.unproven.add('only a free manager is rung', 'isPaused');
    });

  if (suite.has('listen') || suite.has('webhook'))
    it('a caller is put through to their manager', async () => {
      const { putThrough, codes } = suite.subject;
      if (!putThrough) return suite.unproven.add('callers are put through to their managers', 'putThrough');
      const [, manager] = codes;
      suite.recorder.manager = manager;
      expect(await putThrough.call(suite.subject, '79160001122', () => Promise.resolve({ code: manager }))).toBe(manager);
      suite.recorder.manager = undefined;
    });
}

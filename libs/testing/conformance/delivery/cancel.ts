import { expect, it } from '@jest/globals';
import type { ProviderError } from '#provider-kit';
import { registerMoving } from './decide.js';
import { UNCHECKED_MS, type DeliverySuite } from './suite.js';

/** Tests that a cancellation is done, rejected or of unknown outcome, and never assumed. */
export function testCancel<S extends object>(suite: DeliverySuite<S>): void {
  it('cancel cancels the delivery, and a second cancel succeeds', async () => {
    const existing = await suite.register();
    await expect(suite.provider.cancel?.(existing, suite.context)).resolves.toBeUndefined();
    await suite.settle();
    await expect(suite.provider.cancel?.({ ...existing, status: suite.manifest.cancelledStatus }, suite.context)).resolves.toBeUndefined();
    await expect(suite.provider.cancel?.(existing, suite.context)).resolves.toBeUndefined();
    if (suite.provider.get && !suite.isLocal()) {
      await suite.settle();
      expect((await suite.provider.get(existing, suite.context)).status).toBe(suite.manifest.cancelledStatus);
    }
  });

  it('a cancellation that the service rejects fails with rejected', async () => {
    if (!suite.subject.whileCancelRefused) return suite.leaveOpen('a rejected cancellation is not a success', 'whileCancelRefused');
    for (const [isInReply, isMoving] of [
      [false, false],
      [true, false],
      [false, true],
    ] as const) {
      const existing = await (isMoving ? registerMoving(suite) : suite.register());
      const cancel = (): Promise<ProviderError> => suite.catchFailure(suite.provider.cancel?.(existing, suite.context));
      expect((await suite.subject.whileCancelRefused(cancel, existing, isInReply)).kind).toBe('rejected');
    }
  });

  if (suite.has('get')) {
    it('a cancellation that the service still checks is not reported as done', async () => {
      for (const ms of UNCHECKED_MS) {
        const existing = await suite.register();
        const isCanceled = async (): Promise<boolean> =>
          (await suite.provider.get?.(existing, suite.context))?.status === suite.manifest.cancelledStatus;
        await suite.actUnchecked(ms, async (given) => suite.provider.cancel?.(existing, given), isCanceled);
      }
    });
  }
}

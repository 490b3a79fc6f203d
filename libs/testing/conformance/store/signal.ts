import { expect, it } from '@jest/globals';
import type { StoreSuite } from './suite.js';

/** Tests that nothing is read after the signal of a call has ended. */
export function testSignal<S extends object>(suite: StoreSuite<S>): void {
  it('a call with an ended signal fails with unavailable', async () => {
    if (suite.isLocal()) return;
    const gone = { ...suite.context, signal: AbortSignal.abort() };
    const xmlId = await suite.newOffer(1);
    expect((await suite.catchFailure(suite.provider.readStocks([{ xmlId }], gone))).kind).toBe('unavailable');
    if (suite.provider.listChanges)
      expect((await suite.catchFailure(suite.provider.listChanges(undefined, gone))).kind).toBe('unavailable');
  });
}

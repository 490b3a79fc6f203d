import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ProviderError, Recovery } from '#provider-kit';
import { type Effect, playBusy, playLosses, type Unproven } from '../lost-calls.js';
import { checkProviderError } from './errors.js';
import type { ProviderSubject } from './subject.js';

/**
 * Tests that each effect happens once, even if its reply is lost. Not proved without `faults`. Our built-in
 * services (`isLocal`) have no reply to lose.
 */
export function testEffects<S extends object>(
  effects: readonly Effect<S>[],
  getSubject: () => ProviderSubject<S> & { settle?(): Promise<void> },
  { isLocal, unproven }: { isLocal(): boolean; unproven: Unproven },
): void {
  describe('nothing is done twice when a reply is lost', () => {
    beforeAll(() => {
      const { faults, provider } = getSubject();
      if (!isLocal() && faults === undefined) unproven.add('nothing is done twice when a reply is lost', 'faults');
      const { recovery } = provider.manifest as { recovery?: Recovery };
      if (faults && !faults.keys && recovery?.kind === 'idempotency-key') unproven.add('a repeat has the key of its call', 'faults.keys');
    });

    it('makes no further call after a 429', async () => {
      const subject = getSubject();
      const { faults, context, provider } = subject;
      const effect = effects.find((one) => !one.isAbsent?.() && !one.mayBeLocal);
      if (!faults || !effect) return;
      if (!faults.busy) return unproven.add('no call follows a 429', 'faults.busy');
      const checkError = (error: unknown): ProviderError => checkProviderError(error, provider, context.settings);
      expect(await playBusy(effect, { faults, context, checkError })).toEqual([]);
    });

    it.each(effects.map((effect) => [effect.name, effect] as const))('%s', async (_name, effect) => {
      const subject = getSubject();
      const { faults, context, provider } = subject;
      if (faults === undefined || effect.isAbsent?.()) return;
      const checkError = (error: unknown): ProviderError => checkProviderError(error, provider, context.settings);
      const settle = async (): Promise<void> => subject.settle?.();
      expect(await playLosses(effect, { faults, context, checkError, settle })).toEqual([]);
    });
  });
}

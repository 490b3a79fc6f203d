import { inspect } from 'node:util';
import { expect } from '@jest/globals';
import { ProviderError, type ProviderErrorKind } from '#provider-kit';

/** More than services list on a page. */
export const MANY = 101;

/** Checks that a call fails with a ProviderError of one of the kinds. */
export async function refused(call: Promise<unknown>, kinds: readonly ProviderErrorKind[] = ['rejected']): Promise<void> {
  const [result] = await Promise.allSettled([call]);
  if (result.status === 'fulfilled')
    throw new Error(`expected a ProviderError (${kinds.join(' or ')}), and the call returned ${inspect(result.value)}`);
  if (!(result.reason instanceof ProviderError))
    throw new Error(`expected a ProviderError (${kinds.join(' or ')}), and the call threw ${inspect(result.reason)}`);
  expect(kinds).toContain(result.reason.kind);
}

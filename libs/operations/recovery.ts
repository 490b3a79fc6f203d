import type { Connection } from '#connections';
import { ProviderError } from '#provider-kit';
import type { OperationEntity } from './operation.entity.js';

/** Sends again what is safe to repeat, with time enough left; a refusal (undefined) means that nothing was done. Throws every other ProviderError. */
export async function sendUnlessRefused<Result>({ budget }: Connection, send: () => Promise<Result>): Promise<Result | undefined> {
  budget?.refuseLate();
  try {
    return await send();
  } catch (error) {
    if (error instanceof ProviderError && (error.kind === 'invalid' || error.kind === 'rejected')) return undefined;
    throw error;
  }
}

/** What it means that the provider does not know a call: it was never made when the provider had the time to show it. */
export function judgeAbsence(operation: OperationEntity, settleSeconds: number, now: Date): 'absent' | 'unknown' {
  return now.getTime() - operation.sentAt.getTime() >= settleSeconds * 1000 ? 'absent' : 'unknown';
}

import type { Connection } from '#connections';
import { ProviderError, type Recovery } from '#provider-kit';
import type { OperationEntity } from './operation.entity.js';
import type { Recovered } from './operation-kind.js';

/**
 * Resends a repeatable call if time remains. Returns undefined if it was rejected without an effect. Throws
 * other ProviderErrors.
 */
export async function sendUnlessRejected<Result>({ budget }: Connection, send: () => Promise<Result>): Promise<Result | undefined> {
  budget?.refuseLate();
  try {
    return await send();
  } catch (error) {
    if (error instanceof ProviderError && (error.kind === 'invalid' || error.kind === 'rejected')) return undefined;
    throw error;
  }
}

/**
 * Judges a call that the provider does not have. It was never made, once the provider had time to show it.
 */
export function judgeAbsence(operation: OperationEntity, settleSeconds: number, now: Date): 'absent' | 'unknown' {
  return now.getTime() - operation.sentAt.getTime() >= settleSeconds * 1000 ? 'absent' : 'unknown';
}

/** Ways to find the outcome of a call that creates something. */
export interface CreationRecovery<Result> {
  /** The recovery in the provider's manifest. */
  recovery: Recovery;
  /** Searches for the created object by our reference. Missing if the provider cannot search. */
  find?: () => Promise<Result | undefined>;
  /** Makes the call again. */
  send: () => Promise<Result>;
  now: Date;
}

/** Recovers a creating call: looks it up, or resends it with its idempotency key. Throws ProviderError. */
export async function recoverCreation<Result>(
  operation: OperationEntity,
  connection: Connection,
  { recovery, find, send, now }: CreationRecovery<Result>,
): Promise<Recovered<Result>> {
  if (recovery.kind === 'find' && find) {
    const found = await find();
    return found ? { found } : judgeAbsence(operation, recovery.settleSeconds, now);
  }
  if (recovery.kind !== 'idempotency-key') return 'unknown';
  const result = await sendUnlessRejected(connection, send);
  return result ? { found: result } : 'absent';
}

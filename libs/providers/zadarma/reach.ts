import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { fillIn, textFor } from '#platform';
import { ProviderError, replaceSignal } from '#provider-kit';
import type { ZadarmaClient } from './zadarma.client.js';
import type { ZadarmaContext } from './zadarma.settings.js';
import { texts } from './zadarma.texts.js';

/** Longest time for the question: the call itself must have its own. */
const ASK_MS = 1_200;

/** `GET /v1/pbx/internal/{extension}/status/` */
class WireStatus {
  /** Its phone is registered. */
  @IsOptional() @IsBoolean() is_online?: boolean;
}

/** `GET /v1/pbx/redirection/` */
class WireForwarding {
  @IsOptional() @IsIn(['on', 'off']) current_status?: 'on' | 'off';
}

/**
 * Refuses a call that would ring at no phone: Zadarma takes it, and nothing happens. Whatever else Zadarma
 * says, or does not say in time, is no reason to refuse.
 * @throws ProviderError `rejected` when the extension's phone is off and its calls go nowhere else
 */
export async function refuseUnlessReachable(code: string, client: ZadarmaClient, context: ZadarmaContext): Promise<void> {
  const brief = replaceSignal(context, AbortSignal.any([context.signal, AbortSignal.timeout(ASK_MS)]));
  try {
    if (await isOn(code, client, brief)) return;
    if (await isForwarded(code, client, brief)) return;
  } catch (error) {
    if (error instanceof ProviderError) return;
    throw error;
  }
  throw new ProviderError('rejected', textFor(fillIn(texts.phoneOff, { code }), context.account.language));
}

async function isOn(code: string, client: ZadarmaClient, context: ZadarmaContext): Promise<boolean> {
  const path = `/v1/pbx/internal/${code}/status/`;
  const { is_online: isOnline } = await client.ask({ method: 'GET', path, effect: false, answer: WireStatus }, context);
  return isOnline !== false;
}

async function isForwarded(code: string, client: ZadarmaClient, context: ZadarmaContext): Promise<boolean> {
  const question = { method: 'GET', path: '/v1/pbx/redirection/', parameters: { pbx_number: code }, effect: false } as const;
  const { current_status: status } = await client.ask({ ...question, answer: WireForwarding }, context);
  return status !== 'off';
}

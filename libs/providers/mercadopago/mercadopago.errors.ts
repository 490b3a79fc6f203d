import { ProviderError, sayAway, sayLost } from '#provider-kit';

/** The error for a reply without required fields. `effect`: the call changes something. */
export function makeUnreadableError(effect: boolean): ProviderError {
  const [kind, say] = effect ? (['unknown_outcome', sayLost] as const) : (['unavailable', sayAway] as const);
  return new ProviderError(kind, 'Mercado Pago gave an answer that cannot be read', { localText: say('Mercado Pago') });
}

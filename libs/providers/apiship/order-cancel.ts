import { makeError } from '#provider-kit';
import type { ExistingDelivery } from '#delivery/port';
import { type Apiship, saysNo } from './apiship.api.js';
import type { ApishipContext } from './apiship.settings.js';
import { texts } from './apiship.texts.js';

/**
 * Cancels an order at ApiShip and at the carrier. Succeeds if it is cancelled or gone.
 * @throws ProviderError `rejected` when the carrier no longer releases it
 */
export async function cancelOrder(api: Apiship, { externalId }: ExistingDelivery, context: ApishipContext): Promise<void> {
  const cancelled = api.unless('cancelled', api.cancelOrder(context, { id: externalId }), () => null);
  if (saysNo(await api.unlessMissing(cancelled))) throw makeError('rejected', texts.notCancelled);
}

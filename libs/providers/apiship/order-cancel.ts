import type { ExistingDelivery } from '#delivery/port';
import type { ApishipClient } from './apiship.client.js';
import { explain, isRefusedAs, saysNo } from './apiship.errors.js';
import type { ApishipContext } from './apiship.settings.js';
import { makeError, texts } from './apiship.texts.js';
import { toPath } from './order.js';

/**
 * Cancels an order at ApiShip and at the carrier. One that is cancelled or gone is a success.
 * @throws ProviderError `rejected` when the carrier does not let it go any more
 */
export async function cancelOrder(client: ApishipClient, { externalId }: ExistingDelivery, context: ApishipContext): Promise<void> {
  try {
    // A GET with an effect: it is sent once, as every other call that changes something.
    const call = { method: 'GET', path: `${toPath(externalId)}/cancel`, effect: true } as const;
    if (saysNo(await client.send(call, context))) throw makeError('rejected', texts.notCancelled, context);
  } catch (error) {
    if (isRefusedAs(error, 'cancelled') || isRefusedAs(error, 'missing')) return;
    throw explain(error, context);
  }
}

import { ProviderRegistry } from '#connections';
import type { DeliveryProvider } from './port/index.js';

/** The delivery providers of this deployment. */
export class DeliveryProviders extends ProviderRegistry<DeliveryProvider> {}

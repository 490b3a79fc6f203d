import { ProviderRegistry } from '#connections';
import type { StoreProvider } from './port/index.js';

/** The warehouse systems of this deployment. */
export class StoreProviders extends ProviderRegistry<StoreProvider> {}

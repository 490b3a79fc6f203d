import { ProviderRegistry } from '#connections';
import type { RecommendationProvider } from './port/index.js';

/** The recommendation providers of this deployment. */
export class RecommendationProviders extends ProviderRegistry<RecommendationProvider> {}

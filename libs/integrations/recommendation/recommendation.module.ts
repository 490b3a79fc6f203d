import { type DynamicModule, Global, Module } from '@nestjs/common';
import { type ProviderService, registryModule } from '#connections';
import type { RecommendationProvider } from './port/index.js';
import { RecommendationCallbacksController } from './recommendation-callbacks.controller.js';
import { RecommendationProviders } from './recommendation-providers.js';
import { RecommendationRegistration } from './recommendation.registration.js';
import { RecommendationService } from './recommendation.service.js';

/** The providers, apart from the integration: what modules there are follows from them. */
@Global()
@Module({})
export class RecommendationProvidersModule {
  static forRoot(adapters: readonly RecommendationProvider[], services: readonly ProviderService<RecommendationProvider>[]): DynamicModule {
    return registryModule(RecommendationProvidersModule, RecommendationProviders, adapters, services);
  }
}

/** The recommendation integration. It keeps nothing: its providers do. */
@Module({
  controllers: [RecommendationCallbacksController],
  providers: [RecommendationService, RecommendationRegistration],
})
export class RecommendationModule {}

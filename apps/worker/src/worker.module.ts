import { type DynamicModule, Module } from '@nestjs/common';
import { type Catalogue, CatalogueModule } from '#catalogue';
import { InsightModule } from '#insight';
import { OnboardingModule } from '#onboarding';
import type { Configuration } from '#platform';

/** The background side of Crossdock. */
@Module({})
export class WorkerModule {
  static forRoot(configuration: Configuration, catalogue: Catalogue): DynamicModule {
    return {
      module: WorkerModule,
      imports: [CatalogueModule.forRoot(configuration, 'worker', catalogue), OnboardingModule, InsightModule],
    };
  }
}

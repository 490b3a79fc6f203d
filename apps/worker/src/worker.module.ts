import { type DynamicModule, Module } from '@nestjs/common';
import { type Catalogue, CatalogueModule } from '#catalogue';
import type { Environment } from '#platform';
import { Housekeeping } from './housekeeping.js';

/** The background side of Crossdock. */
@Module({})
export class WorkerModule {
  static forRoot(environment: Environment, catalogue?: Catalogue): DynamicModule {
    return {
      module: WorkerModule,
      imports: [CatalogueModule.forRoot(environment, 'worker', catalogue)],
      providers: [Housekeeping],
      exports: [Housekeeping],
    };
  }
}

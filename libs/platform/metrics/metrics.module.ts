import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Metrics } from './metrics.js';
import type { SharedGauge } from './shared-gauge.js';
import { SharedGauges, Snapshots } from './snapshots.js';

/** Provides `Metrics` and `Snapshots` globally. */
@Global()
@Module({})
export class MetricsModule {
  static forRoot(gauges: readonly SharedGauge[]): DynamicModule {
    return {
      module: MetricsModule,
      providers: [{ provide: SharedGauges, useValue: new SharedGauges(gauges) }, Snapshots, Metrics],
      exports: [Metrics, Snapshots],
    };
  }
}

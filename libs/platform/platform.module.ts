import {
  type DynamicModule,
  Global,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  type ValueProvider,
} from '@nestjs/common';
import { Clock } from './clock/index.js';
import type { Configuration } from './config/index.js';
import { SecretBox } from './crypto/index.js';
import { EventStreams, Guesses } from './edge/index.js';
import { Database, DatabaseModule, type Schema } from './database/index.js';
import { ReEncryption } from './keys/index.js';
import { AuditTrail, OperatorSessions } from './operators/index.js';
import { MetricsModule } from './metrics/index.js';
import { QueueModule } from './queue/index.js';
import { Reach } from './reach/index.js';
import { stopTracing } from './tracing/index.js';
import { SETTINGS_WARNINGS, SystemReader } from './system/index.js';
import { TasksModule } from './tasks/index.js';

/** The basis of every process of the deployment: settings, database, queue, secrets, clock. */
@Global()
@Module({})
export class PlatformModule implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Settings');

  constructor(@Inject(SETTINGS_WARNINGS) private readonly warnings: readonly string[]) {}

  /**
   * `name`: the process (api, worker) in the database's connection list; `values`: further global providers.
   */
  static forRoot(configuration: Configuration, schemas: Schema[], name: string, values: readonly ValueProvider[] = []): DynamicModule {
    const { environment } = configuration;
    return {
      module: PlatformModule,
      imports: [
        configuration.module,
        DatabaseModule.forRoot(environment, schemas, `crossdock-${name}`),
        QueueModule.forRoot(environment),
        TasksModule,
        MetricsModule.forRoot(schemas.flatMap(({ gauges }) => gauges ?? [])),
      ],
      providers: [
        { provide: SecretBox, useFactory: () => new SecretBox(environment.ENCRYPTION_KEY) },
        { provide: Reach, useFactory: () => new Reach(environment.privateHosts) },
        { provide: SETTINGS_WARNINGS, useValue: configuration.warnings },
        {
          provide: Clock,
          useFactory: (database: Database) => Clock.follow(database, environment.CLOCK_SKEW_MAX_S * 1000),
          inject: [Database],
        },
        EventStreams,
        Guesses,
        OperatorSessions,
        AuditTrail,
        ReEncryption,
        SystemReader,
        ...values,
      ],
      exports: [SecretBox, Reach, Clock, EventStreams, Guesses, OperatorSessions, AuditTrail, ReEncryption, SystemReader, ...values],
    };
  }

  onModuleInit(): void {
    for (const warning of this.warnings) this.logger.warn(warning);
  }

  onApplicationShutdown(): Promise<void> {
    return stopTracing();
  }
}

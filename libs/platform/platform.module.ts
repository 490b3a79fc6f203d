import { type DynamicModule, Global, Module } from '@nestjs/common';
import { SharedCache } from './cache/index.js';
import { Clock } from './clock/index.js';
import { Environment } from './config/index.js';
import { SecretBox } from './crypto/index.js';
import { DatabaseModule, type Schema } from './database/index.js';
import { AppLogger } from './logging/index.js';
import { QueueModule } from './queue/index.js';

/** Everything a process of the deployment stands on: environment, logs, database, queue, secrets, clock. */
@Global()
@Module({})
export class PlatformModule {
  /** `name` is the process's (api, worker), seen in logs and in the database's list of connections. */
  static forRoot(environment: Environment, schemas: Schema[], name: string): DynamicModule {
    return {
      module: PlatformModule,
      imports: [DatabaseModule.forRoot(environment, schemas, `crossdock-${name}`), QueueModule.forRoot(environment)],
      providers: [
        { provide: Environment, useValue: environment },
        { provide: SecretBox, useValue: new SecretBox(environment.ENCRYPTION_KEY) },
        { provide: AppLogger, useValue: new AppLogger(environment, name) },
        Clock,
        SharedCache,
      ],
      exports: [Environment, SecretBox, AppLogger, Clock, SharedCache],
    };
  }
}

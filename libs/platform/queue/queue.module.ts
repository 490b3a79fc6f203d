import { DiscoveryModule } from '@nestjs/core';
import { MethodDiscovery } from './discover-methods.js';
import { JobDiscovery } from './handle-job.decorator.js';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Environment } from '../config/index.js';
import { JobHandlers } from './job-handlers.js';
import { JobQueue } from './job-queue.js';
import { JobSchedules } from './job-schedules.js';
import { JobWorkers } from './job-workers.js';
import { RecurringRuns } from './recurring-runs.js';
import { QueueConnection } from './queue-connection.js';

/** BullMQ on PostgreSQL or Redis for the whole application. */
@Global()
@Module({})
export class QueueModule {
  static forRoot(environment: Environment): DynamicModule {
    return {
      module: QueueModule,
      providers: [
        { provide: QueueConnection, useValue: new QueueConnection(environment) },
        JobQueue,
        JobSchedules,
        JobHandlers,
        MethodDiscovery,
        JobDiscovery,
        JobWorkers,
        RecurringRuns,
      ],
      imports: [DiscoveryModule],
      exports: [MethodDiscovery, QueueConnection, JobQueue, JobSchedules, JobHandlers, JobWorkers, RecurringRuns],
    };
  }
}

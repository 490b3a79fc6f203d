import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { JobDefinition, QueueName } from './job-definition.js';
import { QueueConnection } from './queue-connection.js';

/** Options of one job. */
export interface JobOptions {
  /** While a job with this id waits, another is not added; while one runs, one more is kept for afterwards. */
  deduplicationId?: string;
  /** Milliseconds to wait before it runs. */
  delayMs?: number;
}

/** Adds jobs. A job is disposable: what it works on is in the database, and a sweeper finds what a lost job left. */
@Injectable()
export class JobQueue implements OnApplicationShutdown {
  private readonly logger = new Logger(JobQueue.name);
  private readonly queues = new Map<QueueName, Queue>();

  constructor(private readonly connection: QueueConnection) {}

  /** Adds a job. Rejects when the backend cannot be reached. */
  async add<Data>(job: JobDefinition<Data>, data: Data, options: JobOptions = {}): Promise<void> {
    await this.queueOf(job.queue).add(job.name, data, {
      removeOnComplete: true,
      removeOnFail: true,
      ...(options.delayMs ? { delay: options.delayMs } : {}),
      ...(options.deduplicationId ? { deduplication: { id: options.deduplicationId, keepLastIfActive: true } } : {}),
    });
  }

  /** Adds a job without waiting; a failure is logged and left to the sweeper. */
  wake<Data>(job: JobDefinition<Data>, data: Data, options: JobOptions = {}): void {
    this.add(job, data, options).catch((error: unknown) => {
      if (this.connection.tells(error)) return;
      this.logger.warn(
        `wake-up ${job.name} was lost, the sweeper will find its work: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  }

  /** Runs a job every `everyMs`, once for the whole deployment however many processes ask for it. */
  async every<Data>(job: JobDefinition<Data>, everyMs: number, data: Data): Promise<void> {
    await this.queueOf(job.queue).upsertJobScheduler(
      job.name,
      { every: everyMs },
      { name: job.name, data, opts: { removeOnComplete: true, removeOnFail: true } },
    );
  }

  /** When a recurring job runs next, milliseconds since 1970, or was to run when it is late; undefined when it is not scheduled. */
  async nextRunOf(job: JobDefinition<Record<string, never>>): Promise<number | undefined> {
    const scheduler = await this.queueOf(job.queue).getJobScheduler(job.name);
    return scheduler?.next;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([...this.queues.values()].map((queue) => queue.close()));
  }

  private queueOf(name: QueueName): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = this.connection.queue(name);
      queue.on('error', (error) => this.connection.tells(error) || this.logger.warn(`queue ${name}: ${error.message}`));
      this.queues.set(name, queue);
    }
    return queue;
  }
}

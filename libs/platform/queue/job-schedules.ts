import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { JobDefinition } from './job-definition.js';
import { JobQueue } from './job-queue.js';

type Recurring = JobDefinition<Record<string, never>>;

const LOOK_MS = 2_000;
/** A look that lasts longer, or did not succeed for so long, says that the backend is away. */
const AWAY_MS = 15_000;
/** A run may be late by its own period and this: by more, nobody takes it. */
const LATE_MS = 60_000;

/** Keeps what recurs on the queues' backend: one that lost its data, as a Redis that restarts empty, is given it again. */
@Injectable()
export class JobSchedules implements OnApplicationShutdown {
  private readonly logger = new Logger(JobSchedules.name);
  private readonly kept = new Map<Recurring, number>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private lookedAt = performance.now();
  private late: readonly string[] = [];

  constructor(private readonly queue: JobQueue) {}

  /** Runs a job every `everyMs`, once for the whole deployment, and sees to it that this stays so. Rejects when the backend cannot be reached. */
  async every(job: Recurring, everyMs: number): Promise<void> {
    await this.queue.every(job, everyMs, {});
    this.kept.set(job, everyMs);
    this.lookedAt = performance.now();
    this.timer ??= setInterval(() => {
      this.looking ??= this.look()
        .catch((error: unknown) =>
          this.logger.warn(`what recurs cannot be seen: ${error instanceof Error ? error.message : String(error)}`),
        )
        .finally(() => (this.looking = undefined));
    }, LOOK_MS);
  }

  /** Why recurring work is not running; undefined when it is, as far as was seen in the last seconds. */
  problem(): string | undefined {
    if (performance.now() - this.lookedAt > AWAY_MS) return 'the backend of the queues does not answer';
    return this.late.length > 0 ? `not running: ${this.late.join(', ')}` : undefined;
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const late: string[] = [];
    for (const [job, everyMs] of this.kept) {
      const next = await this.queue.nextRunOf(job);
      if (next !== undefined && Date.now() - next < everyMs + LATE_MS) continue;
      this.logger.warn(
        `${job.name} was ${next === undefined ? 'not scheduled any more' : 'not run when it was due'}: it is scheduled again`,
      );
      if (next !== undefined) late.push(job.name);
      await this.queue.every(job, everyMs, {});
    }
    this.late = late;
    this.lookedAt = performance.now();
  }
}

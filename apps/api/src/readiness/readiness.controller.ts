import { Controller, Get, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, type HealthIndicatorResult, TypeOrmHealthIndicator } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { Clock, Database, DatabaseQueue, errorText, isDiskFull, JobSchedules, Metrics, Readiness } from '#platform';
import { DrainingAdapter } from '../http/draining-adapter.js';

/** The state of a component of the process. */
export interface ComponentView {
  status: 'up' | 'degraded' | 'down';
  /** The error. */
  message?: string;
  /** A problem that does not stop the process from working. */
  warning?: string;
}

/** Whether the process can work. */
export interface ReadinessView {
  status: 'ok' | 'degraded' | 'error' | 'shutting_down';
  /** Components that are up. */
  info?: Partial<Record<string, ComponentView>>;
  error?: Partial<Record<string, ComponentView>>;
  /** All components. */
  details: Partial<Record<string, ComponentView>>;
}

/** For monitoring: whether the process is alive and ready, and its metrics. */
@ApiTags('health')
@Controller()
export class ReadinessController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly typeorm: TypeOrmHealthIndicator,
    private readonly database: Database,
    private readonly queue: DatabaseQueue,
    private readonly readiness: Readiness,
    private readonly schedules: JobSchedules,
    private readonly all: Metrics,
    private readonly http: HttpAdapterHost,
    private readonly clock: Clock,
  ) {}

  /** Returns 200 while the process runs. */
  @Get('health/live')
  readLiveness(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * Ready if the database responds, has its tables and accepts writes. Recurring jobs are only reported.
   * While the pool is overloaded, it is sufficient that connections become free.
   * @throws 503 while it cannot work, or when the process is about to end
   */
  @Get('health/ready')
  @HealthCheck()
  async readReadiness(): Promise<ReadinessView> {
    const { httpAdapter } = this.http;
    if (httpAdapter instanceof DrainingAdapter && httpAdapter.isDraining)
      return this.health.check([() => ({ process: { status: 'down', message: 'is about to end' } })]);
    if (this.isOverloaded) return this.reportOverload();
    try {
      return await this.health.check([
        () => this.typeorm.pingCheck('database', { timeout: 2000 }),
        () => this.migrated(),
        () => this.writes(),
        () => this.recurring(),
        () => this.judgeClock(),
      ]);
    } catch (error) {
      // The checks themselves may have waited too long for a connection.
      if (this.isOverloaded) return this.reportOverload();
      throw error;
    }
  }

  private get isOverloaded(): boolean {
    return this.queue.isLong && this.queue.isMoving;
  }

  private reportOverload(): Promise<ReadinessView> {
    return this.health.check([() => ({ database: { status: 'up', warning: 'its pool is overloaded' } })]);
  }

  /** Returns metrics for Prometheus. */
  @Get('metrics')
  @ApiProduces('text/plain')
  async readMetrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.type(this.all.contentType);
    return this.all.read();
  }

  private writes(): Promise<HealthIndicatorResult> {
    return this.readiness.check().then(
      () => ({ writes: { status: 'up' } }),
      (error: unknown) => ({
        writes: { status: 'down', message: isDiskFull(error) ? `the disk of the database is full: ${errorText(error)}` : errorText(error) },
      }),
    );
  }

  private async recurring(): Promise<HealthIndicatorResult> {
    const warning = await this.schedules.problem();
    return { recurring: { status: 'up', ...(warning && { warning }) } };
  }

  private judgeClock(): HealthIndicatorResult {
    const warning = this.clock.problem;
    return { clock: { status: 'up', ...(warning !== undefined && { warning }) } };
  }

  private migrated(): Promise<HealthIndicatorResult> {
    return this.database.dataSource.showMigrations().then(
      (pending) => ({ migrations: { status: pending ? 'down' : 'up', ...(pending && { message: 'run the migrations' }) } }),
      (error: unknown) => ({ migrations: { status: 'down', message: errorText(error) } }),
    );
  }
}

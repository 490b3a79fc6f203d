import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { ConnectionStore } from '#connections';
import { type ActivityReport, ActivityService } from '#insight';
import { ApiQueryOf, notFound, OperatorAccess, getOperatorScope, WithinModules } from '#platform';

/** Of which time and shop. */
export class ActivityReportDto {
  /** Hours until now, a day when left out. */
  @IsOptional() @IsInt() @Min(1) @Max(168) hours?: number;
  /** Public id of the connection; all when left out. */
  @IsOptional() @IsString() connection?: string;
}

/** What happens, for charts. */
@ApiTags('operator: insight')
@OperatorAccess()
@Controller('operator/api/activity')
export class ActivityReportController {
  constructor(
    private readonly activity: ActivityService,
    private readonly connections: ConnectionStore,
  ) {}

  /**
   * Callbacks, webhooks, calls to providers and to CRMs of the last hours: how many, how many were refused or
   * failed, and how long they took, by quarters of an hour. What happened is there 15 s later. Of one
   * connection it is read from the journal.
   * @throws 404 for a connection that is not there
   */
  @Get()
  @WithinModules()
  @ApiQueryOf(ActivityReportDto)
  async readActivity(@Query() { hours = 24, connection }: ActivityReportDto): Promise<ActivityReport> {
    if (connection !== undefined && !(await this.connections.findRow(connection))) throw notFound('connection', connection);
    return this.activity.report(hours, connection ?? getOperatorScope()?.modules);
  }
}

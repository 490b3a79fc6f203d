import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { ConnectionStore } from '#connections';
import { type ActivityReport, ActivityService } from '#insight';
import { ApiQueryOf, notFound, OperatorAccess, getOperatorScope, WithinModules } from '#platform';

/** Period and connection of a report. */
export class ActivityDto {
  /** Hours until now. Default: 24. */
  @IsOptional() @IsInt() @Min(1) @Max(168) hours?: number;
  /** Public id of the connection. Default: all connections. */
  @IsOptional() @IsString() connection?: string;
}

/** Activity for charts. */
@ApiTags('operator: insight')
@OperatorAccess()
@Controller('operator/api/activity')
export class ActivityController {
  constructor(
    private readonly activity: ActivityService,
    private readonly connections: ConnectionStore,
  ) {}

  /**
   * Returns the callbacks, webhooks, calls to providers and to CRMs of the last hours, per 15 minutes: their
   * number, rejections, failures and latencies. Exchanges are counted after at most 15 s. For a single
   * connection the journal is used.
   * @throws 404 if the connection does not exist
   */
  @Get()
  @WithinModules()
  @ApiQueryOf(ActivityDto)
  async readActivity(@Query() { hours = 24, connection }: ActivityDto): Promise<ActivityReport> {
    if (connection !== undefined && !(await this.connections.findRow(connection))) throw notFound('connection', connection);
    return this.activity.report(hours, connection ?? getOperatorScope()?.modules);
  }
}

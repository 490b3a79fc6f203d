import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { HEALTH_STATES, HealthChangeEntity, type HealthState, HealthStore } from '#connections';
import { type ChangeRow, type HealthEvent, OperatorWebhook, type WebhookTrial } from '#onboarding';
import {
  ApiQueryOf,
  CallbackError,
  Database,
  defineOperatorList,
  OperatorAccess,
  type Page,
  PageDto,
  readPage,
  getOperatorScope,
  WithinModules,
} from '#platform';

/** Filter of the list of changes of health. */
export class HealthChangeListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  /** The new state. */
  @IsOptional() @IsIn(HEALTH_STATES) to?: HealthState;
  /**
   * `waiting`: the operator's webhook has not accepted it yet. `unsent`: there was no webhook, or it failed
   * for days.
   */
  @IsOptional() @IsIn(['waiting', 'sent', 'unsent']) state?: HealthChangeEntity['state'];
}

/** A change of a connection's health. */
export interface HealthChangeView extends HealthEvent {
  /** Whether the operator's webhook accepted it. */
  state: HealthChangeEntity['state'];
}

/** Number of connections in each state. A state without connections is 0. */
export interface HealthCounts {
  connections: Record<HealthState, number>;
}

/** The connections' health, and the messages to the operator's webhook. */
@ApiTags('operator: health')
@OperatorAccess()
@Controller('operator/api')
export class HealthController {
  private readonly list = defineOperatorList<HealthChangeListDto, ChangeRow, HealthChangeView>({
    from: {
      columns:
        'h.id, h.connection_id AS "connectionId", h."from", h."to", h.since, h.at, h.provider, h.reason, h.state, c.module_code AS module, c.code, c.system_url AS "systemUrl"',
      tables: 'health_change h JOIN connection c ON c.id = h.connection_id',
    },
    where: { connection: 'h.connection_id = :connection', to: 'h."to" = :to', state: 'h.state = :state' },
    order: { 'h.id': 'DESC' },
    view: (row) => ({ ...this.webhook.toEvent(row), state: row.state }),
  });

  constructor(
    private readonly database: Database,
    private readonly health: HealthStore,
    private readonly webhook: OperatorWebhook,
  ) {}

  /** Counts connections by their state. */
  @Get('health')
  @WithinModules()
  async countConnectionsByHealth(): Promise<HealthCounts> {
    return { connections: await this.health.countByHealth(getOperatorScope()?.modules) };
  }

  /** Lists changes of health of the last 90 days, the latest first. */
  @Get('health/changes')
  @WithinModules()
  @ApiQueryOf(HealthChangeListDto)
  listHealthChanges(@Query() filter: HealthChangeListDto): Promise<Page<HealthChangeView>> {
    return readPage(this.database, this.list, filter);
  }

  /**
   * Sends a signed message of the type `test` to OPERATOR_WEBHOOK_URL once, and returns the result.
   * @throws 400 if no address is set
   */
  @Post('webhook/test')
  @HttpCode(200)
  testOperatorWebhook(): Promise<WebhookTrial> {
    if (!this.webhook.isSet) throw new CallbackError(400, 'There is nothing to try: OPERATOR_WEBHOOK_URL is not set.');
    return this.webhook.test();
  }
}

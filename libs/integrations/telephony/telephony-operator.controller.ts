import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { ConnectionLists, HostedModules } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import {
  ApiQueryOf,
  Database,
  defineOperatorList,
  OperatorAccess,
  type Page,
  PageDto,
  readPage,
  isWithinScope,
  WithinModules,
} from '#platform';
import type { TelephonyProvider } from './port/index.js';
import { CALL_EVENT_KIND } from './telephony-webhooks.service.js';
import { CallEntity, ListenerEntity } from './telephony.entity.js';

/** Filter and page of the list of calls. */
export class CallListDto extends PageDto {
  /** The customer's number in E.164. */
  @IsOptional() @IsString() @MaxLength(255) phone?: string;
  @IsOptional() @IsString() @MaxLength(255) code?: string;
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
}

/** A call in the operator's API. */
export interface CallView {
  id: string;
  connection: string;
  externalId: string;
  direction: string;
  phone?: string;
  externalPhone?: string;
  code?: string;
  userId?: number;
  startedAt: string;
  answeredAt?: string;
  endedAt?: string;
  outcome?: string;
  recorded: boolean;
}

/** The line to a connection's PBX in the operator's API. */
export interface LineView {
  connection: string;
  connected: boolean;
  problem?: string;
  seenAt?: string;
  leaseUntil?: string;
}

/** Whether events of a connection's PBX arrive, in the operator's API. */
export interface EventsView {
  connection: string;
  /** When the last event arrived. Missing: none in 30 days. */
  lastEventAt?: string;
  /** Calls that ended before this time were read from the PBX's records. */
  caughtUpUntil?: string;
  /** Reason why its records could not be read. */
  problem?: string;
}

interface EventsRow {
  connection: string;
  lastEventAt: Date | null;
  caughtUpUntil: Date | null;
  problem: string | null;
}

const EVENTS = `SELECT c.id AS connection, e.created_at AS "lastEventAt", t.until AS "caughtUpUntil", t.problem FROM live_connection c
    LEFT JOIN telephony_catchup t ON t.connection_id = c.id
    LEFT JOIN LATERAL (SELECT created_at FROM inbox_event WHERE connection_id = c.id AND kind = $2 AND payload->>'caughtUp' IS NULL
      ORDER BY id DESC LIMIT 1) e ON true
  WHERE c.module_code = ANY ($1::text[]) ORDER BY c.id LIMIT 1000`;

/** Calls, newest first. */
export const CALL_LIST = defineOperatorList<CallListDto, CallEntity, CallView>({
  from: CallEntity,
  where: { phone: 'row.phone = :phone', code: 'row.code = :code', connection: 'row.connectionId = :connection' },
  order: { 'row.startedAt': 'DESC', 'row.id': 'DESC' },
  view: toCallView,
});

/** Calls and lines for the operator. */
@ApiTags('operator: telephony')
@OperatorAccess()
@Controller('operator/api')
export class TelephonyOperatorController {
  constructor(
    private readonly database: Database,
    private readonly modules: HostedModules,
    private readonly lists: ConnectionLists,
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
  ) {}

  /** Lists calls, latest first. */
  @Get('calls')
  @WithinModules()
  @ApiQueryOf(CallListDto)
  listCalls(@Query() filter: CallListDto): Promise<Page<CallView>> {
    return readPage(this.database, CALL_LIST, filter);
  }

  /** Lists the states of the lines to PBXs, at most 1,000. */
  @Get('telephony-lines')
  @WithinModules()
  async listTelephonyLines(): Promise<Page<LineView>> {
    const found = await this.database.dataSource.getRepository(ListenerEntity).find({ order: { connectionId: 'ASC' }, take: 1000 });
    const modules = await this.lists.listModuleCodes(found.map(({ connectionId }) => connectionId));
    const rows = found.filter(({ connectionId }) => isWithinScope(modules.get(connectionId) ?? ''));
    const items = rows.map((row) => ({
      connection: row.connectionId,
      connected: row.connected,
      ...(row.problem && { problem: row.problem }),
      ...(row.seenAt && { seenAt: row.seenAt.toISOString() }),
      ...(row.leaseUntil instanceof Date && { leaseUntil: row.leaseUntil.toISOString() }),
    }));
    return { items, total: items.length };
  }

  /** Lists whether events arrive from PBXs that report by webhook, for at most 1,000 live connections. */
  @Get('telephony-webhooks')
  @WithinModules()
  async listTelephonyWebhooks(): Promise<Page<EventsView>> {
    const modules = this.modules
      .listByProvider('telephony')
      .filter((module) => isWithinScope(module.code) && this.providers.has({ module }, 'webhook'))
      .map(({ code }) => code);
    const items = (await this.database.query<EventsRow>(EVENTS, [modules, CALL_EVENT_KIND])).map(toEventsView);
    return { items, total: items.length };
  }
}

function toEventsView({ connection, lastEventAt, caughtUpUntil, problem }: EventsRow): EventsView {
  return {
    connection,
    ...(lastEventAt && { lastEventAt: lastEventAt.toISOString() }),
    ...(caughtUpUntil && { caughtUpUntil: caughtUpUntil.toISOString() }),
    ...(problem !== null && { problem }),
  };
}

function toCallView(row: CallEntity): CallView {
  return {
    id: row.id,
    connection: row.connectionId,
    externalId: row.externalId,
    direction: row.direction,
    ...(row.phone && { phone: row.phone }),
    ...(row.externalPhone && { externalPhone: row.externalPhone }),
    ...(row.code && { code: row.code }),
    ...(row.userId && { userId: Number(row.userId) }),
    startedAt: row.startedAt.toISOString(),
    ...(row.answeredAt && { answeredAt: row.answeredAt.toISOString() }),
    ...(row.endedAt && { endedAt: row.endedAt.toISOString() }),
    ...(row.outcome && { outcome: row.outcome }),
    recorded: row.record !== null,
  };
}

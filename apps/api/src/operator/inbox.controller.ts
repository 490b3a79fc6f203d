import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { InboxEventEntity, InboxService, type InboxState, type ReplayedEvent } from '#inbox';
import {
  ApiBodyOf,
  ApiQueryOf,
  Database,
  defineOperatorList,
  notFound,
  OperatorAccess,
  type Page,
  PageDto,
  readPage,
  WithinModules,
} from '#platform';
import { readReplay, ReplayDto, type Replayed, toReplayed, toReplayedOne } from './replay.js';

/** Filter of the list of providers' events. */
export class InboxListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  @IsOptional() @IsIn(['pending', 'applied', 'failed', 'discarded']) state?: string;
  @IsOptional() @IsString() kind?: string;
  /** Number of the request that delivered it (`x-request-id`). */
  @IsOptional() @IsString() request?: string;
}

/** An event of a provider. */
export interface InboxEventView {
  id: string;
  connection: string;
  /** The event's id at the provider. */
  eventId: string;
  kind: string;
  /** Events with the same subject are applied one after the other. Null: it waits for no other event. */
  subject: string | null;
  state: InboxState;
  attempts: number;
  lastError: string | null;
  failedAt?: Date;
  /** The operator who discarded it. */
  discardedBy?: string;
  discardedAt?: Date | null;
  /** Number of the request that delivered it. */
  request: string | null;
  createdAt: Date;
}

/** Events of providers, newest first. */
export const INBOX_LIST = defineOperatorList<InboxListDto, InboxEventEntity, InboxEventView>({
  from: InboxEventEntity,
  where: {
    connection: 'row.connectionId = :connection',
    state: 'row.state = :state',
    kind: 'row.kind = :kind',
    request: 'row.request = :request',
  },
  order: { 'row.id': 'DESC' },
  view: toEventView,
});

/** Provider events for operators: applied and failed events, and a way to apply them again. */
@ApiTags('operator')
@OperatorAccess()
@Controller('operator/api/inbox')
export class InboxController {
  constructor(
    private readonly database: Database,
    private readonly inbox: InboxService,
  ) {}

  /** Lists events of providers, the latest first. `state=failed`: events that failed for good. */
  @Get()
  @WithinModules()
  @ApiQueryOf(InboxListDto)
  listInbox(@Query() filter: InboxListDto): Promise<Page<InboxEventView>> {
    return readPage(this.database, INBOX_LIST, filter);
  }

  /** Applies failed events again: by ids, of a connection, or all. */
  @Post('replay')
  @WithinModules('connection', { inBody: true })
  @HttpCode(200)
  @ApiBodyOf(ReplayDto, { required: false })
  async replayInbox(@Body() body: unknown): Promise<Replayed<ReplayedEvent>> {
    return toReplayed(await this.inbox.replay(readReplay(body)));
  }

  /**
   * Applies a failed event again.
   * @throws 409 if the event has not failed
   */
  @Post(':id/replay')
  @WithinModules('inbox_event', { isNumber: true })
  @HttpCode(200)
  async replayInboxEvent(@Param('id') id: string): Promise<Replayed<ReplayedEvent>> {
    if (!/^\d{1,18}$/.test(id)) throw notFound('inbox event', id);
    return toReplayedOne('inbox event', await this.inbox.replay({ ids: [id] }));
  }
}

function toEventView(event: InboxEventEntity): InboxEventView {
  return {
    id: event.id,
    connection: event.connectionId,
    eventId: event.eventId,
    kind: event.kind,
    subject: event.subject,
    state: event.state,
    attempts: event.attempts,
    lastError: event.lastError,
    ...(event.failedAt && { failedAt: event.failedAt }),
    ...(event.discardedBy !== null && { discardedBy: event.discardedBy, discardedAt: event.discardedAt }),
    request: event.request,
    createdAt: event.createdAt,
  };
}

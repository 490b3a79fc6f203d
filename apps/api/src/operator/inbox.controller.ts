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
  /** Number of the request that brought it (`x-request-id`). */
  @IsOptional() @IsString() request?: string;
}

/** An event of a provider. */
export interface InboxEventView {
  id: string;
  connection: string;
  /** The provider's. */
  eventId: string;
  kind: string;
  /** Whose events are applied one after the other; null: it waits for none. */
  subject: string | null;
  state: InboxState;
  attempts: number;
  lastError: string | null;
  failedAt?: Date;
  /** The operator who decided that it is never applied. */
  discardedBy?: string;
  discardedAt?: Date | null;
  /** Number of the request that brought it. */
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

/** Provider events for the partner: what was applied, what was set aside, and a way to apply it again. */
@ApiTags('operator')
@OperatorAccess()
@Controller('operator/api/inbox')
export class InboxController {
  constructor(
    private readonly database: Database,
    private readonly inbox: InboxService,
  ) {}

  /** Events of providers, the latest first; `state=failed` are those set aside. */
  @Get()
  @WithinModules()
  @ApiQueryOf(InboxListDto)
  listInbox(@Query() filter: InboxListDto): Promise<Page<InboxEventView>> {
    return readPage(this.database, INBOX_LIST, filter);
  }

  /** Applies set-aside events again: those of the ids or the connection named, or all. */
  @Post('replay')
  @WithinModules('connection', { inBody: true })
  @HttpCode(200)
  @ApiBodyOf(ReplayDto, { required: false })
  async replayInbox(@Body() body: unknown): Promise<Replayed<ReplayedEvent>> {
    return toReplayed(await this.inbox.replay(readReplay(body)));
  }

  /**
   * Applies a set-aside event again.
   * @throws 409 for one that is not set aside
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

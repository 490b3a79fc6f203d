import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { OutboxEntity, type OutboxState, OutboxService, type ReplayedRow } from '#outbox';
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

/** Filter of the list of outbox entries. */
export class OutboxListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  @IsOptional() @IsIn(['pending', 'sent', 'failed', 'dropped']) state?: string;
  @IsOptional() @IsString() kind?: string;
  /** Id of the delivery. */
  @IsOptional() @IsString() subject?: string;
  /** Number of the request that it comes from (`x-request-id`). */
  @IsOptional() @IsString() request?: string;
}

/** News for the CRM. */
export interface OutboxView {
  id: string;
  connection: string;
  kind: string;
  /** Id of what it is about. */
  subject: string;
  /** What is told, by kind. */
  payload: object;
  state: OutboxState;
  attempts: number;
  lastError: string | null;
  /** How often the CRM refused it alone; it is tried again after what else waits. */
  refusals?: number;
  refusedAt?: Date | null;
  failedAt?: Date;
  /** The operator who decided that it is never sent. */
  discardedBy?: string;
  /** Number of the request that it comes from. */
  request: string | null;
  createdAt: Date;
  sentAt: Date | null;
}

/** Rows of the outbox, newest first. */
export const OUTBOX_LIST = defineOperatorList<OutboxListDto, OutboxEntity, OutboxView>({
  from: OutboxEntity,
  where: {
    // As its index has it.
    connection: 'row.connectionId::text = lower(:connection)',
    state: 'row.state = :state',
    kind: 'row.kind = :kind',
    subject: 'row.subject = :subject',
    request: 'row.request = :request',
  },
  order: { 'row.id': 'DESC' },
  view: toOutboxView,
});

/** Rows of the outbox for the partner: what waits, what was sent, and a way to send it again. */
@ApiTags('operator')
@OperatorAccess()
@Controller('operator/api/outbox')
export class OutboxController {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxService,
  ) {}

  /** What the CRM is told, the latest first; state=failed are those set aside. */
  @Get()
  @WithinModules()
  @ApiQueryOf(OutboxListDto)
  listOutbox(@Query() filter: OutboxListDto): Promise<Page<OutboxView>> {
    return readPage(this.database, OUTBOX_LIST, filter);
  }

  /**
   * Puts set-aside entries back in line: those of the ids or the connection named, or all; drops those that a
   * newer one sent has overtaken.
   */
  @Post('replay')
  @WithinModules('connection', { inBody: true })
  @ApiBodyOf(ReplayDto, { required: false })
  @HttpCode(200)
  async replayOutbox(@Body() body: unknown): Promise<Replayed<ReplayedRow>> {
    return toReplayed(await this.outbox.replay(readReplay(body)));
  }

  /**
   * Puts a set-aside entry back in line.
   * @throws 409 for one that is not set aside, or that a newer one has overtaken
   */
  @Post(':id/replay')
  @WithinModules('outbox', { isNumber: true })
  @HttpCode(200)
  async replayOutboxEntry(@Param('id') id: string): Promise<Replayed<ReplayedRow>> {
    if (!/^\d{1,18}$/.test(id)) throw notFound('outbox entry', id);
    return toReplayedOne('outbox entry', await this.outbox.replay({ ids: [id] }));
  }
}

function toOutboxView(row: OutboxEntity): OutboxView {
  return {
    id: row.id,
    connection: row.connectionId,
    kind: row.kind,
    subject: row.subject,
    payload: row.payload,
    state: row.state,
    attempts: row.attempts,
    lastError: row.lastError,
    ...(row.refusals > 0 && { refusals: row.refusals, refusedAt: row.refusedAt }),
    ...(row.failedAt && { failedAt: row.failedAt }),
    ...(row.discardedBy !== null && { discardedBy: row.discardedBy }),
    request: row.request,
    createdAt: row.createdAt,
    sentAt: row.sentAt,
  };
}

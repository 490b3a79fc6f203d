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
  /** Number of the request that caused it (`x-request-id`). */
  @IsOptional() @IsString() request?: string;
}

/** A message for the CRM. */
export interface OutboxView {
  id: string;
  connection: string;
  kind: string;
  /** Id of its subject. */
  subject: string;
  /** The content, by kind. */
  payload: object;
  state: OutboxState;
  attempts: number;
  lastError: string | null;
  /** Number of times the CRM rejected it in a separate call. It is tried again after other messages. */
  rejections?: number;
  rejectedAt?: Date | null;
  failedAt?: Date;
  /** The operator who discarded it. */
  discardedBy?: string;
  /** Number of the request that caused it. */
  request: string | null;
  createdAt: Date;
  sentAt: Date | null;
}

/** Rows of the outbox, newest first. */
export const OUTBOX_LIST = defineOperatorList<OutboxListDto, OutboxEntity, OutboxView>({
  from: OutboxEntity,
  where: {
    // The same expression as in its index.
    connection: 'row.connectionId::text = lower(:connection)',
    state: 'row.state = :state',
    kind: 'row.kind = :kind',
    subject: 'row.subject = :subject',
    request: 'row.request = :request',
  },
  order: { 'row.id': 'DESC' },
  view: toOutboxView,
});

/** Rows of the outbox for operators: waiting and sent messages, and a way to send failed ones again. */
@ApiTags('operator')
@OperatorAccess()
@Controller('operator/api/outbox')
export class OutboxController {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxService,
  ) {}

  /** Lists messages to the CRM, the latest first. `state=failed`: messages that failed for good. */
  @Get()
  @WithinModules()
  @ApiQueryOf(OutboxListDto)
  listOutbox(@Query() filter: OutboxListDto): Promise<Page<OutboxView>> {
    return readPage(this.database, OUTBOX_LIST, filter);
  }

  /**
   * Queues failed messages again: by ids, of a connection, or all. Drops a message if a newer one about the
   * same subject was sent.
   */
  @Post('replay')
  @WithinModules('connection', { inBody: true })
  @ApiBodyOf(ReplayDto, { required: false })
  @HttpCode(200)
  async replayOutbox(@Body() body: unknown): Promise<Replayed<ReplayedRow>> {
    return toReplayed(await this.outbox.replay(readReplay(body)));
  }

  /**
   * Queues a failed message again.
   * @throws 409 if the message has not failed, or if a newer one was sent
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
    ...(row.rejections > 0 && { rejections: row.rejections, rejectedAt: row.rejectedAt }),
    ...(row.failedAt && { failedAt: row.failedAt }),
    ...(row.discardedBy !== null && { discardedBy: row.discardedBy }),
    request: row.request,
    createdAt: row.createdAt,
    sentAt: row.sentAt,
  };
}

import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { OutboxEntity, OutboxService, type ReplayedRow } from '#outbox';
import { ApiQueryOf, Database, defineOperatorList, notFound, OperatorAccess, type Page, PageDto, readPage, toJsonSchema } from '#platform';
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

/** Rows of the outbox, newest first. */
export const OUTBOX_LIST = defineOperatorList<OutboxListDto, OutboxEntity, object>({
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
@ApiBearerAuth()
@OperatorAccess()
@Controller('operator/api/outbox')
export class OutboxController {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What the CRM is told, the latest first; state=failed are those set aside' })
  @ApiQueryOf(OutboxListDto)
  listOutbox(@Query() filter: OutboxListDto): Promise<Page<object>> {
    return readPage(this.database, OUTBOX_LIST, filter);
  }

  /** Requeues set-aside entries; returns the result for each. */
  @Post('replay')
  @ApiOperation({
    summary:
      'Puts set-aside entries back in line: those of the ids or the connection named, or all; drops those that a newer one sent has overtaken',
  })
  @ApiBody({ schema: toJsonSchema(ReplayDto), required: false })
  @HttpCode(200)
  async replay(@Body() body: unknown): Promise<Replayed<ReplayedRow>> {
    return toReplayed(await this.outbox.replay(readReplay(body)));
  }

  @Post(':id/replay')
  @HttpCode(200)
  async replayOne(@Param('id') id: string): Promise<Replayed<ReplayedRow>> {
    if (!/^\d{1,18}$/.test(id)) throw notFound('outbox entry', id);
    return toReplayedOne('outbox entry', await this.outbox.replay({ ids: [id] }));
  }
}

function toOutboxView(row: OutboxEntity): object {
  return {
    id: row.id,
    connection: row.connectionId,
    kind: row.kind,
    subject: row.subject,
    payload: row.payload,
    state: row.state,
    attempts: row.attempts,
    lastError: row.lastError,
    // Refused alone by the CRM; tried again after what else waits.
    ...(row.refusals > 0 && { refusals: row.refusals, refusedAt: row.refusedAt }),
    ...(row.failedAt && { failedAt: row.failedAt }),
    ...(row.discardedBy !== null && { discardedBy: row.discardedBy }),
    request: row.request,
    createdAt: row.createdAt,
    sentAt: row.sentAt,
  };
}

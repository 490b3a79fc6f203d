import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { isUuid } from '#connections';
import { ApiQueryOf, Database, OperatorAccess, PageDto } from '#platform';
import { CallEntity, ListenerEntity } from './telephony.entity.js';

/** Filter and page of the list of calls. */
export class CallListDto extends PageDto {
  /** The customer's number in E.164. */
  @IsOptional() @IsString() @MaxLength(255) phone?: string;
  @IsOptional() @IsString() @MaxLength(255) code?: string;
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
}

/** A call as the operator sees it. */
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

/** The line to a connection's PBX as the operator sees it. */
export interface LineView {
  connection: string;
  connected: boolean;
  problem?: string;
  seenAt?: string;
  leaseUntil?: string;
}

/** Calls and lines for the partner. */
@ApiTags('operator: telephony')
@ApiBearerAuth()
@OperatorAccess()
@Controller('operator/api')
export class TelephonyOperatorController {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  @Get('calls')
  @ApiQueryOf(CallListDto)
  async calls(@Query() filter: CallListDto): Promise<{ items: CallView[]; total: number }> {
    const limit = filter.limit ?? 50;
    if (filter.connection !== undefined && !isUuid(filter.connection)) return { items: [], total: 0 };
    const select = this.database.dataSource.getRepository(CallEntity).createQueryBuilder('c');
    if (filter.phone !== undefined) select.andWhere('c.phone = :phone', { phone: filter.phone });
    if (filter.code !== undefined) select.andWhere('c.code = :code', { code: filter.code });
    if (filter.connection !== undefined) select.andWhere('c.connectionId = :connection', { connection: filter.connection });
    const [rows, total] = await select
      .orderBy('c.startedAt', 'DESC')
      .addOrderBy('c.id', 'DESC')
      .skip(((filter.page ?? 1) - 1) * limit)
      .take(limit)
      .getManyAndCount();
    return { items: rows.map(viewOf), total };
  }

  /** How the lines to the PBXs are. */
  @Get('telephony-lines')
  async lines(): Promise<{ items: LineView[]; total: number }> {
    const rows = await this.database.dataSource.getRepository(ListenerEntity).find({ order: { connectionId: 'ASC' }, take: 1000 });
    const items = rows.map((row) => ({
      connection: row.connectionId,
      connected: row.connected,
      ...(row.problem && { problem: row.problem }),
      ...(row.seenAt && { seenAt: row.seenAt.toISOString() }),
      ...(row.leaseUntil instanceof Date && { leaseUntil: row.leaseUntil.toISOString() }),
    }));
    return { items, total: items.length };
  }
}

function viewOf(row: CallEntity): CallView {
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

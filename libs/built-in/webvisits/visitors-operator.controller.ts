import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { ConnectionStore } from '#connections';
import {
  ApiBodyOf,
  ApiQueryOf,
  BadInputError,
  Database,
  defineOperatorList,
  notFound,
  OperatorAccess,
  type Page,
  PageDto,
  getParser,
  readPage,
  WithinModules,
} from '#platform';
import { type ErasureTarget, VisitsStore } from './visits-store.js';

/** Filter and page of the list of visitors. */
export class VisitorListDto extends PageDto {
  /** Public id of the connection. */
  @IsString() connection!: string;
  @IsOptional() @IsString() @MaxLength(255) externalChatId?: string;
  @IsOptional() @IsString() @MaxLength(255) externalUserId?: string;
}

/** Selects the visitors to erase, by one of the three fields. */
export class ErasureDto {
  /** Public id of the connection. */
  @IsString() connection!: string;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) externalChatId?: string;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) externalUserId?: string;
  /** The number in the visitor's browser. */
  @IsOptional() @Matches(/^[0-9a-f]{32}$/, { message: 'must be 32 hexadecimal digits' }) visitor?: string;
}

/** A visitor in the operator's API: the stored data, without pages. */
export interface VisitorView {
  id: string;
  chats: string[];
  users: string[];
  visits: number;
  firstSeen: string;
  lastSeen: string;
  lang?: string;
  browser?: string;
  os?: string;
  country?: string;
  city?: string;
}

const LINKS = 'FROM webvisits_link l WHERE l.visitor_id = v.id AND l.kind =';

const VISITOR_LIST = defineOperatorList<VisitorListDto, VisitorRow, VisitorView>({
  from: {
    columns: `v.*, ARRAY(SELECT external_id ${LINKS} 'chat' ORDER BY 1) AS chats, ARRAY(SELECT external_id ${LINKS} 'user' ORDER BY 1) AS users`,
    tables: 'webvisits_visitor v',
  },
  where: {
    connection: 'v.connection_id = :connection',
    externalChatId: `EXISTS (SELECT ${LINKS} 'chat' AND l.external_id = :externalChatId)`,
    externalUserId: `EXISTS (SELECT ${LINKS} 'user' AND l.external_id = :externalUserId)`,
  },
  order: { 'v.last_seen': 'DESC', 'v.id': 'ASC' },
  view: toVisitorView,
});

/** Visitors of the shops' sites for the operator: their stored data, and its erasure on request. */
@ApiTags('operator')
@OperatorAccess()
@Controller('operator/api/visitors')
export class VisitorsOperatorController {
  constructor(
    private readonly database: Database,
    private readonly store: VisitsStore,
    private readonly connections: ConnectionStore,
  ) {}

  /** Lists visitors of a shop’s sites, latest first. */
  @Get()
  @WithinModules()
  @ApiQueryOf(VisitorListDto)
  listVisitors(@Query() filter: VisitorListDto): Promise<Page<VisitorView>> {
    return readPage(this.database, VISITOR_LIST, filter);
  }

  /** Erases all data of a visitor: visits, pages, links. */
  @Post('erase')
  @WithinModules()
  @ApiBodyOf(ErasureDto)
  @HttpCode(200)
  async eraseVisitor(@Body() body: unknown): Promise<{ erased: number }> {
    const { connection, externalChatId, externalUserId, visitor } = getParser(ErasureDto).parse(body ?? {});
    const targets: ErasureTarget[] = [
      ...(externalChatId === undefined ? [] : [{ kind: 'chat' as const, externalId: externalChatId }]),
      ...(externalUserId === undefined ? [] : [{ kind: 'user' as const, externalId: externalUserId }]),
      ...(visitor === undefined ? [] : [{ visitor }]),
    ];
    const [target] = targets;
    if (!target || targets.length > 1) throw new BadInputError({ externalChatId: 'is required (or externalUserId, or visitor)' });
    if (!(await this.connections.findRow(connection))) throw notFound('connection', connection);
    return { erased: await this.store.erase(connection, target) };
  }
}

interface VisitorRow {
  id: string;
  chats: string[];
  users: string[];
  visits: number;
  first_seen: Date;
  last_seen: Date;
  lang: string | null;
  browser: string | null;
  os: string | null;
  country: string | null;
  city: string | null;
}

function toVisitorView(row: VisitorRow): VisitorView {
  return {
    id: row.id,
    chats: row.chats,
    users: row.users,
    visits: row.visits,
    firstSeen: row.first_seen.toISOString(),
    lastSeen: row.last_seen.toISOString(),
    ...(row.lang !== null && { lang: row.lang }),
    ...(row.browser !== null && { browser: row.browser }),
    ...(row.os !== null && { os: row.os }),
    ...(row.country !== null && { country: row.country }),
    ...(row.city !== null && { city: row.city }),
  };
}

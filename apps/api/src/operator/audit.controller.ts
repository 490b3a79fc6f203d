import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';
import { ConnectionLists } from '#connections';
import {
  ApiQueryOf,
  AuditEntryEntity,
  Database,
  defineOperatorList,
  OperatorAccess,
  type OperatorProof,
  type OperatorRights,
  type Page,
  PageDto,
  readPage,
} from '#platform';

/** Filter of the audit list. */
export class AuditListDto extends PageDto {
  /** Name of the operator. */
  @IsOptional() @IsString() operator?: string;
  /** Id of the connection that the action was about. */
  @IsOptional() @IsString() connection?: string;
  /** Number of the request (`x-request-id`). */
  @IsOptional() @IsString() request?: string;
  /** HTTP status of the reply. */
  @IsOptional() @IsInt() status?: number;
  /** The first moment. */
  @IsOptional() @IsISO8601() from?: string;
  /** The moment after the last. */
  @IsOptional() @IsISO8601() to?: string;
}

/** An operator's action. */
export interface AuditEntryView {
  id: string;
  at: Date;
  /** Name of the operator. `operator` has OPERATOR_TOKEN. */
  operator: string;
  /** The right that the operator had. */
  may: OperatorRights;
  /** How the operator was authenticated: by a token, or by a browser session. */
  via: OperatorProof;
  /** Number of the request, also in log lines and rows. */
  request: string;
  method: string;
  /** The declared route, such as `/operator/api/connections/:id`. */
  route: string;
  /** Values of the route's parameters, by name. */
  params: Record<string, string>;
  /** Names of the query's parameters, without their values. */
  query: string[];
  /** Id of the connection that the action was about. Null if the request has no connection. */
  connection: string | null;
  /** Host of the connection's CRM. Null without a connection, or if it was erased. */
  host: string | null;
  /** IP address of the caller. */
  address: string;
  /** HTTP status of the reply. Null while it runs, or if its process ended before the reply. */
  status: number | null;
  /** Milliseconds until the reply. */
  ms: number | null;
}

/** Actions, newest first. */
export const AUDIT_LIST = defineOperatorList<AuditListDto, AuditEntryEntity, Omit<AuditEntryView, 'host'>>({
  from: AuditEntryEntity,
  where: {
    operator: 'row.operator = :operator',
    connection: 'row.connection = :connection',
    request: 'row.request = :request',
    status: 'row.status = :status',
    from: 'row.at >= :from',
    to: 'row.at < :to',
  },
  order: { 'row.id': 'DESC' },
  view: ({ id, at, operator, may, via, request, method, route, params, query, connection, address, status, ms }) => ({
    ...{ id, at, operator, may, via, request, method, route, params, query, connection, address, status, ms },
  }),
});

/** The operators' actions. */
@ApiTags('operator: operators')
@OperatorAccess()
@Controller('operator/api/audit')
export class AuditController {
  constructor(
    private readonly database: Database,
    private readonly lists: ConnectionLists,
  ) {}

  /**
   * Lists the operators' actions, the latest first: everything except for reads, including actions that were
   * refused because a right was missing. Without bodies and values of queries.
   */
  @Get()
  @ApiQueryOf(AuditListDto)
  async listAuditEntries(@Query() filter: AuditListDto): Promise<Page<AuditEntryView>> {
    const page = await readPage(this.database, AUDIT_LIST, filter);
    const hosts = await this.lists.listHosts([...new Set(page.items.flatMap(({ connection }) => connection ?? []))]);
    return { ...page, items: page.items.map((entry) => ({ ...entry, host: hosts.get(entry.connection ?? '') ?? null })) };
  }
}

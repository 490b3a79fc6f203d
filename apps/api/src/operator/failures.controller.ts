import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import {
  FAILURE_SOURCES,
  type FailureAction,
  type FailureCriteria,
  type FailureGroupView,
  FAILURES,
  FailuresService,
  type FailureSource,
} from '#insight';
import {
  ActingOperator,
  ApiBodyOf,
  ApiQueryOf,
  BadInputError,
  Database,
  defineOperatorList,
  FAILURE_GROUP,
  getParser,
  isUuid,
  notFound,
  type Operator,
  OperatorAccess,
  type OperatorList,
  type Page,
  PageDto,
  readPage,
  RequestNumber,
  getOperatorScope,
  WithinModules,
} from '#platform';
import { toTaskView, type TaskView } from './tasks.controller.js';

/** The id of a group. */
const GROUP = /^[0-9a-f]{32}$/;

/** Filter of failures. */
export class FailureGroupListDto {
  /** `outbox`: messages to the CRM. `inbox`: providers' events. `operations`: calls with unknown outcome. */
  @IsOptional() @IsIn(FAILURE_SOURCES) what?: FailureSource;
  /** Kind of the rows, such as `delivery.tracking`. */
  @IsOptional() @IsString() @MaxLength(100) kind?: string;
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  /** Code of the module. */
  @IsOptional() @IsString() @MaxLength(100) module?: string;
  /** Failed at this time or later, ISO 8601. */
  @IsOptional() @IsISO8601({ strict: true }) from?: string;
  /** Failed before this time, ISO 8601. */
  @IsOptional() @IsISO8601({ strict: true }) to?: string;
}

/** Filter and page of the failures of one group. */
export class FailureListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
}

/** Selects failures to replay or discard. All given criteria must match. */
export class FailureChoiceDto {
  @IsIn(FAILURE_SOURCES) what!: FailureSource;
  /** Ids of single failures. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @Matches(/^[0-9a-f-]{1,36}$/, { each: true, message: 'must be ids' })
  ids?: string[];
  /** Id of a group, from the list of failures. */
  @IsOptional() @Matches(GROUP, { message: 'is not the id of a group' }) group?: string;
  @IsOptional() @IsString() @MaxLength(100) kind?: string;
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  @IsOptional() @IsString() @MaxLength(100) module?: string;
  @IsOptional() @IsISO8601({ strict: true }) from?: string;
  /** Failed before this time, ISO 8601. */
  @IsOptional() @IsISO8601({ strict: true }) to?: string;
  /** Required if no other criterion is given. */
  @IsOptional() @IsBoolean() all?: boolean;
}

/** A failure. */
export interface FailureView {
  what: FailureSource;
  id: string;
  group: string;
  connection: string;
  /** Host of the shop. */
  host?: string;
  kind: string;
  /** Its subject, such as the id of a delivery. */
  subject?: string;
  error?: string;
  attempts: number;
  failedAt: string;
  /** Number of the request that caused it. */
  request?: string;
}

interface FailureRow {
  id: string;
  group: string;
  connection: string;
  systemUrl: string | null;
  kind: string;
  subject: string | null;
  error: string | null;
  attempts: number;
  failedAt: Date;
  request: string | null;
}

interface RowsFilter extends FailureListDto {
  group: string;
}

/** The rows of one group, the latest first. */
export const FAILURE_LISTS = Object.fromEntries(FAILURE_SOURCES.map((what) => [what, defineFailureList(what)])) as Record<
  FailureSource,
  OperatorList<RowsFilter, FailureRow, FailureView>
>;

/** Failures, grouped by their error, and actions on them. */
@ApiTags('operator: failures')
@OperatorAccess()
@Controller('operator/api/failures')
export class FailuresController {
  private readonly choices = getParser(FailureChoiceDto);

  constructor(
    private readonly database: Database,
    private readonly failures: FailuresService,
  ) {}

  /**
   * Lists failures grouped by their error, the largest group first: messages that the CRM rejected, events
   * of providers that could not be applied, and calls with unknown outcome. At most 200 groups of each.
   */
  @Get()
  @WithinModules()
  @ApiQueryOf(FailureGroupListDto)
  async listFailureGroups(@Query() { what, ...filter }: FailureGroupListDto): Promise<Page<FailureGroupView>> {
    const items = await this.failures.listGroups(what === undefined ? FAILURE_SOURCES : [what], {
      ...toCriteria(filter),
      ...limitCriteria(),
    });
    return { items, total: items.length };
  }

  /** Lists the failures of one group, the latest first. */
  @Get(':what/:group')
  @WithinModules()
  @ApiQueryOf(FailureListDto)
  listFailures(@Param('what') what: string, @Param('group') group: string, @Query() filter: FailureListDto): Promise<Page<FailureView>> {
    if (!isSource(what)) throw notFound('kind of failures', what);
    if (!GROUP.test(group)) throw notFound('group', group);
    return readPage(this.database, FAILURE_LISTS[what], { ...filter, group });
  }

  /**
   * Starts a task that queues failures again. Later failures are not touched. A message is dropped instead
   * if a newer one about the same subject was sent. Operations are checked again at their provider.
   * @throws 409 while the same task is running
   */
  @Post('replay')
  @WithinModules()
  @HttpCode(202)
  @ApiBodyOf(FailureChoiceDto)
  replayFailures(@Body() body: unknown, @ActingOperator() operator: Operator, @RequestNumber() request: string): Promise<TaskView> {
    return this.start('replay', body, operator, request);
  }

  /**
   * Starts a task that discards failures. Discarded messages and events are never sent or applied, and keep
   * the operator's name. Operations are not discarded. Release them one by one after the provider confirms
   * that they had no effect.
   * @throws 409 while the same task is running
   */
  @Post('discard')
  @WithinModules()
  @HttpCode(202)
  @ApiBodyOf(FailureChoiceDto)
  discardFailures(@Body() body: unknown, @ActingOperator() operator: Operator, @RequestNumber() request: string): Promise<TaskView> {
    return this.start('discard', body, operator, request);
  }

  private async start(action: FailureAction, body: unknown, { name }: Operator, request: string): Promise<TaskView> {
    const { what, all, ...named } = this.choices.parse(body ?? {});
    const criteria = toCriteria(named);
    const [unknown] = Object.keys(body as object).filter((field) => !CHOICES.has(field));
    // A misspelt name must not select everything.
    if (unknown !== undefined) throw new BadInputError({ [unknown]: 'is not known' });
    const names = Object.values(criteria).some((value) => value !== undefined);
    if (!names && all !== true) throw new BadInputError({ all: 'must be true if no other field selects failures' });
    if (action === 'discard' && what === 'operations')
      throw new BadInputError({ what: 'must not be operations. Release each with POST /operator/api/operations/{id}/release' });
    const isId = FAILURES[what].id === 'uuid' ? isUuid : (id: string): boolean => /^\d{1,18}$/.test(id);
    if (criteria.ids?.some((id) => !isId(id))) throw new BadInputError({ ids: `must be ids of ${what}` });
    return toTaskView(await this.failures.start(action, what, { ...criteria, ...limitCriteria() }, { startedBy: name, request }));
  }
}

/** Limits failures to the modules of the operator. */
function limitCriteria(): FailureCriteria {
  const modules = getOperatorScope()?.modules;
  return modules ? { modules } : {};
}

const CHOICES = new Set(['what', 'ids', 'group', 'kind', 'connection', 'module', 'from', 'to', 'all']);

function isSource(what: string): what is FailureSource {
  return Object.hasOwn(FAILURES, what);
}

function toCriteria(criteria: FailureCriteria): FailureCriteria {
  if (criteria.connection !== undefined && !isUuid(criteria.connection))
    throw new BadInputError({ connection: 'is not the id of a connection' });
  const { from, to } = criteria;
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)) throw new BadInputError({ to: 'must be after from' });
  return criteria;
}

function defineFailureList(what: FailureSource): OperatorList<RowsFilter, FailureRow, FailureView> {
  const { table, condition, error, failedAt, attempts, subject } = FAILURES[what];
  return defineOperatorList<RowsFilter, FailureRow, FailureView>({
    from: {
      columns: `f.*, (SELECT system_url FROM connection c WHERE c.id = f.connection) AS "systemUrl"`,
      tables: `(SELECT id, ${FAILURE_GROUP} AS "group", connection_id AS connection, kind, ${subject} AS subject, ${error} AS error, ${attempts} AS attempts,
        ${failedAt} AS "failedAt", request FROM ${table} WHERE ${condition}) f`,
    },
    where: { group: 'f."group" = :group', connection: 'f.connection = :connection' },
    order: { 'f.id': 'DESC' },
    view: (row) => toFailureView(what, row),
  });
}

function toFailureView(what: FailureSource, row: FailureRow): FailureView {
  return {
    ...{ what, id: row.id, group: row.group, connection: row.connection },
    ...(row.systemUrl !== null && { host: new URL(row.systemUrl).host }),
    kind: row.kind,
    ...(row.subject !== null && { subject: row.subject }),
    ...(row.error !== null && { error: row.error }),
    ...{ attempts: row.attempts, failedAt: row.failedAt.toISOString() },
    ...(row.request !== null && { request: row.request }),
  };
}

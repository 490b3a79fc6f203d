import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { ConnectionStore } from '#connections';
import {
  ApiBodyOf,
  ApiQueryOf,
  BadInputError,
  Database,
  defineOperatorList,
  getParser,
  OperatorAccess,
  type Page,
  PageDto,
  readPage,
  RequestNumber,
  CallbackError,
  getOperatorScope,
  WithinModules,
} from '#platform';
import {
  Comparisons,
  DifferenceEntity,
  type DifferenceState,
  MendingService,
  ReconciliationEntity,
  ReconciliationService,
} from '#reconciliation';

/** Selects what to compare. */
export class BeginReconciliationDto {
  /** Public id of a connection. Default: every live connection. */
  @IsOptional() @IsString() @MaxLength(100) connection?: string;
}

/** Filter of the list of reconciliations. */
export class ReconciliationListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  @IsOptional() @IsIn(['running', 'done', 'failed']) state?: string;
}

/** Filter of the list of differences. */
export class DifferenceListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  /** Kind, such as `delivery.cost`. */
  @IsOptional() @IsString() @MaxLength(100) kind?: string;
  @IsOptional() @IsIn(['open', 'dismissed', 'mended', 'gone']) state?: string;
  /** Id of the delivery or payment, or the offer with its warehouse. */
  @IsOptional() @IsString() @MaxLength(1_000) subject?: string;
}

/** A comparison of one connection with its progress. */
export interface ReconciliationView {
  id: string;
  connection: string;
  /** `money`: with the registers of services. `state`: all else. */
  scope: 'state' | 'money';
  state: 'running' | 'done' | 'failed';
  /** The integration that is being compared. */
  comparing?: string;
  /** Number of things compared so far. */
  checked: number;
  /** Number of things that differ. */
  differed: number;
  /** Number of things that only one side has. They are only counted. */
  unknown: number;
  /** Kinds that the run fixes automatically, and the number of fixed differences. */
  mends: string[];
  mended: number;
  /** Things that could not be compared, and why. */
  omitted?: string;
  /** Why the last attempt failed. */
  problem?: string;
  /** When it is tried again. */
  triedAgainAt?: string;
  startedAt: string;
  endedAt?: string;
}

/** A difference. */
export interface DifferenceView {
  id: string;
  connection: string;
  kind: string;
  subject: string;
  /** The difference in plain English. */
  text: string;
  /** The facts of each side. */
  facts: object;
  state: DifferenceState;
  /** Who takes care of it. */
  owner?: string;
  /** The effect of a fix. Missing if the difference is only listed. */
  mending?: string;
  /** Why the last attempt to fix it failed. */
  problem?: string;
  foundAt: string;
  seenAt: string;
  closedAt?: string;
}

/** Reconciliations, the latest first. */
export const RECONCILIATION_LIST = defineOperatorList<ReconciliationListDto, ReconciliationEntity, ReconciliationView>({
  from: ReconciliationEntity,
  where: { connection: 'row.connectionId = :connection', state: 'row.state = :state' },
  order: { 'row.startedAt': 'DESC', 'row.id': 'DESC' },
  view: toReconciliationView,
});

/** Differences, the latest found first. */
export const DIFFERENCE_LIST = defineOperatorList<DifferenceListDto, DifferenceEntity, DifferenceEntity>({
  from: DifferenceEntity,
  where: {
    connection: 'row.connectionId = :connection',
    kind: 'row.kind = :kind',
    state: 'row.state = :state',
    subject: 'row.subject = :subject',
  },
  order: { 'row.id': 'DESC' },
  view: (row) => row,
});

/** Differences between the CRM, our own data and providers, and a way to fix them. */
@ApiTags('operator: reconciliation')
@OperatorAccess()
@Controller('operator/api')
export class ReconciliationsController {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly comparisons: Comparisons,
    private readonly reconciliation: ReconciliationService,
    private readonly mending: MendingService,
  ) {}

  /**
   * Starts to compare a connection, or all connections without a running comparison. Returns their number,
   * and the first hundred.
   * @throws 400 if there is nothing to compare, 404 for an unknown connection
   * @throws 409 while it is being compared
   */
  @Post('reconciliations')
  @WithinModules()
  @ApiBodyOf(BeginReconciliationDto, { required: false })
  @HttpCode(202)
  async beginReconciliation(@Body() body: unknown): Promise<{ begun: number; items: ReconciliationView[] }> {
    const { connection: id } = getParser(BeginReconciliationDto).parse(body ?? {});
    // A misspelt name must not start everything.
    const [unknown] = Object.keys(body ?? {}).filter((name) => name !== 'connection');
    if (unknown !== undefined) throw new BadInputError({ [unknown]: 'is not known. Name a connection, or none to compare all of them' });
    if (id === undefined && getOperatorScope()) throw new CallbackError(403, 'This operator is limited to modules: name a connection.');
    if (id === undefined) {
      const { begun, first } = await this.reconciliation.beginAll();
      return { begun, items: first.map(toReconciliationView) };
    }
    return { begun: 1, items: [toReconciliationView(await this.reconciliation.begin(await this.connections.load(id)))] };
  }

  /** Lists comparisons with their progress, the latest first. */
  @Get('reconciliations')
  @WithinModules()
  @ApiQueryOf(ReconciliationListDto)
  listReconciliations(@Query() filter: ReconciliationListDto): Promise<Page<ReconciliationView>> {
    return readPage(this.database, RECONCILIATION_LIST, filter);
  }

  /** Lists differences, the latest found first. `state=open`: not handled yet. */
  @Get('differences')
  @WithinModules()
  @ApiQueryOf(DifferenceListDto)
  async listDifferences(@Query() filter: DifferenceListDto): Promise<Page<DifferenceView>> {
    const { items, ...page } = await readPage(this.database, DIFFERENCE_LIST, filter);
    return { items: items.map((row) => this.toDifferenceView(row)), ...page };
  }

  /**
   * Compares the subject again and fixes the difference once. Returns the state `gone` if it has disappeared.
   */
  @Post('differences/:id/mend')
  @WithinModules('difference')
  @HttpCode(200)
  async mendDifference(@Param('id') id: string, @RequestNumber() request: string): Promise<DifferenceView> {
    return this.toDifferenceView(await this.mending.mend(id, request));
  }

  /**
   * Dismisses the difference. It is opened again only if it changes.
   * @throws 409 if it is closed
   */
  @Post('differences/:id/dismiss')
  @WithinModules('difference')
  @HttpCode(200)
  async dismissDifference(@Param('id') id: string): Promise<DifferenceView> {
    return this.toDifferenceView(await this.mending.dismiss(id));
  }

  private toDifferenceView(row: DifferenceEntity): DifferenceView {
    const { id, connectionId: connection, kind, subject, text, facts, state, owner, problem, foundAt, seenAt, closedAt } = row;
    const mending = this.comparisons.findByKind(kind)?.kinds[kind];
    return {
      ...{ id, connection, kind, subject, text, facts, state },
      ...(owner !== null && { owner }),
      ...(mending != null && { mending }),
      ...(problem !== null && { problem }),
      ...{ foundAt: foundAt.toISOString(), seenAt: seenAt.toISOString() },
      ...(closedAt && { closedAt: closedAt.toISOString() }),
    };
  }
}

function toReconciliationView(row: ReconciliationEntity): ReconciliationView {
  const { id, connectionId, scope, state, integration, checked, differed, unknown, mends, mended, omitted, problem } = row;
  return {
    ...{ id, connection: connectionId, scope, state },
    ...(state === 'running' && integration !== null && { comparing: integration }),
    ...{ checked, differed, unknown, mends, mended },
    ...(omitted !== null && { omitted }),
    ...(problem !== null && { problem, ...(state === 'running' && { triedAgainAt: (row.moneyDueAt ?? row.dueAt).toISOString() }) }),
    startedAt: row.startedAt.toISOString(),
    ...(row.endedAt && { endedAt: row.endedAt.toISOString() }),
  };
}

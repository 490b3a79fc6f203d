import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsArray, IsOptional, IsString, Matches } from 'class-validator';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { type Connection, ConnectionEntity, ConnectionStore, type HostedModule, isUuid, HostedModules } from '#connections';
import { AccountService, RegistrationService, type SettingsView } from '#onboarding';
import { InboxEventEntity, InboxService, type ReplayedEvent } from '#inbox';
import { OperationEntity, OperationsService } from '#operations';
import { OutboxEntity, OutboxLaneEntity, OutboxService, type ReplayedRow } from '#outbox';
import { ApiQueryOf, BadInputError, CallbackError, Database, notFound, toJsonSchema, OperatorAccess, PageDto, parserOf } from '#platform';
import { ConnectionListDto, InboxListDto, OperationListDto, OutboxListDto } from './list.dto.js';

/** A list as all of the operator API answers it. */
export interface Page<Item> {
  items: Item[];
  /** Of all pages. */
  total: number;
}

/** What a replay did. */
export interface Replayed<Item> {
  /** How many are back in line. */
  replayed: number;
  /** What was done to each: `outcome` and, where it is not back in line, `reason`. */
  items: Item[];
}

/** Which set-aside entries to send again; none named: all of them. */
export class ReplayDto {
  @IsOptional() @IsArray() @Matches(/^\d{1,18}$/, { each: true, message: 'must be ids of entries' }) ids?: string[];
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
}

/** The partner's own API: what is connected, what happened, what waits, and the means to mend it. Secrets never leave it. */
@ApiTags('operator')
@ApiBearerAuth()
@OperatorAccess()
@Controller('operator/api')
export class OperatorController {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly accounts: AccountService,
    private readonly modules: HostedModules,
    private readonly registration: RegistrationService,
    private readonly outboxService: OutboxService,
    private readonly inboxService: InboxService,
    private readonly operationsService: OperationsService,
  ) {}

  /** What this deployment hosts. */
  @Get('modules')
  listModules(): Page<object> {
    const items = this.modules.all().map(moduleView);
    return { items, total: items.length };
  }

  @Get('connections')
  @ApiOperation({ summary: 'Accounts that connected a module, the latest first' })
  @ApiQueryOf(ConnectionListDto)
  async listConnections(@Query() filter: ConnectionListDto): Promise<Page<object>> {
    const select = this.database.dataSource.getRepository(ConnectionEntity).createQueryBuilder('c').orderBy('c.id', 'DESC');
    if (filter.module !== undefined) select.andWhere('c.moduleCode = :module', { module: filter.module });
    const { items, total } = await pageOf(select, filter);
    return { items: items.map((row) => connectionView(row, this.registration.adviseOn(row))), total };
  }

  @Get('connections/:id')
  async connection(@Param('id') id: string): Promise<object> {
    const row = await this.connections.findRow(id);
    if (!row) throw notFound('connection', id);
    const lanes = await this.database.dataSource.getRepository(OutboxLaneEntity).findBy({ connectionId: id });
    return {
      ...connectionView(row, this.registration.adviseOn(row)),
      lanes: lanes.map((lane) => ({
        kind: lane.kind,
        failures: lane.failures,
        ...(lane.lastError && { lastError: lane.lastError, nextTryAt: lane.dueAt }),
      })),
    };
  }

  @Get('connections/:id/settings')
  async settings(@Param('id') id: string): Promise<SettingsView> {
    return this.accounts.settings(await this.connectionOf(id));
  }

  /** Replaces the settings; secrets left out stay. The module is registered anew. */
  @Put('connections/:id/settings')
  async saveSettings(@Param('id') id: string, @Body() body: unknown): Promise<SettingsView> {
    return this.accounts.saveSettings(await this.connectionOf(id), body);
  }

  /** Registers the module with this account's CRM again. */
  @Post('connections/:id/register')
  @HttpCode(202)
  async register(@Param('id') id: string): Promise<{ success: true }> {
    await this.connectionOf(id);
    await this.database.transaction((tx) => this.registration.schedule(tx, id));
    return { success: true };
  }

  @Get('outbox')
  @ApiOperation({ summary: 'What the CRM is told, the latest first; state=failed are those set aside' })
  @ApiQueryOf(OutboxListDto)
  async listOutbox(@Query() filter: OutboxListDto): Promise<Page<object>> {
    const select = this.database.dataSource.getRepository(OutboxEntity).createQueryBuilder('o').orderBy('o.id', 'DESC');
    if (!boundTo(select, 'o', filter.connection)) return NONE;
    if (filter.state !== undefined) select.andWhere('o.state = :state', { state: filter.state });
    if (filter.kind !== undefined) select.andWhere('o.kind = :kind', { kind: filter.kind });
    if (filter.subject !== undefined) select.andWhere('o.subject = :subject', { subject: filter.subject });
    const { items, total } = await pageOf(select, filter);
    return { items: items.map(outboxView), total };
  }

  /** Puts set-aside entries back in line, and tells what it did to each. */
  @Post('outbox/replay')
  @ApiOperation({
    summary:
      'Puts set-aside entries back in line: those of the ids or the connection named, or all; drops those that a newer one sent has overtaken',
  })
  @ApiBody({ schema: toJsonSchema(ReplayDto), required: false })
  @HttpCode(200)
  async replay(@Body() body: unknown): Promise<Replayed<ReplayedRow>> {
    return replayOf(await this.outboxService.replay(replayedBy(body)));
  }

  @Post('outbox/:id/replay')
  @HttpCode(200)
  async replayOne(@Param('id') id: string): Promise<Replayed<ReplayedRow>> {
    if (!/^\d{1,18}$/.test(id)) throw notFound('outbox entry', id);
    return queuedOf('outbox entry', await this.outboxService.replay({ ids: [id] }));
  }

  @Get('operations')
  @ApiOperation({ summary: 'Calls with an effect on an outside service, the latest first' })
  @ApiQueryOf(OperationListDto)
  async listOperations(@Query() filter: OperationListDto): Promise<Page<object>> {
    const select = this.database.dataSource.getRepository(OperationEntity).createQueryBuilder('o').orderBy('o.id', 'DESC');
    if (!boundTo(select, 'o', filter.connection)) return NONE;
    if (filter.state !== undefined) select.andWhere('o.state = :state', { state: filter.state });
    if (filter.kind !== undefined) select.andWhere('o.kind = :kind', { kind: filter.kind });
    if (filter.subject !== undefined) select.andWhere('o.subject = :subject', { subject: filter.subject });
    const { items, total } = await pageOf(select, filter);
    return { items: items.map(operationView), total };
  }

  /** Looks now at an operation whose outcome is unknown. */
  @Post('operations/:id/replay')
  @HttpCode(200)
  async reconcile(@Param('id') id: string): Promise<object> {
    const operation = isUuid(id) ? await this.operationsService.reconcile(id) : undefined;
    if (!operation) throw notFound('operation', id);
    return operationView(operation);
  }

  /** The operator's word that an unknown operation had no effect at the provider: the same call may be made again. */
  @Post('operations/:id/release')
  @HttpCode(200)
  async release(@Param('id') id: string): Promise<{ success: true }> {
    if (!isUuid(id)) throw notFound('operation', id);
    if (!(await this.operationsService.release(id)))
      throw new CallbackError(409, 'Only an operation whose outcome is unknown can be released.');
    return { success: true };
  }

  /** Events of providers: `state=failed` are those set aside. */
  @Get('inbox')
  @ApiOperation({ summary: 'Events of providers, the latest first; state=failed are those set aside' })
  @ApiQueryOf(InboxListDto)
  async listInbox(@Query() filter: InboxListDto): Promise<Page<object>> {
    const select = this.database.dataSource.getRepository(InboxEventEntity).createQueryBuilder('e').orderBy('e.id', 'DESC');
    if (!boundTo(select, 'e', filter.connection)) return NONE;
    if (filter.state !== undefined) select.andWhere('e.state = :state', { state: filter.state });
    if (filter.kind !== undefined) select.andWhere('e.kind = :kind', { kind: filter.kind });
    const { items, total } = await pageOf(select, filter);
    return {
      items: items.map((event) => ({
        id: event.id,
        connection: event.connectionId,
        eventId: event.eventId,
        kind: event.kind,
        state: event.state,
        attempts: event.attempts,
        lastError: event.lastError,
        createdAt: event.createdAt,
      })),
      total,
    };
  }

  /** Puts set-aside events back in line. */
  @Post('inbox/replay')
  @HttpCode(200)
  @ApiOperation({ summary: 'Applies set-aside events again: those of the ids or the connection named, or all' })
  @ApiBody({ schema: toJsonSchema(ReplayDto), required: false })
  async replayInbox(@Body() body: unknown): Promise<Replayed<ReplayedEvent>> {
    return replayOf(await this.inboxService.replay(replayedBy(body)));
  }

  @Post('inbox/:id/replay')
  @HttpCode(200)
  @ApiOperation({ summary: 'Applies a set-aside event again' })
  async replayEvent(@Param('id') id: string): Promise<Replayed<ReplayedEvent>> {
    if (!/^\d{1,18}$/.test(id)) throw notFound('inbox event', id);
    return queuedOf('inbox event', await this.inboxService.replay({ ids: [id] }));
  }

  private async connectionOf(id: string): Promise<Connection> {
    const connection = await this.connections.findById(id);
    if (!connection) throw notFound('connection', id);
    return connection;
  }
}

/** What a body asks to be replayed. Throws BadInputError. */
function replayedBy(body: unknown): { ids?: string[]; connectionId?: string } {
  const { ids, connection } = parserOf(ReplayDto).parse(body ?? {});
  if (connection !== undefined && !isUuid(connection)) throw new BadInputError({ connection: 'is not the id of a connection' });
  return { ...(ids && { ids }), ...(connection && { connectionId: connection }) };
}

function replayOf<Item extends ReplayedRow | ReplayedEvent>(items: Item[]): Replayed<Item> {
  return { replayed: items.filter((item) => item.outcome === 'queued').length, items };
}

/** Of the replay of one: throws 404 or 409, saying why, when it is not back in line. */
function queuedOf<Item extends ReplayedRow | ReplayedEvent>(what: string, items: Item[]): Replayed<Item> {
  const [item] = items;
  if (!item || item.outcome === 'not-found') throw notFound(what, item?.id ?? '');
  if (item.outcome === 'dropped') throw new CallbackError(409, `The ${what} is not replayed but dropped: ${item.reason ?? ''}.`);
  if (item.outcome === 'not-failed')
    throw new CallbackError(409, `The ${what} is not replayed: ${item.reason ?? ''}, and only a failed one can be.`);
  return replayOf(items);
}

const NONE: Page<never> = { items: [], total: 0 };

/** Narrows to a connection; false when the id names none. */
function boundTo<Row extends ObjectLiteral>(select: SelectQueryBuilder<Row>, alias: string, connection: string | undefined): boolean {
  if (connection === undefined) return true;
  if (!isUuid(connection)) return false;
  select.andWhere(`${alias}.connectionId = :connection`, { connection });
  return true;
}

async function pageOf<Row extends ObjectLiteral>(select: SelectQueryBuilder<Row>, page: PageDto): Promise<Page<Row>> {
  const limit = page.limit ?? 50;
  const [items, total] = await select
    .skip(((page.page ?? 1) - 1) * limit)
    .take(limit)
    .getManyAndCount();
  return { items, total };
}

function moduleView({ code, name, integration, manifest, countries }: HostedModule): object {
  return { code, name, integration, provider: manifest.code, countries };
}

function connectionView(row: ConnectionEntity, advice: string | undefined): object {
  return {
    id: row.id,
    module: row.moduleCode,
    systemUrl: row.systemUrl,
    active: row.active,
    frozen: row.frozen,
    scopes: row.scopes,
    account: row.account,
    registeredAt: row.registeredAt,
    registrationError: row.registrationError,
    // What to do about it.
    ...(advice !== undefined && { registrationAdvice: advice }),
    ...(row.attemptedAt && { registrationTriedAt: row.attemptedAt }),
    // What the CRM answered to the last registration; of tokens only which there are.
    registrationReply: row.registrationReply,
    chatTokens: row.chatTokensSealed === null ? 'none' : 'set',
    billingInfo: row.billingInfo,
    ...(row.settingsError !== null && { settingsError: row.settingsError, settingsAskedAgainAt: row.settingsDueAt }),
    refusedCalls: row.refusedCalls,
    ...(row.overload && { overload: row.overload }),
    credentialsToldAt: row.credentialsToldAt,
    // A registration did, after the CRM had switched it off.
    switchedOnAgainAt: row.switchedOnAgainAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

function outboxView(row: OutboxEntity): object {
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
    createdAt: row.createdAt,
    sentAt: row.sentAt,
  };
}

function operationView(row: OperationEntity): object {
  return {
    id: row.id,
    connection: row.connectionId,
    kind: row.kind,
    subject: row.subject,
    reference: row.reference,
    state: row.state,
    result: row.result,
    error: row.error,
    checks: row.checks,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import {
  bindToRequest,
  ConnectionEntity,
  ConnectionSecrets,
  ProviderSetupEntity,
  ConnectionStore,
  ErasureStore,
  HostedModules,
  refuseForShadow,
  isUuid,
} from '#connections';
import {
  AccountService,
  ConnectingService,
  type ChangedConnection,
  LeavingService,
  NewConnectionDto,
  RegistrationService,
} from '#onboarding';
import { type ShopFigures, ShopFiguresReader } from '#insight';
import { type UnreadableWebhooks, UnreadableWebhookStore } from '#inbox';
import { OutboxLaneEntity } from '#outbox';
import {
  ApiBodyOf,
  ApiQueryOf,
  CallbackError,
  Database,
  FreeForm,
  getOperatorScope,
  getParser,
  isWithinScope,
  notFound,
  OperatorAccess,
  type Page,
  readPage,
  RequestNumber,
  WithinModules,
} from '#platform';
import { ConnectionListDto } from './connection-list.dto.js';
import { defineConnectionList, sortList } from './connection-list.js';
import {
  type AddedConnectionView,
  type ConnectionDetails,
  type ConnectionView,
  type ErasedConnectionView,
  type ErasureView,
  type ListedConnectionView,
  type ModuleView,
  listLostReplies,
  toConnectionView,
  toErasureView,
  toModuleView,
} from './connection-view.js';

/** The state of an erasure that was requested. */
export interface ErasureBegun {
  success: true;
  /** Null if the connection is erased already. */
  erasing: ErasureView | null;
}

/** The same with the provider’s settings, which their own class parses. For the API’s document. */
export class NewConnectionBody extends NewConnectionDto {
  @IsOptional() @FreeForm() settings?: object;
}

/** Modules and their connections, for operators. Never returns secrets. */
@ApiTags('operator')
@OperatorAccess()
@Controller('operator/api')
export class ConnectionsController {
  private readonly list = defineConnectionList((row) => this.view(row));

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly accounts: AccountService,
    private readonly modules: HostedModules,
    private readonly registration: RegistrationService,
    private readonly leaving: LeavingService,
    private readonly connecting: ConnectingService,
    private readonly secrets: ConnectionSecrets,
    private readonly erasures: ErasureStore,
    private readonly figures: ShopFiguresReader,
    private readonly unreadable: UnreadableWebhookStore,
  ) {}

  /**
   * Lists the modules with their main provider, and with all `providers` if there are several.
   * `kind`: `adapter` to an outside service, or `service`. `from`: only for outside providers.
   */
  @Get('modules')
  @WithinModules()
  listModules(): Page<ModuleView> {
    const items = this.modules
      .all()
      .filter(({ code }) => isWithinScope(code))
      .map(toModuleView);
    return { items, total: items.length };
  }

  /**
   * Lists accounts that connected a module, with their activity, the latest first unless `sort` is
   * set.
   */
  @Get('connections')
  @WithinModules()
  @ApiQueryOf(ConnectionListDto)
  async listConnections(@Query() { sort, order = 'asc', ...filter }: ConnectionListDto): Promise<Page<ListedConnectionView>> {
    const page = await readPage(this.database, sort === undefined ? this.list : sortList(this.list, sort, order), filter);
    const figures = await this.figures.read(page.items.map(({ id }) => id));
    return { ...page, items: page.items.map((view) => ({ ...view, ...figuresOf(figures, view) })) };
  }

  /** Returns the number of webhooks that were acknowledged but could not be read, and the last 20, masked. */
  @Get('connections/:id/unreadable-webhooks')
  @WithinModules()
  async readUnreadableWebhooks(@Param('id') id: string): Promise<UnreadableWebhooks> {
    if (!(await this.connections.findRow(id))) throw notFound('connection', id);
    return this.unreadable.read(id);
  }

  /**
   * Connects an account manually, also as a trial. A connected account gets the new key.
   *
   * `settings` belong to the provider, or to the first of several. The reply for a trial contains the
   * `clientId` that the partner's own system needs to call its callbacks.
   */
  @Post('connections')
  @WithinModules()
  @ApiBodyOf(NewConnectionBody)
  @ApiCreatedResponse({ description: 'It is connected.' })
  @ApiOkResponse({ description: 'It was connected already, and has the new key.' })
  async addConnection(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
    @RequestNumber() request: string,
  ): Promise<AddedConnectionView> {
    const dto = getParser(NewConnectionDto).parse(body);
    if (!isWithinScope(dto.module)) throw new CallbackError(403, `This operator is limited to other modules than ${dto.module}.`);
    const { id, created } = await this.connecting.connect(dto, (body as { settings?: unknown }).settings, request);
    void reply.status(created ? 201 : 200);
    const row = await this.connections.findRow(id);
    if (!row) throw notFound('connection', id);
    return {
      ...this.view(row),
      ...(row.shadow && { clientId: this.secrets.open(row, 'clientId') }),
    };
  }

  /**
   * Ends a trial: registers the module with the account's CRM in place of the previous module. Afterwards it
   * works like any other.
   */
  @Post('connections/:id/go-live')
  @WithinModules()
  @HttpCode(200)
  async goLiveWithConnection(@Param('id') id: string, @RequestNumber() request: string): Promise<ConnectionDetails | ErasedConnectionView> {
    await this.connecting.goLive(await this.connections.load(id), request);
    return this.readConnection(id);
  }

  /** Returns a connection with the setup at its services, and the messages that wait for the CRM. */
  @Get('connections/:id')
  @WithinModules()
  async readConnection(@Param('id') id: string): Promise<ConnectionDetails | ErasedConnectionView> {
    const row = await this.connections.findRow(id);
    const erasure = await this.erasures.find(id);
    if (!row && erasure && !getOperatorScope()) return { id, erasing: toErasureView(erasure) };
    if (!row) throw notFound('connection', id);
    const services = await this.database.dataSource.getRepository(ProviderSetupEntity).findBy({ connectionId: id });
    const lanes = await this.database.dataSource.getRepository(OutboxLaneEntity).findBy({ connectionId: id });
    const waiting = await this.figures.countWaiting(id);
    const view = this.view(row);
    const parts = this.modules.get(row.moduleCode)?.providers ?? [];
    return {
      ...view,
      ...figuresOf(await this.figures.read([id]), view),
      ...(erasure && { erasing: toErasureView(erasure) }),
      checks: parts.filter((module) => this.accounts.canCheck({ module })).map(({ manifest }) => manifest.code),
      lostReplies: listLostReplies(parts),
      services: services.map(({ connectionId: _, ...service }) => service),
      lanes: lanes.map((lane) => ({
        kind: lane.kind,
        waiting: waiting.get(lane.kind) ?? 0,
        failures: lane.failures,
        ...(lane.lastError && { lastError: lane.lastError, nextTryAt: lane.dueAt }),
      })),
    };
  }

  /** Registers the module with this account's CRM again. */
  @Post('connections/:id/register')
  @WithinModules()
  @HttpCode(202)
  async registerConnection(@Param('id') id: string, @RequestNumber() request: string): Promise<{ success: true }> {
    refuseForShadow(await this.connections.load(id));
    await this.database.transaction((tx) => this.registration.schedule(tx, id), request);
    return { success: true };
  }

  /** Disconnects the module from this account until the account connects again. Stored data stays. */
  @Post('connections/:id/disconnect')
  @WithinModules()
  @HttpCode(202)
  async disconnectConnection(@Param('id') id: string, @RequestNumber() request: string): Promise<{ success: true }> {
    await this.leaving.disconnect(await this.loadLeaving(id, request));
    return { success: true };
  }

  /**
   * Disconnects this account, then erases all its data in the background. The connection shows
   * `erasing` until it is erased. Succeeds if it is erased already.
   */
  @Delete('connections/:id')
  @WithinModules()
  @HttpCode(202)
  async eraseConnection(@Param('id') id: string, @RequestNumber() request: string): Promise<ErasureBegun> {
    if (!isUuid(id) || (getOperatorScope() && !(await this.connections.findRow(id)))) throw notFound('connection', id);
    await this.leaving.erase(id, request);
    const erasure = await this.erasures.find(id);
    return { success: true, erasing: erasure ? toErasureView(erasure) : null };
  }

  /** Freezes the connection, whatever its state in the CRM: refuses callbacks, and sends nothing. */
  @Post('connections/:id/freeze')
  @WithinModules()
  @HttpCode(200)
  async freezeConnection(@Param('id') id: string, @RequestNumber() request: string): Promise<{ success: true }> {
    await this.leaving.freeze(await this.loadLeaving(id, request));
    return { success: true };
  }

  /** Unfreezes the connection and sends waiting messages, unless the CRM has frozen the connection too. */
  @Post('connections/:id/unfreeze')
  @WithinModules()
  @HttpCode(200)
  async unfreezeConnection(@Param('id') id: string, @RequestNumber() request: string): Promise<{ success: true }> {
    await this.leaving.unfreeze(await this.loadLeaving(id, request));
    return { success: true };
  }

  private view(row: ConnectionEntity): ConnectionView {
    return toConnectionView(row, this.modules.get(row.moduleCode)?.providers ?? [], this.registration.adviseOn(row));
  }

  /** Returns a connection to disconnect, also of a module that this process does not serve. */
  private async loadLeaving(id: string, request: string): Promise<ChangedConnection> {
    const connection = await this.connections.findById(id);
    if (connection) return bindToRequest(connection, request);
    if (!(await this.connections.findRow(id))) throw notFound('connection', id);
    return { id, request };
  }
}

/** Returns the additional fields of a connection in a list. */
function figuresOf(figures: ReadonlyMap<string, ShopFigures>, { id, systemUrl }: ConnectionView): ShopFigures & { host: string } {
  const failed = { callback: 0, webhook: 0, outbox: 0, inbox: 0, operations: 0 };
  const none = { lastCallbackAt: null, lastPushAt: null, failures: 0, failed, oldestWaitingAt: null, waiting: 0 };
  return { host: new URL(systemUrl).host, ...(figures.get(id) ?? none) };
}

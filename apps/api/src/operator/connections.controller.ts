import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import {
  bindToRequest,
  type CheckOutcome,
  type Connection,
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
  chooseProvider,
  ConnectDto,
  ConnectingService,
  type ChangedConnection,
  LeavingService,
  LookupDto,
  type LookupResult,
  Lookups,
  NewConnectionDto,
  ProviderChoiceDto,
  RegistrationService,
  RulesService,
  RulesVersionDto,
  type RulesView,
  type ProviderSetupView,
  SettingsVersionDto,
  type SettingsView,
} from '#onboarding';
import type { RulesPreview } from '#delivery';
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
import { RULES_BODY, SAMPLE_BODY, SETTINGS_BODY } from '../http/form-bodies.js';
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

/** Modules and their connections, with settings and registration, for operators. Never returns secrets. */
@ApiTags('operator')
@OperatorAccess()
@Controller('operator/api')
export class ConnectionsController {
  private readonly list = defineConnectionList((row) => this.view(row));

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly accounts: AccountService,
    private readonly rules: RulesService,
    private readonly lookups: Lookups,
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
    await this.connecting.goLive(await this.load(id), request);
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

  /** Returns a connection's settings and their form. `provider`: one of several. Default: the first one. */
  @Get('connections/:id/settings')
  @WithinModules()
  @ApiQueryOf(ProviderChoiceDto)
  async readConnectionSettings(@Param('id') id: string, @Query() choice: ProviderChoiceDto): Promise<SettingsView> {
    return this.accounts.settings(await this.load(id, choice));
  }

  /**
   * Replaces the settings and registers the module again. Secrets that are left out stay.
   * @throws 409 if the settings no longer have this `version`
   */
  @Put('connections/:id/settings')
  @WithinModules()
  @ApiBody(SETTINGS_BODY)
  @ApiQueryOf(SettingsVersionDto)
  async saveConnectionSettings(
    @Param('id') id: string,
    @Query() { version, ...choice }: SettingsVersionDto,
    @Body() body: unknown,
    @RequestNumber() request: string,
  ): Promise<SettingsView> {
    return this.accounts.saveSettings(bindToRequest(await this.load(id, choice), request), body, version);
  }

  /**
   * Finds values for fields of its forms whose `lookup` has this name, in the CRM or at the service. An empty
   * term finds the first ones.
   */
  @Get('connections/:id/lookups/:name')
  @WithinModules()
  @ApiQueryOf(LookupDto)
  async lookUpForConnection(
    @Param('id') id: string,
    @Param('name') name: string,
    @Query() { term = '', ...choice }: LookupDto,
    @RequestNumber() request: string,
  ): Promise<LookupResult> {
    return this.lookups.find(bindToRequest(await this.load(id, choice), request), name, term);
  }

  /** Returns the account's rules, such as contracts and markups of delivery. */
  @Get('connections/:id/rules')
  @WithinModules()
  async readConnectionRules(@Param('id') id: string): Promise<RulesView> {
    return this.rules.view(await this.load(id));
  }

  /**
   * Replaces the rules. Secrets that are left out stay.
   * @throws 409 if the rules no longer have this `version`
   */
  @Put('connections/:id/rules')
  @WithinModules()
  @ApiBody(RULES_BODY)
  @ApiQueryOf(RulesVersionDto)
  async saveConnectionRules(
    @Param('id') id: string,
    @Query() { version }: RulesVersionDto,
    @Body() body: unknown,
    @RequestNumber() request: string,
  ): Promise<RulesView> {
    return this.rules.save(bindToRequest(await this.load(id), request), body, version);
  }

  /**
   * Tries rules on a sample order. Returns the matching row, the contract and sender, and the shown cost.
   * Uses `rules` of the body, or the stored rules.
   */
  @Post('connections/:id/rules/preview')
  @WithinModules()
  @ApiBody(SAMPLE_BODY)
  @HttpCode(200)
  @OperatorAccess((body) => (holds(body, 'rules') ? 'act' : 'view'))
  async previewConnectionRules(@Param('id') id: string, @Body() body: unknown, @RequestNumber() request: string): Promise<RulesPreview> {
    return this.rules.preview(bindToRequest(await this.load(id), request), body, 'en') as Promise<RulesPreview>;
  }

  /** Checks settings at the service. Checks the stored settings if the body is empty. */
  @Post('connections/:id/check')
  @WithinModules()
  @ApiBody({ ...SETTINGS_BODY, required: false })
  @HttpCode(200)
  @OperatorAccess((body) => (holds(body) ? 'act' : 'view'))
  @ApiQueryOf(ProviderChoiceDto)
  async checkConnection(
    @Param('id') id: string,
    @Query() choice: ProviderChoiceDto,
    @Body() body: unknown,
    @RequestNumber() request: string,
  ): Promise<CheckOutcome> {
    return this.accounts.checkSettings(bindToRequest(await this.load(id, choice), request), body, { language: 'en' });
  }

  /**
   * Sets the connection up at its service. `{replace: true}` replaces the setup of others there.
   * @throws 409 while a setup is running
   */
  @Post('connections/:id/connect')
  @WithinModules()
  @ApiBodyOf(ConnectDto, { required: false })
  @HttpCode(200)
  @ApiQueryOf(ProviderChoiceDto)
  async setUpProvider(
    @Param('id') id: string,
    @Query() choice: ProviderChoiceDto,
    @Body() body: unknown,
    @RequestNumber() request: string,
  ): Promise<ProviderSetupView> {
    return this.accounts.setUpProvider(bindToRequest(await this.load(id, choice), request), body, 'en');
  }

  /** Registers the module with this account's CRM again. */
  @Post('connections/:id/register')
  @WithinModules()
  @HttpCode(202)
  async registerConnection(@Param('id') id: string, @RequestNumber() request: string): Promise<{ success: true }> {
    refuseForShadow(await this.load(id));
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

  /** Freezes the connection, whatever its state in the CRM: rejects callbacks, and sends nothing. */
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

  private async load(id: string, choice: ProviderChoiceDto = {}): Promise<Connection> {
    const connection = await this.connections.findById(id);
    if (!connection) throw notFound('connection', id);
    return chooseProvider(connection, choice);
  }
}

/** Returns the additional fields of a connection in a list. */
function figuresOf(figures: ReadonlyMap<string, ShopFigures>, { id, systemUrl }: ConnectionView): ShopFigures & { host: string } {
  const failed = { callback: 0, webhook: 0, outbox: 0, inbox: 0, operations: 0 };
  const none = { lastCallbackAt: null, lastPushAt: null, failures: 0, failed, oldestWaitingAt: null, waiting: 0 };
  return { host: new URL(systemUrl).host, ...(figures.get(id) ?? none) };
}

/**
 * Whether a body has a property, or any property. A value may contain an address that receives stored
 * secrets, so trying it needs more than the right to view.
 */
function holds(body: unknown, name?: string): boolean {
  if (typeof body !== 'object' || body === null) return body !== undefined && body !== null;
  return name === undefined ? Object.keys(body).length > 0 : name in body;
}

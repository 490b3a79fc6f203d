import type { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, Param, Post, Put, Query, Req, Res, HttpCode } from '@nestjs/common';
import { ApiBody, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CheckOutcome } from '#connections';
import {
  AccountService,
  type AccountSession,
  AccountSessions,
  ConnectDto,
  DraftChoiceDto,
  DraftReadingDto,
  DraftsService,
  type DraftView,
  FirstStepsService,
  type FirstStepsView,
  InstanceDto,
  type InstanceList,
  InstancesService,
  LookupDto,
  type LookupResult,
  Lookups,
  ProviderChoiceDto,
  RulesService,
  RulesVersionDto,
  type RulesView,
  type ProviderSetupView,
  SettingsReadingDto,
  SettingsVersionDto,
  type SettingsView,
  type TrialView,
} from '#onboarding';
import type { SettingsPreset } from '#provider-kit';
import type { RulesPreview } from '#delivery';
import { type AccountOverview, AccountOverviews, AccountWatch } from '#insight';
import { ApiBodyOf, ApiQueryOf, Clock, EventStreams, getParser, readBearer } from '#platform';
import { type WidgetActionList, WidgetActions, WidgetActionsDto } from '#widgets';
import { DRAFT_BODY, RULES_BODY, SAMPLE_BODY, SETTINGS_BODY } from '../http/form-bodies.js';
import { PageCallers } from './page-callers.js';

/** Maximum number of pages that may follow a connection in one process. */
const MOST_PAGES = 10;

/** The API of the account page. */
@ApiTags('account page')
@Controller(':module/account')
export class AccountController {
  constructor(
    private readonly accounts: AccountService,
    private readonly sessions: AccountSessions,
    private readonly rules: RulesService,
    private readonly drafts: DraftsService,
    private readonly firstSteps: FirstStepsService,
    private readonly overviews: AccountOverviews,
    private readonly watch: AccountWatch,
    private readonly streams: EventStreams,
    private readonly clock: Clock,
    private readonly lookups: Lookups,
    private readonly instances: InstancesService,
    private readonly callers: PageCallers,
    private readonly widgetActions: WidgetActions,
  ) {}

  /**
   * Renews the page's token while it is valid. The new token lasts an hour, but not longer than a day after
   * the page was opened.
   * @throws 401 if the token has expired, or the connection was removed
   */
  @Post('api/session')
  @HttpCode(200)
  async renewSession(@Param('module') code: string, @Req() request: FastifyRequest): Promise<AccountSession> {
    const token = readBearer(request);
    const session = token === undefined ? undefined : await this.sessions.renew(code, token);
    if (session) return session;
    throw this.callers.refuse(token, request);
  }

  /**
   * Returns the settings and their form. `brief`: without long lists.
   *
   * `provider`: a provider of the module, here and below. Default: the first one.
   */
  @Get('api/settings')
  @ApiQueryOf(SettingsReadingDto)
  async readSettings(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Query() { brief, ...choice }: SettingsReadingDto,
  ): Promise<SettingsView> {
    return this.accounts.settings(await this.callers.find(code, request, choice), brief);
  }

  /**
   * Returns a list that a brief reading of the settings left out.
   * @throws 409 if the settings no longer have this `version`, 404 if it is not a list
   */
  @Get('api/settings/:list')
  @ApiQueryOf(SettingsVersionDto)
  async readSettingsList(
    @Param('module') code: string,
    @Param('list') list: string,
    @Req() request: FastifyRequest,
    @Query() { version, ...choice }: SettingsVersionDto,
  ): Promise<{ rows: readonly unknown[] }> {
    return this.accounts.readList(await this.callers.find(code, request, choice), list, version);
  }

  /**
   * Replaces the settings and deletes their draft. Secrets that are left out stay.
   *
   * With the `version` of a brief reading, the placeholder of a long list keeps that list, and the reply is
   * brief too.
   * @throws 409 if the settings no longer have this `version`
   */
  @Put('api/settings')
  @ApiBody(SETTINGS_BODY)
  @ApiQueryOf(SettingsVersionDto)
  async saveSettings(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Query() { version, ...choice }: SettingsVersionDto,
    @Body() body: unknown,
  ): Promise<SettingsView> {
    const connection = await this.callers.find(code, request, choice);
    const saved = await this.accounts.saveSettings(connection, body, version, version !== undefined);
    await this.drafts.remove(connection, 'settings');
    return saved;
  }

  /** Returns settings to start from, in the order of the form's presets. Empty if the form has no presets. */
  @Get('api/presets')
  @ApiQueryOf(ProviderChoiceDto)
  async listPresets(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Query() choice: ProviderChoiceDto,
  ): Promise<{ items: readonly SettingsPreset<object>[] }> {
    return { items: this.accounts.listPresets(await this.callers.find(code, request, choice)) };
  }

  /**
   * Checks form values at the service, or the stored settings if the body is empty. `version`: as for saving.
   * @throws 409 as for saving
   */
  @Post('api/check')
  @ApiBody({ ...SETTINGS_BODY, required: false })
  @HttpCode(200)
  @ApiQueryOf(SettingsVersionDto)
  async checkSettings(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Query() { version, ...choice }: SettingsVersionDto,
    @Body() body: unknown,
  ): Promise<CheckOutcome> {
    const connection = await this.callers.find(code, request, choice);
    return this.accounts.checkSettings(connection, body, version === undefined ? {} : { version });
  }

  /**
   * Sets the connection up at its service. `{replace: true}` replaces the setup of others there.
   * @throws 409 while a setup is running
   */
  @Post('api/connect')
  @ApiBodyOf(ConnectDto, { required: false })
  @HttpCode(200)
  @ApiQueryOf(ProviderChoiceDto)
  async setUpOwnProvider(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Query() choice: ProviderChoiceDto,
    @Body() body: unknown,
  ): Promise<ProviderSetupView> {
    return this.accounts.setUpProvider(await this.callers.find(code, request, choice), body);
  }

  /** Returns the first steps of the account with a provider, and their progress. */
  @Get('api/first-steps')
  @ApiQueryOf(ProviderChoiceDto)
  async listFirstSteps(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Query() choice: ProviderChoiceDto,
  ): Promise<FirstStepsView> {
    return this.firstSteps.list(await this.callers.find(code, request, choice));
  }

  /**
   * Starts the trial that a first step offers (`canTry`), such as a test payment. The page opens its `url`.
   * @throws 404 if no trial is offered
   */
  @Post('api/trial')
  @HttpCode(200)
  @ApiQueryOf(ProviderChoiceDto)
  async startTrial(@Param('module') code: string, @Req() request: FastifyRequest, @Query() choice: ProviderChoiceDto): Promise<TrialView> {
    return this.firstSteps.startTrial(await this.callers.find(code, request, choice));
  }

  /** Returns the progress of the trial. */
  @Get('api/trial')
  @ApiQueryOf(ProviderChoiceDto)
  async readTrial(@Param('module') code: string, @Req() request: FastifyRequest, @Query() choice: ProviderChoiceDto): Promise<TrialView> {
    return this.firstSteps.readTrial(await this.callers.find(code, request, choice));
  }

  /** Returns the account's rules. */
  @Get('api/rules')
  async readRules(@Param('module') code: string, @Req() request: FastifyRequest): Promise<RulesView> {
    return this.rules.view(await this.callers.find(code, request, {}));
  }

  /**
   * Replaces the rules and deletes their draft. Secrets that are left out stay.
   * @throws 409 if the rules no longer have this `version`
   */
  @Put('api/rules')
  @ApiBody(RULES_BODY)
  @ApiQueryOf(RulesVersionDto)
  async saveRules(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Query() { version }: RulesVersionDto,
    @Body() body: unknown,
  ): Promise<RulesView> {
    const connection = await this.callers.find(code, request, {});
    const saved = await this.rules.save(connection, body, version);
    await this.drafts.remove(connection, 'rules');
    return saved;
  }

  /** Returns the result of rules for a sample order. Uses `rules` of the body, or the stored rules. */
  @Post('api/rules/preview')
  @ApiBody(SAMPLE_BODY)
  @HttpCode(200)
  async previewRules(@Param('module') code: string, @Req() request: FastifyRequest, @Body() body: unknown): Promise<RulesPreview> {
    return this.rules.preview(await this.callers.find(code, request, {}), body) as Promise<RulesPreview>;
  }

  /** Returns the connection's state, its recent actions and the next steps, in the account's language. */
  @Get('api/overview')
  async readAccountOverview(@Param('module') code: string, @Req() request: FastifyRequest): Promise<AccountOverview> {
    return this.overviews.read(await this.callers.find(code, request));
  }

  /**
   * Streams events until the token expires: `changed` initially, and after each change of the overview.
   * Sends a comment every 15 seconds.
   * @throws 429 if ten pages already follow the connection
   */
  @Get('api/live')
  @ApiProduces('text/event-stream')
  async followAccount(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const { id } = await this.callers.find(code, request);
    const end = this.sessions.getEnd(readBearer(request) ?? '') ?? 0;
    let stop = (): void => undefined;
    const options = { of: id, most: MOST_PAGES, lifeMs: end - this.clock.now().getTime(), onClose: () => stop() };
    const stream = this.streams.open(reply, options);
    stop = this.watch.follow(id, () => stream.send('changed', {}));
    return stream.body;
  }

  /**
   * Returns the unsaved changes of a form. `brief`: without the values.
   * @throws 404 if the provider does not support rules
   */
  @Get('api/draft')
  @ApiQueryOf(DraftReadingDto)
  async readDraft(@Param('module') code: string, @Req() request: FastifyRequest, @Query() choice: DraftReadingDto): Promise<DraftView> {
    return this.drafts.find(await this.callers.find(code, request, choice), choice);
  }

  /**
   * Stores unsaved changes of a form for seven days, without secrets. Only names and nesting are validated.
   */
  @Put('api/draft')
  @ApiBody(DRAFT_BODY)
  @ApiQueryOf(DraftChoiceDto)
  async keepDraft(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Query() choice: DraftChoiceDto,
    @Body() body: unknown,
  ): Promise<DraftView> {
    return this.drafts.keep(await this.callers.find(code, request, choice), choice.form, body);
  }

  /** Deletes the unsaved changes of a form. */
  @Delete('api/draft')
  @ApiQueryOf(DraftChoiceDto)
  async removeDraft(@Param('module') code: string, @Req() request: FastifyRequest, @Query() choice: DraftChoiceDto): Promise<DraftView> {
    await this.drafts.remove(await this.callers.find(code, request, choice), choice.form);
    return {};
  }

  /** Finds values for fields whose `lookup` has this name. An empty term finds the first ones. */
  @Get('api/lookups/:name')
  async lookUp(
    @Param('module') code: string,
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Query() { term = '', ...choice }: LookupDto,
  ): Promise<LookupResult> {
    return this.lookups.find(await this.callers.find(code, request, choice), name, term);
  }

  /**
   * Lists the actions with an effect that the shop can allow in the CRM's cards, and whether each is on.
   * Empty if the module has no such actions, or the operator forbids them.
   */
  @Get('api/widgets')
  async readWidgetActions(@Param('module') code: string, @Req() request: FastifyRequest): Promise<WidgetActionList> {
    return this.widgetActions.list(await this.callers.find(code, request));
  }

  /** Switches on exactly these actions. */
  @Put('api/widgets')
  @ApiBodyOf(WidgetActionsDto)
  async saveWidgetActions(@Param('module') code: string, @Req() request: FastifyRequest, @Body() body: unknown): Promise<WidgetActionList> {
    const { actions } = getParser(WidgetActionsDto).parse(body);
    return this.widgetActions.save(await this.callers.find(code, request), actions);
  }

  /** Lists the account's instances of the module. Returns 404 if a module can be connected only once. */
  @Get('api/instances')
  async listInstances(@Param('module') code: string, @Req() request: FastifyRequest): Promise<InstanceList> {
    return this.instances.list(await this.callers.find(code, request));
  }

  /** Adds an instance. Like the routes below, it returns the updated list. */
  @Post('api/instances')
  @ApiBodyOf(InstanceDto)
  async addInstance(@Param('module') code: string, @Req() request: FastifyRequest, @Body() body: unknown): Promise<InstanceList> {
    return this.instances.add(await this.callers.find(code, request), body);
  }

  /** Renames an instance. */
  @Put('api/instances/:id')
  @ApiBodyOf(InstanceDto)
  async renameInstance(
    @Param('module') code: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Body() body: unknown,
  ): Promise<InstanceList> {
    return this.instances.rename(await this.callers.find(code, request), id, body);
  }

  /** Removes an instance from the account. The last one cannot be removed. */
  @Delete('api/instances/:id')
  async removeInstance(@Param('module') code: string, @Param('id') id: string, @Req() request: FastifyRequest): Promise<InstanceList> {
    return this.instances.remove(await this.callers.find(code, request), id);
  }

  /** Issues a one-time address that opens the page of another instance. */
  @Post('api/instances/:id/open')
  @HttpCode(200)
  async openInstance(
    @Param('module') code: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
  ): Promise<{ accountUrl: string }> {
    return this.instances.open(await this.callers.find(code, request), id);
  }
}

import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { bindToRequest, type CheckOutcome, type Connection, ConnectionStore } from '#connections';
import {
  AccountService,
  chooseProvider,
  ConnectDto,
  LookupDto,
  type LookupResult,
  Lookups,
  ProviderChoiceDto,
  type ProviderSetupView,
  RulesService,
  RulesVersionDto,
  type RulesView,
  SettingsVersionDto,
  type SettingsView,
} from '#onboarding';
import type { RulesPreview } from '#delivery';
import { ApiBodyOf, ApiQueryOf, OperatorAccess, RequestNumber, WithinModules } from '#platform';
import { RULES_BODY, SAMPLE_BODY, SETTINGS_BODY } from '../http/form-bodies.js';

/** Settings, rules and provider setup of a connection, for operators. Never returns secrets. */
@ApiTags('operator')
@OperatorAccess()
@Controller('operator/api')
export class ConnectionSettingsController {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly accounts: AccountService,
    private readonly rules: RulesService,
    private readonly lookups: Lookups,
  ) {}

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

  private async load(id: string, choice: ProviderChoiceDto = {}): Promise<Connection> {
    return chooseProvider(await this.connections.load(id), choice);
  }
}

/**
 * Whether a body has a property, or any property. A value may contain an address that receives stored
 * secrets, so trying it needs more than the right to view.
 */
function holds(body: unknown, name?: string): boolean {
  if (typeof body !== 'object' || body === null) return body !== undefined && body !== null;
  return name === undefined ? Object.keys(body).length > 0 : name in body;
}

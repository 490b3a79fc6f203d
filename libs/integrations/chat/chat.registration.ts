import { Injectable } from '@nestjs/common';
import { type Connection, listProblemKeys } from '#connections';
import type { IntegrationsInput, IntegrationTransportConfigurationInput } from '#crm-client/wire';
import { InjectProviders, type Providers } from '#integration-kit';
import type { RegistrationContributor } from '#onboarding';
import { fillIn, type LocalText, toRows, type Transaction } from '#platform';
import { BotStore } from './bot/bot-store.js';
import { ChannelStore } from './channel-store.js';
import { CALLBACK_PATHS } from './chat.paths.js';
import { texts } from './chat.texts.js';
import { GatewayAddresses } from './gateway/gateway-addresses.js';
import type { ChatProvider } from './port/index.js';

/**
 * Registers a chat module's transport and optional bot (reference: TransportConfiguration, BotConfiguration),
 * and schedules a comparison of a messenger's channels after changes.
 */
@Injectable()
export class ChatRegistration implements RegistrationContributor {
  readonly integration = 'chat';
  /** Without a bot, nothing is read from the CRM. */
  readonly scopes = [];

  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly addresses: GatewayAddresses,
    private readonly channels: ChannelStore,
    private readonly bots: BotStore,
  ) {}

  /** For the orders of a customer who asks the bot. */
  listUsedScopes(connection: Connection): readonly string[] {
    return this.hasBot(connection) ? ['customer_read', 'order_read'] : [];
  }

  build(connection: Connection): IntegrationsInput {
    return {
      mgTransport: { ...this.buildTransport(connection), ...this.listActions(connection) },
      // Token and address are the CRM's. Name, picture and roles are set at the gateway.
      ...(this.hasBot(connection) && { mgBot: {} }),
    };
  }

  async buildOnce({ id }: Connection): Promise<IntegrationsInput> {
    const bot = await this.bots.find(id);
    return bot?.wanted && bot.needsToken ? { mgBot: { refreshToken: true } } : {};
  }

  /** The CRM's reply may contain another endpoint or token. */
  async afterRegistration(tx: Transaction, connection: Connection): Promise<void> {
    await this.bots.endTokenRequest(tx, connection.id);
    await this.afterChange(tx, connection);
  }

  /** Settings or accounts may differ. All channels of an inactive connection are deactivated. */
  async afterChange(tx: Transaction, connection: Connection): Promise<void> {
    if (this.providers.has(connection, 'listAccounts')) await this.channels.markDue(tx, connection.id);
    // `connection` is from before the change.
    const live = toRows(await tx.query('SELECT 1 FROM live_connection WHERE id = $1', [connection.id]));
    await this.bots.want(tx, connection.id, this.hasBot(connection) && live.length > 0);
  }

  /** Whether an inactive connection has no channel left to deactivate. */
  async isDown({ id }: Connection): Promise<boolean> {
    return (await this.channels.findSync(id))?.dueAt == null;
  }

  isUsed({ id }: Connection): Promise<boolean> {
    return this.channels.hasDialogue(id);
  }

  /** Reports that the bot's token is rejected, or that the messenger's channels could not be compared. */
  async listNotices({ id, module, problems }: Connection): Promise<LocalText[]> {
    const bot = listProblemKeys(problems, 'service-away', module, 'bot').length > 0 ? [texts.bot.rejected] : [];
    if (!(await this.channels.findSync(id))?.problem) return bot;
    const failed = (await this.channels.list(id)).find(({ state }) => state === 'failed');
    // Problems of all channels are for operators, because the shop cannot solve them.
    return [...bot, fillIn(texts.channelsNotUpdated, { reason: failed ? ` ${failed.name}: ${failed.problem}` : '' })];
  }

  private hasBot(connection: Connection): boolean {
    return this.providers.getManifest(connection).describeBot?.(connection.settings)?.active === true;
  }

  /** For a messenger, the CRM issues token and endpoint, so they are not sent to it. */
  private buildTransport(connection: Connection): IntegrationTransportConfigurationInput {
    if (this.providers.has(connection, 'listAccounts')) return { isActive: true, webhookUrl: this.addresses.build(connection) };
    const manifest = this.providers.getManifest(connection);
    const { active, token, webhookUrl, endpointUrl } = manifest.describeTransport?.(connection.settings) ?? { active: true };
    return { ...(token && { token }), isActive: active, ...(webhookUrl && { webhookUrl }), ...(endpointUrl && { endpointUrl }) };
  }

  private listActions(connection: Connection): Pick<IntegrationTransportConfigurationInput, 'actions'> {
    const actions = {
      ...(this.providers.has(connection, 'findLastOnline') && { online: CALLBACK_PATHS.online }),
      ...(this.providers.has(connection, 'readVisits') && { visits: CALLBACK_PATHS.visits }),
    };
    return Object.keys(actions).length > 0 ? { actions } : {};
  }
}

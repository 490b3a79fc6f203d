import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { IntegrationsInput, IntegrationTransportConfigurationInput } from '#crm-client/wire';
import { InjectProviders, type Providers } from '#integration-kit';
import type { RegistrationContributor } from '#onboarding';
import { fillIn, type LocalText, type Transaction } from '#platform';
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
  /** The callbacks read nothing from the CRM. */
  readonly scopes = [];

  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly addresses: GatewayAddresses,
    private readonly channels: ChannelStore,
  ) {}

  build(connection: Connection): IntegrationsInput {
    const manifest = this.providers.getManifest(connection);
    const bot = manifest.describeBot?.(connection.settings);
    return {
      mgTransport: { ...this.buildTransport(connection), ...this.listActions(connection) },
      ...(bot && {
        mgBot: {
          isActive: bot.active,
          ...(bot.logo && { logo: bot.logo }),
          ...(bot.token && { token: bot.token }),
          name: bot.name,
          ...(bot.endpointUrl && { endpointUrl: bot.endpointUrl }),
        },
      }),
    };
  }

  /** The CRM's reply may contain another endpoint or token. */
  afterRegistration(tx: Transaction, connection: Connection): Promise<void> {
    return this.compareChannels(tx, connection);
  }

  /** Settings or accounts may differ. All channels of an inactive connection are deactivated. */
  afterChange(tx: Transaction, connection: Connection): Promise<void> {
    return this.compareChannels(tx, connection);
  }

  /** Whether an inactive connection has no channel left to deactivate. */
  async isDown({ id }: Connection): Promise<boolean> {
    return (await this.channels.findSync(id))?.dueAt == null;
  }

  isUsed({ id }: Connection): Promise<boolean> {
    return this.channels.hasDialogue(id);
  }

  /** Reports that the messenger's channels could not be compared, with the CRM's reason for one of them. */
  async listNotices({ id }: Connection): Promise<LocalText[]> {
    if (!(await this.channels.findSync(id))?.problem) return [];
    const failed = (await this.channels.list(id)).find(({ state }) => state === 'failed');
    // Problems of all channels are for operators, because the shop cannot solve them.
    return [fillIn(texts.channelsNotUpdated, { reason: failed ? ` ${failed.name}: ${failed.problem}` : '' })];
  }

  private async compareChannels(tx: Transaction, connection: Connection): Promise<void> {
    if (this.providers.has(connection, 'listAccounts')) await this.channels.markDue(tx, connection.id);
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

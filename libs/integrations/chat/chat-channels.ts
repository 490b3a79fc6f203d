import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, isContentRejection, isLive } from '#connections';
import { AuthenticationError, type ValidationError } from '#crm-client';
import { InjectProviders, type Providers } from '#integration-kit';
import { RegistrationService } from '#onboarding';
import { Database, defineJob, errorText, HandleJob, sha256Hex } from '#platform';
import { ProviderError } from '#provider-kit';
import { ChannelStore, type SyncLease, SyncLost } from './channel-store.js';
import { ChatTemplates, type TemplateRun } from './chat-templates.js';
import type { ChannelEntity } from './chat.entity.js';
import { toChannelSettings } from './gateway/channel-settings.js';
import { ChannelUnknownError, type GatewayClient } from './gateway/gateway-client.js';
import { GatewayClients, GatewayClosedError } from './gateway/gateway-clients.js';
import type { ChannelInput, ListedChannel } from './gateway/gateway.types.js';
import type { ChatProvider, MessengerAccount } from './port/index.js';

/** Compares channels that are due with the gateway's. */
const keepChannels = defineJob<Record<string, never>>('housekeeping', 'chat.channels');

const EVERY_MS = 10_000;
/** Milliseconds of one run. Shorter than its lease. */
const RUN_MS = 45_000;
/** Milliseconds for listing the messenger's accounts. */
const MESSENGER_MS = 20_000;

/**
 * Matches the gateway's channels to the accounts of a connection's messenger: activates, updates and
 * deactivates them. Every step is safe to repeat, so an interrupted run is repeated.
 */
@Injectable()
export class ChatChannels {
  private readonly logger = new Logger(ChatChannels.name);

  constructor(
    private readonly store: ChannelStore,
    private readonly gateways: GatewayClients,
    private readonly connections: ConnectionStore,
    private readonly registration: RegistrationService,
    private readonly database: Database,
    private readonly templates: ChatTemplates,
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
  ) {}

  @HandleJob(keepChannels, { everyMs: EVERY_MS })
  async keepDue(_data: object, stopping: AbortSignal): Promise<void> {
    await Promise.all((await this.store.claimDue()).map((lease) => this.run(lease, stopping)));
  }

  private async run(lease: SyncLease, stopping: AbortSignal): Promise<void> {
    const { connectionId } = lease;
    const connection = await this.connections.findById(connectionId, 'chat');
    // The module may be hosted by another worker.
    if (!connection) return this.store.endRun(lease, 'daily');
    if (!this.providers.has(connection, 'listAccounts')) return this.store.endRun(lease, 'never');
    try {
      const problem = await this.compare(lease, connection, AbortSignal.any([stopping, AbortSignal.timeout(RUN_MS)]));
      await this.store.endRun(lease, problem !== undefined ? 'retry' : connection.active ? 'daily' : 'never', problem);
    } catch (error) {
      if (error instanceof SyncLost) return;
      if (stopping.aborted) return this.store.endRun(lease, 'retry');
      if (error instanceof AuthenticationError && lease.tries === 1) await this.registerAgain(connectionId);
      const problem = errorText(error);
      this.logger.warn(`channels of connection ${connectionId} cannot be compared with the message gateway's: ${problem}`);
      await this.store.endRun(lease, error instanceof GatewayClosedError ? 'never' : 'retry', problem);
    }
  }

  /** Returns the first problem of a channel, if there is one. Throws errors that affect all channels. */
  private async compare(lease: SyncLease, connection: Connection, signal: AbortSignal): Promise<string | undefined> {
    // Channels of a frozen account stay unchanged. They are due again when it is no longer frozen.
    if (connection.active && !isLive(connection)) return undefined;
    const accounts = connection.active ? await this.listAccounts(connection) : [];
    const channels = await this.store.keepAccounts(lease, accounts);
    const gateway = await this.gateways.open(connection.id, connection);
    const listed = await this.listActive(connection, gateway, signal);
    const problems: string[] = [];
    const kept = new Set<number>();
    for (const account of accounts) {
      const channel = channels.find((one) => one.account === account.id);
      if (!channel) continue;
      const found = listed.find(({ id }) => String(id) === channel.mgId) ?? listed.find(({ externalId }) => externalId === account.id);
      // A channel whose update the gateway rejects stays unchanged there.
      if (found) kept.add(found.id);
      try {
        await this.keepActive(lease, channel, found, this.describe(connection, account), gateway, signal);
      } catch (error) {
        if (!isContentRejection(error)) throw error;
        const problem = (error as ValidationError).apiMessage ?? errorText(error);
        problems.push(`${account.name}: ${problem}`);
        await this.store.keepChannel(lease, channel.id, { state: 'failed', problem });
      }
    }
    // The token belongs only to this connection, so other channels are its former ones.
    for (const { id } of listed) if (!kept.has(id)) await gateway.deactivateChannel(id, signal);
    for (const channel of channels)
      if (channel.state !== 'off' && !accounts.some(({ id }) => id === channel.account))
        await this.store.keepChannel(lease, channel.id, { state: 'off', problem: null });
    if (this.providers.has(connection, 'listTemplates'))
      for (const channel of await this.store.list(connection.id))
        if (channel.state === 'active') problems.push(...(await this.compareTemplates({ lease, connection, channel, gateway, signal })));
    return problems[0];
  }

  /** Returns a problem of an account's templates. It does not delay other accounts. */
  private async compareTemplates(run: TemplateRun): Promise<string[]> {
    try {
      const problem = await this.templates.compare(run);
      return problem === undefined ? [] : [problem];
    } catch (error) {
      if (run.signal.aborted || error instanceof SyncLost || error instanceof AuthenticationError) throw error;
      return [`${run.channel.name}: ${errorText(error)}`];
    }
  }

  /** Returns each account once, even if the settings contain it several times. */
  private async listAccounts(connection: Connection): Promise<MessengerAccount[]> {
    const accounts = await this.providers.call(connection, 'listAccounts', (provider, context) => provider.listAccounts(context), {
      budgetMs: MESSENGER_MS,
    });
    return [...new Map(accounts.map((account) => [account.id, account])).values()];
  }

  private async listActive({ active }: Connection, gateway: GatewayClient, signal: AbortSignal): Promise<ListedChannel[]> {
    try {
      return await gateway.listActiveChannels(signal);
    } catch (error) {
      // A token that was revoked with the module has no channels.
      if (active || !(error instanceof AuthenticationError)) throw error;
      return [];
    }
  }

  /** Activates a channel at the gateway with these settings. Does nothing if it already matches. */
  private async keepActive(
    lease: SyncLease,
    channel: ChannelEntity,
    found: ListedChannel | undefined,
    input: ChannelInput,
    gateway: GatewayClient,
    signal: AbortSignal,
  ): Promise<void> {
    const settingsHash = sha256Hex(JSON.stringify(input));
    const isSame = found !== undefined && String(found.id) === channel.mgId && settingsHash === channel.settingsHash;
    if (isSame && channel.state === 'active') return;
    let mgId = found?.id;
    if (mgId === undefined) mgId = await this.activate(channel.mgId, input, gateway, signal);
    else if (!isSame) await gateway.changeChannel(mgId, input, signal);
    await this.store.keepChannel(lease, channel.id, { state: 'active', problem: null, mgId, settingsHash });
  }

  /**
   * Reactivates a former channel, so that its chats continue. Creates a channel if the gateway does not have
   * it.
   */
  private async activate(formerId: string | null, input: ChannelInput, gateway: GatewayClient, signal: AbortSignal): Promise<number> {
    if (formerId !== null)
      try {
        return await gateway.createChannel({ id: Number(formerId), ...input }, signal);
      } catch (error) {
        if (!(error instanceof ChannelUnknownError)) throw error;
      }
    return gateway.createChannel(input, signal);
  }

  private describe(connection: Connection, { id, name, avatarUrl, standing }: MessengerAccount): ChannelInput {
    const abilities = this.providers.getManifest(connection).describeMessenger?.(connection.settings);
    if (!abilities) throw new ProviderError('rejected', 'The provider lacks describeMessenger in its manifest.');
    return {
      type: abilities.type,
      name,
      external_id: id,
      ...(avatarUrl && { avatar_url: avatarUrl }),
      settings: toChannelSettings(abilities, (member) => this.providers.has(connection, member), standing),
    };
  }

  /** The gateway's token may have been replaced. The reply to a registration contains the present one. */
  private async registerAgain(connectionId: string): Promise<void> {
    await this.database.transaction((tx) => this.registration.schedule(tx, connectionId));
  }
}

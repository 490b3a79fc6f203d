import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, isContentRefusal, isLive } from '#connections';
import { AuthenticationError, type ValidationError } from '#crm-client';
import { InjectProviders, type Providers } from '#integration-kit';
import { RegistrationService } from '#onboarding';
import { Database, defineJob, errorText, HandleJob, sha256Hex } from '#platform';
import { ProviderError } from '#provider-kit';
import { ChannelStore, type SyncLease, SyncLost } from './channel-store.js';
import type { ChannelEntity } from './chat.entity.js';
import { toChannelSettings } from './gateway/channel-settings.js';
import { ChannelUnknownError, type GatewayClient } from './gateway/gateway-client.js';
import { GatewayClients, GatewayClosedError } from './gateway/gateway-clients.js';
import type { ChannelInput, ListedChannel } from './gateway/gateway.types.js';
import type { ChatProvider, MessengerAccount } from './port/index.js';

/** Compares channels that are due with the gateway's. */
const keepChannels = defineJob<Record<string, never>>('housekeeping', 'chat.channels');

const EVERY_MS = 10_000;
/** Milliseconds of one run, less than its lease. */
const RUN_MS = 45_000;
/** Milliseconds for asking the messenger. */
const MESSENGER_MS = 20_000;

/**
 * Makes the gateway's channels those of a connection's messenger: activates, updates and switches off. Every
 * step is safe to repeat, so a run that was killed is begun again.
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
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
  ) {}

  @HandleJob(keepChannels, { everyMs: EVERY_MS })
  async keepDue(_data: object, stopping: AbortSignal): Promise<void> {
    await Promise.all((await this.store.claimDue()).map((lease) => this.run(lease, stopping)));
  }

  private async run(lease: SyncLease, stopping: AbortSignal): Promise<void> {
    const { connectionId } = lease;
    const connection = await this.connections.findById(connectionId, 'chat');
    // Another worker may host its module.
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

  /** Returns the first problem of a channel, if any; throws what stops them all. */
  private async compare(lease: SyncLease, connection: Connection, signal: AbortSignal): Promise<string | undefined> {
    // What a frozen account has stays: it is due again when it is no longer frozen.
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
      // One that is refused now stays as it is at the gateway.
      if (found) kept.add(found.id);
      try {
        await this.keepActive(lease, channel, found, this.describe(connection, account), gateway, signal);
      } catch (error) {
        if (!isContentRefusal(error)) throw error;
        const problem = (error as ValidationError).apiMessage ?? errorText(error);
        problems.push(`${account.name}: ${problem}`);
        await this.store.keepChannel(lease, channel.id, { state: 'failed', problem });
      }
    }
    // The token is this connection's alone: nobody else has made what is not kept.
    for (const { id } of listed) if (!kept.has(id)) await gateway.deactivateChannel(id, signal);
    for (const channel of channels)
      if (channel.state !== 'off' && !accounts.some(({ id }) => id === channel.account))
        await this.store.keepChannel(lease, channel.id, { state: 'off', problem: null });
    return problems[0];
  }

  /** Each account once, however often the settings name it. */
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
      // A token that ended with the module has no channels left.
      if (active || !(error instanceof AuthenticationError)) throw error;
      return [];
    }
  }

  /** Makes one channel active at the gateway, as described; does nothing where it is. */
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

  /** Switches a former channel on again, so that its chats go on; makes one where the gateway has none. */
  private async activate(formerId: string | null, input: ChannelInput, gateway: GatewayClient, signal: AbortSignal): Promise<number> {
    if (formerId !== null)
      try {
        return await gateway.createChannel({ id: Number(formerId), ...input }, signal);
      } catch (error) {
        if (!(error instanceof ChannelUnknownError)) throw error;
      }
    return gateway.createChannel(input, signal);
  }

  private describe(connection: Connection, { id, name, avatarUrl }: MessengerAccount): ChannelInput {
    const abilities = this.providers.getManifest(connection).describeMessenger?.(connection.settings);
    if (!abilities) throw new ProviderError('rejected', 'The messenger does not say what it can.');
    return {
      type: abilities.type,
      name,
      external_id: id,
      ...(avatarUrl && { avatar_url: avatarUrl }),
      settings: toChannelSettings(abilities, (member) => this.providers.has(connection, member)),
    };
  }

  /** The gateway's token may have been replaced: the reply to a registration has the present one. */
  private async registerAgain(connectionId: string): Promise<void> {
    await this.database.transaction((tx) => this.registration.schedule(tx, connectionId));
  }
}

import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ConnectionSecrets, ConnectionStore, CRM_LIMITER, type CrmErrand, explainCrmError, toCrmOutcome } from '#connections';
import { AuthenticationError, CrmError, memoryRateLimiter, type RateLimiter } from '#crm-client';
import { JournaledCall } from '#integration-kit';
import { Journal } from '#journal';
import { Reach } from '#platform';
import { HttpClient, ProviderError } from '#provider-kit';
import { ChannelStore } from '../channel-store.js';
import { type BotAccess, BotClient } from '../bot/bot-client.js';
import { GatewayClient } from './gateway-client.js';

/** The gateway accepts 100 calls per second. Two processes together stay within that limit. */
const LIMIT = { calls: 50, window: 1_100 };

/** The CRM has not sent its message gateway's address, or sent a forbidden one. */
export class GatewayClosedError extends ProviderError {}

/** Creates clients of the message gateway from the CRM's reply to the last registration. */
@Injectable()
export class GatewayClients implements OnApplicationShutdown {
  private readonly http = new HttpClient({
    name: 'The message gateway',
    ...{ headersTimeoutMs: 30_000, totalTimeoutMs: 60_000, maxReplyBytes: 25 * 1024 * 1024 },
  });
  private readonly limiter = memoryRateLimiter({ general: LIMIT, telephony: LIMIT });

  constructor(
    private readonly connections: ConnectionStore,
    private readonly secrets: ConnectionSecrets,
    private readonly reach: Reach,
    private readonly channels: ChannelStore,
    private readonly journal: Journal,
    /** The Bot API's limit is not documented. A bot keeps to the CRM's 10 calls per second. */
    @Inject(CRM_LIMITER) private readonly botLimiter: RateLimiter,
  ) {}

  /**
   * Returns a client with the connection's newest endpoint and token. `errand`: the purpose, for the journal.
   * Throws GatewayClosedError.
   */
  async open(connectionId: string, errand?: CrmErrand): Promise<GatewayClient> {
    const access = await this.findAccess(connectionId, 'mgTransport', errand);
    return new GatewayClient(this.http, this.limiter, { ...access, bucket: connectionId });
  }

  /** Returns a client of the connection's bot, and its newest access. Throws GatewayClosedError. */
  async openBot(connectionId: string, errand?: CrmErrand): Promise<{ client: BotClient; access: BotAccess }> {
    const access = { ...(await this.findAccess(connectionId, 'mgBot', errand)), connectionId };
    return { client: new BotClient(this.http, this.botLimiter, access), access };
  }

  /**
   * Runs `work` with a client. A token that the gateway rejects may have been replaced, so the channels are
   * compared immediately. That registers the module again and fetches the new token. Throws
   * GatewayClosedError.
   */
  async call<Result>(connectionId: string, work: (gateway: GatewayClient) => Promise<Result>, errand?: CrmErrand): Promise<Result> {
    try {
      return await work(await this.open(connectionId, errand));
    } catch (error) {
      if (!(error instanceof AuthenticationError)) throw error;
      await this.channels.askForToken(connectionId);
      throw new GatewayClosedError('unavailable', 'The message gateway rejected the token. The present one is being requested.', {
        cause: error,
      });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }

  private async findAccess(connectionId: string, kind: 'mgTransport' | 'mgBot', errand?: CrmErrand) {
    const row = await this.connections.findRow(connectionId);
    const endpointUrl = row?.registrationReply?.[kind]?.endpointUrl;
    const token = row && this.readToken(row, kind);
    if (!row || endpointUrl === undefined || token === undefined)
      throw new GatewayClosedError(
        'unavailable',
        'The CRM has not sent the address of its message gateway yet. It is sent with the next registration.',
      );
    this.assertAllowed(endpointUrl);
    const journaled = <Result>(name: string, call: () => Promise<Result>): Promise<Result> =>
      this.record({ ...errand, name, connectionId, module: row.moduleCode }, call);
    return { endpointUrl, token, reach: this.reach, journaled };
  }

  private async record<Result>(
    about: CrmErrand & { name: string; connectionId: string; module: string },
    work: () => Promise<Result>,
  ): Promise<Result> {
    if (!this.journal.isOn) return work();
    const call = new JournaledCall(this.journal, () => ({ ...about, kind: 'crm', subjectsInBodies: true }));
    const startedAt = performance.now();
    let error: unknown;
    try {
      return await call.run(work);
    } catch (caught) {
      error = caught;
      throw caught;
    } finally {
      const outcome = error instanceof CrmError ? toCrmOutcome(error) : error === undefined ? 'ok' : 'error';
      call.end(outcome, error === undefined ? undefined : explainCrmError(error), performance.now() - startedAt);
    }
  }

  private readToken(
    { id, chatTokensSealed }: { id: string; chatTokensSealed: string | null },
    kind: 'mgTransport' | 'mgBot',
  ): string | undefined {
    if (chatTokensSealed === null) return undefined;
    return (JSON.parse(this.secrets.open({ id, chatTokensSealed }, 'chatTokens')) as Partial<Record<typeof kind, string>>)[kind];
  }

  /** The token is not sent unencrypted, except to hosts in PRIVATE_HOSTS. */
  private assertAllowed(endpointUrl: string): void {
    const url = URL.canParse(endpointUrl) ? new URL(endpointUrl) : undefined;
    const isPlain = url?.protocol === 'http:' && this.reach.isNamedHost(url.hostname, Number(url.port || 80));
    if (url?.protocol !== 'https:' && !isPlain)
      throw new GatewayClosedError(
        'unavailable',
        'The address of the message gateway must start with https://, unless its host is in PRIVATE_HOSTS.',
      );
  }
}

import { Injectable, Logger } from '@nestjs/common';
import { bindToRequest, ConnectionStore, HostedModules } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { Database, defineJob, errorText, HandleJob } from '#platform';
import { ProviderError } from '#provider-kit';
import { ChatWebhooks } from './chat-webhooks.service.js';
import type { ChatProvider } from './port/index.js';

const fetchUpdates = defineJob<Record<string, never>>('inbox', 'chat.updates');

const EVERY_MS = 2_000;
/** Channels per claim, and seconds for which a worker has one to itself. Longer than a call takes. */
const BATCH = 50;
const CLAIM_S = 30;
/** Seconds until the next look: after a fetch, after a failure, and for updates that are posted. */
const AGAIN_S = { fetched: 2, failed: 30, posted: 60 };

/** A channel whose updates may have to be fetched. */
interface ClaimedChannel {
  id: string;
  connection_id: string;
  account: string;
  /** Where the last fetch ended. Null: never fetched. */
  marker: string | null;
}

/** Fetches the updates of messengers that cannot post them, and handles them as webhooks. */
@Injectable()
export class ChatUpdates {
  private readonly logger = new Logger(ChatUpdates.name);

  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly modules: HostedModules,
    private readonly connections: ConnectionStore,
    private readonly webhooks: ChatWebhooks,
    private readonly database: Database,
  ) {}

  @HandleJob(fetchUpdates, { everyMs: EVERY_MS })
  async fetchDue(_data: object, stopping: AbortSignal): Promise<void> {
    const codes = this.modules.listByProvider('chat').filter((module) => this.providers.has({ module }, 'fetchUpdates'));
    if (codes.length === 0) return;
    const claimed = await this.database.query<ClaimedChannel>(
      `UPDATE chat_channel SET fetch_at = now() + make_interval(secs => ${CLAIM_S}) WHERE id IN (
         SELECT ch.id FROM chat_channel ch JOIN live_connection c ON c.id = ch.connection_id
         WHERE c.module_code = ANY ($1::text[]) AND ch.fetch_at <= now() AND ch.state <> 'off'
         ORDER BY ch.fetch_at LIMIT ${BATCH} FOR UPDATE OF ch SKIP LOCKED
       ) RETURNING id, connection_id, account, marker`,
      [codes.map(({ code }) => code)],
    );
    await Promise.all(claimed.map((channel) => this.fetch(channel, stopping)));
  }

  private async fetch(channel: ClaimedChannel, stopping: AbortSignal): Promise<void> {
    let [seconds, marker] = [AGAIN_S.failed, channel.marker];
    try {
      const connection = await this.connections.findById(channel.connection_id, 'chat');
      if (!connection || stopping.aborted) return;
      const fetched = await this.providers.call(connection, 'fetchUpdates', (provider, context) =>
        provider.fetchUpdates(channel.account, channel.marker ?? undefined, context),
      );
      // The next fetch repeats updates that could not be stored. They are known by their ids.
      for (const request of fetched?.requests ?? []) await this.webhooks.receive(bindToRequest(connection, undefined), request);
      marker = fetched?.marker ?? marker;
      seconds = fetched ? AGAIN_S.fetched : AGAIN_S.posted;
    } catch (error) {
      if (!(error instanceof ProviderError)) this.logger.error(`updates of channel ${channel.id} were not stored: ${errorText(error)}`);
    } finally {
      await this.database.query('UPDATE chat_channel SET fetch_at = now() + make_interval(secs => $2), marker = $3 WHERE id = $1', [
        channel.id,
        seconds,
        marker,
      ]);
    }
  }
}

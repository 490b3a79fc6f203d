import { Transform } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { type Connection, ConnectionStore, isLive } from '#connections';
import { CrmError, UsageError, ValidationError } from '#crm-client';
import { InjectProviders, type Providers } from '#integration-kit';
import { Clock, defineJob, errorText, errorTrace, HandleJob, JobQueue, toLogLine } from '#platform';
import { ProviderError } from '#provider-kit';
import { FILE_MS, MEDIA_AT_ONCE, MEDIA_LEASE_S, MEDIA_PATIENCE_S, MEDIA_RETRY_S, MOST_BYTES } from './chat-times.js';
import { GatewayClients, GatewayClosedError } from './gateway/gateway-clients.js';
import type { StoredMedia } from './in-message.js';
import { type InRow, InStore } from './in-store.js';
import type { ChatProvider } from './port/index.js';

/** Transfers the files of one message to the gateway. */
export const passMedia = defineJob<{ messageId: string }>('outbox', 'chat.media');
/** Wakes messages whose files are due. */
const sweepMedia = defineJob<Record<string, never>>('housekeeping', 'chat.media.sweep');

const SWEEP_MS = 2_000;
/** Values allowed in a header (RFC 9110), because customers' programs send arbitrary media types. */
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]{1,100}\/[\w!#$%&'*+.^`|~-]{1,100}(;[\x20-\x7E]{1,100})?$/;

/** The messenger does not provide a file at the moment. `retryAfterMs`: its requested pause. */
class MessengerAway extends Error {
  readonly retryAfterMs: number;

  constructor({ message, retryAfterMs = 0 }: ProviderError, options: ErrorOptions) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** A file exceeds the gateway's limit. */
class TooLarge extends Error {
  constructor() {
    super(`a file has more than ${MOST_BYTES} bytes`);
  }
}

/**
 * Streams customers' files from the messenger to the gateway before their message. Each file's id is stored
 * as soon as the file has arrived, so if a worker dies, only one file is repeated.
 */
@Injectable()
export class ChatMedia {
  private readonly logger = new Logger(ChatMedia.name);
  private readonly turns = bulkhead(MEDIA_AT_ONCE, 0);

  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly store: InStore,
    private readonly gateways: GatewayClients,
    private readonly connections: ConnectionStore,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /** Wakes a worker to transfer the files of a message. */
  wake(messageId: string, request: string | undefined): void {
    this.queue.wake(passMedia, { messageId, request }, { deduplicationId: messageId });
  }

  /** A message without a free slot stays due, and the next sweep wakes it. */
  @HandleJob(passMedia)
  async pass({ messageId, request }: { messageId: string; request?: string | undefined }, stopping: AbortSignal): Promise<void> {
    try {
      await this.turns.execute(() => this.passAll(messageId, request, stopping));
    } catch (error) {
      if (!isBulkheadRejectedError(error)) throw error;
    }
  }

  @HandleJob(sweepMedia, { everyMs: SWEEP_MS })
  async sweep(): Promise<void> {
    const ids = await this.store.listDueMedia();
    this.queue.wakeAll(
      passMedia,
      ids.map((messageId) => ({ data: { messageId }, options: { deduplicationId: messageId } })),
    );
  }

  private async passAll(id: string, request: string | undefined, stopping: AbortSignal): Promise<void> {
    if (!(await this.store.claimMedia(id))) return;
    const row = await this.store.find(id);
    if (!row?.payload) return;
    const connection = await this.connections.findById(row.connectionId, 'chat');
    const renewal = setInterval(() => {
      this.store
        .renewMedia(id)
        .catch((error: unknown) => this.logger.warn(toLogLine(`the claim on files cannot be renewed: ${errorText(error)}`, request)));
    }, MEDIA_LEASE_S.renewal * 1_000);
    try {
      if (!connection || !isLive(connection)) return await this.store.postponeMedia(row, MEDIA_RETRY_S.most, 'the account is not live');
      for (const [index, media] of (row.payload.media ?? []).entries()) {
        if (media.file !== undefined || media.failed) continue;
        await this.store.keepMedia(id, index, await this.passOne(connection, row, media, stopping));
      }
      await this.store.endMedia(row);
    } catch (error) {
      const isForeseen = error instanceof MessengerAway || error instanceof GatewayClosedError || error instanceof CrmError;
      const text = isForeseen ? errorText(error) : errorTrace(error);
      if (!stopping.aborted) this.logger.warn(toLogLine(`files of message ${id} are not transferred yet: ${text}`, request));
      const wanted = error instanceof MessengerAway ? error.retryAfterMs / 1_000 : 0;
      const seconds = Math.max(wanted, Math.min(MEDIA_RETRY_S.first * 2 ** Math.min(row.tries - 1, 20), MEDIA_RETRY_S.most));
      await this.store.postponeMedia(row, stopping.aborted ? 0 : seconds, errorText(error));
    } finally {
      clearInterval(renewal);
    }
  }

  /**
   * Returns the file with its id at the gateway, or marked as failed. Throws errors that lead to another try.
   */
  private async passOne(connection: Connection, row: InRow, media: StoredMedia, stopping: AbortSignal): Promise<StoredMedia> {
    const fail = (why: string): StoredMedia => {
      this.logger.warn(toLogLine(`a file of message ${row.id} cannot be transferred: ${why}`, connection.request));
      return { ...media, failed: true };
    };
    if ((media.size ?? 0) > MOST_BYTES) return fail('it is too large');
    try {
      return { ...media, file: await this.stream(connection, row, media, AbortSignal.any([stopping, AbortSignal.timeout(FILE_MS)])) };
    } catch (error) {
      if (error instanceof TooLarge) return fail('it is too large');
      if (error instanceof ValidationError || error instanceof UsageError) return fail(error.message);
      if (error instanceof ProviderError && ['rejected', 'invalid'].includes(error.kind)) return fail(error.message);
      if (!(error instanceof ProviderError)) throw error;
      if (this.clock.now().getTime() - row.createdAt.getTime() >= MEDIA_PATIENCE_S * 1_000) return fail(error.message);
      throw new MessengerAway(error, { cause: error });
    }
  }

  /** Throws ProviderError for the messenger's failures, CrmError and GatewayClosedError for the gateway's. */
  private async stream(connection: Connection, { account }: InRow, { ref, type }: StoredMedia, signal: AbortSignal): Promise<string> {
    // Opened first, because an upload without a body would waste a call.
    const opened = await this.providers.call(connection, 'openMedia', (provider, context) => provider.openMedia(account, ref, context), {
      budgetMs: FILE_MS,
    });
    const { body, size } = opened;
    if ((size ?? 0) > MOST_BYTES) {
      body.destroy();
      throw new TooLarge();
    }
    let failure: unknown;
    let bytes = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) done((failure = new TooLarge()) as Error);
        else done(null, chunk);
      },
    });
    // Like `pipeline`, which would wait for a reader that may never come.
    body.once('error', (error) => counted.destroy((failure = error)));
    counted.once('close', () => body.destroy());
    counted.on('error', () => undefined);
    body.pipe(counted);
    try {
      const mediaType = [type, opened.type].find((one) => one !== undefined && MEDIA_TYPE.test(one)) ?? 'application/octet-stream';
      return await this.gateways.call(connection.id, (gateway) => gateway.uploadFile(counted, mediaType, signal, size));
    } catch (error) {
      // The source's failure explains the failed upload.
      throw failure ?? error;
    } finally {
      counted.destroy();
    }
  }
}

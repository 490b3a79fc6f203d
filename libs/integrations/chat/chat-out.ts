import { Injectable, Logger } from '@nestjs/common';
import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { bindToRequest, type Connection, ConnectionStore, isLive } from '#connections';
import { CrmError, NotFoundError, ValidationError } from '#crm-client';
import { InjectProviders, type OperationSource, type Providers } from '#integration-kit';
import { judgeAbsence, type OperationEntity, type OperationKind, OperationsService, type Recovered, type SendOptions } from '#operations';
import { Clock, defineJob, Environment, errorText, errorTrace, HandleJob, JobQueue, type LocalText, textFor, toLogLine } from '#platform';
import { CallBudget, ProviderError, type Recovery, sayError } from '#provider-kit';
import { ACT_PATIENCE_S, MEDIA_MS, NO_ROOM_MS, OUT_AT_ONCE, RETRY_S, SEND_PATIENCE_S } from './chat-times.js';
import { texts } from './chat.texts.js';
import { GatewayClients, GatewayClosedError } from './gateway/gateway-clients.js';
import { FileMissing, findMedia } from './gateway/gateway-media.js';
import type { FilledTemplate } from './gateway/gateway-template.js';
import type { StoredMessage } from './out-message.js';
import { type Outcome, type OutRow, OutStore } from './out-store.js';
import { type ChatProvider, DeliveryRefused, type OutMedia, type OutMessage, type OutTemplate, type SentMessage } from './port/index.js';

/** Sends waiting messages of a dialogue. */
export const sendDialogue = defineJob<{ dialogueId: string }>('inbox', 'chat.out');
/** Wakes dialogues whose wake-up was lost, and acknowledges outcomes whose reply may have been lost. */
const sweepDialogues = defineJob<Record<string, never>>('housekeeping', 'chat.out.sweep');

const SWEEP_MS = 2_000;

interface OutInput {
  /** Id of the message. */
  message: string;
}

/** An outcome. `settled`: it already has one. `held`: it is too early to try. */
type OutResult = Outcome | { state: 'settled' } | { state: 'held' };

/** A change of a sent message. */
interface StoredAction {
  text?: string;
  emoji?: string;
}

/** Sends messages to customers, one at a time per dialogue and each once. Edits follow their message. */
@Injectable()
export class ChatOut implements OperationSource {
  private readonly logger = new Logger(ChatOut.name);
  private readonly turns = bulkhead(OUT_AT_ONCE, 0);

  readonly send: OperationKind<OutInput, OutResult> = {
    kind: 'chat.send',
    answersRepeats: false,
    send: ({ input }, connection, options) => this.tryNow(input.message, connection, options),
    recover: (operation, connection) => this.recover(operation, connection),
    commit: async (tx, { input }, result) => {
      if (result.state !== 'settled' && result.state !== 'held') await this.store.finish(tx, input.message, result);
      return { state: result.state };
    },
  };

  readonly kinds = [this.send];

  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly operations: OperationsService,
    private readonly store: OutStore,
    private readonly gateways: GatewayClients,
    private readonly connections: ConnectionStore,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    private readonly environment: Environment,
  ) {}

  /** Wakes a worker to send a dialogue's waiting messages. */
  wake(dialogueId: string, request: string | undefined): void {
    this.queue.wake(sendDialogue, { dialogueId, request }, { deduplicationId: dialogueId });
  }

  /**
   * Tries to send or change a message. Returns whether it now has its outcome. Otherwise its next try is
   * scheduled. Throws only errors that are unrelated to the messenger.
   */
  async attempt(connection: Connection, { id, dialogueId, action, tries, createdAt }: OutRow): Promise<boolean> {
    const budget = new CallBudget(this.environment.PROVIDER_BUDGET_MS + MEDIA_MS);
    try {
      const { operation } = await this.operations.perform(this.send, bindToRequest(connection, connection.request, budget), {
        ...{ key: `chat.out ${dialogueId}`, reference: id, subject: id, input: { message: id } },
      });
      return (operation.result as Pick<OutResult, 'state'>).state !== 'held';
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const seconds = Math.max((error.retryAfterMs ?? 0) / 1_000, Math.min(RETRY_S.first * 2 ** tries, RETRY_S.most));
      const patience = action === 'send' ? SEND_PATIENCE_S : ACT_PATIENCE_S;
      // A message that may have been sent gets its outcome from the operation, which is checked again.
      if (error.kind === 'unknown_outcome' || this.ageOf(createdAt) + seconds < patience) {
        await this.store.postpone(id, error.kind === 'unknown_outcome' ? RETRY_S.first : seconds, error.message);
        return false;
      }
      await this.store.end(id, { state: 'failed', code: 'general', problem: error.message });
      return true;
    }
  }

  @HandleJob(sendDialogue)
  async sendNext(job: { dialogueId: string; request?: string | undefined }, stopping: AbortSignal): Promise<void> {
    try {
      await this.turns.execute(() => this.sendAll(job, stopping));
    } catch (error) {
      if (!isBulkheadRejectedError(error)) throw error;
      this.queue.wake(sendDialogue, job, { delayMs: NO_ROOM_MS });
    }
  }

  /** Sends messages in order. A message that must wait delays later messages and its own changes. */
  private async sendAll(
    { dialogueId, request }: { dialogueId: string; request?: string | undefined },
    stopping: AbortSignal,
  ): Promise<void> {
    for (let goesOn = true; goesOn && !stopping.aborted;) {
      goesOn = false;
      const waiting = new Set<string>();
      for (const row of await this.store.listTaken(dialogueId)) {
        const about = row.action === 'send' ? 'send' : (row.externalId ?? '');
        if (stopping.aborted || waiting.has(about)) continue;
        if (row.due && (await this.tryRow(row, request))) goesOn = true;
        else waiting.add(about);
      }
    }
    const laterMs = await this.store.keepDue(dialogueId);
    if (laterMs !== undefined && !stopping.aborted) this.queue.wake(sendDialogue, { dialogueId, request }, { delayMs: Math.ceil(laterMs) });
  }

  @HandleJob(sweepDialogues, { everyMs: SWEEP_MS })
  async sweep(): Promise<void> {
    const ids = await this.store.claimDue();
    this.queue.wakeAll(
      sendDialogue,
      ids.map((dialogueId) => ({ data: { dialogueId }, options: { deduplicationId: dialogueId } })),
    );
    await this.store.addDueAcks();
  }

  private async tryRow(row: OutRow, request: string | undefined): Promise<boolean> {
    const connection = await this.connections.findById(row.connectionId, 'chat');
    // The module may be hosted by another worker.
    if (!connection) return false;
    if (!isLive(connection)) {
      if (this.ageOf(row.createdAt) < (row.action === 'send' ? SEND_PATIENCE_S : ACT_PATIENCE_S)) return false;
      await this.store.end(row.id, { state: 'failed', code: 'general', problem: this.text(connection, texts.tooLate) });
      return true;
    }
    try {
      return await this.attempt(bindToRequest(connection, request), row);
    } catch (error) {
      this.logger.error(toLogLine(`message ${row.id} cannot be sent: ${errorTrace(error)}`, request));
      await this.store.postpone(row.id, RETRY_S.most, errorText(error));
      return false;
    }
  }

  /** Does nothing if another try, which this one waited for, has postponed the message. */
  private async tryNow(id: string, connection: Connection, options: SendOptions): Promise<OutResult> {
    const row = await this.store.find(id);
    if (row?.state === 'taken' && !row.due) return { state: 'held' };
    try {
      return await this.carryOut(id, connection, options);
    } catch (error) {
      // Stored while the operation still excludes other tries.
      if (error instanceof ProviderError && error.retryAfterMs !== undefined) await this.store.hold(id, error.retryAfterMs / 1_000);
      throw error;
    }
  }

  /** Runs within the dialogue's operation, so that no other process does the same. */
  private async carryOut(id: string, connection: Connection, options: SendOptions): Promise<OutResult> {
    const row = await this.store.find(id);
    if (row?.state !== 'taken') return { state: 'settled' };
    if (row.action !== 'send') return this.act(row, connection, options);
    if (this.ageOf(row.createdAt) >= SEND_PATIENCE_S) return this.fail(connection, texts.tooLate);
    const budget = new CallBudget(options.budgetMs ?? this.environment.PROVIDER_BUDGET_MS);
    const stored = row.payload as StoredMessage;
    try {
      const request = await this.toMessage(row, stored, budget.signal());
      const sent = await this.providers.call(connection, 'sendMessage', (provider, context) => provider.sendMessage(request, context), {
        ...options,
        budgetMs: budget.left,
      });
      return { state: 'sent', ...sent, later: this.isReported(connection) };
    } catch (error) {
      return error instanceof FileMissing ? this.fail(connection, error.text) : this.judge(error, connection);
    }
  }

  /** Maps an error to an outcome. Throws errors that lead to another try or a recovery. */
  private judge(error: unknown, connection: Connection): Outcome {
    if (error instanceof DeliveryRefused) {
      const { code, message, externalCode } = error;
      return { state: 'failed', code, problem: message, ...(externalCode !== undefined && { externalCode }) };
    }
    if (error instanceof ProviderError && error.kind !== 'unknown_outcome') {
      if (error.kind === 'rate_limited' || error.kind === 'unavailable') throw error;
      return { state: 'failed', code: 'general', problem: sayError(error, connection.account.language) };
    }
    if (this.getRecovery(connection) !== 'none') throw error;
    this.logger.warn(toLogLine(`a message's outcome is unknown: ${errorText(error)}`, connection.request));
    return this.toUnknown(connection);
  }

  /** The messenger may still report that it was sent. */
  private toUnknown(connection: Connection): Outcome {
    return { state: 'unknown', problem: this.text(connection, texts.unknown), later: this.isReported(connection) };
  }

  /** Whether the messenger reports later which messages it has sent. */
  private isReported(connection: Connection): boolean {
    const { describeMessenger } = this.providers.getManifest(connection);
    return describeMessenger?.(connection.settings).receipts?.outcome === true;
  }

  /** A repeat is harmless, so no outcome stays unknown. */
  private async act(row: OutRow, connection: Connection, options: SendOptions): Promise<OutResult> {
    const { account, chat, action, externalId } = row;
    const { text = '', emoji } = (row.payload ?? {}) as StoredAction;
    if (chat === undefined || externalId === null) return this.fail(connection, texts.notCarried);
    const place = { account, chat };
    try {
      const ids = await this.store.listParts(row.channelId, externalId);
      if (action === 'edit')
        await this.providers.call(
          connection,
          'editMessage',
          (provider, context) => provider.editMessage({ ...place, ids, text }, context),
          options,
        );
      else if (action === 'delete')
        await this.providers.call(
          connection,
          'deleteMessage',
          (provider, context) => provider.deleteMessage({ ...place, ids }, context),
          options,
        );
      else if (action === 'read')
        await this.providers.call(
          connection,
          'markRead',
          (provider, context) => provider.markRead({ ...place, id: externalId }, context),
          options,
        );
      else
        await this.providers.call(
          connection,
          'reactToMessage',
          (provider, context) => provider.reactToMessage({ ...place, id: externalId, ...(emoji !== undefined && { emoji }) }, context),
          options,
        );
      return { state: 'sent' };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (error.kind === 'unknown_outcome') throw new ProviderError('unavailable', error.message, { cause: error });
      if (error.kind === 'rate_limited' || error.kind === 'unavailable') throw error;
      this.logger.warn(toLogLine(`${action} of a message was rejected: ${errorText(error)}`, connection.request));
      return { state: 'failed', code: 'general', problem: sayError(error, connection.account.language) };
    }
  }

  /**
   * Repeats a message that is safe to repeat, or looks it up, while the gateway waits. Otherwise the outcome
   * stays unknown.
   */
  private async recover(operation: OperationEntity & { input: OutInput }, connection: Connection): Promise<Recovered<OutResult>> {
    const row = await this.store.find(operation.input.message);
    if (row?.state !== 'taken') return { found: { state: 'settled' } };
    const unknown: OutResult = this.toUnknown(connection);
    const isLate = this.ageOf(row.createdAt) >= SEND_PATIENCE_S;
    const recovery = row.action === 'send' ? this.getRecovery(connection) : 'repeat';
    if (recovery === 'none' || (recovery === 'repeat' && row.action === 'send' && isLate)) return { found: unknown };
    connection.budget?.refuseLate();
    if (recovery === 'repeat') return { found: await this.carryOut(row.id, connection, { budgetMs: connection.budget?.left }) };
    try {
      const found = await this.findSent(row, connection);
      if (found) return { found: { state: 'sent', ...found } };
      // A message that was never sent may be sent again. If it is late, it fails instead.
      const absence = judgeAbsence(operation, recovery.settleSeconds, this.clock.now());
      return absence === 'unknown' && isLate ? { found: unknown } : absence;
    } catch (error) {
      if (!isLate || !(error instanceof ProviderError || error instanceof FileMissing)) throw error;
      return { found: unknown };
    }
  }

  private async findSent(row: OutRow, connection: Connection): Promise<SentMessage | undefined> {
    const budget = connection.budget ?? new CallBudget(this.environment.PROVIDER_BUDGET_MS);
    const request = await this.toMessage(row, row.payload as StoredMessage, budget.signal());
    return this.providers.call(connection, 'findMessage', (provider, context) => provider.findMessage(request, context), {
      budgetMs: budget.left,
    });
  }

  /** How the outcome of a lost message is found. */
  private getRecovery(connection: Connection): 'repeat' | 'none' | Extract<Recovery, { kind: 'find' }> {
    const { recovery } = this.providers.getManifest(connection);
    if (recovery?.kind === 'idempotency-key') return 'repeat';
    return recovery?.kind === 'find' && this.providers.has(connection, 'findMessage') ? recovery : 'none';
  }

  private async toMessage(row: OutRow, stored: StoredMessage, signal: AbortSignal): Promise<OutMessage> {
    const { id, connectionId, channelId, account, chat, customer } = row;
    const { files, kind, text, quote, product, order, suggestions, template } = stored;
    const { date, ...rest } = order ?? { payments: [], items: [] };
    return {
      ...{ reference: id, account, kind },
      ...(chat !== undefined && { chat }),
      ...(customer !== undefined && { customer }),
      ...(text !== undefined && { text }),
      media: files.length > 0 ? await this.listMedia(connectionId, files, signal) : [],
      ...(quote !== undefined && { quote: await this.store.listParts(channelId, quote) }),
      ...(product && { product }),
      ...(order && { order: { ...rest, ...(date !== undefined && { date: new Date(date) }) } }),
      ...(suggestions && { suggestions }),
      ...(template && { template: await this.toTemplate(connectionId, template, signal) }),
    };
  }

  private async toTemplate(connectionId: string, { header, ...rest }: FilledTemplate, signal: AbortSignal): Promise<OutTemplate> {
    if (!header || header.type === 'text') return { ...rest, ...(header && { header }) };
    const [file] = await this.listMedia(connectionId, [header.file], signal);
    if (!file) throw new FileMissing(texts.fileGone);
    return { ...rest, header: { type: header.type, file } };
  }

  /** Missing or oversized files end the message. An unavailable gateway delays it. */
  private async listMedia(connectionId: string, files: readonly string[], signal: AbortSignal): Promise<OutMedia[]> {
    try {
      return await this.gateways.call(connectionId, (gateway) => Promise.all(files.map((file, n) => findMedia(gateway, file, n, signal))));
    } catch (error) {
      if (error instanceof NotFoundError || error instanceof ValidationError) throw new FileMissing(texts.fileGone);
      if (error instanceof CrmError || error instanceof GatewayClosedError)
        throw new ProviderError('unavailable', error.message, { cause: error });
      throw error;
    }
  }

  private fail(connection: Connection, text: LocalText): Outcome {
    return { state: 'failed', code: 'general', problem: this.text(connection, text) };
  }

  private text({ account }: Connection, text: LocalText): string {
    return textFor(text, account.language);
  }

  /** Returns the seconds since a message was accepted. */
  private ageOf(createdAt: Date): number {
    return (this.clock.now().getTime() - createdAt.getTime()) / 1_000;
  }
}

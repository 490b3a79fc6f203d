import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, isLive } from '#connections';
import type { OrderThing } from '#insight';
import { InjectProviders, type OperationSource, type Providers } from '#integration-kit';
import { judgeAbsence, type OperationEntity, type OperationKind, OperationsService, type Recovered, type SendOptions } from '#operations';
import {
  BadInputError,
  CallbackError,
  Clock,
  defineJob,
  Environment,
  errorText,
  errorTrace,
  fillIn,
  HandleJob,
  JobQueue,
  type LocalText,
  sha256Hex,
  textFor,
  type Transaction,
} from '#platform';
import { ProviderError, sayError } from '#provider-kit';
import { texts } from '../chat.texts.js';
import { GatewayClients } from '../gateway/gateway-clients.js';
import type { ChatProvider } from '../port/index.js';
import { type ActiveDialog, type BotClient, DialogOverError } from './bot-client.js';
import type { BotEvent, BotMessage } from './bot-message.js';
import { BotOrders } from './bot-orders.js';
import { BotStore } from './bot-store.js';
import type { AnswerState, BotAnswerEntity } from './bot.entity.js';

/** Replies to the due messages of a connection. */
const answerMessages = defineJob<{ connectionId: string }>('inbox', 'chat.bot');
/** Finds messages whose wake-up was lost. */
const sweepMessages = defineJob<Record<string, never>>('housekeeping', 'chat.bot.sweep');

const SWEEP_MS = 2_000;
/** Messages that a worker claims, and answers at the same time. */
const [CLAIMED, AT_ONCE] = [20, 4];
/** Milliseconds for deciding on an answer. */
const DECIDE_MS = 30_000;
/** Seconds until the next try, doubled each time. */
const RETRY_S = { first: 2, longest: 600 };
/** Seconds after which the gateway would show a message whose reply was lost. */
const SETTLE_S = 10;
/** Milliseconds after which a message is no longer answered. */
const TOO_OLD_MS = 24 * 3_600_000;
/** Latest orders of a customer that are looked through. */
const MOST_ORDERS = 5;

interface AnswerInput {
  /** Id of the row, and the hash of its text. */
  answer: string;
  digest: string;
}

/** A note for managers, an answer to the customer, which is stored already, or the end without an answer. */
type Decision = { content: string; isStored: boolean } | { end: AnswerState; why: string };

/** Replies to customers' questions and managers' commands, each once. */
@Injectable()
export class BotAnswers implements OperationSource {
  private readonly logger = new Logger(BotAnswers.name);

  readonly answer: OperationKind<AnswerInput, { id?: number }> = {
    kind: 'chat.answer',
    // A message that was dealt with no longer waits, so its key may be free again.
    answersRepeats: false,
    send: ({ input }, connection, options) => this.send(input, connection, options),
    recover: (operation, connection) => this.recover(operation, connection),
    commit: async (tx, { input }, result) => {
      await this.store.end(input.answer, 'sent', null, result.id, tx);
      return result;
    },
  };

  readonly kinds = [this.answer];

  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly store: BotStore,
    private readonly orders: BotOrders,
    private readonly gateways: GatewayClients,
    private readonly operations: OperationsService,
    private readonly connections: ConnectionStore,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    private readonly environment: Environment,
  ) {}

  /** Stores a message to answer, in the inbox's transaction. */
  async take(tx: Transaction, connection: Connection, event: BotEvent): Promise<void> {
    await this.store.add(tx, connection.id, event);
    tx.afterCommit(() => this.wake(connection.id));
  }

  @HandleJob(answerMessages)
  async answerDue({ connectionId }: { connectionId: string }, stopping: AbortSignal): Promise<void> {
    for (let rows = await this.claim(connectionId, stopping); rows.length > 0; rows = await this.claim(connectionId, stopping)) {
      const connection = await this.connections.findById(connectionId, 'chat');
      // The module may be hosted by another worker.
      if (!connection) return;
      const left = [...rows];
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (let row = left.shift(); row; row = left.shift()) await this.handle(connection, row);
        }),
      );
    }
  }

  @HandleJob(sweepMessages, { everyMs: SWEEP_MS })
  async sweep(): Promise<void> {
    for (const id of await this.store.listDue()) this.wake(id);
  }

  private wake(connectionId: string): void {
    this.queue.wake(answerMessages, { connectionId }, { deduplicationId: connectionId });
  }

  private claim(connectionId: string, stopping: AbortSignal): Promise<BotAnswerEntity[]> {
    return stopping.aborted ? Promise.resolve([]) : this.store.claim(connectionId, CLAIMED);
  }

  /** Replies to one message, or stores its failure or next try. Throws only if the database fails. */
  private async handle(connection: Connection, row: BotAnswerEntity): Promise<void> {
    try {
      await this.attempt(connection, row);
    } catch (error) {
      const seconds = Math.min(RETRY_S.first * 2 ** Math.min(row.tries, 20), RETRY_S.longest);
      if (error instanceof DialogOverError) return this.store.end(row.id, 'late', error.message);
      if (!(error instanceof ProviderError))
        this.logger.error(`message ${row.messageId} of connection ${connection.id} is not answered: ${errorTrace(error)}`);
      if (error instanceof ProviderError && (error.kind === 'rejected' || error.kind === 'invalid'))
        return this.store.end(row.id, 'failed', error.message);
      const leastS = error instanceof ProviderError ? (error.retryAfterMs ?? 0) / 1_000 : 0;
      await this.store.postpone(row.id, Math.max(seconds, leastS), errorText(error));
    }
  }

  private async attempt(connection: Connection, row: BotAnswerEntity): Promise<void> {
    const bot = this.providers.getManifest(connection).describeBot?.(connection.settings);
    if (!bot?.active || !isLive(connection)) return this.store.end(row.id, 'skipped', 'off');
    if (this.clock.now().getTime() - row.receivedAt.getTime() > TOO_OLD_MS) return this.store.end(row.id, 'late', 'a day has passed');
    const { client } = await this.gateways.openBot(connection.id, connection);
    const decision = await this.decide(connection, row, client, AbortSignal.timeout(DECIDE_MS));
    if ('end' in decision) return this.store.end(row.id, decision.end, decision.why);
    const { content, isStored } = decision;
    if (!isStored && !(await this.store.decide(row.id, 'private', content))) return;
    await this.operations.perform(this.answer, connection, {
      ...{ key: `chat.answer ${row.messageId}`, reference: row.id, subject: row.id },
      input: { answer: row.id, digest: sha256Hex(content) },
    });
  }

  private async decide(connection: Connection, row: BotAnswerEntity, client: BotClient, signal: AbortSignal): Promise<Decision> {
    if (row.request !== 'order') return { content: await this.obey(connection, row, signal), isStored: false };
    const dialog = await client.findDialog(Number(row.chatId), signal);
    if (!dialog || (row.dialogId !== null && String(dialog.id) !== row.dialogId)) return { end: 'late', why: 'the dialogue has ended' };
    const found = await this.findOrder(connection, row, client, signal);
    if (!found) return { end: 'skipped', why: 'no order' };
    const content = this.tell(connection, found.number, found.things);
    if (found.isOwn && (await this.takeAnswer(connection, row, client, { dialog, content }, signal))) return { content, isStored: true };
    return { content: this.text(connection, fillIn(texts.bot.suggestion, { text: content })), isStored: false };
  }

  /**
   * Stores the answer for the customer if the shop allows it, no person deals with the dialogue, and there is
   * time and room for it. Returns whether.
   */
  private async takeAnswer(
    connection: Connection,
    row: BotAnswerEntity,
    client: BotClient,
    { dialog, content }: { dialog: ActiveDialog; content: string },
    signal: AbortSignal,
  ): Promise<boolean> {
    const { answersCustomers = false, answersPerHour = 3 } =
      this.providers.getManifest(connection).describeBot?.(connection.settings) ?? {};
    if (!answersCustomers || dialog.responsible === 'user' || row.dialogId === null) return false;
    const deadline = await client.findReplyDeadline(Number(row.chatId), signal);
    if (deadline && deadline.getTime() <= this.clock.now().getTime()) return false;
    return this.store.decidePublic(row, content, answersPerHour);
  }

  /**
   * The order that a customer asks about, if it has a delivery or payment here: among their orders the one
   * they name, or their latest one. An order that is not found among theirs is only for managers.
   */
  private async findOrder(
    connection: Connection,
    { customerId, orderNumber }: BotAnswerEntity,
    client: BotClient,
    signal: AbortSignal,
  ): Promise<{ number: string; things: OrderThing[]; isOwn: boolean } | undefined> {
    const customer = customerId === null ? undefined : Number(customerId);
    const own = customer === undefined ? [] : await this.orders.listOf(connection, customer, () => client.findPhone(customer, signal));
    const named = own.filter(({ number }) => number.toLowerCase() === orderNumber?.toLowerCase());
    const isOwn = orderNumber === null || named.length > 0;
    const orders: { number: string; id?: string }[] =
      orderNumber === null ? own.slice(0, MOST_ORDERS) : isOwn ? named : [{ number: orderNumber }];
    for (const order of orders) {
      const things = await this.orders.listThings(connection, order);
      if (things.length > 0) return { number: order.number, things, isOwn };
    }
    return undefined;
  }

  /** Does what a manager's command wants, and returns the answer. */
  private async obey(connection: Connection, row: BotAnswerEntity, signal: AbortSignal): Promise<string> {
    const { request, orderNumber: order } = row;
    if (order === null) return this.text(connection, fillIn(texts.bot.usage, { command: request }));
    if (request === 'call') return this.text(connection, await this.call(connection, row, order));
    const wanted = request === 'pay' ? 'payment' : 'delivery';
    const things = (await this.orders.listThings(connection, { number: order })).filter(({ kind }) => kind === wanted);
    signal.throwIfAborted();
    if (things.length > 0) return this.tell(connection, order, things);
    return this.text(connection, fillIn(request === 'pay' ? texts.bot.noPayment : texts.bot.noDelivery, { order }));
  }

  /** Calls the customer of an order, at most once for a command. */
  private async call(connection: Connection, row: BotAnswerEntity, number: string): Promise<LocalText> {
    if (row.userId === null) return texts.bot.noUser;
    const phone = (await this.orders.find(connection, number))?.phone;
    if (phone === undefined) return texts.bot.noPhone;
    if (!(await this.store.takeCall(row.id))) return texts.bot.callUnknown;
    try {
      return (await this.orders.call(connection, Number(row.userId), phone)) ? texts.bot.calling : texts.bot.noTelephony;
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'unknown_outcome') return texts.bot.callUnknown;
      const known = error instanceof ProviderError || error instanceof CallbackError || error instanceof BadInputError;
      if (!known) throw error;
      const reason = error instanceof ProviderError ? sayError(error, connection.account.language) : error.message;
      return fillIn(texts.bot.callRejected, { reason });
    }
  }

  /** Describes an order's things, a line for each. */
  private tell(connection: Connection, order: string, things: readonly OrderThing[]): string {
    const { language } = connection.account;
    const lines = things.map(({ kind, state, trackNumber, url }) => {
      const text = kind === 'payment' ? texts.bot.payment : texts.bot.delivery;
      const track = trackNumber === undefined ? [] : [this.text(connection, fillIn(texts.bot.track, { track: trackNumber }))];
      return [this.text(connection, fillIn(text, { state: textFor(state, language) })), ...track, ...(url === undefined ? [] : [url])].join(
        ' ',
      );
    });
    return [this.text(connection, fillIn(texts.bot.order, { order })), ...lines].join('\n');
  }

  private async send({ answer, digest }: AnswerInput, connection: Connection, { budgetMs }: SendOptions): Promise<{ id?: number }> {
    const row = await this.store.findAnswer(answer);
    if (row?.state !== 'waiting' || row.content === null || row.scope === null)
      throw new ProviderError('rejected', 'The message was answered meanwhile.');
    // A lost answer is found by its hash.
    if (sha256Hex(row.content) !== digest) throw new ProviderError('unavailable', 'The answer has changed meanwhile.');
    const { client } = await this.gateways.openBot(connection.id, connection);
    const signal = AbortSignal.timeout(Math.ceil(budgetMs ?? this.environment.PROVIDER_BUDGET_MS));
    const { scope, content } = row;
    const chat = Number(row.chatId);
    // The quote identifies a note whose reply is lost. Not every messenger has quotes.
    const quoted = scope === 'private' ? { quote: Number(row.messageId) } : {};
    const id = await client.sendText({ chat, scope, content, ...quoted }, signal).catch((error: unknown) => {
      if (scope === 'public' || !(error instanceof ProviderError) || error.kind !== 'rejected') throw error;
      return client.sendText({ chat, scope, content }, signal);
    });
    return id === undefined ? {} : { id };
  }

  /**
   * Looks for a lost answer among the bot's messages after the question, because a message has no idempotency
   * key: by its quote, else by its text. Equal texts that are known to answer other questions do not count.
   */
  private async recover(operation: OperationEntity & { input: AnswerInput }, connection: Connection): Promise<Recovered<{ id?: number }>> {
    const { answer, digest } = operation.input;
    const row = await this.store.findAnswer(answer);
    if (!row) return 'absent';
    const { client } = await this.gateways.openBot(connection.id, connection);
    const bot = (await this.store.find(connection.id))?.botId;
    const signal = AbortSignal.timeout(Math.max(Math.ceil(connection.budget?.left ?? DECIDE_MS), 1));
    const [chat, question] = [Number(row.chatId), Number(row.messageId)];
    for (let sinceId = question; ;) {
      const { messages, isFull } = await client.listMessages({ chat, sinceId, ...(bot && { bot: Number(bot) }) }, signal);
      const own = messages.filter(({ id, from }) => id > question && from.type === 'bot');
      const known = await this.store.listKnown(
        connection.id,
        own.map(({ id }) => id),
      );
      const isAnswer = ({ id, quote, content }: BotMessage): boolean =>
        quote === undefined ? !known.has(id) && sha256Hex(content) === digest : quote === question;
      const found = own.find(isAnswer);
      if (found) return { found: { id: found.id } };
      const last = messages.at(-1)?.id ?? sinceId;
      if (!isFull || last <= sinceId) return judgeAbsence(operation, SETTLE_S, this.clock.now());
      sinceId = last;
    }
  }

  private text({ account }: Connection, text: LocalText): string {
    return textFor(text, account.language);
  }
}

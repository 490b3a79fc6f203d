import type { FastifyReply, FastifyRequest } from 'fastify';
import { hand } from '../../../libs/testing/double/control.js';
import { type Acts, Answer, type DoubleOptions, type Fault, type Input } from '../../../libs/testing/double/rules.js';
import type { ServiceAnswer } from '../../../libs/testing/double/faults.js';
import { Refusal } from '../../../libs/testing/double/refusal.js';
import type { Hook } from '../../../libs/testing/double/webhooks.js';
import { either, flag, list, object, type Schema, text, whole } from '../../../libs/testing/double/wire.js';
import { TelegramBot, type TelegramWebhook } from './telegram-bot.js';
import type { TelegramKept, TelegramPerson } from './telegram-records.js';
import type { TelegramContent } from './telegram-contents.js';
import { badRequest, tooMany, type TelegramMessage, type TelegramUpdate } from './telegram-objects.js';
import { checkParams, readParams, type TelegramParams } from './telegram-params.js';
import { MODES, type TelegramModes } from './telegram-modes.js';
import { SECRET_HEADER, type TelegramOwnFault, TelegramPeople } from './telegram-people.js';
import { CALLS, type TelegramCall, type TelegramMethod } from './telegram-wire.js';

/** Options for starting a Telegram double. */
export interface TelegramDoubleOptions extends DoubleOptions {
  /** Token of its first bot. By default a fixed one. */
  token?: string;
  /** Addresses that setWebhook takes. `https` when left out. `reset` comes back to it. */
  webhookUrls?: TelegramModes['webhookUrls'];
}

const HTML = 'html';

/** The acts of the methods. */
const ACTS: Readonly<Record<TelegramMethod, (bot: TelegramBot, params: TelegramParams) => unknown>> = {
  getMe: (bot) => bot.getMe(),
  setWebhook: (bot, { values }) => bot.setWebhook(values as never),
  getWebhookInfo: (bot) => bot.getWebhookInfo(),
  deleteWebhook: (bot, { values }) => bot.deleteWebhook(values),
  getUpdates: (bot, { values }) => bot.getUpdates(values),
  getFile: (bot, { values }) => bot.getFile(values as never),
  getUserProfilePhotos: (bot, { values }) => bot.getUserProfilePhotos(values as never),
  sendMessage: (bot, { values }) => bot.sendMessage(values as never),
  sendPhoto: (bot, { values, uploads }) => bot.sendPhoto(values as never, uploads),
  sendDocument: (bot, { values, uploads }) => bot.sendDocument(values as never, uploads),
  sendVoice: (bot, { values, uploads }) => bot.sendVoice(values as never, uploads),
  sendAudio: (bot, { values, uploads }) => bot.sendAudio(values as never, uploads),
  sendMediaGroup: (bot, { values, uploads }) => bot.sendMediaGroup(values as never, uploads),
  editMessageText: (bot, { values }) => bot.editMessageText(values as never),
  editMessageCaption: (bot, { values }) => bot.editMessageCaption(values as never),
  deleteMessage: (bot, { values }) => bot.deleteMessage(values as never),
  deleteMessages: (bot, { values }) => bot.deleteMessages(values as never),
  setMessageReaction: (bot, { values }) => bot.setMessageReaction(values as never),
  answerCallbackQuery: (bot, { values }) => bot.answerCallbackQuery(values as never),
};

/**
 * Telegram's Bot API as far as a messenger's module needs it (README.md). Tests play people, BotFather and
 * time by its methods or under `/control`.
 */
export class TelegramDouble extends TelegramPeople {
  /** Until when (milliseconds) nothing may be sent, by bot and chat. */
  private readonly floods = new Map<string, number>();
  private readonly inFlight = new Map<string, number>();
  private readonly sentAt = new Map<string, number[]>();
  private readonly params = new WeakMap<FastifyRequest, TelegramParams | Refusal>();
  /** The addresses that updates are posted to, and the updates that were taken. */
  private readonly targets = new WeakMap<object, TelegramWebhook>();
  private readonly underWay = new Map<object, TelegramWebhook>();
  private readonly taken = new WeakSet<object>();

  private constructor(
    token: string,
    private readonly firstUrls: TelegramModes['webhookUrls'],
  ) {
    super({
      wire: CALLS,
      modes: MODES,
      bodyLimit: 64 * 1_024 * 1_024,
      faults: {
        refuse: ({ status, message = '' }) => (status === undefined ? badRequest(message) : new Refusal(status, '', message)),
        html: ({ status = 502 }) => new Refusal(status, HTML, '', undefined, { 'content-type': 'text/html' }),
        'html-after': { spoil: (_answer, { status = 502 }) => ({ status, file: { type: 'text/html', bytes: writeHtml(status) } }) },
        scheduled: { spoil: withoutIds },
      },
      unauthorized: new Refusal(401, '', 'Unauthorized'),
      failed: new Refusal(500, '', 'Internal Server Error'),
      tooMany,
      writeRefusal: ({ status, code, message, details }, path) => {
        if (code === HTML) return writeHtml(status);
        const [, method = ''] = /^\/bot[^/]+\/(\w+)$/.exec(path) ?? [];
        // A malformed token is not found either.
        if (code === 'not_found' && !(method in ACTS)) this.complain(`there is no call ${path.replace(/bot\d+:[\w-]+/, 'bot…')}`);
        const description = { not_found: 'Not Found', invalid: 'Request Entity Too Large' }[code] ?? message;
        return { ok: false, error_code: status, description, ...(details !== undefined && { parameters: details }) };
      },
      findAccount: ({ params }, bots) => bots.find((one) => one.token === (params as { token?: string }).token),
      hooks: {
        // Telegram posts for a day.
        attempts: 1_000,
        laneOf: ({ about }) => `${about?.['bot'] as number} ${about?.['chat'] as number}`,
        isStale: (hook) => !this.isWanted(hook),
        isTaken: (answer, hook) => {
          const isTaken = answer.status >= 200 && answer.status < 300;
          const { webhook } = this.botOf(hook);
          if (!isTaken && webhook) webhook.lastError = { at: Date.now(), text: writeError(answer) };
          // Telegram would call the method, and its result or error would be lost.
          if (isTaken && /"method"\s*:/.test(answer.body)) this.complain(`the update ${idOf(hook)} was answered with a method`);
          return isTaken;
        },
        conclude: (hook, answer) => {
          if (answer.status >= 200 && answer.status < 300) this.taken.add(hook.body);
          else this.complain(`the update ${idOf(hook)} was given up: ${writeError(answer)}`);
          const bot = this.botOf(hook);
          bot.pending = bot.pending.filter(({ update }) => update !== hook.body);
          this.underWay.delete(hook.body);
        },
        sign: ({ secret }): Record<string, string> => (secret === undefined ? {} : { [SECRET_HEADER]: secret }),
      },
    });
    this.modes.webhookUrls = firstUrls;
    this.addBot({ token });
    this.app.addHook('preHandler', (request, reply) => this.receive(request, reply));
    this.serve(this.listActs());
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static start(options: TelegramDoubleOptions = {}): Promise<TelegramDouble> {
    const { token = '5551234567:AAFakeTokenOfTheTelegramDouble00000', webhookUrls = 'https' } = options;
    return new TelegramDouble(token, webhookUrls).listen(options);
  }

  override get settingsText(): string {
    return this.bots.map(({ token, user }) => `token ${token} of @${user.username}`).join(', ');
  }

  /** Seconds that a bot must still wait with a chat, 0: none. Notes a call that did not wait. */
  private secondsToWait(bot: number, chat: string): number {
    const until = this.floods.get(`${bot} ${chat}`) ?? 0;
    const left = until - Date.now();
    if (left > 0) this.complain(`the bot ${bot} did not wait with the chat ${chat}: ${left} ms too early`);
    return Math.max(0, Math.ceil(left / 1_000));
  }

  /** From now on a bot must wait so many seconds with a chat. */
  private flood(bot: number, chat: string, seconds: number): void {
    this.floods.set(`${bot} ${chat}`, Date.now() + seconds * 1_000);
  }

  /** Whether one more message to a chat is too many in a second. */
  private isTooFast(bot: number, chat: string): boolean {
    const { messagesPerSecond: most } = this.modes;
    if (most === undefined) return false;
    const key = `${bot} ${chat}`;
    const recent = (this.sentAt.get(key) ?? []).filter((at) => at > Date.now() - 1_000);
    this.sentAt.set(key, [...recent, Date.now()]);
    return recent.length >= most;
  }

  /** A message to a chat is being sent, until the returned is called. Notes two at the same time. */
  private enterChat(bot: number, chat: string): () => void {
    const key = `${bot} ${chat}`;
    const running = this.inFlight.get(key) ?? 0;
    if (running > 0) this.complain(`the bot ${bot} sends two messages at once to the chat ${chat}`);
    this.inFlight.set(key, running + 1);
    return () => void this.inFlight.set(key, (this.inFlight.get(key) ?? 1) - 1);
  }

  override describe(): object {
    const bots = this.bots.map((bot) => ({
      ...{ id: bot.id, token: bot.token, username: bot.user.username, webhook: bot.getWebhookInfo(), chats: bot.dialogues.size },
      unansweredPresses: bot.unanswered,
    }));
    return { ...super.describe(), bots, people: [...this.people.values()].map(showPerson), complaints: this.complaints };
  }

  /** Leaves the first bot with its address. */
  protected override forget(): void {
    this.modes.webhookUrls = this.firstUrls;
    this.bots.splice(1);
    this.bot.dialogues.clear();
    this.bot.pending = [];
    for (const index of [this.people, this.files, this.floods, this.inFlight, this.sentAt, this.underWay]) index.clear();
    this.complaints.length = 0;
  }

  protected override look(request: FastifyRequest): unknown {
    const params = this.params.get(request);
    if (params === undefined || params instanceof Refusal) return undefined;
    return {
      ...params.values,
      ...(params.uploads.length > 0 && { uploads: params.uploads.map(({ bytes, ...one }) => ({ ...one, size: bytes.length })) }),
    };
  }

  /** A bot that does not wait gets 429 again. */
  protected override takeFault(
    call: TelegramCall,
    bot: TelegramBot | undefined,
    request: FastifyRequest,
  ): Fault<TelegramOwnFault> | undefined {
    const planned = super.takeFault(call, bot, request);
    if (!bot) return planned;
    const chat = this.chatOf(call, request);
    const left = this.secondsToWait(bot.id, chat ?? call);
    if (left > 0) return { kind: 'rate-limit', retryAfterSeconds: left };
    const isFlood = planned?.kind === 'rate-limit';
    if (!isFlood && (chat === undefined || !this.isTooFast(bot.id, chat))) return planned;
    const seconds = (isFlood ? planned.retryAfterSeconds : undefined) ?? 1;
    this.flood(bot.id, chat ?? call, seconds);
    return { kind: 'rate-limit', retryAfterSeconds: seconds };
  }

  protected override listThings() {
    return {
      messages: ({ chat, by }: Readonly<Record<string, string>>) =>
        this.bots
          .flatMap(({ dialogues }) => [...dialogues.values()].flatMap(({ messages }) => messages))
          .filter((kept) => (chat === undefined || kept.message.chat.id === Number(chat)) && (by === undefined || kept.by === by))
          .map(show),
    };
  }

  protected override listHands() {
    const [id, whom] = [whole(), either<Schema[]>(whole(), text()) as Schema<number | string>];
    const content = object({ kind: text(), 'base64?': text() }, { additionalProperties: true }) as Schema<ContentByHand>;
    const someone = { 'person?': whom, 'bot?': id };
    const one = { person: whom, 'bot?': id };
    const message = { chat: id, message: id, 'bot?': id };
    const looks = { 'first_name?': text(), 'last_name?': text(), 'username?': text(), 'language_code?': text(), 'photo?': text() };
    return {
      people: hand(object({ 'id?': id, ...looks, 'deactivated?': flag, 'forbidsVoice?': flag }), (given) => {
        const { photo, deactivated = false, forbidsVoice = false, ...user } = given;
        const found = (user.id !== undefined && this.people.get(user.id)) || this.addPerson(user);
        Object.assign(found, { deactivated, forbidsVoice });
        Object.assign(found.user, user);
        if (photo !== undefined) found.photos = [this.files.add({ kind: 'photo', bytes: Buffer.from(photo, 'base64') })];
        return showPerson(found);
      }),
      bots: hand(object({ 'token?': text(), 'username?': text() }), (given) => {
        const { id: botId, token } = this.addBot(given);
        return { id: botId, token };
      }),
      revoke: hand(object({ 'bot?': id }), ({ bot }) => ({ token: this.revokeToken(bot) })),
      messages: hand(
        object({ ...someone, 'text?': text(), 'content?': content, 'replyTo?': id, 'quote?': text(), 'group?': id }),
        ({ person, text: said = '', content: given, group, ...writing }) => {
          const chat = group === undefined ? undefined : this.findBot(writing.bot).dialogues.get(group)?.chat;
          return show(this.write(this.findWhom(person), given ? toContent(given) : said, { ...writing, group: chat }));
        },
      ),
      albums: hand(object({ ...someone, parts: list(content) }), ({ person, parts, bot }) => ({
        items: this.writeAlbum(this.findWhom(person), parts.map(toContent), { bot }).map(show),
      })),
      start: hand(object({ ...someone, 'payload?': text() }), ({ person, payload, bot }) =>
        show(this.start(this.findWhom(person), payload, { bot })),
      ),
      edit: hand(object({ ...message, 'text?': text() }), ({ chat, message: at, text: said, bot }) => {
        const kept = this.find(chat, at, bot);
        this.edit(kept, said);
        return show(kept);
      }),
      delete: hand(object(message), ({ chat, message: at, bot }) => this.delete(this.find(chat, at, bot))),
      press: hand(object({ ...one, message: id, data: text() }), ({ person, message: at, data, bot }) => {
        const found = this.findWhom(person);
        return { id: this.press(found, this.find(found.user.id, at, bot), data) };
      }),
      tap: hand(object({ ...one, text: text() }), ({ person, text: key, bot }) => show(this.tap(this.findWhom(person), key, { bot }))),
      block: hand(object({ ...one, 'blocked?': flag }), ({ person, blocked, bot }) => this.block(this.findWhom(person), blocked, { bot })),
      groups: hand(object({ ...someone, 'title?': text() }), ({ person, title, bot }) =>
        this.addToGroup(this.findWhom(person), title, { bot }),
      ),
      updates: hand(
        object({ kind: text(), about: { type: 'object' } as Schema<object>, 'chat?': id, 'bot?': id }),
        ({ kind, about, ...where }) => this.postUpdate(kind, about, where),
      ),
      steal: hand(object({ 'url?': text(), 'bot?': id }), ({ url, bot }) => this.steal(url, bot)),
      forge: hand(
        object({ 'secret?': text(), 'update?': { type: 'object' } as Schema<TelegramUpdate>, 'bot?': id }),
        ({ secret, ...update }) => this.forge(secret, update),
      ),
    };
  }

  private listActs(): Acts<typeof CALLS, TelegramBot> {
    const methods = Object.entries(ACTS).map(([call, act]) => [
      call,
      async ({ account, request }: Input<TelegramBot>) => {
        const params = this.params.get(request) ?? { values: {}, uploads: [] };
        if (params instanceof Refusal) throw params;
        checkParams(call as TelegramMethod, params.values);
        return { ok: true, result: await act(account, params) };
      },
    ]);
    const downloadFile = ({ account, params }: Input<TelegramBot>): Answer => {
      const file = this.files.open(account.id, params['*'] ?? '');
      if (!file?.bytes) throw new Refusal(404, '', 'Not Found');
      return new Answer({ file: { type: 'application/octet-stream', bytes: file.bytes, paceMs: file.paceMs } });
    };
    return Object.fromEntries([...methods, ['downloadFile', downloadFile]]) as Acts<typeof CALLS, TelegramBot>;
  }

  /** Reads the parameters of a call, and watches that a chat gets one message after the other. */
  private async receive(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const [, token, method] = /^\/bot([^/]+)\/(\w+)/.exec(request.url) ?? [];
    if (method === undefined || !(method in ACTS)) return;
    const params = await readParams(method as TelegramMethod, request).catch((error: unknown) => {
      if (error instanceof Refusal) return error;
      throw error;
    });
    this.params.set(request, params);
    const bot = this.bots.find((one) => one.token === decodeURIComponent(token ?? ''));
    const chat = this.chatOf(method, request);
    if (bot && chat !== undefined) reply.raw.once('close', this.enterChat(bot.id, chat));
  }

  /** The chat that a message is sent to. */
  private chatOf(call: string, request: FastifyRequest): string | undefined {
    const params = this.params.get(request);
    return call.startsWith('send') && params && !(params instanceof Refusal) ? String(params.values['chat_id']) : undefined;
  }

  protected override deliver(bot: TelegramBot): void {
    const { webhook } = bot;
    if (!webhook) return;
    for (const { update, chat } of bot.pending) {
      if (this.underWay.get(update) === webhook) continue;
      this.underWay.set(update, webhook);
      const action = Object.keys(update).find((name) => name !== 'update_id') ?? '';
      const about = { bot: bot.id, update: update.update_id, chat };
      const hook: Hook = { url: webhook.url, action, body: update, secret: webhook.secret, about };
      this.targets.set(hook, webhook);
      this.webhooks.add(hook);
    }
    if (this.webhooks.mode === 'off') bot.pending = [];
  }

  /** Whether an update is still to be posted to its address. */
  private isWanted(hook: Hook): boolean {
    const { webhook, pending } = this.botOf(hook);
    const isPending = this.taken.has(hook.body) || pending.some(({ update }) => update === hook.body);
    return webhook !== undefined && this.targets.get(hook) === webhook && isPending;
  }

  private botOf({ about }: Hook): TelegramBot {
    return this.bots.find(({ id }) => id === about?.['bot']) ?? this.bot;
  }

  /** A person by id, or by username: then they are added if there is no such person. */
  private findWhom(whom?: number | string): TelegramPerson {
    const people = [...this.people.values()];
    if (whom === undefined) return people[0] ?? this.addPerson();
    if (typeof whom === 'number') return this.findPerson(whom);
    const name = whom.charAt(0).toUpperCase() + whom.slice(1);
    return people.find(({ user }) => user.username === whom) ?? this.addPerson({ username: whom, first_name: name });
  }
}

/** A content whose bytes are written as base64. */
type ContentByHand = TelegramContent & { base64?: string };

function toContent({ base64, ...content }: ContentByHand): TelegramContent {
  return base64 === undefined ? content : ({ ...content, bytes: Buffer.from(base64, 'base64') } as TelegramContent);
}

function show({ bot, by, message, edits, deleted, reaction, markup, file }: TelegramKept): object {
  return { bot, by, edits, deleted, message, ...(reaction && { reaction }), ...(markup && { markup }), ...(file && { size: file.size }) };
}

function showPerson({ user, photos, deactivated, forbidsVoice }: TelegramPerson): object {
  return { ...user, photos: photos.length, deactivated, forbidsVoice };
}

const idOf = ({ about }: Hook): string => String(about?.['update']);

function writeError({ status, timedOut }: { status: number; timedOut: boolean }): string {
  return timedOut ? 'Read timeout expired' : status === 0 ? 'Connection refused' : `Wrong response from the webhook: ${status}`;
}

function writeHtml(status: number): string {
  return `<html>\r\n<head><title>${status}</title></head>\r\n<body><center><h1>${status}</h1></center><hr>nginx</body></html>`;
}

function withoutIds(answer: ServiceAnswer): ServiceAnswer {
  const { result } = answer.json as { result: TelegramMessage | TelegramMessage[] };
  const later = Array.isArray(result) ? result.map((one) => ({ ...one, message_id: 0 })) : { ...result, message_id: 0 };
  return { ...answer, json: { ok: true, result: later } };
}

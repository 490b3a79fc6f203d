import type { BusboyHeaders } from '@fastify/busboy';
import { hand } from '../../../libs/testing/double/control.js';
import { Refusal } from '../../../libs/testing/double/refusal.js';
import { type Acts, Answer, type DoubleOptions } from '../../../libs/testing/double/rules.js';
import type { Hook } from '../../../libs/testing/double/webhooks.js';
import { flag, type Infer, list, object, oneOf, text } from '../../../libs/testing/double/wire.js';
import { readForm } from '../multipart.js';
import { MaxPeople, MODES, SECRET_HEADER } from './max-people.js';
import type { MaxBotRecord, MaxChat, MaxContent, MaxFile, MaxMessage } from './max-records.js';
import { type newMessage, WIRE, type WireNewAttachment } from './max-wire.js';

/** Options for starting a MAX double. */
export interface MaxDoubleOptions extends DoubleOptions {
  /** Token of its first bot. By default a fixed one. */
  token?: string;
  /** Addresses that a subscription takes. `https` when left out. `reset` comes back to it. */
  webhookUrls?: 'https' | 'any';
}

type NewMessage = Infer<typeof newMessage>;

const EDITABLE_MS = 7 * 86_400_000;
/** Attachments that no other may accompany. */
const ALONE: ReadonlySet<string> = new Set(['audio', 'file']);

/** MAX's Bot API as far as a messenger's module needs it (README.md). */
export class MaxDouble extends MaxPeople {
  /** Uploads by the key of their address, then by their token. */
  private readonly places = new Map<string, { type: string; token: string | undefined }>();
  private readonly uploads = new Map<string, { type: string; file: MaxFile }>();

  private constructor(
    token: string,
    private readonly firstUrls: 'https' | 'any',
  ) {
    super({
      ...{ wire: WIRE, modes: MODES, bodyLimit: 64 * 1_024 * 1_024, refusalStatus: 400 },
      faults: {
        refuse: ({ code = 'proto.payload', message = '', status = 400 }) => new Refusal(status, code, message),
        html: ({ status = 502 }) => new Refusal(status, 'html', '', undefined, { 'content-type': 'text/html' }),
        unsuccessful: ({ message = 'It did not work' }) => new Refusal(200, 'unsuccessful', message),
      },
      unauthorized: new Refusal(401, 'verify.token', 'Invalid access_token'),
      failed: new Refusal(500, 'internal', 'Internal error'),
      tooMany: new Refusal(429, 'too.many.requests', 'Too many requests'),
      toWrong: ({ path, message }) => new Refusal(400, 'proto.payload', `${path} ${message}`),
      writeRefusal: ({ code, message, status }) => {
        if (code === 'html') return `<html><body><h1>${status}</h1></body></html>`;
        return code === 'unsuccessful' ? { success: false, message } : { code, message };
      },
      // The token itself, without a scheme.
      findAccount: ({ headers }, bots) => bots.find((one) => one.token === headers.authorization),
      hooks: {
        // MAX posts for eight hours.
        attempts: 1_000,
        laneOf: ({ about }) => `${about?.['bot'] as number} ${about?.['chat'] as number}`,
        isTaken: ({ status }) => status === 200,
        isStale: ({ about, url }) => !this.findBot(about?.['bot'] as number).subscriptions.some((one) => one.url === url),
        sign: ({ secret }): Record<string, string> => (secret === undefined ? {} : { [SECRET_HEADER]: secret }),
      },
    });
    this.modes.webhookUrls = firstUrls;
    this.addBot({ token });
    this.serve(this.listActs());
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static start({
    token = 'f9LHodD0cOIfakeTokenOfTheMaxDouble000',
    webhookUrls = 'https',
    ...options
  }: MaxDoubleOptions = {}): Promise<MaxDouble> {
    return new MaxDouble(token, webhookUrls).listen(options);
  }

  override get settingsText(): string {
    return this.bots.map(({ token, user }) => `token ${token} of @${user.username}`).join(', ');
  }

  override describe(): object {
    const bots = this.bots.map(({ user, token, subscriptions, chats, updates }) => ({
      ...{ id: user.user_id, token, username: user.username, subscriptions: subscriptions.map(({ url }) => url) },
      ...{ chats: chats.size, updates: updates.length },
    }));
    return { ...super.describe(), bots, complaints: this.complaints };
  }

  /** Another program subscribes to a bot's updates. */
  steal(url = 'https://other.example/max', bot = this.bot): void {
    bot.subscriptions.push({ url, time: this.tick(), secret: undefined, types: undefined });
  }

  /** Removes a bot's addresses, as MAX does after eight hours without a success. */
  loseSubscriptions(bot = this.bot): void {
    bot.subscriptions = [];
  }

  protected override forget(): void {
    this.modes.webhookUrls = this.firstUrls;
    this.bots.splice(1);
    Object.assign(this.bot, { subscriptions: [], updates: [] });
    for (const index of [this.bot.chats, this.people, this.content, this.places, this.uploads]) index.clear();
    this.complaints.length = 0;
  }

  protected override listThings() {
    return {
      messages: ({ chat, by }: Readonly<Record<string, string>>) =>
        this.listMessages(chat === undefined ? undefined : Number(chat))
          .filter((one) => by === undefined || one.by === by)
          .map(show),
    };
  }

  protected override listHands() {
    const person = text(1);
    const mid = object({ message: text(1) });
    return {
      messages: hand(
        object({ 'person?': person, 'text?': text(), 'replyTo?': text(), 'isGroup?': flag }),
        ({ person: name, text: said = '', ...how }) => show(this.write(this.findWhom(name), said, how)),
      ),
      files: hand(
        object({
          'person?': person,
          kind: oneOf('image', 'video', 'audio', 'file', 'sticker'),
          base64: list(text(), 1),
          'name?': text(),
          'text?': text(),
        }),
        ({ person: name, kind, base64, name: fileName = 'file.bin', text: said = '' }) => {
          const files = base64.map((one) => ({ bytes: Buffer.from(one, 'base64'), name: fileName }));
          return show(this.write(this.findWhom(name), { kind, files, text: said } as MaxContent));
        },
      ),
      start: hand(object({ 'person?': person, 'payload?': text() }), ({ person: name, payload }) => ({
        chat: this.start(this.findWhom(name), payload).id,
      })),
      stop: hand(object({ 'person?': person }), ({ person: name }) => this.stop(this.findWhom(name))),
      edit: hand(object({ message: text(1), text: text() }), ({ message, text: said }) => this.edit(this.require(message), said)),
      remove: hand(mid, ({ message }) => this.remove(this.require(message))),
      press: hand(object({ 'person?': person, message: text(1), text: text(1) }), ({ person: name, message, text: label }) =>
        this.press(this.findWhom(name), this.require(message), label),
      ),
      steal: hand(object({ 'url?': text(1) }), ({ url }) => this.steal(url)),
      unsubscribe: hand(object({}), () => this.loseSubscriptions()),
    };
  }

  protected override announce(bot: MaxBotRecord, chat: number, update: object): void {
    const { update_type: action } = update as { update_type: string };
    if (bot.subscriptions.length === 0) bot.updates.push(update);
    for (const { url, secret, types } of bot.subscriptions) {
      if (types && !types.includes(action)) continue;
      const hook: Hook = { url, action, body: update, secret, about: { bot: bot.user.user_id, chat } };
      this.webhooks.add(hook);
    }
  }

  private listActs(): Acts<typeof WIRE, MaxBotRecord> {
    return {
      getMe: ({ account: { user } }) => ({ ...user, description: 'A shop', commands: [] }),
      getSubscriptions: ({ account: { subscriptions } }) => ({
        subscriptions: subscriptions.map(({ url, time, types }) => ({ url, time, update_types: types ?? null })),
      }),
      subscribe: ({ account, body: { url, secret, update_types: types } }) => {
        this.checkAddress(url);
        account.subscriptions = account.subscriptions.filter((one) => one.url !== url);
        account.subscriptions.push({ url, time: this.tick(), secret, types });
        return { success: true };
      },
      unsubscribe: ({ account, query: { url } }) => {
        account.subscriptions = account.subscriptions.filter((one) => one.url !== url);
        return { success: true };
      },
      getUpdates: ({ account, query }) => {
        if (account.subscriptions.length > 0) throw new Refusal(405, 'method.not.allowed', 'The bot has a subscription');
        const { updates } = account;
        const first = query['marker'] === undefined ? Math.max(0, updates.length - 1) : Number(query['marker']);
        const page = updates.slice(first, first + Number(query['limit'] ?? 100));
        return { updates: page, marker: first + page.length };
      },
      getMessages: ({ account, query }) => ({ messages: this.list(account, query).map((one) => this.toMessage(account, one)) }),
      sendMessage: ({ account, query, body }) => this.post(account, this.findChat(account, query), body),
      editMessage: ({ account, query, body }) => this.change(account, query['message_id'], body),
      deleteMessage: ({ account, query }) => {
        this.requireOwn(account, query['message_id']).deleted = true;
        return { success: true };
      },
      startUpload: ({ query: { type = '' } }) => {
        const { key } = this.keep({ bytes: Buffer.alloc(0) });
        // Videos and sounds have their token now, images and files after the upload.
        const token = type === 'video' || type === 'audio' ? `tok-${key}` : undefined;
        this.places.set(key, { type, token });
        return { url: `${this.url}/upload/${key}?sig=secret`, ...(token !== undefined && { token }) };
      },
      uploadFile: ({ id, body, request }) => this.takeUpload(id, body as Buffer, request.headers as BusboyHeaders),
      downloadFile: ({ id }) => {
        const file = this.content.get(id);
        if (!file) throw new Refusal(404, 'not.found', 'There is no such file');
        return new Answer({ file });
      },
      getVideo: ({ id }) => {
        if (!this.content.has(id)) throw new Refusal(404, 'not.found', 'There is no such video');
        const url = `${this.url}/content/${id}`;
        return { token: id, width: 640, height: 480, duration: 3, urls: { mp4_480: url, mp4_144: `${url}-small`, hls: null } };
      },
    };
  }

  private checkAddress(address: string): void {
    if (this.modes.webhookUrls === 'any') return;
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url?.protocol !== 'https:' || url.port !== '' || /^(localhost|127\.|10\.|192\.168\.)/.test(url.hostname))
      throw new Refusal(400, 'proto.payload', 'url must start with https:// and use the port 443');
  }

  private findChat({ chats }: MaxBotRecord, { chat_id: id, user_id: user }: Readonly<Record<string, string | undefined>>): MaxChat {
    const chat = [...chats.values()].find(
      (one) => String(one.id) === id || (user !== undefined && String(one.person.user.user_id) === user),
    );
    if (!chat) throw new Refusal(404, 'chat.not.found', 'Chat not found');
    if (chat.stopped) throw new Refusal(403, 'chat.denied', 'The user has suspended the bot');
    return chat;
  }

  private list(bot: MaxBotRecord, query: Readonly<Record<string, string | undefined>>): MaxMessage[] {
    const { chat_id: chat, message_ids: ids, count = '50' } = query;
    if ((chat === undefined) === (ids === undefined)) throw new Refusal(400, 'proto.payload', 'either chat_id or message_ids is required');
    const own = [...bot.chats.values()].flatMap(({ messages }) => messages).filter(({ deleted }) => !deleted);
    if (ids !== undefined) return own.filter(({ mid }) => ids.split(',').includes(mid));
    if (!bot.chats.has(Number(chat))) throw new Refusal(403, 'chat.denied', 'No access to the chat');
    return own
      .filter((one) => one.chat === Number(chat))
      .toReversed()
      .slice(0, Number(count));
  }

  private post(bot: MaxBotRecord, chat: MaxChat, { text: said, attachments, link }: NewMessage): object {
    const given = attachments ?? [];
    if (!said && given.length === 0) throw new Refusal(400, 'proto.payload', 'text or attachments are required');
    if (given.length > 1 && given.some(({ type }) => ALONE.has(type)))
      throw new Refusal(400, 'proto.payload', 'must be the only attachment');
    const answered = link && chat.messages.find(({ mid, deleted }) => mid === link.mid && !deleted);
    if (link && !answered) throw new Refusal(404, 'message.not.found', 'Message not found');
    const { shown, files } = this.takeAttachments(given);
    const message = this.add(chat, {
      ...{ by: 'bot', sender: bot.user, text: said ?? '', attachments: shown, files, buttons: listButtons(given) },
      ...{ link: answered ? { type: 'reply', message: { mid: answered.mid } } : undefined, quote: answered?.mid },
    });
    return { message: this.toMessage(bot, message) };
  }

  private takeAttachments(given: readonly WireNewAttachment[]): { shown: object[]; files: MaxFile[] } {
    const files = given.flatMap(({ type, payload }) => {
      const tokens = payload.photos ? Object.values(payload.photos).map(({ token }) => token) : payload.token ? [payload.token] : [];
      return tokens.map((token) => {
        const upload = this.uploads.get(token);
        if (upload?.type !== type) throw new Refusal(400, 'proto.payload', `there is no ${type} with this token`);
        if (upload.file.waits-- > 0) throw new Refusal(400, 'attachment.not.ready', 'Key: errors.process.attachment.file.not.processed');
        return upload.file;
      });
    });
    for (const { payload } of given)
      if (payload.url?.includes('broken')) throw new Refusal(400, 'proto.payload', 'The image cannot be fetched');
    return {
      shown: given.map(({ type, payload }) => ({
        type,
        payload: type === 'inline_keyboard' ? payload : { ...payload, photos: undefined },
      })),
      files,
    };
  }

  private change(bot: MaxBotRecord, mid: string | undefined, { text: said, attachments }: NewMessage): object {
    const message = this.requireOwn(bot, mid);
    const isOld = message.at < this.tick() - EDITABLE_MS && message.buttons.length === 0;
    if (isOld) throw new Refusal(400, 'message.edit.denied', 'The message is older than 7 days');
    if (said !== undefined && said !== null) message.text = said;
    // Null leaves the attachments, a missing list removes them like an empty one.
    if (attachments !== null) {
      const { shown, files } = this.takeAttachments(attachments ?? []);
      Object.assign(message, { attachments: shown, files, buttons: listButtons(attachments ?? []) });
    }
    message.edits++;
    return { success: true };
  }

  private requireOwn({ chats, user }: MaxBotRecord, mid: string | undefined): MaxMessage {
    const found = [...chats.values()].flatMap(({ messages }) => messages).find((one) => one.mid === mid && !one.deleted);
    if (!found) throw new Refusal(404, 'message.not.found', 'Message not found');
    if (found.sender.user_id !== user.user_id) throw new Refusal(403, 'access.denied', 'The message is not the bot’s');
    return found;
  }

  private require(mid: string): MaxMessage {
    const found = this.findMessage(mid);
    if (!found) throw new Refusal(404, 'message.not.found', `There is no message ${mid}`);
    return found;
  }

  private async takeUpload(key: string, body: Buffer, headers: BusboyHeaders): Promise<object> {
    const place = this.places.get(key);
    if (!place) throw new Refusal(404, 'not.found', 'There is no such upload');
    if (headers['authorization'] !== undefined) this.complaints.push('the token was sent to the upload');
    const { uploads } = await readForm(body, headers).catch(() => ({ uploads: [] }));
    const [file] = uploads;
    if (file?.part !== 'data' || uploads.length !== 1) throw new Refusal(400, 'proto.payload', 'one part "data" is required');
    this.places.delete(key);
    const { type, token = `tok-${key}` } = place;
    this.uploads.set(token, { type, file: { bytes: file.bytes, name: file.name, type: file.mimeType, waits: this.modes.notReady } });
    if (type === 'image') return { photos: { [`${key}/Pab==`]: { token } } };
    if (type === 'file') return { fileId: 1, token };
    const bytes = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<retval>1</retval>';
    return new Answer({ file: { type: 'application/xml', bytes } });
  }
}

function listButtons(given: readonly WireNewAttachment[]): MaxMessage['buttons'] {
  return given.flatMap(({ payload }) => payload.buttons ?? []);
}

function show({ files, sender: _, ...message }: MaxMessage): object {
  return { ...message, files: files.map(({ name, bytes }) => ({ name, size: bytes.length })) };
}

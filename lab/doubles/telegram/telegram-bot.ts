import type { File, UserFromGetMe, WebhookInfo } from '@grammyjs/types';
import { Refusal } from '../../../libs/testing/double/refusal.js';
import { type Captioned, checkAllUsed, checkMarkup, checkWebhookUrl, readCaption, readText } from './telegram-checks.js';
import { fetchFile, type TelegramFile, type TelegramFileKind, type TelegramFiles, WRONG_FILE } from './telegram-files.js';
import {
  ASKED_BY_NAME,
  badRequest,
  forbidden,
  TELEGRAM_REACTIONS,
  type TelegramChat,
  type TelegramEntity,
  type TelegramMarkup,
  type TelegramMessage,
  type TelegramUpdate,
  type TelegramUser,
} from './telegram-objects.js';
import type { TelegramUpload } from './telegram-params.js';
import type { TelegramDialogue, TelegramKept, TelegramPerson } from './telegram-records.js';

/** Seconds that a message can be deleted for. */
const DELETABLE_SECONDS = 48 * 3_600;

/** The parts that bots share. */
export interface TelegramWorld {
  readonly files: TelegramFiles;
  readonly people: Map<number, TelegramPerson>;
  readonly modes: { webhookUrls: 'https' | 'any'; fileSizes: boolean };
  /** Milliseconds. */
  now(): number;
  /** Notes a client's mistake that no rejection shows. */
  complain(what: string): void;
  /** An update has arrived, or the address has changed. */
  onUpdates(bot: TelegramBot): void;
}

/** The target of a bot's updates. */
export interface TelegramWebhook {
  url: string;
  secret: string | undefined;
  mostConnections: number;
  lastError?: { at: number; text: string };
}

interface Sending extends Captioned {
  chat_id: number | string;
  reply_markup?: TelegramMarkup;
  reply_parameters?: { message_id: number; chat_id?: number | string; allow_sending_without_reply?: boolean; quote?: string };
  protect_content?: boolean;
}
interface Album extends Omit<Sending, 'reply_markup'> {
  media: ({
    type: 'photo' | 'document' | 'audio';
    media: string;
  } & Captioned)[];
}
interface Editing {
  chat_id: number | string;
  message_id: number;
  parse_mode?: string;
  reply_markup?: TelegramMarkup;
}

/** A bot: its chats, its updates, and the methods of the API. All of them throw Refusal. */
export class TelegramBot {
  readonly id: number;
  readonly dialogues = new Map<number, TelegramDialogue>();
  webhook: TelegramWebhook | undefined;
  /** Kinds of updates that are posted. Undefined for the default kinds. Outlives the webhook. */
  allowed: readonly string[] | undefined;
  /** Updates that were not taken yet, with their chats. */
  pending: { readonly update: TelegramUpdate; readonly chat: number }[] = [];
  lastUpdateId = 100_000_000;
  /** Presses of buttons that were not answered. */
  private readonly queries = new Set<string>();

  constructor(
    public token: string,
    readonly user: TelegramUser & { username: string },
    private readonly world: TelegramWorld,
  ) {
    this.id = user.id;
  }

  /** Unix seconds. */
  private get seconds(): number {
    return Math.floor(this.world.now() / 1_000);
  }

  getMe(): UserFromGetMe {
    return {
      ...{ ...this.user, is_bot: true },
      ...{ can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false, can_connect_to_business: false },
      ...{ has_main_web_app: false, has_topics_enabled: false, allows_users_to_create_topics: false, can_manage_bots: false },
      supports_join_request_queries: false,
    };
  }

  setWebhook({
    url,
    secret_token: secret,
    allowed_updates: allowed,
    max_connections: mostConnections = 40,
    drop_pending_updates: drops,
  }: {
    url: string;
    secret_token?: string;
    allowed_updates?: string[];
    max_connections?: number;
    drop_pending_updates?: boolean;
  }): true {
    if (url !== '') checkWebhookUrl(url, this.world.modes.webhookUrls);
    if (url.includes(this.token)) this.world.complain('the address of a webhook has the token in it');
    if (secret?.includes(this.token.split(':')[1] ?? '')) this.world.complain('the secret of a webhook has the token in it');
    this.webhook = url === '' ? undefined : { url, secret, mostConnections };
    if (allowed !== undefined) this.allowed = allowed.length === 0 ? undefined : allowed;
    if (drops) this.pending = [];
    this.world.onUpdates(this);
    return true;
  }

  deleteWebhook({ drop_pending_updates: drops }: { drop_pending_updates?: boolean }): true {
    this.webhook = undefined;
    if (drops) this.pending = [];
    return true;
  }

  getWebhookInfo(): WebhookInfo {
    const { url = '', mostConnections, lastError } = this.webhook ?? {};
    return {
      ...{ url, has_custom_certificate: false, pending_update_count: this.pending.length },
      ...(mostConnections !== undefined && { max_connections: mostConnections, ip_address: '203.0.113.10' }),
      ...(lastError && { last_error_date: Math.floor(lastError.at / 1_000), last_error_message: lastError.text }),
      ...(this.allowed && { allowed_updates: [...this.allowed] as NonNullable<WebhookInfo['allowed_updates']> }),
    };
  }

  getUpdates({ offset = 0, limit = 100 }: { offset?: number; limit?: number }): TelegramUpdate[] {
    if (this.webhook)
      throw new Refusal(
        409,
        '',
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    this.pending = this.pending.filter(({ update }) => update.update_id >= offset);
    return this.pending.slice(0, limit).map(({ update }) => update);
  }

  getFile({ file_id: id }: { file_id: string }): File {
    const { files, modes } = this.world;
    const file = files.find(this.id, id);
    const path = files.pathOf(this.id, file);
    return { file_id: id, file_unique_id: file.uniqueId, ...(modes.fileSizes && { file_size: file.size }), file_path: path };
  }

  getUserProfilePhotos({ user_id: user, offset = 0, limit = 100 }: { user_id: number; offset?: number; limit?: number }): object {
    const photos = this.world.people.get(user)?.photos;
    if (!photos) throw badRequest('user not found');
    const shown = photos.slice(offset, offset + limit).map((photo) => this.world.files.showSizes(this.id, photo));
    return { total_count: photos.length, photos: shown };
  }

  sendMessage(params: Sending & { text: string; entities?: TelegramEntity[] }): TelegramMessage {
    const dialogue = this.dialogueFor(params.chat_id);
    const formatted = readText(params.text, params.parse_mode, params.entities);
    return this.post(dialogue, params, { text: formatted.text, ...(formatted.entities.length > 0 && { entities: formatted.entities }) });
  }

  sendPhoto(params: Sending & { photo: string }, uploads: readonly TelegramUpload[]): Promise<TelegramMessage> {
    return this.sendFile(params, 'photo', params.photo, uploads);
  }

  sendDocument(params: Sending & { document: string }, uploads: readonly TelegramUpload[]): Promise<TelegramMessage> {
    return this.sendFile(params, 'document', params.document, uploads);
  }

  sendVoice(params: Sending & { voice: string }, uploads: readonly TelegramUpload[]): Promise<TelegramMessage> {
    return this.sendFile(params, 'voice', params.voice, uploads);
  }

  sendAudio(params: Sending & { audio: string }, uploads: readonly TelegramUpload[]): Promise<TelegramMessage> {
    return this.sendFile(params, 'audio', params.audio, uploads);
  }

  async sendMediaGroup({ media, ...params }: Album, uploads: readonly TelegramUpload[]): Promise<TelegramMessage[]> {
    const dialogue = this.dialogueFor(params.chat_id);
    const parts = [];
    for (const one of media) parts.push({ file: await this.readFile(one.type, one.media, uploads), caption: readCaption(one) });
    checkAllUsed(
      media.map((one) => one.media),
      uploads,
    );
    const group = String(this.world.now());
    return parts.map(({ file, caption }) =>
      this.post(dialogue, params, { ...this.showFile(file), ...caption, media_group_id: group }, { file, isAlbum: true }),
    );
  }

  editMessageText(params: Editing & { text: string; entities?: TelegramEntity[] }): TelegramMessage {
    const kept = this.ownMessage(params);
    if (kept.message.text === undefined) throw badRequest('there is no text in the message to edit');
    const { text, entities } = readText(params.text, params.parse_mode, params.entities);
    return this.change(kept, { text, entities: entities.length > 0 ? entities : undefined }, params.reply_markup);
  }

  editMessageCaption(params: Editing & Captioned): TelegramMessage {
    const kept = this.ownMessage(params);
    if (kept.file === undefined) throw badRequest('there is no caption in the message to edit');
    const { caption, caption_entities } = readCaption(params);
    return this.change(kept, { caption, caption_entities }, params.reply_markup);
  }

  deleteMessage({ chat_id: chat, message_id: id }: { chat_id: number | string; message_id: number }): true {
    const kept = this.findMessage(chat, id);
    if (!kept) throw badRequest('message to delete not found');
    if (this.seconds - kept.message.date >= DELETABLE_SECONDS) throw badRequest("message can't be deleted for everyone");
    kept.deleted = true;
    return true;
  }

  deleteMessages({ chat_id: chat, message_ids: ids }: { chat_id: number | string; message_ids: number[] }): true {
    // Missing messages are skipped.
    for (const id of ids) if (this.findMessage(chat, id)) this.deleteMessage({ chat_id: chat, message_id: id });
    return true;
  }

  setMessageReaction({ chat_id: chat, message_id: id, reaction = [] }: Editing & { reaction?: { emoji: string }[] }): true {
    const kept = this.findMessage(chat, id);
    if (!kept) throw badRequest('message to react not found');
    if (reaction.length > 1) throw badRequest('REACTIONS_TOO_MANY');
    const [{ emoji } = { emoji: undefined }] = reaction;
    if (emoji !== undefined && !TELEGRAM_REACTIONS.includes(emoji)) throw badRequest('REACTION_INVALID');
    kept.reaction = emoji;
    return true;
  }

  answerCallbackQuery({ callback_query_id: id }: { callback_query_id: string }): true {
    if (!this.queries.delete(id)) throw badRequest('query is too old and response timeout expired or query ID is invalid');
    return true;
  }

  /** Presses of buttons that still show that they wait. */
  get unanswered(): number {
    return this.queries.size;
  }

  /** A person pressed a button of a message. */
  addQuery(id: string): void {
    this.queries.add(id);
  }

  /** Opens a private chat, as `/start` does, or any other. */
  openDialogue(chat: TelegramChat): TelegramDialogue {
    let found = this.dialogues.get(chat.id);
    if (!found) {
      found = { chat, person: this.world.people.get(chat.id), messages: [], blocked: false, keyboard: undefined, last: 0 };
      this.dialogues.set(chat.id, found);
    }
    return found;
  }

  /** Keeps a message in a chat. Ids are counted in each chat. */
  keep(
    dialogue: TelegramDialogue,
    by: TelegramKept['by'],
    fields: object,
    { file, markup }: { file?: TelegramFile | undefined; markup?: TelegramMarkup | undefined } = {},
  ): TelegramKept {
    const message: TelegramMessage = {
      ...{ message_id: ++dialogue.last, date: this.seconds, chat: dialogue.chat, ...(by === 'bot' && { from: this.user }) },
      ...fields,
    };
    const kept: TelegramKept = { bot: this.id, by, message, file, markup, edits: 0, deleted: false, reaction: undefined };
    dialogue.messages.push(kept);
    return kept;
  }

  /** An existing message of either side. */
  findMessage(chat: number | string, id: number): TelegramKept | undefined {
    return this.dialogues.get(Number(chat))?.messages.find(({ message, deleted }) => message.message_id === id && !deleted);
  }

  /** There is an update, if the bot wants such. */
  addUpdate(kind: string, about: object, chat: number): void {
    if (this.allowed ? !this.allowed.includes(kind) : ASKED_BY_NAME.includes(kind)) return;
    this.pending.push({ update: { update_id: ++this.lastUpdateId, [kind]: structuredClone(about) }, chat });
    this.world.onUpdates(this);
  }

  /** A file as a message has it, under the name of its kind. */
  showFile(file: TelegramFile): object {
    const { files } = this.world;
    if (file.kind === 'photo') return { photo: files.showSizes(this.id, file) };
    const shown = files.show(this.id, file);
    // An animation is a document too.
    return { [file.kind]: shown, ...(file.kind === 'animation' && { document: shown }) };
  }

  private async sendFile(
    params: Sending,
    kind: 'photo' | 'document' | 'voice' | 'audio',
    value: string,
    uploads: readonly TelegramUpload[],
  ): Promise<TelegramMessage> {
    const dialogue = this.dialogueFor(params.chat_id);
    if (kind === 'voice' && dialogue.person?.forbidsVoice) throw badRequest('VOICE_MESSAGES_FORBIDDEN');
    const caption = readCaption(params);
    const file = await this.readFile(kind, value, uploads);
    checkAllUsed([value], uploads);
    return this.post(dialogue, params, { ...this.showFile(file), ...caption }, { file });
  }

  /** The file that a parameter stands for: an upload, an address or an id. */
  private async readFile(kind: TelegramFileKind, value: string, uploads: readonly TelegramUpload[]): Promise<TelegramFile> {
    const { files } = this.world;
    if (value.includes(this.token)) this.world.complain('a parameter has the token in it');
    if (value.startsWith('attach://')) {
      const upload = uploads.find(({ part }) => part === value.slice('attach://'.length));
      if (!upload) throw badRequest(WRONG_FILE);
      return files.addUpload(kind, upload);
    }
    if (/^https?:\/\//.test(value)) return files.addUpload(kind, await fetchFile(kind, value));
    const known = files.find(this.id, value);
    if (known.kind !== kind) throw badRequest(`can't use file of type ${known.kind} as ${kind}`);
    return known;
  }

  private post(
    dialogue: TelegramDialogue,
    { reply_parameters: reply, reply_markup: markup, protect_content: isProtected }: Omit<Sending, 'chat_id'>,
    content: object,
    { file, isAlbum = false }: { file?: TelegramFile; isAlbum?: boolean } = {},
  ): TelegramMessage {
    const quoted = reply && this.findMessage(reply.chat_id ?? dialogue.chat.id, reply.message_id);
    if (reply && !quoted && !reply.allow_sending_without_reply) throw badRequest('message to be replied not found');
    if (quoted && reply?.quote !== undefined && !(quoted.message.text ?? quoted.message.caption ?? '').includes(reply.quote))
      throw badRequest('QUOTE_TEXT_INVALID');
    if (markup) checkMarkup(markup, dialogue.chat);
    if (markup?.keyboard) dialogue.keyboard = markup;
    if (markup?.remove_keyboard) dialogue.keyboard = undefined;
    const { message } = this.keep(
      dialogue,
      'bot',
      {
        ...content,
        ...(quoted && { reply_to_message: withoutReply(quoted.message) }),
        ...(markup?.inline_keyboard && !isAlbum && { reply_markup: markup }),
        ...(isProtected && { has_protected_content: true }),
      },
      { file, markup },
    );
    return message;
  }

  private change(kept: TelegramKept, fields: object, markup: TelegramMarkup | undefined): TelegramMessage {
    const { edit_date: _date, ...before } = kept.message;
    if (markup) checkMarkup(markup, before.chat);
    // Without a keyboard the one that it had is gone.
    const after = { ...before, ...fields, reply_markup: markup } as TelegramMessage;
    if (JSON.stringify(sorted(after)) === JSON.stringify(sorted(before)))
      throw badRequest(
        'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      );
    kept.message = JSON.parse(JSON.stringify({ ...after, edit_date: this.seconds })) as TelegramMessage;
    kept.edits++;
    return kept.message;
  }

  private ownMessage({ chat_id: chat, message_id: id }: Editing): TelegramKept {
    const kept = this.findMessage(chat, id);
    if (!kept) throw badRequest('message to edit not found');
    // Telegram only edits messages without a keyboard or with one below the text.
    if (kept.by !== 'bot' || kept.markup?.keyboard || kept.markup?.remove_keyboard) throw badRequest("message can't be edited");
    return kept;
  }

  private dialogueFor(chatId: number | string): TelegramDialogue {
    const id = Number(chatId);
    const found = this.dialogues.get(id);
    const person = this.world.people.get(id);
    if (person?.deactivated) throw forbidden('user is deactivated');
    if (!found) throw person ? forbidden("bot can't initiate conversation with a user") : badRequest('chat not found');
    if (found.blocked) throw forbidden('bot was blocked by the user');
    return found;
  }
}

/** A message in the form that its replies show. */
export function withoutReply({ reply_to_message: _reply, ...message }: TelegramMessage): TelegramMessage {
  return message;
}

function sorted(message: object): object {
  return Object.fromEntries(Object.entries(message).sort(([left], [right]) => (left < right ? -1 : 1)));
}

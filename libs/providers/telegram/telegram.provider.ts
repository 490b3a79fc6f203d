import type { ChatManifest, ChatProvider, MediaFile, MediaRef, MessagePlace, MessengerAccount, OutMessage, SentMessage } from '#chat/port';
import type { CheckReport, ConnectReport, ConnectRequest } from '#provider-kit';
import { listBots } from './bots.js';
import { deleteMessage, editMessage, reactToMessage } from './change.js';
import { checkBots } from './check.js';
import { connectBots, disconnectBots } from './hooks.js';
import { findPicture, openMedia } from './media.js';
import { sendMessage } from './send.js';
import { declareTelegram, openBot, type Telegram } from './telegram.api.js';
import { telegramManifest } from './telegram.manifest.js';
import type { TelegramContext, TelegramSettings } from './telegram.settings.js';
import { webhook } from './webhook.js';

/** Telegram's bots as a messenger: one function for each port method. Each bot is an account. */
export class TelegramProvider implements ChatProvider<TelegramSettings> {
  readonly manifest: ChatManifest<TelegramSettings> = telegramManifest;
  readonly webhook = webhook;
  private readonly api: Telegram;

  /** `baseUrl` replaces the address of the Bot API: a double's. */
  constructor(baseUrl?: string) {
    this.api = declareTelegram(baseUrl);
  }

  check(settings: TelegramSettings, context: TelegramContext): Promise<CheckReport> {
    return checkBots(this.api, settings, context);
  }

  connect(request: ConnectRequest, context: TelegramContext): Promise<ConnectReport> {
    return connectBots(this.api, request, context);
  }

  disconnect(context: TelegramContext): Promise<void> {
    return disconnectBots(this.api, context);
  }

  listAccounts(context: TelegramContext): Promise<MessengerAccount[]> {
    return listBots(this.api, context);
  }

  sendMessage(request: OutMessage, context: TelegramContext): Promise<SentMessage> {
    return sendMessage(this.api, request, context);
  }

  editMessage(request: MessagePlace & { ids: readonly string[]; text: string }, context: TelegramContext): Promise<void> {
    return editMessage(this.api, request, context);
  }

  deleteMessage(request: MessagePlace & { ids: readonly string[] }, context: TelegramContext): Promise<void> {
    return deleteMessage(this.api, request, context);
  }

  reactToMessage(request: MessagePlace & { id: string; emoji?: string }, context: TelegramContext): Promise<void> {
    return reactToMessage(this.api, request, context);
  }

  openMedia(account: string, ref: string, context: TelegramContext): Promise<MediaFile> {
    return openMedia(this.api, account, ref, context);
  }

  findPicture(account: string, customer: string, context: TelegramContext): Promise<MediaRef | undefined> {
    return findPicture(this.api, account, customer, context);
  }

  /** Tells Telegram that a button was taken, so that it shows no longer as pending. */
  async answerButton(account: string, button: string, context: TelegramContext): Promise<void> {
    await this.api.answerCallbackQuery(openBot(account, context), { callback_query_id: button });
  }
}

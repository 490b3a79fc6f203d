import type { ChatManifest, ChatProvider } from '#chat/port';
import { bindApi } from '#provider-kit';
import { listBots } from './bots.js';
import { answerButton, deleteMessage, editMessage, reactToMessage } from './change.js';
import { checkBots } from './check.js';
import { connectBots, disconnectBots } from './hooks.js';
import { findPicture, openMedia } from './media.js';
import { sendMessage } from './send.js';
import { declareTelegram } from './telegram.api.js';
import { telegramManifest } from './telegram.manifest.js';
import type { TelegramSettings } from './telegram.settings.js';
import { webhook } from './webhook.js';

const methods = bindApi(declareTelegram, {
  check: checkBots,
  connect: connectBots,
  disconnect: disconnectBots,
  listAccounts: listBots,
  sendMessage,
  editMessage,
  deleteMessage,
  reactToMessage,
  openMedia,
  findPicture,
  answerButton,
});

/** Telegram's bots as a messenger. Each bot is an account. */
export class TelegramProvider extends methods implements ChatProvider<TelegramSettings> {
  readonly manifest: ChatManifest<TelegramSettings> = telegramManifest;
  readonly webhook = webhook;
}

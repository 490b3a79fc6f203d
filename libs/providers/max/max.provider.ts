import type { ChatManifest, ChatProvider } from '#chat/port';
import { bindApi } from '#provider-kit';
import { listBots } from './bots.js';
import { deleteMessage, editMessage } from './change.js';
import { checkBots } from './check.js';
import { connectBots, disconnectBots } from './hooks.js';
import { declareMax } from './max.api.js';
import { maxManifest } from './max.manifest.js';
import type { MaxSettings } from './max.settings.js';
import { openMedia } from './media.js';
import { findMessage, sendMessage } from './send.js';
import { fetchUpdates, webhook } from './webhook.js';

const methods = bindApi(declareMax, {
  check: checkBots,
  connect: connectBots,
  disconnect: disconnectBots,
  listAccounts: listBots,
  sendMessage,
  findMessage,
  editMessage,
  deleteMessage,
  openMedia,
  fetchUpdates,
});

/** MAX's bots as a messenger. Each bot is an account. */
export class MaxProvider extends methods implements ChatProvider<MaxSettings> {
  readonly manifest: ChatManifest<MaxSettings> = maxManifest;
  readonly webhook = webhook;
}

import type { ChatManifest, ChatProvider } from '#chat/port';
import { bindApi } from '#provider-kit';
import { markRead, reactToMessage } from './change.js';
import { connectNumbers, disconnectNumbers } from './hooks.js';
import { openMedia } from './media.js';
import { checkBusiness, listNumbers } from './numbers.js';
import { sendMessage } from './send.js';
import { createTemplate, deleteTemplate, listTemplates, updateTemplate } from './templates.js';
import { makeWebhook } from './webhook.js';
import { declareWhatsApp } from './whatsapp.api.js';
import type { WhatsAppEnvironment } from './whatsapp.environment.js';
import { describeWhatsApp } from './whatsapp.manifest.js';
import type { WhatsAppSettings } from './whatsapp.settings.js';

const methods = bindApi(declareWhatsApp, {
  check: checkBusiness,
  connect: connectNumbers,
  disconnect: disconnectNumbers,
  listAccounts: listNumbers,
  sendMessage,
  reactToMessage,
  markRead,
  openMedia,
  listTemplates,
  createTemplate,
  updateTemplate,
  deleteTemplate,
});

/** WhatsApp's Cloud API as a messenger. Each number of a business account is an account. */
export class WhatsAppProvider extends methods implements ChatProvider<WhatsAppSettings> {
  readonly manifest: ChatManifest<WhatsAppSettings>;
  readonly webhook: ReturnType<typeof makeWebhook>;

  /** `operator`: the address of the API, and the partner's app. */
  constructor(operator: WhatsAppEnvironment = {}) {
    super(operator);
    this.manifest = describeWhatsApp(operator);
    this.webhook = makeWebhook(operator);
  }
}

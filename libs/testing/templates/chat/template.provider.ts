import {
  type ChatProvider,
  type DeliveryCode,
  DeliveryRefused,
  type MessengerAccount,
  type OutMessage,
  type SentMessage,
} from '#chat/port';
import { type CheckReport, isRefusal, list, sayError, shape, text } from '#provider-kit';
import { declareCheck } from '../common/check.js';
import { openService } from '../common/template.api.js';
import type { TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { manifest } from './template.manifest.js';
import { TemplateWebhook } from './template.webhook.js';

const service = openService();
const check = declareCheck(service);
const readBots = service.read('/bots', shape({ bots: list(shape({ id: text, name: text })) }));
const sendText = service.act('POST /bots/:bot/chats/:chat/messages', shape({ id: text }));

/** The gateway's words for the service's codes. */
const CODES: Readonly<Record<string, DeliveryCode>> = { no_chat: 'customer_not_exists', blocked: 'access_restricted' };

/** The service as a chat provider: a messenger whose bots are the shop's accounts. */
export class TemplateProvider implements ChatProvider<TemplateSettings> {
  readonly manifest = manifest;
  readonly webhook = new TemplateWebhook();

  check(_settings: TemplateSettings, context: TemplateContext): Promise<CheckReport> {
    return check(context);
  }

  async listAccounts(context: TemplateContext): Promise<MessengerAccount[]> {
    const { bots } = await readBots(context);
    return bots.map(({ id, name }) => ({ id, name }));
  }

  async sendMessage(message: OutMessage, context: TemplateContext): Promise<SentMessage> {
    const { reference, account: bot, chat = '', text: words, quote } = message;
    try {
      const { id } = await sendText(context, { bot, chat, json: { reference, text: words, answers: quote?.[0] } });
      return { ids: [id] };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const code = String(error.problems[0]?.code ?? '');
      throw new DeliveryRefused(CODES[code] ?? 'general', sayError(error, context.account.language), code);
    }
  }
}

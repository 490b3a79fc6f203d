import { Type } from 'class-transformer';
import { IsArray, IsString, ValidateNested } from 'class-validator';
import {
  type ChatProvider,
  type DeliveryCode,
  DeliveryRefused,
  type MessengerAccount,
  type OutMessage,
  type SentMessage,
} from '#chat/port';
import type { CheckReport } from '#provider-kit';
import { checkAccount } from '../common/check.js';
import { TemplateClient, TemplateRefusal } from '../common/template.client.js';
import type { TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { manifest } from './template.manifest.js';
import { TemplateWebhook } from './template.webhook.js';

class WireBot {
  @IsString() id!: string;
  @IsString() name!: string;
}

class WireBots {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireBot) bots!: WireBot[];
}

class WireSent {
  @IsString() id!: string;
}

/** The gateway's words for the service's codes. */
const CODES: Readonly<Record<string, DeliveryCode>> = { no_chat: 'customer_not_exists', blocked: 'access_restricted' };

/** The service as a chat provider: a messenger whose bots are the shop's accounts. */
export class TemplateProvider implements ChatProvider<TemplateSettings> {
  readonly manifest = manifest;
  readonly webhook = new TemplateWebhook();
  private readonly client = new TemplateClient();

  check(_settings: TemplateSettings, context: TemplateContext): Promise<CheckReport> {
    return checkAccount(this.client, context);
  }

  async listAccounts(context: TemplateContext): Promise<MessengerAccount[]> {
    const { bots } = await this.client.read(WireBots, { method: 'GET', path: '/bots', effect: false }, context);
    return bots.map(({ id, name }) => ({ id, name }));
  }

  async sendMessage({ reference, account, chat = '', text, quote }: OutMessage, context: TemplateContext): Promise<SentMessage> {
    const path = `/bots/${encodeURIComponent(account)}/chats/${encodeURIComponent(chat)}/messages`;
    const json = { reference, text, answers: quote?.[0] };
    try {
      const { id } = await this.client.read(WireSent, { method: 'POST', path, json, effect: true }, context);
      return { ids: [id] };
    } catch (error) {
      if (!(error instanceof TemplateRefusal)) throw error;
      throw new DeliveryRefused(CODES[error.code] ?? 'general', error.message, error.code);
    }
  }
}

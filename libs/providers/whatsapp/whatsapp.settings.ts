import { BotSettings } from '#chat/port';
import { FIELDS, type Language, LANGUAGES, toLanguage } from '#platform';
import type { ProviderContext } from '#provider-kit';
import type { WhatsAppEnvironment } from './whatsapp.environment.js';
import { texts } from './whatsapp.texts.js';

const { connect } = FIELDS;
const ID = { optional: true, pattern: /^(\d{5,25})?$/, problem: texts.problems.id } as const;

/** Settings of a connection to WhatsApp: a business account, each of its numbers a channel. */
export class WhatsAppSettings extends BotSettings {
  @connect.text(texts.settings.token, { secret: true, optional: true, pattern: /^[\x21-\x7e]{0,1000}$/, problem: texts.problems.token })
  token?: string;

  @connect.text(texts.settings.business, ID) business?: string;
  /** Missing: the operator's app. */
  @connect.text(texts.settings.appId, ID) appId?: string;
  @connect.text(texts.settings.appSecret, { secret: true, optional: true, pattern: /^([0-9a-f]{32})?$/, problem: texts.problems.appSecret })
  appSecret?: string;

  @connect.choice(LANGUAGES, texts.settings.language, { optional: true }) language?: Language;
}

/** The context of each call of WhatsApp's functions. */
export type WhatsAppContext = ProviderContext<WhatsAppSettings>;

/** An app at Meta, whose secret signs webhooks. Members without a value are missing. */
export interface MetaApp {
  readonly id?: string | undefined;
  readonly secret?: string | undefined;
}

/** Returns the shop's own app, or the operator's. Their members are never combined. */
export function findApp({ appId, appSecret }: WhatsAppSettings, { WHATSAPP_APP_ID, WHATSAPP_APP_SECRET }: WhatsAppEnvironment): MetaApp {
  return appId || appSecret ? { id: appId, secret: appSecret } : { id: WHATSAPP_APP_ID, secret: WHATSAPP_APP_SECRET };
}

/** Whether the settings contain a business account and an app. */
export function isConfigured(settings: WhatsAppSettings, operator: WhatsAppEnvironment): boolean {
  const { id, secret } = findApp(settings, operator);
  return [settings.token, settings.business, id, secret].every(Boolean);
}

/** The language of texts for customers. */
export function languageOf({ settings: { language }, account }: WhatsAppContext): Language {
  return language ?? toLanguage(account.language);
}

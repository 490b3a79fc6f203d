import { BotSettings } from '#chat/port';
import { FIELDS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './fake-messenger.texts.js';

const { field } = FIELDS;

/** Settings of a connection to the fake messenger. */
export class FakeMessengerSettings extends BotSettings {
  /** Where its API is, without a path. */
  @field.address(texts.settings.baseUrl, { maxLength: 200 }) baseUrl!: string;
  @field.text(texts.settings.apiKey, { secret: true, filled: true, maxLength: 200 }) apiKey!: string;
  /** The secret in its webhooks. */
  @field.text(texts.settings.webhookSecret, { secret: true, minLength: 16, maxLength: 200 }) webhookSecret!: string;
}

/** The context of each call. */
export type FakeMessengerContext = ProviderContext<FakeMessengerSettings>;

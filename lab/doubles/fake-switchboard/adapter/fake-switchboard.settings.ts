import { FIELDS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './fake-switchboard.texts.js';

const { field } = FIELDS;

/** A manager's phone. */
export class FakeSwitchboardExtension {
  @field.text(texts.extension.code, { pattern: /^\d{2,6}$/, problem: 'must be 2 to 6 digits' }) code!: string;
  @field.integer({ ...texts.extension.userId, lookup: 'users' }, { optional: true, min: 1 }) userId?: number;
}

/** Settings of a connection: the account page's form comes from them. */
export class FakeSwitchboardSettings {
  @field.address(texts.settings.baseUrl, { maxLength: 200 }) baseUrl!: string;
  /** Also the secret that signs its webhooks. */
  @field.text(texts.settings.token, { secret: true, filled: true, maxLength: 200 }) token!: string;
  @field.country(texts.settings.country) country: string = 'RU';
  @field.list(() => FakeSwitchboardExtension, texts.settings.extensions, { maxItems: 1000 }) extensions: FakeSwitchboardExtension[] = [];
}

/** The context of each call. */
export type FakeSwitchboardContext = ProviderContext<FakeSwitchboardSettings>;

import { FIELDS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { PbxExternalPhone } from '#telephony/port';
import { texts } from './fake-pbx.texts.js';

const { field } = FIELDS;

/** A manager's phone. */
export class FakePbxExtension {
  @field.text(texts.extension.code, { pattern: /^\d{3,5}$/, problem: 'must be 3 to 5 digits' }) code!: string;
  @field.integer(texts.extension.userId, { optional: true, min: 1 }) userId?: number;
}

/** Settings of a connection to the fake PBX. */
export class FakePbxSettings {
  /** Where its API is, without a path. */
  @field.address(texts.settings.baseUrl, { optional: true, maxLength: 200 }) baseUrl?: string;
  @field.text(texts.settings.key, { maxLength: 200 }) key = '';
  /** Signs calls of the API and webhooks. */
  @field.text(texts.settings.secret, { secret: true, maxLength: 200 }) secret = '';
  /** IANA zone of times from the PBX. */
  @field.text(texts.settings.zone, { maxLength: 100 }) zone = 'UTC';
  @field.country(texts.settings.country) country = 'RU';
  @field.list(() => FakePbxExtension, texts.settings.extensions, { maxItems: 1000 }) extensions: FakePbxExtension[] = [];
  @field.list(() => PbxExternalPhone, texts.settings.externalPhones, { maxItems: 1000 }) externalPhones: PbxExternalPhone[] = [];
  @field.text(texts.settings.missedCode, { optional: true, pattern: /^\d{3,5}$/, problem: 'must be 3 to 5 digits' }) missedCode?: string;
  /** How a call that was placed is recognised. */
  @field.choice(['matched', 'returned'], texts.settings.placedCalls) placedCalls: 'matched' | 'returned' = 'matched';
  @field.flag(texts.settings.routes) routes = false;
  @field.flag(texts.settings.routesToBusy) routesToBusy = false;
  /** Days that links to recordings work. */
  @field.integer(texts.settings.recordDays, { min: 1 }) recordDays = 365;
  @field.flag(texts.settings.keepRecords) keepRecords = false;
}

/** The context of each call. */
export type FakePbxContext = ProviderContext<FakePbxSettings>;

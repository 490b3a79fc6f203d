import { PriceZone } from '#delivery/port';
import { FIELDS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './fake-carrier.texts.js';

const { field } = FIELDS;

/** Settings of a connection to the fake carrier. */
export class FakeCarrierSettings {
  /** Where its API is, without a path. */
  @field.address(texts.settings.baseUrl, { maxLength: 200 }) baseUrl!: string;
  @field.text(texts.settings.apiKey, { secret: true, filled: true, maxLength: 200 }) apiKey!: string;
  /** The carrier's signing secret for its webhooks. */
  @field.text(texts.settings.webhookSecret, { secret: true, minLength: 16, maxLength: 200 }) webhookSecret!: string;
  /** If missing, the carrier's own name. */
  @field.text(texts.settings.senderName, { optional: true, maxLength: 200 }) senderName?: string;
  @field.text(texts.settings.senderPhone, { optional: true, maxLength: 40 }) senderPhone?: string;
  /** The shop's contract with the carrier. */
  @field.choice(['full', 'prepaid'], texts.settings.contract) contract: 'full' | 'prepaid' = 'full';
  /** Prices for use instead of the carrier's. Empty: the carrier is queried. */
  @field.list(() => PriceZone, texts.settings.zones, { maxItems: 300 }) zones: PriceZone[] = [];
}

/** The context of each call. */
export type FakeCarrierContext = ProviderContext<FakeCarrierSettings>;

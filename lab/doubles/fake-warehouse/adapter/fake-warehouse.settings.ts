import { FIELDS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './fake-warehouse.texts.js';

const { field } = FIELDS;

/** Settings of a connection to the fake warehouse. */
export class FakeWarehouseSettings {
  /** Where its API is, without a path. */
  @field.address(texts.settings.baseUrl, { maxLength: 200 }) baseUrl!: string;
  /** The secret that signs calls and webhooks. */
  @field.text(texts.settings.secret, { secret: true, minLength: 16, maxLength: 200 }) secret!: string;
  @field.text(texts.settings.mainStore, { optional: true, maxLength: 100 }) mainStore?: string;
}

/** The context of each call. */
export type FakeWarehouseContext = ProviderContext<FakeWarehouseSettings>;

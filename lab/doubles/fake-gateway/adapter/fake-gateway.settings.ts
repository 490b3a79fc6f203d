import { PaymentShop } from '#payment/port';
import { FIELDS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './fake-gateway.texts.js';

const { field } = FIELDS;

/** Settings of a connection to the fake gateway. */
export class FakeGatewaySettings {
  /** Where its API is, without a path. */
  @field.address(texts.settings.baseUrl, { maxLength: 200 }) baseUrl!: string;
  /** Also the secret that signs its webhooks. */
  @field.text(texts.settings.token, { secret: true, filled: true, maxLength: 200 }) token!: string;
  @field.list(() => PaymentShop, texts.settings.shops, { maxItems: 100 }) shops: PaymentShop[] = [];
}

/** The context of each call. */
export type FakeGatewayContext = ProviderContext<FakeGatewaySettings>;

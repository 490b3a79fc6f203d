import { type Connection, ProviderRegistry } from '#connections';
import type { PaymentProvider, Shop } from './port/index.js';

/** The payment providers of this deployment. */
export class PaymentProviders extends ProviderRegistry<PaymentProvider> {
  /** A shop of a connection as its settings are now; undefined when they do not name it (any more). */
  shopOf(connection: Connection, code: string): Shop | undefined {
    return this.of(connection)
      .manifest.listShops(connection.settings)
      .find((shop) => shop.code === code);
  }
}

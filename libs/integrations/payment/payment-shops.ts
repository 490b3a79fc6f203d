import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import type { PaymentProvider, Shop } from './port/index.js';

/** The shops that a connection's settings name. */
@Injectable()
export class PaymentShops {
  constructor(@InjectProviders('payment') private readonly providers: Providers<PaymentProvider>) {}

  /** Returns a shop as the settings are now; undefined when they do not name it (any more). */
  find(connection: Connection, code: string): Shop | undefined {
    return this.list(connection).find((shop) => shop.code === code);
  }

  /** Returns all shops as the settings are now. */
  list(connection: Connection): readonly Shop[] {
    return this.providers.getManifest(connection).listShops(connection.settings);
  }
}

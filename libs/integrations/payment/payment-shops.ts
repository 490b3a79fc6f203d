import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import type { PaymentProvider, Shop } from './port/index.js';

/** The shops in a connection's settings. */
@Injectable()
export class PaymentShops {
  constructor(@InjectProviders('payment') private readonly providers: Providers<PaymentProvider>) {}

  /** Returns a shop from the current settings, or undefined if they do not contain it. */
  find(connection: Connection, code: string): Shop | undefined {
    return this.list(connection).find((shop) => shop.code === code);
  }

  /** Returns all shops from the current settings. */
  list(connection: Connection): readonly Shop[] {
    return this.providers.getManifest(connection).listShops(connection.settings);
  }
}

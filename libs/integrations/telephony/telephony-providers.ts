import { type Connection, ProviderRegistry } from '#connections';
import type { TelephonyProvider } from './port/index.js';

/** The telephony providers of this deployment. */
export class TelephonyProviders extends ProviderRegistry<TelephonyProvider> {
  /** The extension of a CRM user as the settings are now. */
  codeOf(connection: Connection, userId: number | undefined): string | undefined {
    if (userId === undefined) return undefined;
    return this.of(connection)
      .manifest.listExtensions(connection.settings)
      .find((extension) => extension.userId === userId)?.code;
  }

  /** The CRM user behind an extension as the settings are now. */
  userOf(connection: Connection, code: string | undefined): number | undefined {
    if (code === undefined) return undefined;
    return this.of(connection)
      .manifest.listExtensions(connection.settings)
      .find((extension) => extension.code === code)?.userId;
  }

  /** How numbers without a country are read. */
  countryOf(connection: Connection): string {
    return this.of(connection).manifest.readCountry(connection.settings);
  }
}

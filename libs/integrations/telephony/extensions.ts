import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import type { TelephonyProvider } from './port/index.js';

/** Looks up extensions in a connection's current settings. */
@Injectable()
export class Extensions {
  constructor(@InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>) {}

  /** Finds the extension of a CRM user. */
  findCode(connection: Connection, userId: number | undefined): string | undefined {
    if (userId === undefined) return undefined;
    return this.list(connection).find((extension) => extension.userId === userId)?.code;
  }

  /** Finds the CRM user behind an extension. */
  findUser(connection: Connection, code: string | undefined): number | undefined {
    if (code === undefined) return undefined;
    return this.list(connection).find((extension) => extension.code === code)?.userId;
  }

  /** Returns the country (ISO 3166-1 alpha-2) for reading numbers without a country code. */
  getCountry(connection: Connection): string {
    return this.providers.getManifest(connection).readCountry(connection.settings);
  }

  private list(connection: Connection): readonly { code: string; userId?: number }[] {
    return this.providers.getManifest(connection).listExtensions(connection.settings);
  }
}

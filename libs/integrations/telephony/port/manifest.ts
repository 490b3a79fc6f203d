import type { ProviderManifest, Recovery } from '#provider-kit';

/** A manager's phone: its number inside the PBX and the CRM user behind it (reference: additionalCodes). */
export interface Extension {
  code: string;
  /** Id in the CRM; missing: the CRM knows the code itself. */
  userId?: number;
}

/** A number of the company and the store that it belongs to (reference: externalPhones). */
export interface ExternalPhone {
  siteCode: string;
  phone: string;
}

/** What a telephony provider says of itself; the registration is derived from it, the settings and the methods present (reference: TelephonyConfiguration). */
export interface TelephonyManifest<S extends object> extends ProviderManifest<S> {
  /** How the lost reply of `call` is made good. */
  readonly recovery: Recovery;
  /** Which calls `listen` tells of. */
  readonly events: { readonly incoming: boolean; readonly outgoing: boolean; readonly hangup: boolean };
  /** Whether the settings say where the PBX is: until then nothing is listened to. Pure and quick, as those below. */
  isConfigured(settings: S): boolean;
  listExtensions(settings: S): Extension[];
  listExternalPhones(settings: S): ExternalPhone[];
  /** ISO 3166-1 alpha-2: how numbers without a country are read. */
  readCountry(settings: S): string;
  /** Whom a missed call is put down to that rang at nobody's; missing: it is not told to the CRM. */
  findMissedCode?(settings: S): string | undefined;
  /** Days that the link to a recording works; undefined: the settings do not say where recordings are, and none is offered. */
  readRecordDays(settings: S): number | undefined;
}

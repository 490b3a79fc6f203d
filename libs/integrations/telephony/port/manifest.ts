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

/**
 * What a telephony provider declares; the registration is derived from it, the settings and the methods
 * present (reference: TelephonyConfiguration).
 */
export interface TelephonyManifest<S extends object> extends ProviderManifest<S> {
  /** How to recover when the reply of `call` is lost. */
  readonly recovery: Recovery;
  /** Which calls `listen` reports. */
  readonly events: { readonly incoming: boolean; readonly outgoing: boolean; readonly hangup: boolean };
  /**
   * Whether the settings say where the PBX is: until then nothing is listened to. Pure and quick, as are the
   * methods below.
   */
  isConfigured(settings: S): boolean;
  listExtensions(settings: S): Extension[];
  listExternalPhones(settings: S): ExternalPhone[];
  /** ISO 3166-1 alpha-2: how numbers without a country are read. */
  readCountry(settings: S): string;
  /**
   * The extension that a missed call is assigned to which rang at nobody's; missing: the CRM does not learn
   * of it.
   */
  findMissedCode?(settings: S): string | undefined;
  /** Days that the link to a recording works; undefined: the settings name no place of recordings. */
  readRecordDays(settings: S): number | undefined;
}

import type { ProviderManifest, Recovery } from '#provider-kit';

/** A manager's phone: its number inside the PBX and its CRM user (reference: additionalCodes). */
export interface Extension {
  code: string;
  /** Id in the CRM. Missing: the CRM assigns the code to a user. */
  userId?: number;
}

/** A number of the company and the shop that it belongs to (reference: externalPhones). */
export interface ExternalPhone {
  siteCode: string;
  phone: string;
}

/**
 * A PBX adapter's description. The registration follows from it, the settings and the methods (reference:
 * TelephonyConfiguration).
 */
export interface TelephonyManifest<S extends object> extends ProviderManifest<S> {
  /** How to recover when the reply of `call` is lost. */
  readonly recovery: Recovery;
  /** Which calls `listen` or the webhook reports. */
  readonly events: { readonly incoming: boolean; readonly outgoing: boolean; readonly hangup: boolean };
  /**
   * Whether the settings contain the PBX. Otherwise it is not listened to. Pure and quick, like the methods
   * below.
   */
  isConfigured(settings: S): boolean;
  listExtensions(settings: S): Extension[];
  listExternalPhones(settings: S): ExternalPhone[];
  /** ISO 3166-1 alpha-2 code for reading numbers without a country code. */
  readCountry(settings: S): string;
  /**
   * Returns the extension for missed calls that rang at no manager's phone. Without it they are not reported
   * to the CRM.
   */
  findMissedCode?(settings: S): string | undefined;
  /** Days for which the link to a recording works. Undefined: the settings contain no place of recordings. */
  readRecordDays(settings: S): number | undefined;
  /**
   * How a call placed by `call` is recognized in the PBX's updates. `reference` (default): the PBX uses our
   * id for the call. `returned`: `call` returns the PBX's id. `matched`: by extension, the customer's last
   * digits and time.
   */
  readonly placedCalls?: 'reference' | 'returned' | 'matched';
  /** Whether users may also be given codes in the CRM (reference: allowEdit). Default: true. */
  codesEditable?(settings: S): boolean;
  /** Whether recordings may become ready later, so that the CRM gets their link without a check. */
  readonly recordsLate?: boolean;
  /**
   * Whether recordings are copied to the CRM's files, so that they outlive the PBX's own. Needs `findRecord`,
   * and `file_read` and `file_write` among `optionalScopes`.
   */
  keepsRecords?(settings: S): boolean;
  /**
   * Hours without an event after which a call of a PBX with a webhook has ended with an unknown outcome.
   * Default: 4.
   */
  readonly staleHours?: number;
}

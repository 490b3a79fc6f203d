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
 * A PBX adapter's description; registration follows it, settings and methods (reference:
 * TelephonyConfiguration).
 */
export interface TelephonyManifest<S extends object> extends ProviderManifest<S> {
  /** How to recover when the reply of `call` is lost. */
  readonly recovery: Recovery;
  /** Which calls `listen` or the webhook reports. */
  readonly events: { readonly incoming: boolean; readonly outgoing: boolean; readonly hangup: boolean };
  /**
   * Whether the settings name the PBX; otherwise it is not listened to. Pure and quick, like the methods
   * below.
   */
  isConfigured(settings: S): boolean;
  listExtensions(settings: S): Extension[];
  listExternalPhones(settings: S): ExternalPhone[];
  /** ISO 3166-1 alpha-2: how numbers without a country are read. */
  readCountry(settings: S): string;
  /** The extension for missed calls that rang at nobody's; without it they are not reported to the CRM. */
  findMissedCode?(settings: S): string | undefined;
  /** Days that the link to a recording works; undefined: the settings name no place of recordings. */
  readRecordDays(settings: S): number | undefined;
  /**
   * How a call placed by `call` is recognised in the PBX's news. `reference` (when left out): the PBX takes
   * our id as the call's. `returned`: `call` returns the PBX's id. `matched`: by extension, the customer's
   * last digits and time.
   */
  readonly placedCalls?: 'reference' | 'returned' | 'matched';
  /** Whether users may be given codes in the CRM too (reference: allowEdit); true when left out. */
  codesEditable?(settings: S): boolean;
  /** A recording may be ready only later, so the CRM gets its link without a look at it. */
  readonly recordsLate?: boolean;
  /**
   * Whether recordings are copied to the CRM's files, so that they outlive the PBX's own. Needs `findRecord`,
   * and `file_read` and `file_write` among `optionalScopes`.
   */
  keepsRecords?(settings: S): boolean;
  /**
   * Hours without an event after which a call of a PBX with a webhook has ended, its outcome unknown; 4 when
   * left out.
   */
  readonly staleHours?: number;
}

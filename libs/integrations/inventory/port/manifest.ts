import type { ProviderManifest, Recovery } from '#provider-kit';

/**
 * The CRM's values for `callPoints`, by callback. The CRM publishes none, so they are in the account's
 * settings.
 */
export interface CallPoints {
  inventoriesUpload: readonly string[];
  inventoriesActualize: readonly string[];
}

/**
 * A warehouse system's description. The registration follows from it, the settings and the methods
 * (reference: StoreConfiguration).
 */
export interface StoreManifest<S extends object> extends ProviderManifest<S> {
  /** How to recover a lost reply of `reserve`. With any kind, the same reservation may be sent again. */
  readonly recovery: Recovery;
  /** Pure and quick. */
  listCallPoints(settings: S): CallPoints;
  /** Seconds between two readings of changes, 60 to 3,600. Default: 300. Pure and quick. */
  changesEverySeconds?(settings: S): number;
}

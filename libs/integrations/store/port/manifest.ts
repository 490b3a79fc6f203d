import type { ProviderManifest, Recovery } from '#provider-kit';

/**
 * The CRM's values for `callPoints`, by callback. The CRM publishes none, so the account's settings name
 * them.
 */
export interface CallPoints {
  inventoriesUpload: readonly string[];
  inventoriesActualize: readonly string[];
}

/**
 * A warehouse system's description; registration follows it, settings and methods (reference:
 * StoreConfiguration).
 */
export interface StoreManifest<S extends object> extends ProviderManifest<S> {
  /** How to recover a lost reply of `reserve`; with any kind, the same reservation may be sent again. */
  readonly recovery: Recovery;
  /** Pure and quick. */
  listCallPoints(settings: S): CallPoints;
  /** Seconds between two questions for changes, 60 to 3,600; 300 when left out. Pure and quick. */
  changesEverySeconds?(settings: S): number;
}

import type { ProviderManifest, Recovery } from '#provider-kit';

/**
 * When the CRM calls, by callback. The values are the CRM's, which publishes none: the account's settings
 * name them (reference: `callPoints`).
 */
export interface CallPoints {
  inventoriesUpload: readonly string[];
  inventoriesActualize: readonly string[];
}

/**
 * What a warehouse system declares; the registration is derived from it, the settings and the methods present
 * (reference: StoreConfiguration).
 */
export interface StoreManifest<S extends object> extends ProviderManifest<S> {
  /** How the lost reply of `reserve` is made good. Whatever it is, the same reservation may be sent again. */
  readonly recovery: Recovery;
  /** Pure and quick. */
  listCallPoints(settings: S): CallPoints;
}

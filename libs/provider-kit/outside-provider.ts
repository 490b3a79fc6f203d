import type { Provider } from './provider.js';

/** The integrations that a provider may belong to. */
export const PROVIDER_KINDS = ['delivery', 'payment', 'telephony', 'store', 'recommendation', 'chat'] as const;

/** One of `PROVIDER_KINDS`. */
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** The default export of a package or file in `modules.json`, made by `defineProvider`. */
export interface OutsideProvider {
  readonly kind: ProviderKind;
  /**
   * Class of the operator's settings, each property named like its variable. Checked at start with all
   * others.
   */
  readonly environment?: new () => object;
  /** Makes the provider, once in each process. `environment`: the checked settings; `{}` without a class. */
  create(environment: object): Provider;
}

/**
 * Defines a provider outside the repository. Returns the default export of its file. A deployment refuses to
 * start with an invalid one.
 */
export function defineProvider<P extends Provider, E extends object = object>(provider: {
  kind: ProviderKind;
  environment?: new () => E;
  create(environment: E): P;
}): OutsideProvider {
  return provider as OutsideProvider;
}

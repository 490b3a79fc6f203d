import type { Provider } from './provider.js';

/** The integrations that a provider may stand behind. */
export const PROVIDER_KINDS = ['delivery', 'payment', 'telephony', 'store', 'recommendation', 'chat'] as const;

/** One of `PROVIDER_KINDS`. */
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** What a package or file that `modules.json` names exports as default; made by `defineProvider`. */
export interface OutsideProvider {
  readonly kind: ProviderKind;
  /**
   * Class of the operator's settings, each property named like its variable; checked at start with all
   * others.
   */
  readonly environment?: new () => object;
  /** Makes the provider, once in each process. `environment`: the checked settings; `{}` without a class. */
  create(environment: object): Provider;
}

/**
 * Defines a provider that lives outside the repository. Returns what its file exports as default; what does
 * not fit is refused when a deployment starts.
 */
export function defineProvider<P extends Provider, E extends object = object>(provider: {
  kind: ProviderKind;
  environment?: new () => E;
  create(environment: E): P;
}): OutsideProvider {
  return provider as OutsideProvider;
}

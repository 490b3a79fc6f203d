import type { ConnectionEntity, StoredState } from './connection.entity.js';
import { type HostedModule, isFirstProvider } from './hosted-modules.js';

/** The part of a connection's row for one provider. */
export type ProviderState = Pick<ConnectionEntity, 'settingsSealed' | 'rejectedCalls' | 'credentialsNotifiedAt'>;

/** The columns that contain it. */
type StateColumns = ProviderState & Pick<ConnectionEntity, 'byProvider'>;

const NOTHING: ProviderState = { settingsSealed: null, rejectedCalls: [], credentialsNotifiedAt: null };

/** SQL of the table `hosted` of providers. `listHosted` returns its parameters $1 to $3. */
export const HOSTED = 'unnest($1::text[], $2::text[], $3::boolean[]) AS hosted (module_code, provider, is_first)';

/** SQL: whether a row of `connection` has settings of `hosted.provider`. The same rule as in `readState`. */
export const HAS_SETTINGS = `CASE WHEN by_provider ? hosted.provider THEN by_provider->hosted.provider->>'settingsSealed' IS NOT NULL
  ELSE hosted.is_first AND settings_sealed IS NOT NULL END`;

/**
 * Returns the columns of `HOSTED`: module codes, provider codes, and whether each is the first of its
 * module.
 */
export function listHosted(modules: readonly HostedModule[]): [string[], string[], boolean[]] {
  return [modules.map(({ code }) => code), modules.map(({ manifest }) => manifest.code), modules.map(isFirstProvider)];
}

/**
 * Reads a provider's state from a row: by its code, or from the plain columns, which belong to the module's
 * first provider.
 */
export function readState(row: Omit<StateColumns, 'credentialsNotifiedAt'> & Partial<StateColumns>, module: HostedModule): ProviderState {
  const { code } = module.manifest;
  const stored = Object.hasOwn(row.byProvider, code) ? row.byProvider[code] : undefined;
  if (stored)
    return { ...stored, credentialsNotifiedAt: stored.credentialsNotifiedAt === null ? null : new Date(stored.credentialsNotifiedAt) };
  const { settingsSealed, rejectedCalls, credentialsNotifiedAt = null } = row;
  return isFirstProvider(module) ? { settingsSealed, rejectedCalls, credentialsNotifiedAt } : NOTHING;
}

/**
 * Returns the columns for a provider's new state. A module with one provider uses the plain
 * columns. A combined module stores everything by code, including its first provider's plain columns.
 */
export function writeState(row: StateColumns, module: HostedModule, state: ProviderState): Partial<StateColumns> {
  const { providers, manifest } = module;
  const [first = module] = providers;
  if (providers.length <= 1 && !Object.hasOwn(row.byProvider, manifest.code)) return state;
  const { byProvider, ...columns } = row;
  return { ...NOTHING, byProvider: { [first.manifest.code]: toStored(columns), ...byProvider, [manifest.code]: toStored(state) } };
}

function toStored({ settingsSealed, rejectedCalls, credentialsNotifiedAt }: ProviderState): StoredState {
  return { settingsSealed, rejectedCalls, credentialsNotifiedAt: credentialsNotifiedAt?.toISOString() ?? null };
}

import type { ConnectionEntity, StoredState } from './connection.entity.js';
import { type HostedModule, isFirstPart } from './hosted-modules.js';

/** What a connection's row keeps for one provider. */
export type ProviderState = Pick<ConnectionEntity, 'settingsSealed' | 'refusedCalls' | 'credentialsToldAt'>;

/** The columns that hold it. */
type StateColumns = ProviderState & Pick<ConnectionEntity, 'byProvider'>;

const NOTHING: ProviderState = { settingsSealed: null, refusedCalls: [], credentialsToldAt: null };

/** SQL of the table `hosted` of providers, which `listHosted` fills as the parameters $1 to $3. */
export const HOSTED = 'unnest($1::text[], $2::text[], $3::boolean[]) AS hosted (module_code, provider, is_first)';

/** SQL: whether a row of `connection` has settings of `hosted.provider`; the same rule as `readState`. */
export const HAS_SETTINGS = `CASE WHEN by_provider ? hosted.provider THEN by_provider->hosted.provider->>'settingsSealed' IS NOT NULL
  ELSE hosted.is_first AND settings_sealed IS NOT NULL END`;

/**
 * Returns the columns of `HOSTED`: module codes, provider codes, and whether each is the first of its
 * module.
 */
export function listHosted(modules: readonly HostedModule[]): [string[], string[], boolean[]] {
  return [modules.map(({ code }) => code), modules.map(({ manifest }) => manifest.code), modules.map(isFirstPart)];
}

/**
 * Reads what a row keeps for a provider: by its code, or else in the columns, which are those of the module's
 * first provider.
 */
export function readState(row: Omit<StateColumns, 'credentialsToldAt'> & Partial<StateColumns>, module: HostedModule): ProviderState {
  const { code } = module.manifest;
  const stored = Object.hasOwn(row.byProvider, code) ? row.byProvider[code] : undefined;
  if (stored) return { ...stored, credentialsToldAt: stored.credentialsToldAt === null ? null : new Date(stored.credentialsToldAt) };
  const { settingsSealed, refusedCalls, credentialsToldAt = null } = row;
  return isFirstPart(module) ? { settingsSealed, refusedCalls, credentialsToldAt } : NOTHING;
}

/**
 * Returns the columns that keep a new state of a provider. A module of one provider keeps to the plain
 * columns; of a combined one all is by code, also what the columns had of its first provider.
 */
export function writeState(row: StateColumns, module: HostedModule, state: ProviderState): Partial<StateColumns> {
  const { parts, manifest } = module;
  const [first = module] = parts;
  if (parts.length <= 1 && !Object.hasOwn(row.byProvider, manifest.code)) return state;
  const { byProvider, ...columns } = row;
  return { ...NOTHING, byProvider: { [first.manifest.code]: toStored(columns), ...byProvider, [manifest.code]: toStored(state) } };
}

function toStored({ settingsSealed, refusedCalls, credentialsToldAt }: ProviderState): StoredState {
  return { settingsSealed, refusedCalls, credentialsToldAt: credentialsToldAt?.toISOString() ?? null };
}

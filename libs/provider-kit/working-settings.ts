import { buildSettingsForm } from '#platform/plain';
import type { ProviderManifest } from './manifest.js';

/**
 * Whether a provider can work with these settings as far as they show: they have credentials, none is empty,
 * and nothing is missing. A new connection with such default settings works before its first save.
 */
export function areWorking<S extends object>({ settings: type, describeMissing }: ProviderManifest<S>, settings: S): boolean {
  if (describeMissing?.(settings) !== undefined) return false;
  const values = settings as Readonly<Record<string, unknown>>;
  const secrets = buildSettingsForm(type)
    .fields.filter(({ secret }) => secret)
    .flatMap(({ name }) => values[name] ?? []);
  return secrets.length > 0 && !secrets.includes('');
}

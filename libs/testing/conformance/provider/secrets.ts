import { getParser, maskSecrets } from '#platform/plain';
import type { Provider } from '#provider-kit';

/** Shorter secrets may appear in a text by chance. */
const SHORTEST_SECRET = 3;
/** A secret of someone else. */
export const OTHER_SECRET = 'another-secret-altogether';

/** Returns the secrets of settings that their masked form hides, including secrets in lists and groups. */
export function listSecrets<S extends object>(provider: Provider<S>, settings: S): string[] {
  const found: string[] = [];
  visitSecrets(settings, maskSecrets(provider.manifest.settings, settings), (_holder, _name, value) => {
    if (value.length > SHORTEST_SECRET) found.push(value);
  });
  return found;
}

/** Copies settings with this secret in the place of each. */
export function replaceSecrets<S extends object>(provider: Provider<S>, settings: S, secret: string): S {
  const copy = structuredClone(settings);
  visitSecrets(copy, maskSecrets(provider.manifest.settings, settings), (holder, name) => {
    holder[name] = secret;
  });
  return copy;
}

/** Copies settings without the secrets that they may lack. All others are empty. */
export function removeSecrets<S extends object>(provider: Provider<S>, settings: S): S {
  const copy = structuredClone(settings);
  const parse = (): S => getParser(provider.manifest.settings).parse(structuredClone(copy));
  visitSecrets(copy, maskSecrets(provider.manifest.settings, settings), (holder, name, value) => {
    delete holder[name];
    try {
      parse();
    } catch {
      holder[name] = value;
    }
  });
  return replaceSecrets(provider, parse(), '');
}

/** Copies a connection's memory with another text in place of each, because any may be a secret. */
export function replaceMemory(memory: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(memory).map((name) => [name, OTHER_SECRET]));
}

function visitSecrets(
  values: unknown,
  masked: unknown,
  visit: (holder: Record<string, unknown>, name: string, value: string) => void,
): void {
  if (!isMap(values) || !isMap(masked)) return;
  for (const [name, value] of Object.entries(values))
    if (typeof value !== 'string') visitSecrets(value, masked[name], visit);
    else if (isMap(masked[name])) visit(values, name, value);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

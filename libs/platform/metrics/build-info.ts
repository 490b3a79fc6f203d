import { readFileSync } from 'node:fs';

/** Returns the version in the package.json of the project that this file, compiled or not, is in. */
export function readVersion(): string {
  for (let folder = new URL('.', import.meta.url), last = ''; folder.href !== last; folder = new URL('..', folder)) {
    last = folder.href;
    try {
      return (JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as { version: string }).version;
    } catch {
      // It is further up.
    }
  }
  return 'unknown';
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DoubleOptions } from '../../libs/testing/double/rules.js';

/** A double that was started by hand. */
export interface RunningDouble {
  readonly url: string;
  /** The settings to enter on the account page to use it. */
  readonly settingsText?: string;
  /** The setting of the deployment that points Crossdock at it. */
  readonly variable?: string | undefined;
  /** Whether `connect` of the provider sets its webhooks up. */
  readonly hasConnectedHooks?: boolean;
  close(): Promise<void>;
}

/** A double that a provider contains, in a file that exports `startDouble`. */
export interface ProviderDouble {
  /** The provider's code. */
  readonly code: string;
  start(options: DoubleOptions): Promise<RunningDouble>;
}

/** Finds `<code>/<code>.double.js` in a folder of compiled providers. Each is loaded when it is started. */
export function findProviderDoubles(folder: string): ProviderDouble[] {
  return readdirSync(folder)
    .map((code) => ({ code, file: join(folder, code, `${code}.double.js`) }))
    .filter(({ file }) => existsSync(file))
    .map(({ code, file }) => ({ code, start: async (options) => (await loadDouble(file))(options) }));
}

/** Loads the start of a double from its file. Throws Error if it exports none. */
export async function loadDouble(file: string): Promise<ProviderDouble['start']> {
  const { startDouble } = (await import(pathToFileURL(file).href)) as { startDouble?: ProviderDouble['start'] };
  if (typeof startDouble !== 'function') throw new Error(`${file} exports no function startDouble`);
  return startDouble;
}

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where a Chromium is installed; undefined when none is. */
export const browserPath = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)))
  .find((file) => existsSync(file));
if (browserPath === undefined) process.stderr.write('No Chromium is installed: what needs a browser is skipped.\n');

/** Starts the browser; the caller must close it. */
export function startBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error('no Chromium is installed');
  // Pages that a spec makes up count as the internet's, from where this machine's own addresses are closed.
  return chromium.launch({ executablePath: browserPath, args: ['--disable-features=LocalNetworkAccessChecks'] });
}

import type { BrowserContext, Page } from 'playwright-core';

/** Maximum size of the first view of a page, compressed, in bytes. */
const MOST = 80_000;
/** Vue alone is more. */
const LEAST = 20_000;

/**
 * Opens a page with an empty cache. Returns `fits`, or the bytes on the wire of its first view, in all and by
 * address. `open` resolves when the view is complete.
 */
export async function weighFirstView(context: BrowserContext, page: Page, open: () => Promise<unknown>): Promise<string> {
  const network = await context.newCDPSession(page);
  await network.send('Network.setCacheDisabled', { cacheDisabled: true });
  await network.send('Network.clearBrowserCache');
  await open();
  await page.locator('.ui-loading').first().waitFor({ state: 'detached' });
  const loaded = await page.evaluate<[name: string, size: number][]>(
    "['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind)).map(({ name, encodedBodySize }) => [name, encodedBodySize])",
  );
  await network.detach();
  // Each address once: a figure that the page loads again to keep it fresh is not part of its first view.
  const sizes = [...new Map(loaded.reverse())].sort(([, one], [, other]) => other - one);
  const size = sizes.reduce((sum, [, one]) => sum + one, 0);
  if (size > LEAST && size < MOST) return 'fits';
  return `${size} bytes: ${sizes.map(([name, one]) => `${new URL(name).pathname} ${one}`).join(', ')}`;
}

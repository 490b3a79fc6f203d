import type { BrowserContext, Page } from 'playwright-core';

/** What the first view of a page may weigh, compressed, in bytes. */
const MOST = 80_000;
/** Vue alone is more. */
const LEAST = 20_000;

/**
 * Opens a page with nothing in the browser's cache, and returns `fits`, or how many bytes all bodies of its
 * first view have, as they are sent. `open` ends when the view is there.
 */
export async function weighFirstView(context: BrowserContext, page: Page, open: () => Promise<unknown>): Promise<string> {
  const network = await context.newCDPSession(page);
  await network.send('Network.setCacheDisabled', { cacheDisabled: true });
  await network.send('Network.clearBrowserCache');
  await open();
  await page.locator('.ui-loading').first().waitFor({ state: 'detached' });
  const size = await page.evaluate<number>(
    `(() => {
      const loaded = ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind));
      // Figures that the page loaded once more to keep them fresh are not part of its first view.
      const sizes = new Map(loaded.map(({ name, encodedBodySize }) => [name, encodedBodySize]));
      return [...sizes.values()].reduce((sum, size) => sum + size, 0);
    })()`,
  );
  await network.detach();
  return size > LEAST && size < MOST ? 'fits' : `${size} bytes`;
}

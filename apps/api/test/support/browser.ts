import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { PageWatch } from './page-watch.js';

/** The shell, which has no windows, needs a third less of the processor. */
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of an installed Chromium, or undefined if there is none. */
export const browserPath = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)))
  .find((file) => existsSync(file));
if (browserPath === undefined) process.stderr.write('No Chromium is installed: what needs a browser is skipped.\n');

/** Starts the browser. The caller must close it. */
export function startBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error('no Chromium is installed');
  // Pages that a spec makes up count as the internet's, from where this machine's own addresses are closed.
  return chromium.launch({ executablePath: browserPath, args: ['--disable-features=LocalNetworkAccessChecks'] });
}

/**
 * A page that the tests of a file share, because opening a page for each test costs more than most tests do.
 * The session, cached files and other data of the site stay between tests.
 */
export class SharedPage {
  private constructor(
    readonly browser: Browser,
    readonly context: BrowserContext,
    readonly page: Page,
    /** The page's complaints and calls, which each test starts without. */
    readonly watch: PageWatch,
    private readonly viewport: { width: number; height: number },
  ) {}

  /** Starts a browser with one page. The caller must close it. */
  static async open(options: BrowserContextOptions = {}): Promise<SharedPage> {
    const browser = await startBrowser();
    const viewport = options.viewport ?? { width: 1280, height: 800 };
    const context = await browser.newContext({ ...options, viewport });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    return new SharedPage(browser, context, page, new PageWatch(page, []), viewport);
  }

  /** Leaves the document and whatever a test changed of the page. Run it before each test. */
  async reset(): Promise<void> {
    const { page, watch, viewport } = this;
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.goto('about:blank');
    await page.emulateMedia({ colorScheme: null });
    await page.setViewportSize(viewport);
    watch.complaints.length = 0;
    watch.foreign.length = 0;
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

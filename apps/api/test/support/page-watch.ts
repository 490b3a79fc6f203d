import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** Problems that a browser reported about a page, and the other addresses it called. */
export class PageWatch {
  /** Errors of the console, of scripts, and breaches of the Content-Security-Policy. */
  readonly complaints: string[] = [];
  /** Requests to other hosts than those named. */
  readonly foreign: string[] = [];

  /** Watches a page from now on; `hosts`: origins that it may call, to which a test may add others. */
  constructor(
    page: Page,
    readonly hosts: string[],
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error' || /Content Security Policy/i.test(message.text())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (/^https?:/.test(url) && !hosts.some((host) => url.startsWith(`${host}/`))) this.foreign.push(url);
    });
  }
}

/** Waits for animations, because a half faded-in text has less contrast than readers get. */
function waitForAnimations(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    interface Animation {
      finished: Promise<unknown>;
      effect: { getComputedTiming(): { endTime: number } } | null;
    }
    const { document } = globalThis as unknown as { document: { getAnimations(): Animation[] } };
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    return Promise.allSettled(ending.map(({ finished }) => finished)).then(() => undefined);
  });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Lists the findings of axe, the serious and critical ones, with the elements; `[]` is what is expected.
 * `rules`: only these.
 */
export async function findBarriers(
  page: Page,
  impacts: readonly string[] = ['serious', 'critical'],
  rules?: readonly string[],
): Promise<string[]> {
  await waitForAnimations(page);
  // Sent once a document, because it is half a megabyte.
  if (!(await page.evaluate("typeof axe === 'object'"))) await page.evaluate(axe);
  // Without the style sheets, which only experimental rules read.
  const options = JSON.stringify({ resultTypes: ['violations'], preload: false, ...(rules && { runOnly: rules }) });
  const { violations } = await page.evaluate<Pick<AxeResults, 'violations'>>(`axe.run(document, ${options})`);
  return violations
    .filter(({ impact }) => impact != null && impacts.includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Rules of axe that a narrow page may break on its own, by folded menus and tables that scroll. */
const NARROW_RULES = ['button-name', 'color-contrast', 'link-name', 'scrollable-region-focusable'];

/** Every severity that axe has. */
export const ALL_IMPACTS = ['minor', 'moderate', 'serious', 'critical'];

/** Lists barriers and overflows of the open page, narrow and dark, then wide and light. Expected: `[]`. */
export async function inspectLooks(page: Page, impacts?: readonly string[]): Promise<string[]> {
  const findings: string[] = [];
  for (const [width, colorScheme, rules] of [
    [390, 'dark', NARROW_RULES],
    [1280, 'light', undefined],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    const overflow = await measureOverflow(page);
    const found = [...(await findBarriers(page, impacts, rules)), ...(overflow > 0 ? [`${overflow} px too wide`] : [])];
    findings.push(...found.map((one) => `${width} px, ${colorScheme}: ${one}`));
  }
  return findings;
}

/** How much wider the content is than the page, in pixels; 0 is what is expected. */
export function measureOverflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = (
      globalThis as unknown as { document: { documentElement: { scrollWidth: number; clientWidth: number } } }
    ).document.documentElement;
    return scrollWidth - clientWidth;
  });
}

import { types } from 'node:util';

/** Timeout for a page in milliseconds. */
const PATIENCE = 15_000;

/** The page after the buyer pressed the button. */
export interface Visit {
  /** Whether the page responded with success. */
  readonly ok: boolean;
  readonly status: number;
  /** The page's text without markup. */
  readonly text: string;
  /** Whether the page has a form to fill in. */
  readonly hasForm: boolean;
}

/**
 * Plays a buyer with a browser on an invoice's page: opens it, posts the form to the page's own URL,
 * follows the redirect and reads the next page. Never throws for errors of the page or the network.
 */
export async function playBuyer(link: string, fields: { readonly [name: string]: string }): Promise<Visit> {
  if (!URL.canParse(link)) return failed('the invoice has no link');
  try {
    const opened = await fetch(link, { signal: AbortSignal.timeout(PATIENCE) });
    if (!opened.ok) return readVisit(opened);
    await opened.arrayBuffer();
    const sent = await fetch(opened.url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(PATIENCE),
    });
    return await readVisit(sent);
  } catch (error) {
    return failed(types.isNativeError(error) ? error.message : String(error));
  }
}

async function readVisit(response: Response): Promise<Visit> {
  const html = await response.text();
  const body = html.replace(/<(style|head|script)\b[\s\S]*?<\/\1>/gi, ' ');
  const text = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400);
  return { ok: response.ok, status: response.status, text, hasForm: /<form\b/i.test(html) };
}

function failed(text: string): Visit {
  return { ok: false, status: 0, text, hasForm: false };
}

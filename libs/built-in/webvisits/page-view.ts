/** The source of a visitor who was not sent by a campaign or another site. */
export const DIRECT = 'direct';

/** The origin of a page view: the campaign's parameters, or the referring site. */
export interface Origin {
  /** `utm_source`, the referrer's host, or `direct`. */
  source: string;
  utm: { source?: string; medium?: string; campaign?: string };
}

const LONGEST = { url: 2000, mark: 255 };

/**
 * Returns the page's address to store, without fragment and credentials. Undefined outside the shop's sites.
 * @param keepQuery whether to keep the part after `?`
 */
export function cleanPageUrl(text: string, sites: readonly string[], keepQuery: boolean): string | undefined {
  const url = parsed(text);
  if (!url || !sites.includes(url.origin)) return undefined;
  return `${url.origin}${url.pathname}${keepQuery ? url.search : ''}`.slice(0, LONGEST.url);
}

/**
 * Returns the origin of a visit that starts with this page. A referrer on the shop's own sites is ignored.
 */
export function readOrigin(pageAddress: string, referrer: string | undefined, sites: readonly string[]): Origin {
  const query = parsed(pageAddress)?.searchParams;
  const mark = (name: string): string | undefined => query?.get(`utm_${name}`)?.trim().slice(0, LONGEST.mark) || undefined;
  const [source, medium, campaign] = [mark('source'), mark('medium'), mark('campaign')];
  const from = referrer ? parsed(referrer) : undefined;
  const host = from && !sites.includes(from.origin) ? from.hostname.slice(0, LONGEST.mark) : undefined;
  return {
    source: source ?? host ?? DIRECT,
    utm: { ...(source && { source }), ...(medium && { medium }), ...(campaign && { campaign }) },
  };
}

/** Returns `en-US` in the CRM's spelling, `en_US`, or undefined if the text is not a language. */
export function readLocale(language: string | undefined): string | undefined {
  const match = /^([a-z]{2,3})(?:[-_](?:[A-Z][a-z]{3}[-_])?([A-Za-z]{2}))?(?:[-_]|$)/.exec(language ?? '');
  return match ? (match[2] ? `${match[1]}_${match[2].toUpperCase()}` : match[1]) : undefined;
}

function parsed(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined;
}

/**
 * Returns the invoice's `returnUrl` if its host is the invoice's site, otherwise undefined, so that our page
 * is not an open redirect. `allowHttp`: for accounts of a development CRM.
 */
export function readReturnUrl(returnUrl: string | undefined, siteUrl: string | undefined, allowHttp: boolean): string | undefined {
  const target = parseWebAddress(returnUrl);
  const site = parseWebAddress(siteUrl && !siteUrl.includes('://') ? `https://${siteUrl}` : siteUrl);
  if (!target || !site || target.host !== site.host || target.username !== '' || target.password !== '') return undefined;
  return target.protocol === 'https:' || allowHttp ? target.href : undefined;
}

/** Returns the host of a site's address for display, or undefined if the address is invalid. */
export function readSiteName(siteUrl: string | undefined): string | undefined {
  return parseWebAddress(siteUrl && !siteUrl.includes('://') ? `https://${siteUrl}` : siteUrl)?.host.replace(/^www\./, '');
}

function parseWebAddress(text: string | undefined): URL | undefined {
  // Parsers disagree on control characters and backslashes.
  if (!text || /[\s\\\p{Cc}]/u.test(text)) return undefined;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}

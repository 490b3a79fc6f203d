/**
 * Returns the invoice's `returnUrl` if it is a web address of the site that the invoice names, else
 * undefined, so that our page is no open redirect. `allowHttp`: for accounts of a development CRM.
 */
export function readReturnUrl(returnUrl: string | undefined, siteUrl: string | undefined, allowHttp: boolean): string | undefined {
  const target = parseWebAddress(returnUrl);
  const site = parseWebAddress(siteUrl && !siteUrl.includes('://') ? `https://${siteUrl}` : siteUrl);
  if (!target || !site || target.host !== site.host || target.username !== '' || target.password !== '') return undefined;
  return target.protocol === 'https:' || allowHttp ? target.href : undefined;
}

/** The host of a site's address, for people; undefined when it is none. */
export function readSiteName(siteUrl: string | undefined): string | undefined {
  return parseWebAddress(siteUrl && !siteUrl.includes('://') ? `https://${siteUrl}` : siteUrl)?.host.replace(/^www\./, '');
}

function parseWebAddress(text: string | undefined): URL | undefined {
  // Control characters and backslashes are read differently by different readers.
  if (!text || /[\s\\\p{Cc}]/u.test(text)) return undefined;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}

import type { OfferRef } from '#inventory/port';

/** Columns of rows that identify offers, and of their unnest. */
export const REF_COLUMNS = 'key, crm_id, xml_id, external_id, site';
/** Parameters 2 to 6 of a query about offers of connection $1, as rows with the ordinality `n`. */
export const REFS = `unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS r (${REF_COLUMNS}, n)`;

/** Values of REFS. An unknown key finds nothing. */
export function toRefValues(offers: readonly OfferRef[]): unknown[] {
  return [
    offers.map(({ key }) => (key !== undefined && /^\d{1,18}$/.test(key) ? key : null)),
    offers.map(({ id }) => id ?? null),
    offers.map(({ xmlId }) => xmlId ?? null),
    offers.map(({ externalId }) => externalId ?? null),
    offers.map(({ site }) => site ?? null),
  ];
}

/**
 * Returns SQL for the offer id of row `r` in connection $1, or null, by key, id, xmlId, externalId
 * (inventories/upload). An offer of the given site has precedence over one without a site. Without a site any
 * matches.
 */
export function buildOfferId(r: string, key = `${r}.key`): string {
  const by = (condition: string): string => `(SELECT o.id FROM ledger_offer o WHERE o.connection_id = $1 AND ${condition})`;
  return `coalesce(
    ${by(`o.id = ${key}`)},
    ${by(`o.crm_id = ${r}.crm_id`)},
    ${by(`o.xml_id = ${r}.xml_id`)},
    ${by(
      `o.external_id = ${r}.external_id AND (${r}.site IS NULL OR o.site IN ('', ${r}.site)) ORDER BY o.site = ${r}.site DESC NULLS LAST, o.site, o.id LIMIT 1`,
    )})`;
}

import type { AccountData } from '#platform';

/** Visits of a shop's visitors. Pages are deleted with their visit, links with their visitor. */
export const visitsData: AccountData = {
  name: 'visits',
  tables: [{ table: 'webvisits_visit' }, { table: 'webvisits_link' }, { table: 'webvisits_visitor' }],
  buyers: {
    links: true,
    select: `SELECT v.id::text, ARRAY(
          SELECT 'shop:' || l.external_id FROM webvisits_link l WHERE l.visitor_id = v.id AND l.kind = 'customer') AS links,
        NULL::jsonb AS about, false AS open, to_jsonb(v) - 'connection_id' - 'key_hash' || jsonb_build_object('visits', (
          SELECT jsonb_agg(jsonb_build_object('source', w.source, 'startedAt', w.started_at, 'lastAt', w.last_at, 'pages', (
            SELECT jsonb_agg(jsonb_build_object('at', p.at, 'url', p.url, 'title', p.title) ORDER BY p.number)
            FROM webvisits_page p WHERE p.visit_id = w.id)) ORDER BY w.started_at)
          FROM webvisits_visit w WHERE w.visitor_id = v.id)) AS view
      FROM webvisits_visitor v WHERE connection_id = $1 AND identified`,
    erase: 'DELETE FROM webvisits_visitor WHERE id = ANY ($1::uuid[]) RETURNING id',
  },
};

import type { RouteLocationRaw } from 'vue-router';
import type { Schemas } from '../api.js';

type Hit = Schemas['SearchHitView'];

/** The hits of one kind. */
export interface HitGroup {
  readonly title: string;
  readonly hits: readonly Hit[];
}

/** The kinds, in display order. */
const TITLES: Readonly<Record<Hit['kind'], string>> = {
  connection: 'Connections',
  delivery: 'Deliveries',
  payment: 'Payments',
  dialogue: 'Dialogues',
  call: 'Calls',
  order: 'Orders',
  operation: 'Operations',
  message: 'Messages to the CRM',
  event: 'Events of providers',
  exchange: 'Exchanges in the journal',
};

/** Groups hits by kind. Hits of the same kind keep their order. */
export function groupHits(hits: readonly Hit[]): HitGroup[] {
  return (Object.keys(TITLES) as Hit['kind'][])
    .map((kind) => ({ title: TITLES[kind], hits: hits.filter((hit) => hit.kind === kind) }))
    .filter((group) => group.hits.length > 0);
}

/** Returns the page of a hit: its story, its shop, or the shop's tab with it. */
export function toPlace({ kind, id, connection, story }: Hit): RouteLocationRaw {
  if (story !== undefined) return story.replace('/operator/api', '');
  if (kind === 'exchange') return { path: `/connections/${connection}`, query: { tab: 'journal', entry: id } };
  return `/connections/${connection}`;
}

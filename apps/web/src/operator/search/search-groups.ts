import type { RouteLocationRaw } from 'vue-router';
import type { Schemas } from '../api.js';

type Hit = Schemas['SearchHitView'];

/** Hits of one kind. */
export interface HitGroup {
  readonly title: string;
  readonly hits: readonly Hit[];
}

/** The kinds, in the order in which they are shown. */
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

/** Groups hits by kind; those of one kind keep their order. */
export function groupHits(hits: readonly Hit[]): HitGroup[] {
  return (Object.keys(TITLES) as Hit['kind'][])
    .map((kind) => ({ title: TITLES[kind], hits: hits.filter((hit) => hit.kind === kind) }))
    .filter((group) => group.hits.length > 0);
}

/** Where a hit leads: its story, its shop, or where the shop shows it. */
export function toPlace({ kind, id, connection, story }: Hit): RouteLocationRaw {
  if (story !== undefined) return story.replace('/operator/api', '');
  if (kind === 'exchange') return { path: `/connections/${connection}`, query: { tab: 'journal', entry: id } };
  return `/connections/${connection}`;
}

import type { RouteLocationRaw } from 'vue-router';
import { formatCount } from '../../kit/format.js';
import { api, type Schemas } from '../api.js';
import { HEALTH_WORDS, type HealthWords } from '../health-words.js';

type Need = Schemas['Need'];
type NeedAct = Schemas['NeedAct'];

const KIND_WORDS: Readonly<Record<Need['kind'], HealthWords>> = {
  ...HEALTH_WORDS,
  restored: { title: 'Restored', tone: 'bad' },
  hanging: { title: 'Provider hangs', tone: 'bad' },
  'standing-still': { title: 'Stalled', tone: 'bad' },
  waits: { title: 'Messages delayed', tone: 'bad' },
  failed: { title: 'Failed', tone: 'bad' },
  'unknown-outcome': { title: 'Outcome unknown', tone: 'bad' },
};

/** Returns the name and tone of a kind of need. */
export function describeKind(kind: Need['kind']): HealthWords {
  return KIND_WORDS[kind];
}

/** Formats a number of connections. */
export function describeConnections(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'connection' : 'connections'}`;
}

/** Returns the page that shows a need in full. */
export function findPlace({ place, connection }: Pick<Need, 'place' | 'connection'>): RouteLocationRaw {
  if (place.failures) return `/failures/${place.failures.what}/${encodeURIComponent(place.failures.group)}`;
  if (connection) return `/connections/${connection.id}`;
  if (place.waiting !== undefined) return { path: '/connections', query: { sort: 'oldestWaiting' } };
  if (place.connections) return { path: '/connections', query: place.connections };
  if (place.module !== undefined) return { path: '/connections', query: { module: place.module } };
  return place.restore ? '/system' : { path: '/system', hash: '#recurring' };
}

/** Returns the label of an action's button. */
export function nameAct({ operation, body }: NeedAct): string {
  if (operation === 'registerConnection') return 'Register again';
  if (operation === 'checkConnection') return 'Check now';
  return body?.what === 'operations' ? 'Check again' : 'Replay';
}

/** Runs an action. Returns the message to show. Throws `ApiError` if it is rejected. */
export async function doAct({ operation, path, query, body }: NeedAct): Promise<{ text: string; isGood: boolean }> {
  if (operation === 'replayFailures' && body) {
    await api.POST('/operator/api/failures/replay', { body });
    return { text: 'The replay has started. It continues if you leave the page.', isGood: true };
  }
  const params = { path: { id: path?.id ?? '' } };
  if (operation === 'registerConnection') {
    await api.POST('/operator/api/connections/{id}/register', { params });
    return { text: 'The shop is being registered again. This takes a few seconds.', isGood: true };
  }
  const { data } = await api.POST('/operator/api/connections/{id}/check', { params: { ...params, ...(query && { query }) } });
  return describeCheck(data!);
}

function describeCheck({ state, account, errors, message }: Schemas['CheckOutcome']): { text: string; isGood: boolean } {
  if (state === 'ok') return { text: account ? `The service responds. Account: ${account}.` : 'The service responds.', isGood: true };
  const why = message ?? Object.values(errors).join(' ');
  if (state === 'empty') return { text: `There is nothing to check yet. ${why}`, isGood: false };
  return {
    text: state === 'away' ? `The service still does not respond. ${why}` : `The service does not accept the settings. ${why}`,
    isGood: false,
  };
}

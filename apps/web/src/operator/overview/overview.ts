import { inject, type InjectionKey, provide } from 'vue';
import { keepFresh, type Query, useQuery } from '../../kit/index.js';
import { api, type Schemas } from '../api.js';
import { isLive, onLive } from '../live.js';

export type Overview = Schemas['Overview'];

/** The server reads the figures anew so often, milliseconds. */
const EVERY_MS = 15_000;
const KEY: InjectionKey<Query<Overview>> = Symbol('overview');

/** Asks for the overview and keeps it fresh, once for the menu and the pages below it. */
export function provideOverview(): Query<Overview> {
  const overview = useQuery(async (signal) => (await api.GET('/operator/api/overview', { signal })).data!);
  onLive('overview', (data) => (overview.data.value = data));
  keepFresh(overview, EVERY_MS, isLive);
  provide(KEY, overview);
  return overview;
}

/** The overview that the frame keeps fresh. */
export function useOverview(): Query<Overview> {
  const overview = inject(KEY);
  if (!overview) throw new Error('The overview is of the signed-in pages only.');
  return overview;
}

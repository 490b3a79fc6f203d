import { inject, type InjectionKey, provide, watch } from 'vue';
import { keepFresh, type Query, useQuery } from '../../kit/index.js';
import { api, type Schemas } from '../api.js';
import { isLive, type LiveEvents, onLive } from '../live.js';
import { renewFailures } from './renew-failures.js';

export type Overview = Schemas['Overview'];

/** Interval in milliseconds at which the server updates its figures. */
const EVERY_MS = 15_000;
const KEY: InjectionKey<Query<Overview>> = Symbol('overview');

/** Loads the overview and keeps it current, once for the menu and all pages. */
export function provideOverview(): Query<Overview> {
  let told: LiveEvents['failures'] | undefined;
  const overview = useQuery(async (signal) => renewFailures((await api.GET('/operator/api/overview', { signal })).data!, told));
  const show = (data: Overview | undefined): void => void (overview.data.value = data && renewFailures(data, told));
  onLive('overview', show);
  onLive('failures', (failures) => {
    told = failures;
    show(overview.data.value);
  });
  // The figures received before a break in the connection may be outdated.
  watch(isLive, () => (told = undefined));
  keepFresh(overview, EVERY_MS, isLive);
  provide(KEY, overview);
  return overview;
}

/** Returns the overview that the frame keeps current. */
export function useOverview(): Query<Overview> {
  const overview = inject(KEY);
  if (!overview) throw new Error('Only signed-in pages have the overview.');
  return overview;
}

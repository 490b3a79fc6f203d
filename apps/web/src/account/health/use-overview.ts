import { onScopeDispose, type Ref, ref } from 'vue';
import { followEvents, type Query, useQuery } from '../../kit/index.js';
import { api, path, type Schemas } from '../api.js';

/** The connection's health, and whether it is followed live. */
export interface Overview {
  readonly query: Query<Schemas['AccountOverview']>;
  readonly isLive: Ref<boolean>;
}

/** Loads the connection's health, initially and after each change. */
export function useOverview(): Overview {
  const query = useQuery(async (signal) => (await api.GET('/{module}/account/api/overview', { params: { path }, signal })).data!);
  const isLive = ref(false);
  const ending = new AbortController();
  onScopeDispose(() => ending.abort());
  // The first event reports the current state, which is being loaded already.
  let isFirst = true;
  void followEvents(
    {
      open: async (signal) => (await api.GET('/{module}/account/api/live', { params: { path }, signal, parseAs: 'stream' })).response,
      onEvent: () => {
        if (!isFirst) void query.reload();
        isFirst = false;
      },
      onState: (isOpen) => (isLive.value = isOpen),
    },
    ending.signal,
  );
  return { query, isLive };
}

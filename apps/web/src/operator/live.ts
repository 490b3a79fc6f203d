import { onScopeDispose, readonly, ref } from 'vue';
import { followWhileSeen } from '../kit/index.js';
import { api, type Schemas } from './api.js';

/** What the server tells when it changes, by the event's name. */
export interface LiveEvents {
  overview: Schemas['Overview'];
  tasks: { items: Schemas['TaskView'][] };
  failures: Readonly<Record<Schemas['FailureSource'], number>>;
}

type Listener = (data: unknown) => void;

const listeners = new Map<string, Set<Listener>>();
const open = ref(false);

/** Whether changes are told at the moment. */
export const isLive = readonly(open);

/** Calls a function at each event of a name, as long as the component is there. */
export function onLive<Name extends keyof LiveEvents>(name: Name, listener: (data: LiveEvents[Name]) => void): void {
  const all = listeners.get(name) ?? new Set();
  listeners.set(name, all.add(listener as Listener));
  onScopeDispose(() => all.delete(listener as Listener));
}

/** Follows what changes while the page is seen, once for all of its components. */
export function followChanges(): void {
  const stop = followWhileSeen({
    open: async (signal) => (await api.GET('/operator/api/live', { signal, parseAs: 'stream' })).response,
    onEvent: ({ name, data }) => listeners.get(name)?.forEach((listener) => listener(JSON.parse(data))),
    onState: (isOpen) => (open.value = isOpen),
  });
  onScopeDispose(() => {
    stop();
    open.value = false;
  });
}

import { onScopeDispose, readonly, ref } from 'vue';
import { followWhileSeen } from '../kit/index.js';
import { api, type Schemas } from './api.js';

/** The data of the server's live updates, by the event's name. */
export interface LiveEvents {
  overview: Schemas['Overview'];
  tasks: { items: Schemas['TaskView'][] };
  failures: Readonly<Record<Schemas['FailureSource'], number>>;
}

type Listener = (data: unknown) => void;

const listeners = new Map<string, Set<Listener>>();
const open = ref(false);

/** Whether live updates currently arrive. */
export const isLive = readonly(open);

/** Calls a listener for each event with this name, until the component is unmounted. */
export function onLive<Name extends keyof LiveEvents>(name: Name, listener: (data: LiveEvents[Name]) => void): void {
  const all = listeners.get(name) ?? new Set();
  listeners.set(name, all.add(listener as Listener));
  onScopeDispose(() => all.delete(listener as Listener));
}

/** Follows live updates while the page is visible. Called once for all components of the page. */
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

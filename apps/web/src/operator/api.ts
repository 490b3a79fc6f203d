import { readonly, ref } from 'vue';
import { createApiClient, type Schemas } from '../../api/client.js';
import { pageRoot } from '../kit/page-root.js';

export { ApiError, type Schemas } from '../../api/client.js';

type Session = Schemas['SignedInView'];

/** The operator API, with the session of this browser. */
export const api = createApiClient({ baseUrl: pageRoot() });

const current = ref<Session>();
const ended = ref(false);

/** The signed-in operator. Undefined if no one is signed in. */
export const session = readonly(current);

/** Whether a session ended while the page was open, other than by signing out. */
export const hasEnded = readonly(ended);

// Called before the client's own reading of the reply, which throws.
api.use({
  onResponse({ response }) {
    if (response.status === 401) setSession(undefined);
  },
});

/** Checks whether this browser is signed in. The check does not prolong the session. */
export async function findSession(): Promise<void> {
  const { data } = await api.GET('/operator/api/session');
  setSession(data);
}

/** Signs in with an operator's token. Throws ApiError if it is rejected. */
export async function signIn(token: string): Promise<void> {
  const { data } = await api.POST('/operator/api/session', { body: { token } });
  setSession(data);
}

/** Ends the session. */
export async function signOut(): Promise<void> {
  await api.DELETE('/operator/api/session');
  current.value = undefined;
  ended.value = false;
}

/** Whether the operator may run actions. Reading is always permitted. */
export function mayAct(): boolean {
  return current.value?.may.includes('act') ?? false;
}

function setSession(found: Schemas['SessionView'] | undefined): void {
  const now = found?.signedIn ? found : undefined;
  ended.value = !now && (ended.value || current.value !== undefined);
  current.value = now;
}

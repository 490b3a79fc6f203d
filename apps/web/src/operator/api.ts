import { readonly, ref } from 'vue';
import { createApiClient, type Schemas } from '../../api/client.js';
import { pageRoot } from '../kit/page-root.js';

export { ApiError, type Schemas } from '../../api/client.js';

type Session = Schemas['SignedInView'];

/** The operator API, with the session of this browser. */
export const api = createApiClient({ baseUrl: pageRoot() });

const current = ref<Session>();

/** Who is signed in; undefined: nobody. */
export const session = readonly(current);

// Called before the client's own reading of the reply, which throws.
api.use({
  onResponse({ response }) {
    if (response.status === 401) current.value = undefined;
  },
});

/** Asks whether this browser is signed in. */
export async function findSession(): Promise<void> {
  const { data } = await api.GET('/operator/api/session');
  current.value = data?.signedIn ? data : undefined;
}

/** Signs in with an operator's token. Throws ApiError when it is refused. */
export async function signIn(token: string): Promise<void> {
  const { data } = await api.POST('/operator/api/session', { body: { token } });
  current.value = data?.signedIn ? data : undefined;
}

/** Ends the session. */
export async function signOut(): Promise<void> {
  await api.DELETE('/operator/api/session');
  current.value = undefined;
}

/** Whether the operator may act; what only reads needs no asking. */
export function mayAct(): boolean {
  return current.value?.may === 'act';
}

import { createApiClient } from '../../api/client.js';
import { pageRoot } from '../kit/page-root.js';
import type { LocalText } from '../kit/index.js';
import { keepReadable } from './form/own-words.js';
import { PageSession } from './session/page-session.js';
import { readStart } from './start.js';

export { ApiError, type Schemas } from '../../api/client.js';

/** What the server wrote into the page. */
export const start = readStart();

/** Its calls' `params.path`; more of a path is added to it. */
export const path = { module: start.module };

/** The bearer of this page. */
export const session = new PageSession(start.token, async () => {
  const { data } = await api.POST('/{module}/account/api/session', { params: { path } });
  return data!.token;
});

const UNREACHABLE: LocalText = {
  en: 'The server did not answer; try again in a moment.',
  es: 'El servidor no respondió; inténtelo de nuevo en un momento.',
  ru: 'Сервер не ответил; попробуйте ещё раз чуть позже.',
};
const REFUSED: LocalText = {
  en: 'The server answered with an error ({status}); try again in a moment.',
  es: 'El servidor respondió con un error ({status}); inténtelo de nuevo en un momento.',
  ru: 'Сервер ответил ошибкой ({status}); попробуйте ещё раз чуть позже.',
};

/** The account page's API, for the connection of this page. */
export const api = createApiClient({
  baseUrl: pageRoot(),
  token: () => session.token,
  texts: {
    unreachable: UNREACHABLE[start.language],
    refused: REFUSED[start.language],
    isReadable: (text) => keepReadable(text, start.language) !== undefined,
  },
});

// Called before the client's own reading of the reply, which throws.
api.use({
  onResponse({ response }) {
    if (response.status === 401) session.end();
  },
});

document.addEventListener('visibilitychange', () => void session.refresh());

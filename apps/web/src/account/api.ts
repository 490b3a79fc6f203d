import { createApiClient } from '../../api/client.js';
import { pageRoot } from '../kit/page-root.js';
import { textIn } from '../kit/index.js';
import { keepReadable } from './form/own-words.js';
import { PageSession } from './session/page-session.js';
import { readStart } from './start.js';
import { PAGE_TEXTS } from './page-texts.js';

export { ApiError, type Schemas } from '../../api/client.js';

/** The data that the server wrote into the page. */
export const start = readStart();

/** `params.path` of all calls. Calls add their own parameters to it. */
export const path = { module: start.module };

/** The bearer of this page. */
export const session = new PageSession(start.token, async () => {
  const { data } = await api.POST('/{module}/account/api/session', { params: { path } });
  return data!.token;
});

/** The account page's API, for the connection of this page. */
export const api = createApiClient({
  baseUrl: pageRoot(),
  token: () => session.token,
  texts: {
    unreachable: textIn(PAGE_TEXTS.unreachable, start.language),
    refused: textIn(PAGE_TEXTS.refused, start.language),
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

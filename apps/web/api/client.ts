import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema.js';

/** Types of the API by their names, such as `ConnectionView`. */
export type Schemas = components['schemas'];

/** Options of a client. */
export interface ApiClientOptions {
  /** Address of the api, without a slash at the end. Default: the page's origin. */
  readonly baseUrl?: string;
  /** Returns the bearer token for a call. Without a token, the browser's session is used. */
  readonly token?: () => string | undefined;
  /** Messages for replies without one from the server. Default: English. */
  readonly texts?: ClientTexts;
}

/** Messages of the client itself. */
export interface ClientTexts {
  /** Shown if there was no reply. */
  readonly unreachable: string;
  /** Shown if the reply has no readable message. `{status}` is filled in. */
  readonly refused: string;
  /** Whether the server's message can be read on the page. If not, `refused` is shown. Default: always. */
  isReadable?(text: string): boolean;
}

const ENGLISH: ClientTexts = { unreachable: 'The server cannot be reached.', refused: 'The server answered with {status}.' };

/** A call that was rejected or got no reply. `message` is for people. */
export class ApiError extends Error {
  constructor(
    message: string,
    /** HTTP status. Missing if there was no reply. */
    readonly status?: number,
    /** Error messages by the path of their field. */
    readonly errors: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/**
 * Creates a client of the operators' and the account page's API, typed by its document: `GET`, `POST`, ...
 * with a path. A successful reply is returned, any other is thrown as `ApiError`.
 */
export function createApiClient({ baseUrl = '', token, texts = ENGLISH }: ApiClientOptions = {}): Client<paths> {
  const client = createClient<paths>({ baseUrl, credentials: 'same-origin' });
  client.use({
    onRequest({ request }) {
      const bearer = token?.();
      if (bearer !== undefined) request.headers.set('authorization', `Bearer ${bearer}`);
    },
    async onResponse({ response }) {
      if (!response.ok) throw await readError(response, texts);
    },
    onError: ({ error }) => (error instanceof ApiError ? error : new ApiError(texts.unreachable)),
  });
  return client;
}

async function readError(response: Response, { refused, isReadable = () => true }: ClientTexts): Promise<ApiError> {
  const answer = (await response.json().catch(() => ({}))) as Partial<Schemas['ErrorAnswer']>;
  const errors = answer.errors as Record<string, string> | undefined;
  const said = answer.errorMsg !== undefined && isReadable(answer.errorMsg) ? answer.errorMsg : undefined;
  return new ApiError(said ?? refused.replace('{status}', String(response.status)), response.status, errors);
}

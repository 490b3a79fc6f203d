import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema.js';

/** Types of the API by their names, such as `ConnectionView`. */
export type Schemas = components['schemas'];

/** How a client calls. */
export interface ApiClientOptions {
  /** Address of the api, without a slash at the end; default: that of the page. */
  readonly baseUrl?: string;
  /** The bearer token at the moment of a call; without one, the browser's session is used. */
  readonly token?: () => string | undefined;
  /** What is said where the server says nothing; default: in English. */
  readonly texts?: ClientTexts;
}

/** What the client itself says. */
export interface ClientTexts {
  /** There was no answer. */
  readonly unreachable: string;
  /** The answer has no sentence of its own; `{status}` is filled in. */
  readonly refused: string;
  /** Whether what the server says can be read on the page; default: all can. What cannot is `refused`. */
  isReadable?(text: string): boolean;
}

const ENGLISH: ClientTexts = { unreachable: 'The server cannot be reached.', refused: 'The server answered with {status}.' };

/** A call that was refused or came to nothing; `message` is for people. */
export class ApiError extends Error {
  constructor(
    message: string,
    /** HTTP status; missing: there was no answer. */
    readonly status?: number,
    /** What is wrong with fields, by their path. */
    readonly errors: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/**
 * Creates a client of the operators' and the account page's API, typed by its document: `GET`, `POST`, ...
 * with a path. What it answers is a success; all else is thrown as ApiError.
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

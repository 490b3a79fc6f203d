import type { operations } from '../../../../web/api/schema.js';

/** Operations by their names in the API's document. */
export type PageOperation = keyof operations;

/** What an operation of the API answers when it succeeds. */
export type Reply<Id extends PageOperation> = operations[Id]['responses'] extends
  { 200: { content: { 'application/json': infer Body } } } | { 201: { content: { 'application/json': infer Body } } }
  ? Body
  : never;

/** What a refused call says. */
export interface Refusal {
  errorMsg?: string;
  errors?: { [path: string]: string };
}

/** How a call ended; without `body` or `refusal` the server did not answer, or not in JSON. */
export interface ApiReply<Body> {
  status?: number;
  body?: Body;
  refusal?: Refusal;
}

/** Calls the page's own API, `{module}/account/api/`, with the page's token. */
export class PageApi {
  private readonly base = `${location.pathname.replace(/\/+$/, '')}/api/`;

  /** `provider`: whose settings are meant, of a module of several. */
  constructor(
    private readonly token: string,
    private readonly provider?: string,
  ) {}

  /** Calls an operation at its path. Never throws; a body goes as JSON. */
  async call<Id extends PageOperation>(path: string, init: RequestInit = {}): Promise<ApiReply<Reply<Id>>> {
    const headers = { authorization: `Bearer ${this.token}`, ...(init.body !== undefined && { 'content-type': 'application/json' }) };
    const address = new URL(this.base + path, location.href);
    if (this.provider !== undefined) address.searchParams.set('provider', this.provider);
    const reply = await fetch(address, { ...init, headers }).catch(() => undefined);
    if (!reply) return {};
    const body = (await reply.json().catch(() => undefined)) as object | undefined;
    const status = reply.status;
    if (!body) return { status };
    return reply.ok ? { status, body: body as Reply<Id> } : { status, refusal: body };
  }
}

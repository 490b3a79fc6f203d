import { createServer, type AddressInfo } from 'node:net';
import { Sandbox, type SandboxOptions } from '../src/sandbox.js';
import { SandboxServer } from '../src/server.js';
import type { JsonObject } from '../src/json.js';

/** A reply of the sandbox. */
export interface Reply {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Headers;
}

/** A sandbox on a free port with ways to call it. */
export class SandboxBench {
  readonly sandbox: Sandbox;
  readonly server: SandboxServer;
  url = '';
  key = 'key-of-the-spec';

  constructor(options: SandboxOptions = {}) {
    // High enough not to matter, unless a spec tests limits.
    this.sandbox = new Sandbox({ apiKey: this.key, limits: { ordinary: 100_000, telephony: 100_000 }, warn: () => undefined, ...options });
    this.server = new SandboxServer(this.sandbox);
  }

  async start(): Promise<this> {
    this.url = await this.server.listen({ port: 0, host: '127.0.0.1' });
    return this;
  }

  stop(): Promise<void> {
    return this.server.close();
  }

  /** Sends a GET to the API. Parameters are encoded like a form. */
  get(path: string, parameters: { readonly [name: string]: unknown } = {}, key = this.key): Promise<Reply> {
    const query = new URLSearchParams(encode(parameters)).toString();
    return reply(fetch(`${this.url}${path}${query === '' ? '' : `?${query}`}`, { headers: { 'x-api-key': key } }));
  }

  /** Sends a POST to the API. Objects and lists are sent as JSON in their field. */
  post(path: string, fields: { readonly [name: string]: unknown } = {}, key = this.key): Promise<Reply> {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(fields))
      form.append(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
    return reply(fetch(`${this.url}${path}`, { method: 'POST', headers: { 'x-api-key': key }, body: form }));
  }

  /** Calls the control API. */
  control(method: string, path: string, body?: unknown): Promise<Reply> {
    return reply(
      fetch(`${this.url}/sandbox${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    );
  }

  /** Returns the hints of the last registration: mistakes that the reference does not reject. */
  async hints(): Promise<string[]> {
    const { body } = await this.control('GET', '/exchanges?name=integration.edit&limit=1');
    const [entry] = body['entries'] as { notes?: string[] }[];
    return entry?.notes ?? [];
  }
}

/** Returns a port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Encodes parameters like a form: `filter[ids][]=1`. A list of lists or objects keeps its indices. */
export function encode(fields: { readonly [name: string]: unknown }): [string, string][] {
  const pairs: [string, string][] = [];
  const add = (name: string, value: unknown): void => {
    if (value === undefined || value === null) return;
    if (Array.isArray(value)) for (const item of value) add(`${name}[]`, item);
    else if (typeof value === 'object') for (const [key, item] of Object.entries(value)) add(`${name}[${key}]`, item);
    else pairs.push([name, typeof value === 'boolean' ? (value ? '1' : '0') : String(value)]);
  };
  for (const [name, value] of Object.entries(fields)) add(name, value);
  return pairs;
}

async function reply(pending: Promise<Response>): Promise<Reply> {
  const response = await pending;
  const text = await response.text();
  let body: JsonObject = {};
  try {
    body = JSON.parse(text) as JsonObject;
  } catch {
    // Not JSON: the status is sufficient.
  }
  return { status: response.status, body, headers: response.headers };
}

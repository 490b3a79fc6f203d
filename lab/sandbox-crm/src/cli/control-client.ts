import { type JsonObject, asObject, asText, parseJson } from '../json.js';

/** An error whose message is for the user of the command line. */
export class CommandError extends Error {}

/** Calls the control API of a running sandbox. */
export class ControlClient {
  /** Takes the sandbox's base URL and the account's code. */
  constructor(
    readonly url: string,
    readonly account: string,
  ) {}

  /** Reads a path under `/sandbox`. */
  get(path: string): Promise<JsonObject> {
    return this.call('GET', path);
  }

  /** Sends JSON to a path under `/sandbox`. */
  post(path: string, body: JsonObject = {}): Promise<JsonObject> {
    return this.call('POST', path, body);
  }

  /** Puts JSON to a path under `/sandbox`. */
  put(path: string, body: JsonObject): Promise<JsonObject> {
    return this.call('PUT', path, body);
  }

  /** Deletes a path under `/sandbox`. */
  delete(path: string): Promise<JsonObject> {
    return this.call('DELETE', path);
  }

  /** Returns a path of the account: `orders` becomes `/accounts/default/orders`. */
  of(path: string): string {
    return `/accounts/${encodeURIComponent(this.account)}/${path}`;
  }

  /** Returns the bytes of a printed form that the sandbox stored. */
  async file(name: string): Promise<Buffer> {
    const response = await this.request('GET', `/printed/${encodeURIComponent(name)}`);
    if (!response.ok) throw new CommandError(`The sandbox has no printed form ${name}`);
    return Buffer.from(await response.arrayBuffer());
  }

  private async call(method: string, path: string, body?: JsonObject): Promise<JsonObject> {
    const response = await this.request(method, path, body);
    const text = await response.text();
    const json = asObject(parseJson(text));
    if (!response.ok) throw new CommandError(explain(json) ?? `The sandbox answered ${response.status}: ${text.slice(0, 200)}`);
    return json;
  }

  private async request(method: string, path: string, body?: JsonObject): Promise<Response> {
    try {
      return await fetch(`${this.url}/sandbox${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    } catch {
      throw new CommandError(
        `No sandbox CRM answers at ${this.url}: start it with "npm run up" (or "node dist/lab/sandbox-crm/src/main.js"), or name another with --sandbox`,
      );
    }
  }
}

function explain(json: JsonObject): string | undefined {
  const message = asText(json['errorMsg']);
  if (message === undefined) return undefined;
  const errors = Object.entries(asObject(json['errors'])).map(([field, text]) => `${field}: ${String(text)}`);
  return errors.length === 0 ? message : `${message} (${errors.join('; ')})`;
}

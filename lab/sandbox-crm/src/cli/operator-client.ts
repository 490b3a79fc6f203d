import { setTimeout as delay } from 'node:timers/promises';
import { type JsonObject, asObject, asObjects, asText, parseJson } from '../json.js';
import { CommandError } from './control-client.js';

/** Milliseconds between two checks of a running task. */
const LOOK_MS = 200;

/** Calls the operator API of the deployment that hosts a module. */
export class OperatorClient {
  constructor(
    /** The module's base URL. */
    private readonly moduleUrl: string,
    private readonly token: string,
    /** Base URL of the operator API. Default: the module's. */
    private readonly operatorUrl?: string,
  ) {}

  /** Calls a path below `/operator/api`. Throws `CommandError` if it does not respond. */
  async send(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly text: string }> {
    const url = `${this.operatorUrl ?? new URL(this.moduleUrl).origin}/operator/api${path}`;
    try {
      const response = await fetch(url, {
        method,
        headers: { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, text: await response.text() };
    } catch {
      throw new CommandError(`The module's operator API does not answer at ${url}`);
    }
  }

  /** Returns the id of the connection of an account's instance. Undefined if there is no such connection. */
  async findConnection(code: string, systemUrl: string): Promise<string | undefined> {
    const { text } = await this.send('GET', `/connections?limit=500&code=${encodeURIComponent(code)}`);
    const rows = asObjects(asObject(parseJson(text))['items']);
    return asText(rows.find((one) => one['systemUrl'] === systemUrl)?.['id']);
  }

  /**
   * Compares the stocks of a connection with its warehouse. A dry run sends nothing. Returns the final state.
   * @throws CommandError if it is rejected, fails, or takes longer than `waitMs`
   */
  async reconcileStocks(connection: string, dryRun: boolean, waitMs: number): Promise<JsonObject> {
    const path = `/connections/${connection}/stocks`;
    const begun = this.readJson(await this.send('POST', `${path}/reconcile`, { dryRun }));
    for (const end = Date.now() + waitMs; ; await delay(LOOK_MS)) {
      const { items } = this.readJson(await this.send('GET', `${path}/reconciliations?limit=20`));
      const found = asObjects(items).find(({ id }) => id === begun['id']) ?? begun;
      if (found['state'] === 'done') return found;
      if (found['state'] === 'failed') throw new CommandError(`The stocks could not be compared: ${String(found['problem'])}`);
      if (Date.now() > end) throw new CommandError(`The stocks are still being compared after ${waitMs / 1000} s`);
    }
  }

  private readJson({ status, text }: { readonly status: number; readonly text: string }): JsonObject {
    const json = asObject(parseJson(text));
    if (status < 300) return json;
    throw new CommandError(`The module's operator API refused (HTTP ${status}): ${asText(json['errorMsg']) ?? text.slice(0, 200)}`);
  }
}

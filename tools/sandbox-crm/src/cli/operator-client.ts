import { setTimeout as delay } from 'node:timers/promises';
import { type JsonObject, asObject, asObjects, asText, parseJson } from '../json.js';
import { CommandError } from './control-client.js';

/** Milliseconds between two looks at what runs. */
const LOOK_MS = 200;

/** Calls the operator API of the deployment that a module is of. */
export class OperatorClient {
  constructor(
    /** Where the module answers. */
    private readonly moduleUrl: string,
    private readonly token: string,
    /** Address of its operator API. By default the module's. */
    private readonly operatorUrl?: string,
  ) {}

  /** Makes a call, below `/operator/api`. Throws `CommandError` when it does not answer. */
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

  /** The id of the connection of an account's instance; undefined when the operator API lists none. */
  async findConnection(code: string, systemUrl: string): Promise<string | undefined> {
    const { text } = await this.send('GET', `/connections?limit=500&code=${encodeURIComponent(code)}`);
    const rows = asObjects(asObject(parseJson(text))['items']);
    return asText(rows.find((one) => one['systemUrl'] === systemUrl)?.['id']);
  }

  /**
   * Has the stocks of a connection compared with its warehouse's; a dry run sends nothing. Returns the end.
   * @throws CommandError when it is refused, fails, or takes longer than `waitMs`
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

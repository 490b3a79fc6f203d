import { CommandError } from '../cli/control-client.js';
import { type JsonObject, asObject, asObjects, asText, isObject, parseJson } from '../json.js';
import type { DemoRun } from './demo-run.js';

/** The double of a warehouse, whose control API the demo uses to play people. */
export interface DemoWarehouse {
  readonly url: string;
  /** Adds a good that the CRM finds by `code`. The purchase price is in units of the currency. */
  add(good: { name: string; code: string; price: number }): Promise<void>;
  /** Sets the warehouse's stock of a good. */
  setStock(code: string, units: number): Promise<void>;
}

/**
 * Returns the double at `url`, with the warehouse that the connection's settings pair with the CRM's `store`.
 * Undefined, with an explanation, if they pair none. Throws CommandError if nothing responds.
 */
export async function findWarehouse(demo: DemoRun, url: string, store: string): Promise<DemoWarehouse | undefined> {
  const ids = asObjects((await ask(url, 'stores'))['items']).map(({ id }) => asText(id));
  const paired = listObjects(await demo.readSettings()).find(
    (one) => Object.values(one).includes(store) && Object.values(one).some((value) => ids.includes(asText(value))),
  );
  const at = Object.values(paired ?? {})
    .map(asText)
    .find((value) => value !== undefined && ids.includes(value));
  if (at === undefined) {
    demo.problems.push(`the settings of the module pair no warehouse at ${url} with "${store}" of the CRM: enter them on its account page`);
    return undefined;
  }
  return {
    url,
    add: async ({ name, code, price }) => {
      await ask(url, 'goods', { name, externalCode: code, buyPrice: Math.round(price * 100) });
    },
    setStock: async (code, units) => {
      await ask(url, 'stocks', { good: code, store: at, stock: units });
    },
  };
}

/** The objects in a value, at any depth. */
function listObjects(value: unknown): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(listObjects);
  return isObject(value) ? [value, ...Object.values(value).flatMap(listObjects)] : [];
}

async function ask(base: string, path?: string, body?: JsonObject): Promise<JsonObject> {
  const url = `${base}/control${path === undefined ? '' : `/${path}`}`;
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(url, body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => undefined);
  if (!reply) throw new CommandError(`no double of a warehouse answers at ${base}: start it with npm run double -- moysklad --port ...`);
  const text = await reply.text();
  if (!reply.ok) throw new CommandError(`${url} answered ${reply.status}: ${text.slice(0, 300)}`);
  return asObject(parseJson(text));
}

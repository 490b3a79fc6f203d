import { type JsonObject, asList, asObject, asObjects, asText, pick } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import type { AccountContext } from '../store/account-context.js';
import type { Account } from '../store/state.js';
import { Desk } from './desk.js';
import type { Outcome } from './exchange.js';
import { SandboxError } from './module-error.js';
import { judgeRecommendation } from './recommendation-check.js';

/** Modes of the CRM itself (reference: recommendation callback, `mode`). */
const DEFAULT_MODES = ['buying_with', 'analogs'];

/** A module's recommendations. */
export interface Recommended {
  readonly outcome: Outcome;
  readonly mode: string;
  /** The requested products, in the format of `describeProduct`. */
  readonly asked: JsonObject[];
  /** Products of the catalogue, the best first. */
  readonly products: JsonObject[];
  /** Recommended products that the catalogue does not have. The CRM does not show them. */
  readonly unknown: string[];
}

/** The CRM's recommendations for an order: requests products that are bought with the order's products. */
export class RecommendationDesk extends Desk {
  /** Throws `SandboxError` if the module is not connected or does not support recommendations. */
  constructor(sandbox: Sandbox, account: Account, code: string) {
    super(sandbox, account, code, 'recommendation', 'recommendations');
  }

  /** Returns the codes of the module's modes, or the CRM's own modes if it adds these or registered none. */
  modes(): string[] {
    const { modes, addDefaultModes } = this.registered;
    const own = asObjects(modes).map((mode) => asText(mode['code']) ?? '');
    return [...new Set([...own, ...(own.length === 0 || addDefaultModes === true ? DEFAULT_MODES : [])])];
  }

  /**
   * Requests products that are bought with these (id or externalId), in a mode (default: the first), by id or
   * externalId.
   * @throws SandboxError 404 for an unknown product, 400 for an unknown mode
   */
  async recommend(names: readonly string[], mode = this.modes()[0] ?? '', by: 'id' | 'externalId' = 'id'): Promise<Recommended> {
    if (!this.modes().includes(mode)) throw new SandboxError(`There is no mode "${mode}". There are: ${this.modes().join(', ')}`);
    if (names.length === 0) throw new SandboxError('Name one product or more');
    const asked = names.map((name) => productNamed(this.crm, name));
    const ids = asked.map((product) => {
      const id = asText(product[by]);
      if (id === undefined) throw new SandboxError(`Product "${String(product['name'])}" has no ${by}`);
      return id;
    });
    const field = by === 'id' ? 'ids' : 'externalIds';
    // The notation of a list in a query by PHP.
    const fields = Object.fromEntries(ids.map((id, index) => [`${field}[${index}]`, id]));
    const { outcome, body } = await this.call({ ...fields, mode }, by, ids);
    const found = asList(body['ids']).map((id) => [String(id), this.crm.find('products', by, String(id))] as const);
    return {
      outcome,
      mode,
      asked: asked.map((product) => describeProduct(this.crm, product)),
      products: found.flatMap(([, product]) => (product ? [describeProduct(this.crm, product)] : [])),
      unknown: found.flatMap(([id, product]) => (product ? [] : [id])),
    };
  }

  /** Sends these fields unchanged, such as `{"ids[0]": "1", "mode": "best"}`. */
  async raw(fields: { readonly [name: string]: string }): Promise<Outcome> {
    return (await this.call(fields)).outcome;
  }

  private async call(
    fields: { readonly [name: string]: string },
    by?: 'id' | 'externalId',
    asked: readonly string[] = [],
  ): Promise<{ readonly outcome: Outcome; readonly body: JsonObject }> {
    const { outcome, reply } = await this.send('recommendation', 'GET', this.path('recommendation'), fields, (answer) =>
      judgeRecommendation(answer, by, asked),
    );
    return { outcome, body: outcome.ok ? asObject(reply.json) : {} };
  }
}

/** Returns the product with this id or externalId. Throws `SandboxError` 404. */
function productNamed(crm: AccountContext, name: string): JsonObject {
  const product = crm.find('products', 'id', name) ?? crm.find('products', 'externalId', name);
  if (!product) throw new SandboxError(`There is no product "${name}" (by id or externalId)`, 404);
  return product;
}

/** Shows a product in the control API's format: identifiers, group names and the lowest offer price. */
export function describeProduct(crm: AccountContext, product: JsonObject): JsonObject {
  const prices = crm.rows('offers').flatMap((offer) => (offer['productId'] === product['id'] ? [Number(offer['price'] ?? 0)] : []));
  return {
    ...pick(product, ['id', 'externalId', 'name', 'active']),
    groups: asObjects(product['groups']).map(
      (group) => asText(crm.find('productGroups', 'id', asText(group['id']))?.['name']) ?? asText(group['id']) ?? '',
    ),
    ...(prices.length > 0 ? { minPrice: Math.min(...prices) } : {}),
  };
}

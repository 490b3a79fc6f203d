import { findOffers, putStocks } from '../groups/store.group.js';
import { type Json, type JsonObject, asNumber, asObject, asObjects, asText, copy, pick } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import type { AccountContext } from '../store/account-context.js';
import type { Account } from '../store/state.js';
import { Desk, type Encoding } from './desk.js';
import type { Exchanged, Outcome } from './exchange.js';
import { SandboxError } from './module-error.js';
import type { StoreAction } from './registration.js';
import { judgeStore, listStocks } from './store-check.js';

/** Maximum number of offers per call: the API's upload limit, because the callback has no limit. */
const OFFERS_LIMIT = 250;

/** The part of an order to reserve. */
export interface ReserveOptions {
  /** Code of the warehouse. Default: the warehouse of the order's packs, otherwise the account's first. */
  readonly store?: string;
  /** Only the item with this offer (id, xmlId or externalId). */
  readonly offer?: string;
  /** Units of each item. Default: the ordered quantity. */
  readonly quantity?: number;
}

/**
 * The result of a warehouse callback: the outcome, and the number of offers in the reply that were stored.
 */
export interface StockOutcome {
  readonly outcome: Outcome;
  readonly taken: number;
  /** Offers of the reply that were not requested. The CRM ignores them. */
  readonly ignored: number;
}

/** The CRM's warehouse screens: requests stocks, packs items (which reserves them) and unpacks them. */
export class StoreDesk extends Desk {
  /** Throws `SandboxError` if the module is not connected or has no warehouse. */
  constructor(sandbox: Sandbox, account: Account, code: string, encoding?: Encoding) {
    super(sandbox, account, code, 'store', 'warehouse', encoding);
  }

  /** Requests and stores the stocks of these offers (id, xmlId or externalId), by default of the newest. */
  async upload(names: readonly string[] = []): Promise<StockOutcome> {
    const offers = names.length === 0 ? this.crm.rows('offers').slice(-OFFERS_LIMIT) : names.map((name) => offerNamed(this.crm, name));
    const asked = offers.map((offer) => pick(offer, ['id', 'xmlId', 'externalId', 'site']));
    return this.taken('inventoriesUpload', asked, await this.call('inventoriesUpload', { offers: asked }));
  }

  /**
   * Packs the order's items from a warehouse and notifies the module, which reserves them. Existing packs
   * get the new quantity. Packs that the module rejects are not changed.
   */
  async reserve(order: JsonObject, options: ReserveOptions = {}): Promise<StockOutcome> {
    if (options.quantity !== undefined && options.quantity <= 0)
      throw new SandboxError('quantity must be more than 0; release takes it back');
    const store = options.store;
    if (store !== undefined && !this.crm.find('stores', 'code', store))
      throw new SandboxError(`There is no warehouse "${store}". There are: ${this.stores().join(', ')}`, 404);
    const packs = this.listItems(order, options.offer).map((item): JsonObject => {
      const known = this.listPacks(order).find((pack) => asObject(pack['item'])['id'] === item['id']);
      return {
        ...known,
        item: { id: item['id'], order: { id: order['id'] }, offer: copy(asObject(item['offer'])) },
        store: store ?? asText(known?.['store']) ?? this.stores()[0],
        quantity: options.quantity ?? asNumber(item['quantity']) ?? 1,
        purchasePrice: asNumber(item['purchasePrice']) ?? 0,
      };
    });
    const result = await this.actualize(order, packs);
    if (result.outcome.status !== 200) return result;
    for (const pack of packs) {
      const known = pack['id'] === undefined ? undefined : this.crm.find('packs', 'id', asText(pack['id']));
      if (known) Object.assign(known, pack);
      else this.crm.insert('packs', pack);
    }
    this.crm.changed();
    return result;
  }

  /** Unpacks the order's items (all, or one offer's) by sending the module quantity 0. */
  async release(order: JsonObject, offer?: string): Promise<StockOutcome> {
    const items = this.listItems(order, offer).map((item) => item['id']);
    const packs = this.listPacks(order).filter((pack) => items.includes(asObject(pack['item'])['id']));
    if (packs.length === 0) throw new SandboxError(`Nothing of order ${String(order['number'])} is reserved`, 409);
    const result = await this.actualize(
      order,
      packs.map((pack) => ({ ...pack, quantity: 0 })),
    );
    if (result.outcome.status === 200) for (const pack of packs) this.crm.remove('packs', pack);
    return result;
  }

  /** Sends these fields unchanged (`{offers}` or `{order, packs}`). Does not store the reply. */
  async raw(action: StoreAction, body: JsonObject): Promise<Outcome> {
    return (await this.call(action, body)).outcome;
  }

  private async actualize(order: JsonObject, packs: readonly JsonObject[]): Promise<StockOutcome> {
    const sent = packs.map((pack): JsonObject => {
      const { id, offer } = asObject(pack['item']);
      const item = this.listItems(order).find((one) => one['id'] === id);
      return {
        item: { id, ...(asObjects(item?.['externalIds']).length > 0 ? { externalIds: item?.['externalIds'] } : {}) },
        offer: pick(asObject(offer), ['id', 'externalId', 'xmlId']),
        ...pick(pack, ['quantity', 'store', 'purchasePrice', 'shipmentDate', 'invoiceNumber', 'deliveryNoteNumber']),
      };
    });
    const asked = sent.map((pack) => asObject(pack['offer']));
    const exchanged = await this.call('inventoriesActualize', { order: pick(order, ['id', 'externalId', 'site']), packs: sent });
    return this.taken('inventoriesActualize', asked, exchanged);
  }

  /** Stores the stocks of the requested offers. */
  private taken(action: StoreAction, asked: readonly JsonObject[], { outcome, reply }: Exchanged): StockOutcome {
    if (!outcome.ok) return { outcome, taken: 0, ignored: 0 };
    const wanted = new Set(asked.flatMap((one) => findOffers(this.crm, one, undefined)));
    let taken = 0;
    let ignored = 0;
    for (const { offer } of listStocks(action, asObject(reply.json))) {
      const found = findOffers(this.crm, offer, asText(offer['site'])).filter((one) => wanted.has(one));
      if (found.length === 0) ignored += 1;
      else taken += 1;
      for (const one of found) putStocks(this.crm, one, asObjects(offer['stores']));
    }
    this.crm.changed();
    return { outcome, taken, ignored };
  }

  private call(action: StoreAction, body: JsonObject): Promise<Exchanged> {
    const fields = Object.entries(body).map(([name, value]): [string, string] => [name, JSON.stringify(value ?? null)]);
    return this.send(`store ${action}`, 'POST', this.path(action), Object.fromEntries(fields), (reply) =>
      judgeStore(action, reply, this.crm),
    );
  }

  /** A warehouse registers a list of actions with their codes. */
  protected override path(action: StoreAction): string {
    const path = asText(asObjects(this.registered['actions']).find((one) => one['code'] === action)?.['url']);
    return path ?? super.path(action);
  }

  /** Returns the order's items with an offer of the catalogue: all of them, or only the item of one offer. */
  private listItems(order: JsonObject, offer?: string): JsonObject[] {
    const wanted = offer === undefined ? undefined : offerNamed(this.crm, offer);
    const items = asObjects(order['items']).filter((item) => {
      const id = asObject(item['offer'])['id'];
      return id !== undefined && (wanted === undefined || id === wanted['id']);
    });
    if (items.length === 0)
      throw new SandboxError(
        `Order ${String(order['number'])} has no item ${offer === undefined ? 'with an offer of the catalogue' : `of offer "${offer}"`}`,
      );
    return items;
  }

  private listPacks(order: JsonObject): JsonObject[] {
    return this.crm.rows('packs').filter((pack) => asObject(asObject(pack['item'])['order'])['id'] === order['id']);
  }

  private stores(): string[] {
    return this.crm.rows('stores').map((store) => asText(store['code']) ?? '');
  }
}

/** Returns the offer with this id, xmlId or externalId. Throws `SandboxError` 404. */
export function offerNamed(crm: AccountContext, name: string): JsonObject {
  const offer = crm.find('offers', 'id', name) ?? crm.find('offers', 'xmlId', name) ?? crm.find('offers', 'externalId', name);
  if (!offer) throw new SandboxError(`There is no offer "${name}" (by id, xmlId or externalId)`, 404);
  return offer;
}

/** Shows an offer in the control API's format: identifiers, stocks by warehouse and reserved quantities. */
export function describeOffer(crm: AccountContext, offer: JsonObject): JsonObject {
  const reserved = crm.rows('packs').flatMap((pack): Json[] => {
    const { order, offer: packed } = asObject(pack['item']);
    return asObject(packed)['id'] === offer['id'] ? [{ order: asObject(order)['id'], ...pick(pack, ['store', 'quantity']) }] : [];
  });
  return {
    ...pick(offer, ['id', 'productId', 'name', 'xmlId', 'externalId', 'site', 'price', 'quantity', 'purchasePrice', 'stores']),
    reserved,
  };
}

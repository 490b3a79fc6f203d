import type * as wire from '#crm-client/wire';
import { Account, resultOf } from './account.js';
import { violationsOf } from './contract-check.js';
import type { CrmDouble } from './crm-double.js';
import type { Deployment } from './deployment.js';
import { type Reply, replyOf } from './reply.js';
import { until } from './until.js';

/** Scopes that a warehouse module needs. */
export const STORE_SCOPES = ['integration_read', 'integration_write', 'notification_write', 'store_read', 'store_write'];

const MOST_OFFERS = 250;

/** Identifiers of an offer. */
export interface OfferName {
  id?: number;
  xmlId?: string;
  externalId?: string;
  site?: string;
}

/** A pack as the CRM sends it. */
export interface WirePack {
  item?: { id?: number; externalIds?: { code: string; value: string }[] };
  offer: OfferName;
  quantity: number;
  store?: string;
  purchasePrice?: number;
  shipmentDate?: string;
  invoiceNumber?: string;
  deliveryNoteNumber?: string;
}

/** What the CRM knows of an offer in a warehouse. */
export interface KnownStock {
  available: number;
  purchasePrice?: number;
}

/** A balance as the operator API shows it. */
export interface StockView {
  offer: OfferName;
  store: string;
  onHand: number;
  reserved: number;
  available: number;
  purchasePrice?: number;
  currency?: string;
}

/** What an import answers. */
export interface ImportReport {
  applied: boolean;
  dryRun: boolean;
  repeated: boolean;
  lines: number;
  changed: number;
  unchanged: number;
  newOffers: number;
  bad: number;
  badLines: { line: number; error: string }[];
}

/**
 * The CRM's side of the stocks of one account: calls the module's callbacks, keeps what `store/inventories/upload` and the replies tell, and complains to the CRM double
 * about what the real one would not take. Offers are told apart by the first of xmlId, id, externalId.
 */
export class StockDesk {
  /** Offers of each upload, in order. */
  readonly uploads: { offers: wire.StoreOfferInput[]; site?: string }[] = [];
  /** The stock as the CRM was told last, by offer and warehouse: `x1/main`. */
  readonly known = new Map<string, KnownStock>();
  /** Offers that the CRM refuses, all of the call with them. */
  readonly refused = new Set<string>();

  private constructor(
    readonly deployment: Deployment,
    readonly crm: CrmDouble,
    readonly account: Account,
    /** Public id of the connection. */
    readonly connection: string,
  ) {}

  /** Connects the ledger to an account. */
  static async open(deployment: Deployment, crm = deployment.nextCrm()): Promise<StockDesk> {
    crm.scopes = STORE_SCOPES;
    const account = await Account.connect(deployment, crm, 'ledger');
    const desk = new StockDesk(deployment, crm, account, (await deployment.connectionOf(crm)).id);
    crm.methods.set('POST /api/v5/store/inventories/upload', { scope: 'store_write', act: (form) => desk.takeUpload(form) });
    return desk;
  }

  /** Changes settings, and waits until the module is registered anew. */
  async configure(changes: object): Promise<void> {
    const path = `/connections/${this.connection}/settings`;
    const { values } = await this.deployment.operator<{ values: object }>('GET', path);
    const before = this.crm.registrations.length;
    await this.deployment.operator('PUT', path, { ...values, ...changes });
    await until('the module is registered again', () => this.crm.registrations.length > before);
  }

  /** Sends a file to the import. `query` without the connection. */
  async sendFile(body: NonNullable<RequestInit['body']>, query: Record<string, string> = {}, type = 'text/csv'): Promise<Reply> {
    const address = `${this.deployment.url}/operator/api/stock/import?${new URLSearchParams({ connection: this.connection, ...query }).toString()}`;
    const { OPERATOR_TOKEN = '' } = this.deployment.variables;
    const headers = { authorization: `Bearer ${OPERATOR_TOKEN}`, 'content-type': type };
    return replyOf(await fetch(address, { method: 'POST', headers, body, duplex: 'half' } as RequestInit));
  }

  /** Imports a file and gives the report; throws unless it was taken. */
  async import(body: NonNullable<RequestInit['body']>, query: Record<string, string> = {}, type?: string): Promise<ImportReport> {
    const reply = await this.sendFile(body, query, type);
    if (reply.status !== 200) throw new Error(`the import answered ${reply.status}: ${reply.bytes.toString()}`);
    return reply.json;
  }

  /** Makes a single change. */
  move(line: object): Promise<Reply> {
    return this.deployment.askOperator('POST', '/stock/movements', { connection: this.connection, ...line });
  }

  /** Balances, by offer and warehouse. */
  async stock(filter: Record<string, string> = {}): Promise<StockView[]> {
    return (await this.list<StockView>('/stock', filter)).items;
  }

  /** A list of the operator API. */
  list<Item>(path: string, filter: Record<string, string> = {}): Promise<{ items: Item[]; total: number }> {
    const query = new URLSearchParams({ connection: this.connection, limit: '500', ...filter });
    return this.deployment.operator('GET', `${path}?${query.toString()}`);
  }

  /** Calls `inventoriesActualize`; takes over the stocks of a success as the CRM does. */
  async reserve(order: number | object | undefined, packs: WirePack[]): Promise<Reply> {
    const fields = { ...(order !== undefined && { order: typeof order === 'number' ? { id: order } : order }), packs };
    const reply = await this.account.post('/store/inventories-actualize', fields);
    if (reply.status === 200) {
      resultOf(reply, 'CallbackStoreReserveResponse');
      const asked = packs.map((pack) => nameOf(pack.offer));
      const { inventories } = reply.json as { inventories: { offers: wire.StoreOfferInput[] }[] };
      for (const { offers } of inventories) for (const offer of offers) if (asked.includes(nameOf(offer))) this.take(offer);
    }
    return reply;
  }

  /** Calls `inventoriesUpload` and gives the offers of the reply. */
  async ask(offers: OfferName[]): Promise<wire.StoreOfferInput[]> {
    const reply = await this.account.post('/store/inventories-upload', { offers });
    resultOf(reply, 'CallbackStoreInventoriesUploadResponse');
    return (reply.json as { offers: wire.StoreOfferInput[] }).offers;
  }

  private takeUpload(form: URLSearchParams): [number, object] {
    const offers = JSON.parse(form.get('offers') ?? 'null') as wire.StoreOfferInput[];
    const site = form.get('site');
    const problems = Array.isArray(offers)
      ? offers.flatMap((offer, index) => violationsOf(offer, 'StoreOffer').map((text) => `offers[${index}] ${text}`))
      : ['offers is no list'];
    if (problems.length === 0) {
      if (offers.length === 0 || offers.length > MOST_OFFERS) problems.push(`${offers.length} offers in one call`);
      if (new Set(offers.map(nameOf)).size !== offers.length) problems.push('an offer is there twice');
      for (const offer of offers) {
        if (nameOf(offer) === '') problems.push('an offer without an identifier');
        if (!offer.stores?.length) problems.push(`${nameOf(offer)} without a warehouse`);
        for (const store of offer.stores ?? [])
          if (!store.code || (store.available ?? -1) < 0) problems.push(`${nameOf(offer)}: ${JSON.stringify(store)}`);
        if (!offer.id && !offer.xmlId && site === null && offer.site) problems.push(`${nameOf(offer)} needs the site`);
      }
    }
    if (problems.length > 0) {
      this.crm.complaints.push(...problems);
      return [400, { success: false, errorMsg: problems[0] }];
    }
    const bad = offers.find((offer) => this.refused.has(nameOf(offer)));
    if (bad) return [400, { success: false, errorMsg: `Offer ${nameOf(bad)} is not taken` }];
    this.uploads.push({ offers, ...(site !== null && { site }) });
    for (const offer of offers) this.take(offer);
    return [200, { success: true, processedOffersCount: offers.length, notFoundOffers: [] }];
  }

  private take(offer: wire.StoreOfferInput): void {
    for (const { code, available, purchasePrice } of offer.stores ?? [])
      this.known.set(`${nameOf(offer)}/${code}`, { available: available ?? NaN, ...(purchasePrice != null && { purchasePrice }) });
  }
}

/** How the desk tells offers apart. */
export function nameOf(offer: { id?: number | null; xmlId?: string | null; externalId?: string | null }): string {
  return offer.xmlId ?? (offer.id != null ? String(offer.id) : (offer.externalId ?? ''));
}

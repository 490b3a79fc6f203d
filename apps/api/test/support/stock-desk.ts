import type * as wire from '#crm-client/wire';
import { Account, readResult } from './account.js';
import type { Crm } from './crm.js';
import type { Deployment } from './deployment.js';
import { type Reply, readReply } from './reply.js';
import { until } from './until.js';

/** Scopes that a warehouse module needs. */
export const STORE_SCOPES = ['integration_read', 'integration_write', 'notification_write', 'store_read', 'store_write'];

const WAREHOUSES = ['main', 'shop', 'third', 'only', 'second', 'other', 's1', 's2', 's3', 's4'];

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

/** The CRM's stock of an offer in a warehouse. */
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

/** The reply to an import. */
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
 * The CRM's side of one account's stocks: calls the callbacks and tracks the stocks in uploads and replies.
 * Offers are identified by the first of xmlId, id, externalId.
 */
export class StockDesk {
  private readonly uploaded: { offers: wire.StoreOfferInput[]; site?: string }[] = [];
  private readonly stocks = new Map<string, KnownStock>();
  private read = 0;

  private constructor(
    readonly deployment: Deployment,
    readonly crm: Crm,
    readonly account: Account,
    /** Public id of the connection. */
    readonly connection: string,
  ) {}

  /** Connects the ledger, or another module, to an account that has the warehouses. */
  static async open(deployment: Deployment, crm = deployment.nextCrm(), module = 'ledger'): Promise<StockDesk> {
    for (const code of WAREHOUSES) crm.context.insert('stores', { code, name: code, active: true });
    const account = await Account.connect(deployment, crm, module);
    return new StockDesk(deployment, crm, account, (await deployment.getConnection(crm)).id);
  }

  /** Offers of each upload, in order. */
  get uploads(): { offers: wire.StoreOfferInput[]; site?: string }[] {
    this.readUploads();
    return this.uploaded;
  }

  /** The stock that the CRM last received, by offer and warehouse: `x1/main`. */
  get known(): Map<string, KnownStock> {
    this.readUploads();
    return this.stocks;
  }

  /** Refuses an offer by its xmlId, all of the call with it; `crm.recover` ends it. */
  refuse(xmlId: string): void {
    this.crm.refuse('*/inventories/upload', `"xmlId":"${xmlId}"`);
  }

  /** Changes settings, and waits until the module is registered again. */
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
    return readReply(await fetch(address, { method: 'POST', headers, body, duplex: 'half' } as RequestInit));
  }

  /** Imports a file and returns the report. Throws unless the file was accepted. */
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

  /** Calls `inventoriesActualize`. After a success it takes over the stocks, as the CRM does. */
  async reserve(order: number | object | undefined, packs: WirePack[]): Promise<Reply> {
    const fields = { ...(order !== undefined && { order: typeof order === 'number' ? { id: order } : order }), packs };
    const reply = await this.account.post('/store/inventories-actualize', fields);
    if (reply.status === 200) {
      readResult(reply, 'CallbackStoreReserveResponse');
      const asked = packs.map((pack) => getName(pack.offer));
      const { inventories } = reply.json as { inventories: { offers: wire.StoreOfferInput[] }[] };
      for (const { offers } of inventories) for (const offer of offers) if (asked.includes(getName(offer))) this.take(offer);
    }
    return reply;
  }

  /** Calls `inventoriesUpload` and returns the offers of the reply. */
  async ask(offers: OfferName[]): Promise<wire.StoreOfferInput[]> {
    const reply = await this.account.post('/store/inventories-upload', { offers });
    readResult(reply, 'CallbackStoreInventoriesUploadResponse');
    return (reply.json as { offers: wire.StoreOfferInput[] }).offers;
  }

  /** Reads the uploads that were carried out since it was last read. */
  private readUploads(): void {
    const all = this.crm.listCarriedOut<wire.StoreOfferInput[]>('store.inventoriesUpload', 'offers');
    for (const { value: offers, call } of all.slice(this.read)) {
      const { site } = call.input;
      this.uploaded.push({ offers, ...(typeof site === 'string' && { site }) });
      for (const offer of offers) this.take(offer);
    }
    this.read = all.length;
  }

  private take(offer: wire.StoreOfferInput): void {
    for (const { code, available, purchasePrice } of offer.stores ?? [])
      this.stocks.set(`${getName(offer)}/${code}`, { available: available ?? NaN, ...(purchasePrice != null && { purchasePrice }) });
  }
}

/** The name that the desk uses for an offer. */
export function getName(offer: { id?: number | null; xmlId?: string | null; externalId?: string | null }): string {
  return offer.xmlId ?? (offer.id != null ? String(offer.id) : (offer.externalId ?? ''));
}

/** A file of one warehouse: xmlId and quantity. */
export function writeCsv(stocks: Record<string, number>, store = 'main'): string {
  return ['xmlId,store,quantity', ...Object.entries(stocks).map(([xmlId, quantity]) => `${xmlId},${store},${quantity}`)].join('\n');
}

/** A pack of an order's item. */
export function pack(xmlId: string, quantity: number, item = 1, store: string | undefined = 'main'): WirePack {
  return { item: { id: item }, offer: { xmlId }, quantity, ...(store !== undefined && { store }) };
}

/**
 * Lists the ledger's balances that differ from the sum of their movements and reservations, or are below
 * zero without permission.
 */
export async function findProblems(deployment: Deployment): Promise<object[]> {
  return deployment.stores.query(`
    SELECT b.*, m.on_hand AS moved, m.reserved AS moved_reserved, r.quantity AS held FROM ledger_balance b
    LEFT JOIN (SELECT offer_id, warehouse, sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM ledger_movement GROUP BY 1, 2) m USING (offer_id, warehouse)
    LEFT JOIN (SELECT offer_id, warehouse, sum(quantity) AS quantity FROM ledger_reservation GROUP BY 1, 2) r USING (offer_id, warehouse)
    WHERE b.on_hand IS DISTINCT FROM m.on_hand OR b.reserved IS DISTINCT FROM m.reserved OR b.reserved <> coalesce(r.quantity, 0)
      OR (b.on_hand < b.reserved AND NOT b.negative_allowed)`);
}

import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Connection, ConnectionLists, ConnectionStore, CrmClients, findCountry, HostedModules } from '#connections';
import { type CrmClient, CrmError, ScopeError } from '#crm-client';
import { type OrderThing, StoryReaders } from '#insight';
import { CallPlacers } from '#integration-kit';
import { normalisePhone } from '#platform';
import { ProviderError } from '#provider-kit';

/** An order of the CRM. */
export interface CrmOrder {
  id: string;
  number: string;
  phone: string | undefined;
}

/** Finds orders in the CRM, and what the account's modules of this deployment have for them. */
@Injectable()
export class BotOrders {
  /** Orders of customers for a minute, because they often repeat their question. */
  private readonly known = new LRUCache<string, CrmOrder[]>({ max: 1_000, ttl: 60_000 });

  constructor(
    private readonly lists: ConnectionLists,
    private readonly connections: ConnectionStore,
    private readonly modules: HostedModules,
    private readonly readers: StoryReaders,
    private readonly placers: CallPlacers,
    private readonly crmClients: CrmClients,
  ) {}

  /** Lists the present things of an order under all connections of the account. */
  async listThings(connection: Connection, order: { number: string; id?: string }): Promise<OrderThing[]> {
    const things: OrderThing[] = [];
    for (const view of await this.listViews(connection))
      things.push(...((await this.readers.of(view.module.integration)?.listOrderThings?.(view, order)) ?? []));
    return things;
  }

  /** Calls a manager and then a customer. Returns false if no module can. Throws its errors. */
  async call(connection: Connection, userId: number, phone: string): Promise<boolean> {
    for (const view of await this.listViews(connection)) {
      const placer = this.placers.of(view.module.integration);
      if (!placer?.canPlace(view, userId)) continue;
      await placer.place(view, userId, phone);
      return true;
    }
    return false;
  }

  /**
   * Lists the orders of a customer at the gateway, newest first: by the gateway's id in the CRM, else by
   * their phone. Empty without the scopes.
   * @throws ProviderError `unavailable`
   */
  async listOf(connection: Connection, customer: number, findPhone: () => Promise<string | undefined>): Promise<CrmOrder[]> {
    const key = `${connection.id} ${customer}`;
    const known = this.known.get(key);
    if (known) return known;
    const found = await this.ask(connection, (crm, signal) => listOrders(crm, connection, customer, findPhone, signal));
    // A first order may be made at any moment.
    if (found.length > 0) this.known.set(key, found);
    return found;
  }

  /** Finds an order by its number. Undefined without the scopes. */
  async find(connection: Connection, number: string): Promise<CrmOrder | undefined> {
    const found = await this.ask(connection, async (crm, signal) =>
      toOrders((await crm.exact.orders.list({ filter: { numbers: [number] }, limit: 20 }, { signal })).orders),
    );
    return found.find((order) => order.number === number);
  }

  private async ask(connection: Connection, work: (crm: CrmClient, signal: AbortSignal) => Promise<CrmOrder[]>): Promise<CrmOrder[]> {
    try {
      return await work(await this.crmClients.crmFor(connection.id, 'background', connection), AbortSignal.timeout(CRM_MS));
    } catch (error) {
      if (error instanceof ScopeError) return [];
      if (!(error instanceof CrmError)) throw error;
      throw new ProviderError('unavailable', `The CRM did not find the order: ${error.message}`, { cause: error });
    }
  }

  /** The live connections of the account, through each of their providers. */
  private async listViews({ systemUrl }: Connection): Promise<readonly Connection[]> {
    const modules = this.modules.all().map(({ code }) => code);
    const ids = await this.lists.listOfAccount(systemUrl, modules);
    const found = await Promise.all(ids.map((id) => this.connections.findById(id)));
    return found.flatMap((one) => one?.views ?? []);
  }
}

/** Milliseconds for finding an order in the CRM. */
const CRM_MS = 20_000;

function toOrders(orders: readonly { id?: unknown; number?: unknown; phone?: unknown }[] | null | undefined): CrmOrder[] {
  return (orders ?? []).flatMap(({ id, number, phone }) =>
    id == null || typeof number !== 'string' ? [] : [{ id: String(id), number, phone: typeof phone === 'string' ? phone : undefined }],
  );
}

async function listOrders(
  crm: CrmClient,
  connection: Connection,
  customer: number,
  findPhone: () => Promise<string | undefined>,
  signal: AbortSignal,
): Promise<CrmOrder[]> {
  const { customers } = await crm.exact.customers.list({ filter: { mgCustomerId: String(customer) }, limit: 20 }, { signal });
  const [known] = customers ?? [];
  if (known?.id != null)
    return toOrders((await crm.exact.orders.list({ filter: { customerId: String(known.id) }, limit: 20 }, { signal })).orders);
  const country = findCountry(connection);
  const phone = normalisePhone(await findPhone(), country);
  if (phone === undefined) return [];
  const { orders } = await crm.exact.orders.list({ filter: { customer: phone }, limit: 20 }, { signal });
  // The filter also finds parts of names and numbers.
  return toOrders(orders).filter((order) => normalisePhone(order.phone, country) === phone);
}

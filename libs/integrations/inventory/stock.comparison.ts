import { Injectable } from '@nestjs/common';
import { type Connection, CrmClients } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { toList, toLoose, toNumber } from '#onboarding';
import { Database } from '#platform';
import type { ComparedPage, Comparison, FoundDifference, StoredDifference } from '#reconciliation';
import type { OfferRef, OfferStock, StoreProvider } from './port/index.js';
import { StockChanges } from './services/index.js';
import { type CrmOffer, findDifferences, readCrmOffers, type StockDifference } from './stock-differences.js';

/** A different figure or price of an offer in a warehouse. Its facts are a StockDifference. */
export const STOCK_DIFFERS = 'store.stock';

/** Timeouts of a page's two calls in milliseconds. */
const CRM_MS = 20_000;
const STOCKS_MS = 20_000;
/** Offers per page, the CRM's maximum. */
const PAGE = 250;

/** An offer that the warehouse has, with its differences. */
interface ComparedOffer {
  readonly key: string;
  readonly differences: readonly StockDifference[];
}

/** Compares the CRM's stocks with the warehouse's. */
@Injectable()
export class StockComparison implements Comparison {
  readonly integration = 'store';
  static readonly kinds = { [STOCK_DIFFERS]: "Sends the warehouse's present figures of the offer to the CRM" };
  readonly kinds = StockComparison.kinds;

  constructor(
    private readonly changes: StockChanges,
    private readonly crmClients: CrmClients,
    private readonly database: Database,
    @InjectProviders('store') private readonly providers: Providers<StoreProvider>,
  ) {}

  /** The CRM is read first. A change in between is at most reported as a difference. */
  async comparePage(connection: Connection, place = '1'): Promise<ComparedPage> {
    const page = Number(place);
    const crm = await this.crmClients.crmFor(connection.id);
    const signal = AbortSignal.timeout(CRM_MS);
    const { offers: listed, pagination } = await crm.store.inventories({ filter: { details: 1 }, limit: PAGE, page }, { signal });
    const pages = toNumber(toLoose(pagination).totalPageCount);
    const offers = readCrmOffers(listed);
    const known = await this.compare(connection, offers);
    // Without a count, a page that is not full is the last.
    const isLast = pages === undefined ? toList(listed).length < PAGE : page >= pages;
    return {
      ...{ checked: known.length, unknown: offers.length - known.length },
      differed: known.filter(({ differences }) => differences.length > 0).length,
      differences: known.flatMap(toFound),
      ...(!isLast && { next: String(page + 1) }),
    };
  }

  async compareOne(connection: Connection, subject: string): Promise<FoundDifference[]> {
    const [id] = subject.split(' ');
    const crm = await this.crmClients.crmFor(connection.id, 'interactive', connection);
    const signal = AbortSignal.timeout(CRM_MS);
    const { offers } = await crm.store.inventories({ filter: { details: 1, ids: [Number(id)] }, limit: 20 }, { signal });
    const found = await this.compare(
      connection,
      readCrmOffers(offers).filter(({ offer }) => String(offer.id) === id),
    );
    return found.flatMap(toFound).filter((difference) => difference.subject === subject);
  }

  async mend({ id }: Connection, { facts }: StoredDifference): Promise<void> {
    const { offer } = facts as StockDifference & { offer: OfferStock['offer'] };
    await this.database.transaction((tx) => this.changes.add(tx, id, [offer]));
  }

  private async compare(connection: Connection, offers: readonly CrmOffer[]): Promise<ComparedOffer[]> {
    if (offers.length === 0) return [];
    const asked: OfferRef[] = offers.map(({ offer }) => offer);
    const stocks = await this.providers.call(connection, 'readStocks', (provider, context) => provider.readStocks(asked, context), {
      budgetMs: STOCKS_MS,
    });
    return offers.flatMap((offer, index) => {
      const stock = stocks[index];
      // Includes the provider's id of the offer, to read its figures again.
      const named = { ...offer.offer, ...stock?.offer };
      return stock
        ? [{ key: String(offer.offer.id), differences: findDifferences(offer, stock).map((one) => ({ ...one, offer: named })) }]
        : [];
    });
  }
}

function toFound({ key, differences }: ComparedOffer): FoundDifference[] {
  return differences.map((difference) => {
    const { offer, store, crm, warehouse } = difference;
    const name = offer.xmlId ?? offer.externalId ?? offer.name ?? key;
    const text = `Offer ${name} in ${store}: the CRM has ${describe(crm)}, the warehouse has ${describe(warehouse)}.`;
    return { kind: STOCK_DIFFERS, subject: `${key} ${store}`, text, facts: difference };
  });
}

function describe(stock: StockDifference['crm']): string {
  if (!stock) return 'nothing';
  return stock.purchasePrice === undefined ? `${stock.available}` : `${stock.available} at ${stock.purchasePrice}`;
}

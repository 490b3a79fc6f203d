import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable, Logger } from '@nestjs/common';
import { type Connection, isAccountRejection, isContentRejection } from '#connections';
import { type CrmClient, ValidationError } from '#crm-client';
import type * as wire from '#crm-client/wire';
import { CRM_LISTS } from '#onboarding';
import { type OutboxEntry, type OutboxPacker } from '#outbox';
import { STOCK, type StockPayload } from './outbox-stock-changes.js';
import type { OfferRef, OfferStock, StoreProvider } from './port/index.js';
import { StockFigures } from './stock-figures.js';
import { toOfferReply } from './reply-mapper.js';

/**
 * Sends the present stocks of up to 250 offers per call (reference: inventories/upload). Safe to repeat.
 * Offers that have only an `externalId` need their site, so they take one call per site.
 */
@Injectable()
export class StockPacker implements OutboxPacker<StockPayload> {
  readonly kind = STOCK;
  readonly maxSubjects = 250;
  /** Enough for the reply of a reservation to arrive before the same balance is uploaded. */
  readonly lingerMs = 1000;
  private readonly logger = new Logger(StockPacker.name);

  constructor(
    @InjectProviders('store') private readonly providers: Providers<StoreProvider>,
    private readonly figures: StockFigures,
  ) {}

  async send(crm: CrmClient, connection: Connection, entries: OutboxEntry<StockPayload>[], signal: AbortSignal): Promise<void> {
    // Includes the reported identifiers, because a warehouse may return only its own key.
    const reported = new Map(entries.map(({ subject, payload }) => [subject, payload]));
    const offers = [...reported].map(([key, identifiers]) => ({ ...identifiers, key }));
    const stocks = await this.providers.call(connection, 'readStocks', (provider, context) => provider.readStocks(offers, context));
    await this.figures.keep(connection, offers, stocks);
    const named = stocks.map((stock, index) => stock && { ...stock, offer: { ...offers[index], ...stock.offer } });
    for (const [site, found] of groupBySite(named)) {
      const offers = found.map((stock) => toOfferReply(pickAddress(stock.offer), stock));
      const reply = await this.upload(crm, connection, { offers, ...(site && { site }) }, signal);
      const unknown = Object.keys(reply.notFoundOffers ?? []).length;
      if (unknown > 0) this.logger.warn(`the CRM of connection ${connection.id} does not have ${unknown} of ${found.length} offers`);
    }
  }

  /** A warehouse that the CRM does not have makes it reject the whole upload, so its figures are left out. */
  private async upload(
    crm: CrmClient,
    { id }: Connection,
    { offers, ...place }: { offers: wire.StoreOfferInput[]; site?: string },
    signal: AbortSignal,
  ): Promise<Pick<wire.StoreInventoriesUploadResponse, 'notFoundOffers'>> {
    try {
      return await crm.store.inventoriesUpload({ offers, ...place }, { signal });
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      const unknown = await listUnknownStores(crm, offers, signal);
      const known = offers.map((offer) => ({ ...offer, stores: offer.stores?.filter(({ code }) => !unknown.has(code ?? '')) ?? [] }));
      const told = known.filter(({ stores }) => stores.length > 0);
      if (unknown.size === 0 || told.length === 0) throw error;
      this.logger.warn(`the CRM of connection ${id} has no warehouse ${[...unknown].join(', ')}. Its figures are left out`);
      return crm.store.inventoriesUpload({ offers: told, ...place }, { signal });
    }
  }
}

/**
 * Returns codes of warehouses that the CRM does not have. Empty if the CRM rejects the request for its list.
 * Throws other CrmErrors.
 */
async function listUnknownStores(
  crm: CrmClient,
  offers: readonly wire.StoreOfferInput[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  try {
    const known = new Set((await CRM_LISTS.stores.load(crm, { signal })).map(({ value }) => value));
    const named = offers.flatMap(({ stores }) => stores?.map(({ code }) => code ?? '') ?? []);
    return new Set(named.filter((code) => !known.has(code)));
  } catch (error) {
    if (isContentRejection(error) || isAccountRejection(error)) return new Set();
    throw error;
  }
}

/** The site is a parameter of the call, needed only if the CRM has to search by `externalId`. */
function groupBySite(stocks: readonly (OfferStock | undefined)[]): Map<string, OfferStock[]> {
  const groups = new Map<string, OfferStock[]>();
  for (const stock of stocks) {
    // An offer without a figure has nothing to send.
    if (!stock?.stores.some(({ available }) => available !== undefined)) continue;
    const { id, xmlId, externalId, site } = stock.offer;
    // Without an identifier the CRM cannot find the offer.
    if (id === undefined && xmlId === undefined && externalId === undefined) continue;
    const group = id === undefined && xmlId === undefined ? (site ?? '') : '';
    groups.set(group, [...(groups.get(group) ?? []), stock]);
  }
  return groups;
}

/** Returns the identifier that the CRM uses: it searches by id, xmlId, externalId. */
function pickAddress({ id, xmlId, externalId }: OfferRef): OfferRef {
  return {
    ...(id !== undefined && { id }),
    ...(xmlId !== undefined && { xmlId }),
    ...(externalId !== undefined && { externalId }),
  };
}

import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable, Logger } from '@nestjs/common';
import type { Connection } from '#connections';
import type { CrmClient } from '#crm-client';
import { type OutboxEntry, type OutboxPacker } from '#outbox';
import { STOCK, type StockPayload } from './outbox-stock-changes.js';
import type { OfferRef, OfferStock, StoreProvider } from './port/index.js';
import { toOfferReply } from './reply-mapper.js';

/**
 * Sends the present stocks of up to 250 offers a call (reference: inventories/upload); safe to repeat. Offers
 * known by `externalId` alone need their site, so those take one call a site.
 */
@Injectable()
export class StockPacker implements OutboxPacker<StockPayload> {
  readonly kind = STOCK;
  readonly maxSubjects = 250;
  /** Enough for the reply of a reservation to arrive before the same balance is uploaded. */
  readonly lingerMs = 1000;
  private readonly logger = new Logger(StockPacker.name);

  constructor(@InjectProviders('store') private readonly providers: Providers<StoreProvider>) {}

  async send(crm: CrmClient, connection: Connection, entries: OutboxEntry<StockPayload>[], signal: AbortSignal): Promise<void> {
    // With what it was reported by, as a warehouse may answer its own key alone.
    const reported = new Map(entries.map(({ subject, payload }) => [subject, payload]));
    const offers = [...reported].map(([key, identifiers]) => ({ ...identifiers, key }));
    const stocks = await this.providers.call(connection, 'readStocks', (provider, context) => provider.readStocks(offers, context));
    const named = stocks.map((stock, index) => stock && { ...stock, offer: { ...offers[index], ...stock.offer } });
    for (const [site, found] of groupBySite(named)) {
      const reply = await crm.store.inventoriesUpload(
        { offers: found.map((stock) => toOfferReply(pickAddress(stock.offer), stock)), ...(site && { site }) },
        { signal },
      );
      const unknown = Object.keys(reply.notFoundOffers ?? []).length;
      if (unknown > 0) this.logger.warn(`the CRM of connection ${connection.id} does not know ${unknown} of ${found.length} offers`);
    }
  }
}

/** The site is a parameter of the call, needed only where the CRM has to search by `externalId`. */
function groupBySite(stocks: readonly (OfferStock | undefined)[]): Map<string, OfferStock[]> {
  const groups = new Map<string, OfferStock[]>();
  for (const stock of stocks) {
    // An offer without a figure has nothing to send.
    if (!stock?.stores.some(({ available }) => available !== undefined)) continue;
    const { id, xmlId, externalId, site } = stock.offer;
    // The CRM could not tell which one it is.
    if (id === undefined && xmlId === undefined && externalId === undefined) continue;
    const group = id === undefined && xmlId === undefined ? (site ?? '') : '';
    groups.set(group, [...(groups.get(group) ?? []), stock]);
  }
  return groups;
}

/** How the CRM finds the offer: it searches by id, xmlId, externalId. */
function pickAddress({ id, xmlId, externalId }: OfferRef): OfferRef {
  return {
    ...(id !== undefined && { id }),
    ...(xmlId !== undefined && { xmlId }),
    ...(externalId !== undefined && { externalId }),
  };
}

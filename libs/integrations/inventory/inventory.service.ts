import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type * as wire from '#crm-client/wire';
import { InjectProviders, type OperationSource, type Providers } from '#integration-kit';
import { type OperationKind, OperationsService, sendUnlessRejected, type SendOptions } from '#operations';
import { Database } from '#platform';
import { ProviderError } from '#provider-kit';
import type { InventoriesActualizeDto, InventoriesUploadDto } from './dto/callback.dto.js';
import type { OfferRef, OfferStock, ReservedOrder, ReserveRequest, StoreProvider } from './port/index.js';
import { toOfferReplies } from './reply-mapper.js';
import { toOffers, toReserveRequest } from './request-mapper.js';
import { ReservationStore } from './reservation-store.js';
import { StockFigures } from './stock-figures.js';
import { StockChanges } from './services/index.js';

/**
 * The warehouse callbacks. All methods throw BadInputError, CallbackError or ProviderError for problems that
 * the caller can fix.
 */
@Injectable()
export class InventoryService implements OperationSource {
  /** Calls for one order share a key, so they run one at a time. A lost reply is recovered by resending. */
  private readonly reservation: OperationKind<ReserveRequest, ReservedOrder> = {
    kind: 'store.reserve',
    callback: 'store.inventories-actualize',
    answersRepeats: false,
    send: (operation, connection, options) => this.send(operation.input, connection, options),
    recover: async (operation, connection) => {
      const done = await sendUnlessRejected(connection, () => this.send(operation.input, connection));
      return done ? { found: done } : 'absent';
    },
    commit: async (tx, { input }, reserved, connection) => {
      await this.reservations.keep(tx, connection, input, reserved);
      return { packs: input.packs.length };
    },
  };

  readonly kinds = [this.reservation];

  constructor(
    @InjectProviders('store') private readonly providers: Providers<StoreProvider>,
    private readonly operations: OperationsService,
    private readonly reservations: ReservationStore,
    private readonly figures: StockFigures,
    private readonly database: Database,
    private readonly changes: StockChanges,
  ) {}

  /** Returns stocks of the known offers. Others are left out, so that the CRM keeps its figures. */
  async listStocks(connection: Connection, dto: InventoriesUploadDto): Promise<wire.StoreOfferInput[]> {
    return this.read(connection, toOffers(dto));
  }

  /**
   * Reserves exactly these packs for the order, all or none. Returns the resulting stocks of their offers.
   * After a rejection the CRM, which expected more, receives the real stocks.
   */
  async reserve(connection: Connection, dto: InventoriesActualizeDto): Promise<wire.StoreOfferInput[]> {
    this.providers.assertHas(connection, 'reserve');
    const request = toReserveRequest(dto, connection.account.currency);
    const offers = request.packs.map((pack) => pack.offer);
    const draft = { key: `store.order:${request.order}`, subject: request.order, input: request };
    try {
      await this.operations.perform(this.reservation, connection, draft);
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'rejected') await this.tellCrm(connection, offers);
      throw error;
    }
    return this.read(connection, offers);
  }

  /**
   * Nothing is stored before the call ends, so a repeat after a lost reply sends the same request with the
   * same memory.
   */
  private async send(request: ReserveRequest, connection: Connection, options?: SendOptions): Promise<ReservedOrder> {
    const existing = await this.reservations.find(connection, request.order);
    const reserved = await this.providers.call(
      connection,
      'reserve',
      (provider, context) => provider.reserve(request, context, existing),
      options,
    );
    return reserved ?? {};
  }

  private async read(connection: Connection, offers: OfferRef[]): Promise<wire.StoreOfferInput[]> {
    if (offers.length === 0) return [];
    return toOfferReplies(offers, await this.readStocks(connection, offers));
  }

  private async readStocks(connection: Connection, offers: OfferRef[]): Promise<(OfferStock | undefined)[]> {
    const stocks = await this.providers.call(connection, 'readStocks', (provider, context) => provider.readStocks(offers, context));
    await this.figures.keep(connection, offers, stocks);
    return stocks;
  }

  private async tellCrm(connection: Connection, offers: OfferRef[]): Promise<void> {
    const stocks = await this.readStocks(connection, offers);
    const known = new Map(stocks.flatMap((stock) => (stock ? [[stock.offer.key, stock.offer] as const] : [])));
    await this.database.transaction((tx) => this.changes.add(tx, connection.id, [...known.values()]), connection.request);
  }
}

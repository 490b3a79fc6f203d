import { IsString } from 'class-validator';
import { type CheckReport, ProviderError } from '#provider-kit';
import type { ExistingReservation, OfferRef, OfferStock, ReservedOrder, ReserveRequest, StockNews, StoreProvider } from '#store/port';
import { FakeWarehouseClient } from './fake-warehouse.client.js';
import { manifest } from './fake-warehouse.manifest.js';
import type { FakeWarehouseContext, FakeWarehouseSettings } from './fake-warehouse.settings.js';
import { FakeWarehouseWebhook, listChanges } from './news.js';
import { reserve } from './reservation.js';
import { readStocks } from './stocks.js';

class WireAccount {
  @IsString() name!: string;
}

/** The stateless store provider: one function for each port method. */
export class FakeWarehouseProvider implements StoreProvider<FakeWarehouseSettings> {
  readonly manifest = manifest;
  readonly webhook = new FakeWarehouseWebhook();
  private readonly client = new FakeWarehouseClient();

  async check(_settings: FakeWarehouseSettings, context: FakeWarehouseContext): Promise<CheckReport> {
    try {
      const { name } = await this.client.ask(WireAccount, { method: 'GET', path: '/v1/account' }, context);
      return { account: name };
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'auth') throw error;
      return { errors: { secret: error.message } };
    }
  }

  readStocks(offers: readonly OfferRef[], context: FakeWarehouseContext): Promise<(OfferStock | undefined)[]> {
    return readStocks(this.client, offers, context);
  }

  reserve(request: ReserveRequest, context: FakeWarehouseContext, existing?: ExistingReservation): Promise<ReservedOrder> {
    return reserve(this.client, request, context, existing);
  }

  listChanges(cursor: string | undefined, context: FakeWarehouseContext): Promise<StockNews> {
    return listChanges(this.client, cursor, context);
  }
}

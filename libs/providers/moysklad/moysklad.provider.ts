import type { CheckReport, ConnectReport, ConnectRequest, LookupItem } from '#provider-kit';
import type { ExistingReservation, OfferRef, OfferStock, ReservedOrder, ReserveRequest, StockNews, StoreProvider } from '#store/port';
import { listChanges } from './changes.js';
import { check } from './check.js';
import { connect, disconnect } from './connect.js';
import { lookUp } from './lookups.js';
import { MoyskladClient } from './moysklad.client.js';
import { moyskladManifest } from './moysklad.manifest.js';
import { letOthersFirst } from './moysklad.pace.js';
import type { MoyskladContext, MoyskladSettings } from './moysklad.settings.js';
import { reserve } from './reservation.js';
import { readStocks } from './stocks.js';
import { MoyskladWebhook } from './webhook.js';

/** MoySklad's store provider: one function for each port method. */
export class MoyskladProvider implements StoreProvider<MoyskladSettings> {
  readonly manifest = moyskladManifest;
  readonly webhook = new MoyskladWebhook();
  private readonly client: MoyskladClient;

  /** `baseUrl` replaces MoySklad's address (a double's). */
  constructor(baseUrl?: string) {
    this.client = new MoyskladClient(baseUrl);
  }

  /** Its eight calls leave half of the limit to callbacks: a service that fails is probed by it, too. */
  check(settings: MoyskladSettings, context: MoyskladContext): Promise<CheckReport> {
    return check(this.client, settings, letOthersFirst(context));
  }

  connect(request: ConnectRequest, context: MoyskladContext): Promise<ConnectReport> {
    return connect(this.client, request, context);
  }

  disconnect(context: MoyskladContext): Promise<void> {
    return disconnect(this.client, context);
  }

  lookUp(name: string, term: string, context: MoyskladContext): Promise<LookupItem[]> {
    return lookUp(this.client, name, term, context);
  }

  readStocks(offers: readonly OfferRef[], context: MoyskladContext): Promise<(OfferStock | undefined)[]> {
    return readStocks(this.client, offers, context);
  }

  reserve(request: ReserveRequest, context: MoyskladContext, existing?: ExistingReservation): Promise<ReservedOrder> {
    return reserve(this.client, request, context, existing);
  }

  listChanges(cursor: string | undefined, context: MoyskladContext): Promise<StockNews> {
    return listChanges(this.client, cursor, context);
  }
}

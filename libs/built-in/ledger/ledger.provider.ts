import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform';
import type { ProviderContext } from '#provider-kit';
import type { OfferRef, OfferStock, Pack, ReserveRequest, StoreManifest, StoreProvider } from '#inventory/port';
import { ledgerManifest } from './ledger.manifest.js';
import { LedgerReservations } from './ledger-reservations.js';
import type { LedgerSettings } from './ledger.settings.js';
import { LedgerStocks } from './ledger-stocks.js';

type Context = ProviderContext<LedgerSettings, Transaction>;

/** Crossdock's own stock ledger: balances, their movements and reservations, in its own tables. */
@Injectable()
export class LedgerProvider implements StoreProvider<LedgerSettings> {
  readonly manifest: StoreManifest<LedgerSettings> = ledgerManifest;

  constructor(
    private readonly ledgerStocks: LedgerStocks,
    private readonly reservations: LedgerReservations,
  ) {}

  readStocks(offers: readonly OfferRef[], context: Context): Promise<(OfferStock | undefined)[]> {
    const { connectionId, settings, account } = context;
    return this.ledgerStocks.read({ connectionId, settings, currency: account.currency }, offers);
  }

  async reserve(request: ReserveRequest, context: Context): Promise<void> {
    if (!context.transaction) throw new Error('a reservation in the ledger needs a transaction');
    await this.reservations.reserve(context.transaction, context, request);
  }

  readReserved(order: string, { connectionId }: Context): Promise<Pack[]> {
    return this.ledgerStocks.readReserved(connectionId, order);
  }

  isUsed({ connectionId }: Context): Promise<boolean> {
    return this.ledgerStocks.hasAny(connectionId);
  }
}

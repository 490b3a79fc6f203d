import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform';
import type { ProviderContext } from '#provider-kit';
import type {
  OfferRef,
  OfferStock,
  Pack,
  ReserveRequest,
  StockMovement,
  StoreManifest,
  StoreProvider,
  TakeBackRequest,
  WriteOffRequest,
} from '#inventory/port';
import { ledgerManifest } from './ledger.manifest.js';
import { LedgerMoves } from './ledger-moves.js';
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
    private readonly moves: LedgerMoves,
  ) {}

  readStocks(offers: readonly OfferRef[], context: Context): Promise<(OfferStock | undefined)[]> {
    const { connectionId, settings, account } = context;
    return this.ledgerStocks.read({ connectionId, settings, currency: account.currency }, offers);
  }

  async reserve(request: ReserveRequest, context: Context): Promise<void> {
    await this.reservations.reserve(demandTransaction(context), context, request);
  }

  async writeOff(request: WriteOffRequest, context: Context): Promise<StockMovement> {
    await this.moves.writeOff(demandTransaction(context), context, request);
    return { documents: [] };
  }

  async takeBack(request: TakeBackRequest, context: Context): Promise<StockMovement> {
    await this.moves.takeBack(demandTransaction(context), context, request);
    return { documents: [] };
  }

  readReserved(order: string, { connectionId }: Context): Promise<Pack[]> {
    return this.ledgerStocks.readReserved(connectionId, order);
  }

  isUsed({ connectionId }: Context): Promise<boolean> {
    return this.ledgerStocks.hasAny(connectionId);
  }
}

function demandTransaction({ transaction }: Context): Transaction {
  if (!transaction) throw new Error('a change of the ledger needs a transaction');
  return transaction;
}

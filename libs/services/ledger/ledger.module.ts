import { Module, type OnModuleInit } from '@nestjs/common';
import { ConnectionsModule, ImportKinds } from '#connections';
import type { Schema } from '#platform';
import { LedgerImports } from './import/ledger-imports.js';
import { StockImport } from './import/stock-import.js';
import {
  LedgerBalanceEntity,
  LedgerImportEntity,
  LedgerImportLineEntity,
  LedgerMovementEntity,
  LedgerOfferEntity,
  LedgerReservationEntity,
} from './ledger.entity.js';
import { LedgerOperatorController } from './ledger-operator.controller.js';
import { LedgerProvider } from './ledger.provider.js';
import { LedgerReservations } from './ledger-reservations.js';
import { LedgerStocks } from './ledger-stocks.js';
import { MovementList1764000400810 } from './migrations/1764000400810-movement-list.js';
import { ReservationList1764000400800 } from './migrations/1764000400800-reservation-list.js';
import { Ledger1764000100300 } from './migrations/1764000100300-ledger.js';
import { ledgerHolding } from './ledger.holding.js';

/** Entities and migrations of this folder. */
export const ledgerSchema: Schema = {
  entities: [
    LedgerOfferEntity,
    LedgerBalanceEntity,
    LedgerMovementEntity,
    LedgerReservationEntity,
    LedgerImportEntity,
    LedgerImportLineEntity,
  ],
  holdings: [ledgerHolding],
  migrations: [Ledger1764000100300, ReservationList1764000400800, MovementList1764000400810],
};

/** The stock ledger. Needs StockChanges from the integration. */
@Module({
  imports: [ConnectionsModule],
  controllers: [LedgerOperatorController],
  providers: [LedgerStocks, LedgerReservations, LedgerImports, StockImport, LedgerProvider],
  exports: [LedgerProvider],
})
export class LedgerModule implements OnModuleInit {
  constructor(
    private readonly imports: ImportKinds,
    private readonly stock: StockImport,
  ) {}

  /** Makes known what it takes in of another module, as IntegrationModule does for an integration. */
  onModuleInit(): void {
    this.imports.add(this.stock);
  }
}

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
import { LedgerBaseline1765000001900 } from './migrations/1765000001900-ledger-baseline.js';
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
  migrations: [LedgerBaseline1765000001900],
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

  /** Registers its import of another module's stocks, like IntegrationModule does for an integration. */
  onModuleInit(): void {
    this.imports.add(this.stock);
  }
}

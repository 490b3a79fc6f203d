import { Module, type OnModuleInit } from '@nestjs/common';
import { ConnectionsModule, MoveInKinds } from '#connections';
import type { Schema } from '#platform';
import { LedgerImports } from './import/ledger-imports.js';
import { StockMoveIn } from './import/stock-move-in.js';
import {
  LedgerBalanceEntity,
  LedgerImportEntity,
  LedgerImportLineEntity,
  LedgerMovementEntity,
  LedgerOfferEntity,
  LedgerReservationEntity,
} from './ledger.entity.js';
import { LedgerOperatorController } from './ledger-operator.controller.js';
import { LedgerMoves } from './ledger-moves.js';
import { LedgerProvider } from './ledger.provider.js';
import { LedgerReservations } from './ledger-reservations.js';
import { LedgerStocks } from './ledger-stocks.js';
import { LedgerBaseline1765000001900 } from './migrations/1765000001900-ledger-baseline.js';
import { LedgerTerms1765000003700 } from './migrations/1765000003700-ledger-terms.js';
import { LedgerMoves1765000005700 } from './migrations/1765000005700-ledger-moves.js';
import { ledgerData } from './ledger.data.js';

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
  accountData: [ledgerData],
  migrations: [LedgerBaseline1765000001900, LedgerTerms1765000003700, LedgerMoves1765000005700],
};

/** The stock ledger. Needs StockChanges from the integration. */
@Module({
  imports: [ConnectionsModule],
  controllers: [LedgerOperatorController],
  providers: [LedgerStocks, LedgerReservations, LedgerMoves, LedgerImports, StockMoveIn, LedgerProvider],
  exports: [LedgerProvider],
})
export class LedgerModule implements OnModuleInit {
  constructor(
    private readonly moveIns: MoveInKinds,
    private readonly stock: StockMoveIn,
  ) {}

  /** Registers its import of another module's stocks, like IntegrationModule does for an integration. */
  onModuleInit(): void {
    this.moveIns.add(this.stock);
  }
}

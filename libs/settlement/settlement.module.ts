import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import type { Schema } from '#platform';
import { ReconciliationModule } from '#reconciliation';
import { ImportedRegisters } from './imported-registers.js';
import { SettlementBaseline1765000005201 } from './migrations/1765000005201-settlement-baseline.js';
import { MoneySources } from './money-sources.js';
import { MoneyPages } from './money-pages.js';
import { RegisterStore } from './register-store.js';
import { RegisterUploads } from './register-uploads.js';
import { RegisterEntity, RegisterRowEntity, SettlementEntity, SettlementSettingEntity } from './settlement.entity.js';

/** Entities and migrations of this folder. */
export const settlementSchema: Schema = {
  entities: [RegisterEntity, RegisterRowEntity, SettlementEntity, SettlementSettingEntity],
  accountData: [
    {
      name: 'registers and money',
      tables: [{ table: 'register_row' }, { table: 'register' }, { table: 'settlement' }, { table: 'settlement_setting' }],
    },
  ],
  migrations: [SettlementBaseline1765000005201],
};

/** The money of a shop: registers of services, and their comparison with deliveries and payments. */
@Module({
  imports: [ConnectionsModule, ReconciliationModule],
  providers: [RegisterStore, MoneySources, ImportedRegisters, MoneyPages, RegisterUploads],
  exports: [MoneySources, MoneyPages, RegisterUploads],
})
export class SettlementModule {}

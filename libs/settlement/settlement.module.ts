import { Module, type OnModuleInit } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import { OnboardingModule } from '#onboarding';
import { OutboxModule, OutboxPackers } from '#outbox';
import type { Schema } from '#platform';
import { ReconciliationModule } from '#reconciliation';
import { BookingEntity, BookingSettingEntity } from './booking/booking.entity.js';
import { BookingSettings } from './booking/booking-settings.js';
import { Bookings } from './booking/bookings.js';
import { CostPacker } from './booking/cost.packer.js';
import { InvoicePacker } from './booking/invoice.packer.js';
import { Invoices } from './booking/invoices.js';
import { PaymentPacker } from './booking/payment.packer.js';
import { ImportedRegisters } from './imported-registers.js';
import { SettlementBaseline1765000005201 } from './migrations/1765000005201-settlement-baseline.js';
import { SettlementBookings1765000005400 } from './migrations/1765000005400-settlement-bookings.js';
import { SettlementInvoices1765000005701 } from './migrations/1765000005701-settlement-invoices.js';
import { SettlementRegisterBatches1765000005710 } from './migrations/1765000005710-settlement-register-batches.js';
import { SettlementLostCosts1765000005711 } from './migrations/1765000005711-settlement-lost-costs.js';
import { SettlementClosed1765000005712 } from './migrations/1765000005712-settlement-closed.js';
import { MoneySources } from './money-sources.js';
import { MoneyPages } from './money-pages.js';
import { RegisterRetention } from './register-retention.js';
import { RegisterStore } from './register-store.js';
import { RegisterUploads } from './register-uploads.js';
import { RegisterBatchEntity, RegisterEntity, RegisterRowEntity, SettlementEntity, SettlementSettingEntity } from './settlement.entity.js';

/** Entities and migrations of this folder. */
export const settlementSchema: Schema = {
  entities: [
    RegisterBatchEntity,
    RegisterEntity,
    RegisterRowEntity,
    SettlementEntity,
    SettlementSettingEntity,
    BookingEntity,
    BookingSettingEntity,
  ],
  accountData: [
    {
      name: 'registers and money',
      tables: [
        { table: 'register_batch' },
        { table: 'register_row' },
        { table: 'register' },
        { table: 'settlement' },
        { table: 'settlement_setting' },
      ],
    },
    { name: 'entries in the CRM', tables: [{ table: 'booking' }, { table: 'booking_setting' }] },
  ],
  migrations: [
    SettlementBaseline1765000005201,
    SettlementBookings1765000005400,
    SettlementInvoices1765000005701,
    SettlementRegisterBatches1765000005710,
    SettlementLostCosts1765000005711,
    SettlementClosed1765000005712,
  ],
};

/** The money of a shop: registers of services, and their comparison with deliveries and payments. */
@Module({
  imports: [ConnectionsModule, OutboxModule, OnboardingModule, ReconciliationModule],
  providers: [
    RegisterStore,
    MoneySources,
    ImportedRegisters,
    MoneyPages,
    RegisterUploads,
    RegisterRetention,
    BookingSettings,
    Bookings,
    CostPacker,
    PaymentPacker,
    Invoices,
    InvoicePacker,
  ],
  exports: [MoneySources, MoneyPages, RegisterUploads, BookingSettings, Bookings, Invoices],
})
export class SettlementModule implements OnModuleInit {
  constructor(
    private readonly packers: OutboxPackers,
    private readonly costs: CostPacker,
    private readonly payments: PaymentPacker,
    private readonly invoices: InvoicePacker,
  ) {}

  onModuleInit(): void {
    for (const packer of [this.costs, this.payments, this.invoices]) this.packers.add(packer);
  }
}

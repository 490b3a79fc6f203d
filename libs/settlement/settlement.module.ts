import { Module } from '@nestjs/common';
import { MoneySources } from './money-source.js';

/** The money of a shop: registers of services, and their comparison with deliveries and payments. */
@Module({
  providers: [MoneySources],
  exports: [MoneySources],
})
export class SettlementModule {}

import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { bindToRequest, ConnectionStore } from '#connections';
import { BuyerDto, type BuyerErasure, type BuyerExport, BuyersService } from '#onboarding';
import { ApiQueryOf, OperatorAccess, RequestNumber, WithinModules } from '#platform';

/** Personal data of one buyer of an account, for operators. */
@ApiTags('operator')
@OperatorAccess()
@Controller('operator/api')
export class BuyersController {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly buyers: BuyersService,
  ) {}

  /**
   * Exports the stored data of one buyer of this account, by `phone`, `email` or `customer`. Requires
   * the right `export`, and is recorded in the audit list.
   */
  @Get('connections/:id/buyers')
  @WithinModules()
  @OperatorAccess('export')
  @ApiQueryOf(BuyerDto)
  async exportBuyer(@Param('id') id: string, @Query() buyer: BuyerDto): Promise<BuyerExport> {
    return this.buyers.export(await this.connections.load(id), buyer);
  }

  /** Erases a buyer's personal data. Ids, sums and statuses stay. Data in progress is skipped and counted. */
  @Delete('connections/:id/buyers')
  @WithinModules()
  @ApiQueryOf(BuyerDto)
  async eraseBuyer(@Param('id') id: string, @Query() buyer: BuyerDto, @RequestNumber() request: string): Promise<BuyerErasure> {
    return this.buyers.erase(bindToRequest(await this.connections.load(id), request), buyer);
  }
}

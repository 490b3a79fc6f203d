import { Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type * as wire from '#crm-client/wire';
import { CallbackGuard, type Connection, CurrentConnection, JsonFields, UseConnection } from '#connections';
import { InventoriesActualizeDto, InventoriesUploadDto } from './dto/callback.dto.js';
import { CALLBACK_PATHS } from './inventory.paths.js';
import { InventoryService } from './inventory.service.js';

/** The warehouse callbacks (docs/contract/store.md). */
@ApiTags('store callbacks')
@Controller(':module/callbacks')
@UseGuards(CallbackGuard)
export class InventoryCallbacksController {
  constructor(private readonly stores: InventoryService) {}

  /** Returns stocks of offers. */
  @Post(CALLBACK_PATHS.inventoriesUpload)
  @HttpCode(200)
  @UseConnection('remembered')
  async listInventories(
    @CurrentConnection() connection: Connection,
    @JsonFields('offers') dto: InventoriesUploadDto,
  ): Promise<wire.CallbackStoreInventoriesUploadResponse> {
    return { success: true, offers: await this.stores.listStocks(connection, dto) };
  }

  /** Reserves an order's packs, all or none. Returns the resulting stocks. */
  @Post(CALLBACK_PATHS.inventoriesActualize)
  @HttpCode(200)
  async reserveInventories(
    @CurrentConnection() connection: Connection,
    @JsonFields('order', 'packs') dto: InventoriesActualizeDto,
  ): Promise<wire.CallbackStoreReserveResponse> {
    const offers = await this.stores.reserve(connection, dto);
    return { success: true, inventories: offers.length > 0 ? [{ offers }] : [] };
  }
}

import { Controller, Get, HttpCode, Param, Post, StreamableFile, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type * as wire from '#crm-client/wire';
import { CallbackGuard, type Connection, CurrentConnection, JsonField, PlainFields, UseConnection } from '#connections';
import { AUTOCOMPLETE_PATH, CALLBACK_PATHS } from './delivery.paths.js';
import { DeliveryPrintService } from './delivery-print.service.js';
import { DeliverySaveService } from './delivery-save.service.js';
import { DeliveryService } from './delivery.service.js';
import {
  AutocompleteDto,
  CalculateDto,
  DeliveryIdDto,
  PointListDto,
  PrintDto,
  SaveDto,
  ShipmentDeleteDto,
  ShipmentSaveDto,
} from './dto/callback.dto.js';
import { ShipmentService } from './shipment.service.js';

/** The delivery callbacks (docs/contract/delivery.md). */
@ApiTags('delivery callbacks')
@Controller(':module/callbacks')
@UseGuards(CallbackGuard)
export class DeliveryCallbacksController {
  constructor(
    private readonly deliveries: DeliveryService,
    private readonly saves: DeliverySaveService,
    private readonly prints: DeliveryPrintService,
    private readonly shipments: ShipmentService,
  ) {}

  @Post(CALLBACK_PATHS.calculate)
  @HttpCode(200)
  @UseConnection('remembered')
  async calculate(
    @CurrentConnection() connection: Connection,
    @JsonField('calculate') dto: CalculateDto,
  ): Promise<wire.CallbackDeliveryCalculateResponse> {
    return { success: true, result: await this.deliveries.calculate(connection, dto) };
  }

  @Post(CALLBACK_PATHS.save)
  @HttpCode(200)
  @UseConnection('remembered')
  async save(@CurrentConnection() connection: Connection, @JsonField('save') dto: SaveDto): Promise<wire.CallbackDeliverySaveResponse> {
    return { success: true, result: await this.saves.save(connection, dto) };
  }

  @Get(CALLBACK_PATHS.get)
  async get(@CurrentConnection() connection: Connection, @PlainFields() dto: DeliveryIdDto): Promise<wire.CallbackDeliveryGetResponse> {
    return { success: true, result: await this.deliveries.get(connection, dto.deliveryId) };
  }

  @Post(CALLBACK_PATHS.delete)
  @HttpCode(200)
  async delete(@CurrentConnection() connection: Connection, @JsonField('delete') dto: DeliveryIdDto): Promise<wire.SuccessResponse> {
    await this.deliveries.delete(connection, dto.deliveryId);
    return { success: true };
  }

  @Post(CALLBACK_PATHS.print)
  @HttpCode(200)
  async print(@CurrentConnection() connection: Connection, @JsonField('print') dto: PrintDto): Promise<StreamableFile> {
    const { bytes, name } = await this.prints.print(connection, dto);
    // A browser shows it for printing; the name is what it is saved under.
    return new StreamableFile(bytes, { type: 'application/pdf', disposition: `inline; filename="${name}"`, length: bytes.length });
  }

  @Get(CALLBACK_PATHS.shipmentPointList)
  async points(
    @CurrentConnection() connection: Connection,
    @PlainFields() dto: PointListDto,
  ): Promise<wire.CallbackDeliveryShipmentPointListResponse> {
    return { success: true, result: await this.deliveries.points(connection, dto) };
  }

  @Get(CALLBACK_PATHS.tariffList)
  async tariffs(@CurrentConnection() connection: Connection): Promise<wire.CallbackDeliveryTariffListResponse> {
    return { success: true, result: await this.deliveries.tariffs(connection) };
  }

  @Get(`${AUTOCOMPLETE_PATH}/:field`)
  @UseConnection('remembered')
  async autocomplete(
    @CurrentConnection() connection: Connection,
    @Param('field') field: string,
    @PlainFields() dto: AutocompleteDto,
  ): Promise<wire.CallbackDeliveryAutocompleteResponse> {
    return { success: true, result: await this.deliveries.autocomplete(connection, field, dto.term ?? '') };
  }

  @Post(CALLBACK_PATHS.shipmentSave)
  @HttpCode(200)
  async shipmentSave(
    @CurrentConnection() connection: Connection,
    @JsonField('shipmentSave') dto: ShipmentSaveDto,
  ): Promise<wire.CallbackDeliveryShipmentSaveResponse> {
    return { success: true, result: await this.shipments.save(connection, dto) };
  }

  @Post(CALLBACK_PATHS.shipmentDelete)
  @HttpCode(200)
  async shipmentDelete(
    @CurrentConnection() connection: Connection,
    @JsonField('shipmentDelete') dto: ShipmentDeleteDto,
  ): Promise<wire.SuccessResponse> {
    await this.shipments.delete(connection, dto);
    return { success: true };
  }
}

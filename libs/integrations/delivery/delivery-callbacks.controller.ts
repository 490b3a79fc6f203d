import { Controller, Get, HttpCode, Param, Post, StreamableFile, UseGuards } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
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

  /** Returns the price of an order's parcels by each tariff. Empty if nothing is delivered there. */
  @Post(CALLBACK_PATHS.calculate)
  @HttpCode(200)
  @UseConnection('remembered')
  async calculateDelivery(
    @CurrentConnection() connection: Connection,
    @JsonField('calculate') dto: CalculateDto,
  ): Promise<wire.CallbackDeliveryCalculateResponse> {
    return { success: true, result: await this.deliveries.calculate(connection, dto) };
  }

  /** Makes a delivery of an order at the carrier, or edits it. A repeat gets the first reply. */
  @Post(CALLBACK_PATHS.save)
  @HttpCode(200)
  @UseConnection('remembered')
  async saveDelivery(
    @CurrentConnection() connection: Connection,
    @JsonField('save') dto: SaveDto,
  ): Promise<wire.CallbackDeliverySaveResponse> {
    return { success: true, result: await this.saves.save(connection, dto) };
  }

  /** Returns a delivery in its state at the carrier. */
  @Get(CALLBACK_PATHS.get)
  async getDelivery(
    @CurrentConnection() connection: Connection,
    @PlainFields() dto: DeliveryIdDto,
  ): Promise<wire.CallbackDeliveryGetResponse> {
    return { success: true, result: await this.deliveries.get(connection, dto.deliveryId) };
  }

  /** Cancels a delivery at the carrier. */
  @Post(CALLBACK_PATHS.delete)
  @HttpCode(200)
  async deleteDelivery(
    @CurrentConnection() connection: Connection,
    @JsonField('delete') dto: DeliveryIdDto,
  ): Promise<wire.SuccessResponse> {
    await this.deliveries.delete(connection, dto.deliveryId);
    return { success: true };
  }

  /** A document of deliveries, as PDF. */
  @Post(CALLBACK_PATHS.print)
  @ApiProduces('application/pdf')
  @HttpCode(200)
  async printDocument(@CurrentConnection() connection: Connection, @JsonField('print') dto: PrintDto): Promise<StreamableFile> {
    const { bytes, mediaType, name } = await this.prints.print(connection, dto);
    // A browser shows it for printing and saves it under this name.
    return new StreamableFile(bytes, { type: mediaType, disposition: `inline; filename="${name}"`, length: bytes.length });
  }

  /** Where parcels are accepted and handed out. */
  @Get(CALLBACK_PATHS.shipmentPointList)
  async listShipmentPoints(
    @CurrentConnection() connection: Connection,
    @PlainFields() dto: PointListDto,
  ): Promise<wire.CallbackDeliveryShipmentPointListResponse> {
    return { success: true, result: await this.deliveries.points(connection, dto) };
  }

  /** The carrier's tariffs. */
  @Get(CALLBACK_PATHS.tariffList)
  async listTariffs(@CurrentConnection() connection: Connection): Promise<wire.CallbackDeliveryTariffListResponse> {
    return { success: true, result: await this.deliveries.tariffs(connection) };
  }

  /** Values of a field of the delivery's form that match the typed text. */
  @Get(`${AUTOCOMPLETE_PATH}/:field`)
  @UseConnection('remembered')
  async autocompleteField(
    @CurrentConnection() connection: Connection,
    @Param('field') field: string,
    @PlainFields() dto: AutocompleteDto,
  ): Promise<wire.CallbackDeliveryAutocompleteResponse> {
    return { success: true, result: await this.deliveries.autocomplete(connection, field, dto.term ?? '') };
  }

  /** Orders a courier for deliveries. */
  @Post(CALLBACK_PATHS.shipmentSave)
  @HttpCode(200)
  async saveShipment(
    @CurrentConnection() connection: Connection,
    @JsonField('shipmentSave') dto: ShipmentSaveDto,
  ): Promise<wire.CallbackDeliveryShipmentSaveResponse> {
    return { success: true, result: await this.shipments.save(connection, dto) };
  }

  /** Calls the courier off. */
  @Post(CALLBACK_PATHS.shipmentDelete)
  @HttpCode(200)
  async deleteShipment(
    @CurrentConnection() connection: Connection,
    @JsonField('shipmentDelete') dto: ShipmentDeleteDto,
  ): Promise<wire.SuccessResponse> {
    await this.shipments.delete(connection, dto);
    return { success: true };
  }
}

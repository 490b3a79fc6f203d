import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type * as wire from '#crm-client/wire';
import type { Connection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { OperationsService } from '#operations';
import { BadInputError, CallbackError, fillIn, sha256Hex, textFor } from '#platform';
import type { DeliveryEntity, ShipmentEntity } from './delivery.entity.js';
import { DeliveryStore } from './delivery-store.js';
import { texts } from './delivery.texts.js';
import type { ShipmentDeleteDto, ShipmentSaveDto } from './dto/callback.dto.js';
import { readExtraData } from './extra-data.js';
import type { DeliveryProvider } from './port/index.js';
import { toShipmentReply } from './reply-mapper.js';
import { buildReference, toShipmentRequest } from './request-mapper.js';
import { ShipmentOperations } from './shipment-operations.js';
import { buildAnotherShipment, type ShipmentDraft, ShipmentStore } from './shipment-store.js';
import { hashShipment, isStoredShipment } from './stored-request.js';

type Reply = wire.CallbackDeliveryResponseShipmentSave;

/**
 * The shipment callbacks: parcels handed over together. All throw BadInputError, CallbackError or
 * ProviderError.
 */
@Injectable()
export class ShipmentService {
  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly deliveries: DeliveryStore,
    private readonly store: ShipmentStore,
    private readonly shipmentOperations: ShipmentOperations,
    private readonly operations: OperationsService,
  ) {}

  /** Creates or edits a shipment of deliveries. The same deliveries on the same day are the same shipment. */
  async save(connection: Connection, dto: ShipmentSaveDto): Promise<Reply> {
    this.providers.assertHas(connection, 'saveShipment');
    const draft = await this.readDraft(connection, dto);
    if (dto.shipmentId) return this.edit(connection, dto.shipmentId, draft, dto);
    const live = await this.store.findByKey(connection, draft.key);
    if (live) return this.repeat(connection, live, draft, dto);
    const reference = buildReference(sha256Hex(uuidv7()).slice(0, 18), 1);
    const { operation, repeated } = await this.operations.perform(this.shipmentOperations.save, connection, {
      key: draft.key,
      reference,
      subject: draft.key,
      input: { ...draft, request: { ...draft.request, reference } },
    });
    const made = await this.store.load(connection, (operation.result as { shipmentId: string }).shipmentId);
    return repeated ? this.repeat(connection, made, draft, dto) : toShipmentReply(made);
  }

  /** Withdraws a shipment. Succeeds if it is already withdrawn. Its deliveries stay. */
  async delete(connection: Connection, { shipmentId, extraData }: ShipmentDeleteDto): Promise<void> {
    this.providers.assertHas(connection, 'cancelShipment');
    const { deletedAt, reference } = await this.store.load(connection, shipmentId);
    if (deletedAt) return;
    await this.operations.perform(this.shipmentOperations.cancel, connection, {
      key: `shipment:${shipmentId}`,
      reference,
      subject: shipmentId,
      input: { shipmentId, extraData: readExtraData(extraData) },
    });
  }

  private repeat(connection: Connection, live: ShipmentEntity, draft: ShipmentDraft, dto: ShipmentSaveDto): Promise<Reply> {
    return isStoredShipment(live.requestHash, draft, dto)
      ? Promise.resolve(toShipmentReply(live))
      : this.edit(connection, live.id, draft, dto);
  }

  private async edit(connection: Connection, shipmentId: string, draft: ShipmentDraft, dto: ShipmentSaveDto): Promise<Reply> {
    const row = await this.store.loadLive(connection, shipmentId);
    const { reference } = row;
    if (isStoredShipment(row.requestHash, draft, dto)) return toShipmentReply(row);
    const other = await this.store.findByKey(connection, draft.key);
    if (other && other.id !== shipmentId) throw buildAnotherShipment();
    const [before, ...added] = await this.deliveries.loadMany(connection, [...row.deliveryIds.slice(0, 1), ...draft.deliveryIds]);
    if (before) refuseMixedContracts(connection, added, before);
    await this.operations.perform(this.shipmentOperations.edit, connection, {
      key: `shipment:${shipmentId}`,
      reference,
      subject: shipmentId,
      input: { ...draft, shipmentId, request: { ...draft.request, reference } },
    });
    return toShipmentReply(await this.store.load(connection, shipmentId));
  }

  /** Reads the requested shipment. Its deliveries must exist. */
  private async readDraft(connection: Connection, dto: ShipmentSaveDto): Promise<ShipmentDraft> {
    const named = dto.orders.map((order) => order.deliveryId);
    const rows = await this.deliveries.loadLiveMany(connection, named, (index) => `orders[${index}].deliveryId`);
    const deliveryIds = rows.map(({ id }) => id);
    const twice = deliveryIds.findIndex((id, index) => deliveryIds.indexOf(id) !== index);
    if (twice !== -1) throw new BadInputError({ [`orders[${twice}].deliveryId`]: 'appears twice' });
    refuseMixedContracts(connection, rows);
    const orders = dto.orders.map((order, index) => ({ ...order, deliveryId: deliveryIds[index] ?? order.deliveryId }));
    const request = toShipmentRequest(
      { ...dto, orders },
      rows.map((row) => row.request.currency),
    );
    return {
      key: `shipment.save:${request.date ?? ''}:${sha256Hex([...deliveryIds].sort().join(' ')).slice(0, 32)}`,
      deliveryIds,
      request,
      hash: hashShipment(request, deliveryIds),
    };
  }
}

/** The carrier knows a delivery under its own contract only. Throws CallbackError 400 naming orders. */
function refuseMixedContracts({ account }: Connection, deliveries: readonly DeliveryEntity[], first = deliveries[0]): void {
  const errors = deliveries.flatMap(({ contract }, index): [string, string][] =>
    contract === first?.contract
      ? []
      : [
          [
            `orders[${index}].deliveryId`,
            textFor(
              contract === null ? texts.rules.contractOfSettings : fillIn(texts.rules.otherContract, { name: contract }),
              account.language,
            ),
          ],
        ],
  );
  if (errors.length > 0) throw new CallbackError(400, textFor(texts.rules.mixedShipment, account.language), Object.fromEntries(errors));
}

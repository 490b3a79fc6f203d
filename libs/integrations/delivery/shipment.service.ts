import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type * as wire from '#crm-client/wire';
import { type Connection, ProviderContexts } from '#connections';
import { OperationsService } from '#operations';
import { BadInputError, Clock, Database, isUniqueViolation, notFound, sha256Hex } from '#platform';
import { ProviderError } from '#provider-kit';
import { ShipmentEntity } from './delivery.entity.js';
import { DeliveryOperations } from './delivery-operations.js';
import { DeliveryStore } from './delivery-store.js';
import type { ShipmentSaveDto } from './dto/callback.dto.js';
import type { DeliveryProvider, ExtraData } from './port/index.js';
import { toExistingDelivery, toExistingShipment } from './delivery-rows.js';
import { hashRequest, buildReference, toShipmentRequest } from './request-mapper.js';

type ShippingProvider = DeliveryProvider & Required<Pick<DeliveryProvider, 'saveShipment'>>;

/** What the CRM's shipment callbacks do: parcels handed over together, a courier's visit. */
@Injectable()
export class ShipmentService {
  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly contexts: ProviderContexts,
    private readonly store: DeliveryStore,
    private readonly deliveryOperations: DeliveryOperations,
    private readonly operations: OperationsService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Creates a shipment of deliveries, or changes one; the same deliveries on the same day are the same shipment. */
  async save(connection: Connection, dto: ShipmentSaveDto): Promise<wire.CallbackDeliveryResponseShipmentSave> {
    const provider = this.shipping(connection);
    const ids = dto.orders.map((order) => order.deliveryId);
    const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
    if (twice !== -1) throw new BadInputError({ [`orders[${twice}].deliveryId`]: 'is named twice' });
    const deliveries = await this.store.liveDeliveries(connection, ids, (index) => `orders[${index}].deliveryId`);
    const request = toShipmentRequest(dto);
    const hash = sha256Hex(`${hashRequest(request)} ${ids.join(' ')}`);
    const key = `shipment.save:${request.date ?? ''}:${sha256Hex([...ids].sort().join(' ')).slice(0, 32)}`;
    if (dto.shipmentId) return this.edit(connection, provider, dto.shipmentId, { key, ids, request, hash });
    const live = await this.store.liveShipmentByKey(connection, key);
    if (live) return this.repeat(connection, provider, live, { key, ids, request, hash });
    const id = uuidv7();
    const reference = buildReference(sha256Hex(id).slice(0, 18), 1);
    if (provider.manifest.recovery.kind !== 'local') {
      const { operation, repeated } = await this.operations.perform(this.deliveryOperations.saveShipment, connection, {
        key,
        reference,
        subject: key,
        input: { key, deliveryIds: ids, request: { ...request, reference }, hash },
      });
      const made = await this.store.shipment(connection, (operation.result as { shipmentId: string }).shipmentId);
      return repeated ? this.repeat(connection, provider, made, { key, ids, request, hash }) : replyOf(made);
    }
    const context = this.contexts.contextFor(connection);
    const saved = await provider.saveShipment({ ...request, reference, deliveries: deliveries.map(toExistingDelivery) }, context);
    const { made, stored } = await this.database.transaction(async (tx) => {
      const rows = (await tx.query(
        `INSERT INTO shipment (id, connection_id, key, reference, external_id, delivery_ids, request, request_hash, extra_data)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (connection_id, key) WHERE deleted_at IS NULL DO NOTHING RETURNING id`,
        [
          id,
          connection.id,
          key,
          reference,
          saved.externalId,
          ids,
          JSON.stringify({ ...request, reference }),
          hash,
          JSON.stringify(saved.extraData ?? {}),
        ],
      )) as { id: string }[];
      if (rows.length > 0) await this.operations.record(tx, connection.id, 'shipment.save', id, { shipmentId: id });
      return { made: rows.length > 0, stored: await this.store.liveShipmentByKey(connection, key, tx) };
    });
    if (!stored) throw new ProviderError('unavailable', 'The shipment was deleted while it was being saved; save it again.');
    return made ? replyOf(stored) : this.repeat(connection, provider, stored, { key, ids, request, hash });
  }

  /** Withdraws a shipment; one already withdrawn is a success. Its deliveries stay. */
  async delete(connection: Connection, shipmentId: string): Promise<void> {
    const provider = this.providers.of(connection);
    if (!provider.cancelShipment) throw new ProviderError('rejected', `${connection.module.name} takes no shipments.`);
    const row = await this.store.shipment(connection, shipmentId);
    if (row.deletedAt) return;
    if (provider.manifest.recovery.kind !== 'local') {
      await this.operations.perform(this.deliveryOperations.cancelShipment, connection, {
        key: `shipment:${shipmentId}`,
        reference: row.reference,
        subject: shipmentId,
        input: { shipmentId },
      });
      return;
    }
    await this.database.transaction(async (tx) => {
      const locked = await this.store.shipment(connection, shipmentId, tx);
      if (locked.deletedAt) return;
      await provider.cancelShipment?.(toExistingShipment(locked, []), this.contexts.contextFor(connection));
      await tx.getRepository(ShipmentEntity).update(shipmentId, { deletedAt: this.clock.now(), updatedAt: this.clock.now() });
      await this.operations.record(tx, connection.id, 'shipment.delete', shipmentId, { shipmentId });
    });
  }

  private repeat(
    connection: Connection,
    provider: ShippingProvider,
    live: ShipmentEntity,
    wanted: Wanted,
  ): Promise<wire.CallbackDeliveryResponseShipmentSave> {
    return live.requestHash === wanted.hash ? Promise.resolve(replyOf(live)) : this.edit(connection, provider, live.id, wanted);
  }

  private async edit(
    connection: Connection,
    provider: ShippingProvider,
    shipmentId: string,
    wanted: Wanted,
  ): Promise<wire.CallbackDeliveryResponseShipmentSave> {
    const [row] = await this.store.liveShipments(connection, [shipmentId], () => 'shipmentId');
    if (!row) throw new Error('liveShipments gives what it was asked for');
    if (row.requestHash === wanted.hash) return replyOf(row);
    const request = { ...wanted.request, reference: row.reference };
    const other = await this.store.liveShipmentByKey(connection, wanted.key);
    if (other && other.id !== shipmentId) throw anotherShipment();
    if (provider.manifest.recovery.kind !== 'local') {
      await this.operations.perform(this.deliveryOperations.editShipment, connection, {
        key: `shipment:${shipmentId}`,
        reference: row.reference,
        subject: shipmentId,
        input: { shipmentId, key: wanted.key, deliveryIds: wanted.ids, request, hash: wanted.hash },
      });
      return replyOf(await this.store.shipment(connection, shipmentId));
    }
    const edited = this.database.transaction(async (tx) => {
      const locked = await this.store.shipment(connection, shipmentId, tx);
      if (locked.deletedAt) throw notFound('shipment', shipmentId);
      const before = await this.store.liveDeliveries(connection, locked.deliveryIds, () => 'shipmentId', tx).catch(() => []);
      const deliveries = await this.store.liveDeliveries(connection, wanted.ids, (index) => `orders[${index}].deliveryId`, tx);
      const saved = await provider.saveShipment(
        { ...request, deliveries: deliveries.map(toExistingDelivery) },
        this.contexts.contextFor(connection),
        toExistingShipment(locked, before),
      );
      const change = {
        key: wanted.key,
        deliveryIds: wanted.ids,
        request,
        requestHash: wanted.hash,
        externalId: saved.externalId,
        extraData: saved.extraData ?? {},
      };
      await tx.getRepository(ShipmentEntity).update(shipmentId, { ...change, updatedAt: this.clock.now() });
      await this.operations.record(tx, connection.id, 'shipment.edit', shipmentId, { shipmentId });
      return replyOf({ id: shipmentId, extraData: change.extraData });
    });
    return edited.catch((error: unknown) => {
      throw isUniqueViolation(error) ? anotherShipment() : error;
    });
  }

  private shipping(connection: Connection): ShippingProvider {
    const provider = this.providers.of(connection);
    if (!provider.saveShipment) throw new ProviderError('rejected', `${connection.module.name} takes no shipments.`);
    return provider as ShippingProvider;
  }
}

function anotherShipment(): ProviderError {
  return new ProviderError('rejected', 'There is another shipment of the same deliveries on this day.');
}

interface Wanted {
  key: string;
  ids: string[];
  request: ReturnType<typeof toShipmentRequest>;
  hash: string;
}

function replyOf(row: { id: string; extraData: ExtraData }): wire.CallbackDeliveryResponseShipmentSave {
  return { shipmentId: row.id, ...(Object.keys(row.extraData).length > 0 && { extraData: row.extraData }) };
}

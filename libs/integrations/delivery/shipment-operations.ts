import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Connection } from '#connections';
import { type CallOptions, InjectProviders, type OperationSource, type Providers } from '#integration-kit';
import { type OperationKind, OperationStore, recoverCreation, sendUnlessRejected } from '#operations';
import { Clock, notFound } from '#platform';
import type { ShipmentEntity } from './delivery.entity.js';
import { toExistingDelivery, toExistingShipment } from './delivery-rows.js';
import { DeliveryStore } from './delivery-store.js';
import type { DeliveryProvider, ExtraData, SavedShipment, ShipmentRequest } from './port/index.js';
import { choose, chooseForShipment } from './rules/delivery-choices.js';
import { type ShipmentDraft, ShipmentStore } from './shipment-store.js';
import { readStoredShipment } from './stored-request.js';

interface ShipmentInput {
  shipmentId: string;
}

interface CancelInput extends ShipmentInput {
  /** Missing in operations of earlier versions. */
  extraData?: ExtraData;
}

const NOTHING = {};

/**
 * Shipment calls with an effect: how each is sent, recovered and stored. One runs at a time for a shipment.
 */
@Injectable()
export class ShipmentOperations implements OperationSource {
  readonly save: OperationKind<ShipmentDraft, SavedShipment> = {
    kind: 'shipment.save',
    callback: 'delivery.shipment-save',
    answersRepeats: true,
    send: ({ input }, connection, options) => this.callSave(connection, input, undefined, options),
    recover: async (operation, stored) => {
      const { request, chosen: connection } = await this.buildRequest(stored, operation.input);
      return recoverCreation(operation, connection, {
        recovery: this.providers.getManifest(connection).recovery,
        ...(this.providers.has(connection, 'findShipment') && {
          find: () =>
            this.providers.call(connection, 'findShipment', (provider, context) =>
              provider.findShipment(request.reference, context, request),
            ),
        }),
        send: () => this.callSave(stored, operation.input),
        now: this.clock.now(),
      });
    },
    commit: async (tx, { input }, saved, connection) => {
      const shipmentId = uuidv7();
      await this.store.insert(tx, connection, shipmentId, input, saved);
      return { shipmentId };
    },
  };

  readonly edit: OperationKind<ShipmentDraft & ShipmentInput, SavedShipment> = {
    kind: 'shipment.edit',
    callback: 'delivery.shipment-save',
    answersRepeats: false,
    send: async ({ input }, connection, options) => {
      const row = await this.store.load(connection, input.shipmentId, options.transaction);
      if (row.deletedAt) throw notFound('shipment', row.id);
      return this.callSave(connection, input, row, options);
    },
    recover: async ({ input }, connection) => {
      const row = await this.store.load(connection, input.shipmentId);
      const saved = await sendUnlessRejected(connection, () => this.callSave(connection, input, row));
      return saved ? { found: saved } : 'absent';
    },
    commit: async (tx, { input }, saved, connection) => {
      const { shipmentId, key } = input;
      const before = await this.store.load(connection, shipmentId, tx);
      // Its previous deliveries may be shipped again.
      if (before.key !== key) await this.operations.freeKey(connection, before.key, { tx });
      await this.store.storeEdit(tx, shipmentId, input, saved);
      return { shipmentId };
    },
  };

  readonly cancel: OperationKind<CancelInput, object> = {
    kind: 'shipment.delete',
    callback: 'delivery.shipment-delete',
    answersRepeats: false,
    send: async ({ input }, connection, options) => {
      const row = await this.store.load(connection, input.shipmentId, options.transaction);
      return this.callCancel(connection, row, input.extraData, options);
    },
    recover: async ({ input }, connection) => {
      const row = await this.store.load(connection, input.shipmentId);
      const done = await sendUnlessRejected(connection, () => this.callCancel(connection, row, input.extraData));
      return done ? { found: NOTHING } : 'absent';
    },
    commit: async (tx, { input: { shipmentId } }, _result, connection) => {
      const row = await this.store.load(connection, shipmentId, tx);
      await this.store.storeDeletion(tx, shipmentId);
      // The same deliveries on the same day may be shipped again.
      await this.operations.freeKey(connection, row.key, { tx });
      return { shipmentId };
    },
  };

  readonly kinds = [this.save, this.edit, this.cancel];

  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly deliveries: DeliveryStore,
    private readonly store: ShipmentStore,
    private readonly operations: OperationStore,
    private readonly clock: Clock,
  ) {}

  private async callSave(
    connection: Connection,
    draft: ShipmentDraft,
    row?: ShipmentEntity,
    options?: CallOptions,
  ): Promise<SavedShipment> {
    const { request, chosen } = await this.buildRequest(connection, draft, options);
    const before = row && (await this.deliveries.loadMany(connection, row.deliveryIds, options?.transaction));
    const existing = row && before && toExistingShipment(row, before);
    return this.providers.call(chosen, 'saveShipment', (provider, context) => provider.saveShipment(request, context, existing), options);
  }

  private async callCancel(connection: Connection, row: ShipmentEntity, extraData: ExtraData = {}, options?: CallOptions): Promise<object> {
    if (row.deletedAt) return NOTHING;
    const deliveries = await this.deliveries.loadMany(connection, row.deliveryIds, options?.transaction);
    const existing = toExistingShipment(row, deliveries);
    await this.providers.call(
      choose(connection, chooseForShipment(deliveries)),
      'cancelShipment',
      (provider, context) => provider.cancelShipment(existing, context, extraData),
      options,
    );
    return NOTHING;
  }

  /** Returns the request to send, and the connection with the settings of its deliveries. */
  private async buildRequest(
    connection: Connection,
    draft: ShipmentDraft,
    options?: CallOptions,
  ): Promise<{ request: ShipmentRequest; chosen: Connection }> {
    const rows = await this.deliveries.loadMany(connection, draft.deliveryIds, options?.transaction);
    const request = { ...readStoredShipment(draft.request), deliveries: rows.map(toExistingDelivery) };
    return { request, chosen: choose(connection, chooseForShipment(rows)) };
  }
}

import { InjectProviders, type OperationSource, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Connection, ProviderContexts } from '#connections';
import { judgeAbsence, type OperationEntity, type OperationKind, type Recovered, sendUnlessRefused } from '#operations';
import { OutboxService } from '#outbox';
import { Clock, type Transaction } from '#platform';
import { ProviderError } from '#provider-kit';
import { DeliveryEntity, ShipmentEntity } from './delivery.entity.js';
import { DeliveryStore } from './delivery-store.js';
import { firstPollInS } from './delivery-poll.js';
import { TRACKING } from './delivery-statuses.service.js';
import type { DeliveryProvider, SavedDelivery, SavedShipment, SaveRequest, ShipmentRequest } from './port/index.js';
import { toExistingDelivery, toExistingShipment } from './delivery-rows.js';
import { readStoredRequest } from './request-mapper.js';

interface SaveInput {
  request: SaveRequest;
  hash: string;
  generation: number;
}

interface EditInput {
  deliveryId: string;
  request: SaveRequest;
  hash: string;
}

interface CancelInput {
  deliveryId: string;
}

interface ShipmentInput {
  key: string;
  deliveryIds: string[];
  request: Omit<ShipmentRequest, 'deliveries'>;
  hash: string;
}

interface ShipmentIdInput {
  shipmentId: string;
}

type ShipmentEditInput = ShipmentInput & ShipmentIdInput;

type Of<Input> = OperationEntity & { input: Input };

const NOTHING = {};

/** The delivery calls that have an effect at an outside service: how each is sent, recovered and stored. */
@Injectable()
export class DeliveryOperations implements OperationSource {
  readonly save: OperationKind<SaveInput, SavedDelivery> = {
    kind: 'delivery.save',
    answersRepeats: true,
    send: (operation, connection, budgetMs) =>
      this.providers.of(connection).save(readStoredRequest(operation.input.request), this.contexts.contextFor(connection, budgetMs)),
    recover: (operation, connection) => this.recoverSave(operation, connection),
    commit: async (tx, operation, saved, connection) => {
      const { request, hash, generation } = operation.input;
      const id = uuidv7();
      const pollInS = firstPollInS(this.providers.of(connection));
      await this.store.storeOutside(tx, connection, { id, request, requestHash: hash, saved }, generation, pollInS);
      return { deliveryId: id };
    },
  };

  readonly edit: OperationKind<EditInput, SavedDelivery> = {
    kind: 'delivery.edit',
    answersRepeats: false,
    send: async (operation, connection, budgetMs) => {
      const provider = this.providers.of(connection);
      const row = await this.store.liveDelivery(connection, operation.input.deliveryId);
      this.refuseUnlessEditable(provider, row);
      return provider.save(
        readStoredRequest(operation.input.request),
        this.contexts.contextFor(connection, budgetMs),
        toExistingDelivery(row),
      );
    },
    // An edit says what shall be, so sending it again is safe: no other runs meanwhile.
    recover: async (operation, connection) => {
      const row = await this.store.delivery(connection, operation.input.deliveryId);
      if (row.deletedAt) return 'absent';
      const saved = await sendUnlessRefused(connection, () =>
        this.providers
          .of(connection)
          .save(readStoredRequest(operation.input.request), this.contexts.contextFor(connection), toExistingDelivery(row)),
      );
      return saved ? { found: saved } : 'absent';
    },
    commit: async (tx, operation, saved) => {
      await this.store.storeEdit(tx, operation.input.deliveryId, operation.input.request, operation.input.hash, saved);
      return { deliveryId: operation.input.deliveryId };
    },
  };

  readonly cancel: OperationKind<CancelInput, object> = {
    kind: 'delivery.delete',
    answersRepeats: false,
    send: async (operation, connection, budgetMs) => {
      const row = await this.store.delivery(connection, operation.input.deliveryId);
      if (!row.deletedAt)
        await this.providers.of(connection).cancel?.(toExistingDelivery(row), this.contexts.contextFor(connection, budgetMs));
      return NOTHING;
    },
    // One already withdrawn is a success, so asking again tells and does.
    recover: async (operation, connection) => {
      const row = await this.store.delivery(connection, operation.input.deliveryId);
      if (row.deletedAt) return { found: NOTHING };
      const done = await sendUnlessRefused(connection, async () => {
        await this.providers.of(connection).cancel?.(toExistingDelivery(row), this.contexts.contextFor(connection));
        return NOTHING;
      });
      return done ? { found: NOTHING } : 'absent';
    },
    commit: async (tx, operation, _result, connection) => {
      const { deliveryId } = operation.input;
      await this.store.storeDeletion(tx, deliveryId, this.providers.getManifest(connection).cancelledStatus);
      await this.outbox.drop(tx, { connectionId: connection.id, kind: TRACKING }, deliveryId);
      return { deliveryId };
    },
  };

  readonly saveShipment: OperationKind<ShipmentInput, SavedShipment> = {
    kind: 'shipment.save',
    answersRepeats: true,
    send: async (operation, connection, budgetMs) => {
      const deliveries = await this.deliveriesOf(connection, operation.input.deliveryIds);
      return this.shipping(connection).saveShipment(
        { ...operation.input.request, deliveries },
        this.contexts.contextFor(connection, budgetMs),
      );
    },
    recover: (operation, connection) => this.recoverShipment(operation, connection),
    commit: async (tx, operation, saved, connection) => {
      const id = uuidv7();
      await tx.getRepository(ShipmentEntity).insert({
        id,
        connectionId: connection.id,
        key: operation.input.key,
        reference: operation.input.request.reference,
        externalId: saved.externalId,
        deliveryIds: operation.input.deliveryIds,
        request: operation.input.request,
        requestHash: operation.input.hash,
        extraData: saved.extraData ?? {},
      });
      return { shipmentId: id };
    },
  };

  readonly editShipment: OperationKind<ShipmentEditInput, SavedShipment> = {
    kind: 'shipment.edit',
    answersRepeats: false,
    send: (operation, connection, budgetMs) => this.sendShipmentEdit(operation, connection, budgetMs),
    recover: async (operation, connection) => {
      const saved = await sendUnlessRefused(connection, () => this.sendShipmentEdit(operation, connection));
      return saved ? { found: saved } : 'absent';
    },
    commit: async (tx, operation, saved, connection) => {
      const { shipmentId, key, deliveryIds, request, hash } = operation.input;
      const before = await this.store.shipment(connection, shipmentId, tx);
      // What it held before may be shipped anew.
      if (before.key !== key) await this.freeKey(tx, connection, before.key);
      await tx.getRepository(ShipmentEntity).update(shipmentId, {
        key,
        deliveryIds,
        request,
        requestHash: hash,
        externalId: saved.externalId,
        extraData: saved.extraData ?? {},
        updatedAt: this.clock.now(),
      });
      return { shipmentId };
    },
  };

  readonly cancelShipment: OperationKind<ShipmentIdInput, object> = {
    kind: 'shipment.delete',
    answersRepeats: false,
    send: (operation, connection, budgetMs) => this.sendShipmentCancel(operation, connection, budgetMs),
    recover: async (operation, connection) => {
      const done = await sendUnlessRefused(connection, () => this.sendShipmentCancel(operation, connection));
      return done ? { found: NOTHING } : 'absent';
    },
    commit: async (tx, operation, _result, connection) => {
      const { shipmentId } = operation.input;
      const row = await this.store.shipment(connection, shipmentId, tx);
      await tx.getRepository(ShipmentEntity).update(shipmentId, { deletedAt: this.clock.now(), updatedAt: this.clock.now() });
      // The same deliveries on the same day may be shipped anew.
      await this.freeKey(tx, connection, row.key);
      return { shipmentId };
    },
  };

  readonly kinds = [this.save, this.edit, this.cancel, this.saveShipment, this.editShipment, this.cancelShipment];

  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly contexts: ProviderContexts,
    private readonly store: DeliveryStore,
    private readonly outbox: OutboxService,
    private readonly clock: Clock,
  ) {}

  /** Throws ProviderError `rejected` when the delivery's status says that it can no longer be changed. */
  refuseUnlessEditable(provider: DeliveryProvider, row: DeliveryEntity): void {
    const status = provider.manifest.statuses.find((one) => one.code === row.status);
    if (!status?.isEditable)
      throw new ProviderError('rejected', `The delivery can no longer be changed: its status is "${status?.name.en ?? row.status}".`);
  }

  private async recoverSave(operation: Of<SaveInput>, connection: Connection): Promise<Recovered<SavedDelivery>> {
    const provider = this.providers.of(connection);
    const { recovery } = provider.manifest;
    const context = this.contexts.contextFor(connection);
    const { request } = operation.input;
    if (recovery.kind === 'find' && provider.find) {
      const found = await provider.find(request.reference, context);
      return found ? { found } : judgeAbsence(operation, recovery.settleSeconds, this.clock.now());
    }
    if (recovery.kind === 'idempotency-key') {
      const saved = await sendUnlessRefused(connection, () => provider.save(request, context));
      return saved ? { found: saved } : 'absent';
    }
    return 'unknown';
  }

  private async recoverShipment(operation: Of<ShipmentInput>, connection: Connection): Promise<Recovered<SavedShipment>> {
    const provider = this.shipping(connection);
    const { recovery } = provider.manifest;
    const { request } = operation.input;
    if (recovery.kind === 'find' && provider.findShipment) {
      const deliveries = await this.deliveriesOf(connection, operation.input.deliveryIds);
      const found = await provider.findShipment(request.reference, this.contexts.contextFor(connection), { ...request, deliveries });
      return found ? { found } : judgeAbsence(operation, recovery.settleSeconds, this.clock.now());
    }
    if (recovery.kind === 'idempotency-key') {
      const deliveries = await this.deliveriesOf(connection, operation.input.deliveryIds);
      const saved = await sendUnlessRefused(connection, () =>
        provider.saveShipment({ ...request, deliveries }, this.contexts.contextFor(connection)),
      );
      return saved ? { found: saved } : 'absent';
    }
    return 'unknown';
  }

  private async sendShipmentEdit(operation: Of<ShipmentEditInput>, connection: Connection, budgetMs?: number): Promise<SavedShipment> {
    const row = await this.store.shipment(connection, operation.input.shipmentId);
    const before = await this.rowsOf(connection, row.deliveryIds);
    const deliveries = await this.deliveriesOf(connection, operation.input.deliveryIds);
    return this.shipping(connection).saveShipment(
      { ...operation.input.request, deliveries },
      this.contexts.contextFor(connection, budgetMs),
      toExistingShipment(row, before),
    );
  }

  private async sendShipmentCancel(operation: Of<ShipmentIdInput>, connection: Connection, budgetMs?: number): Promise<object> {
    const row = await this.store.shipment(connection, operation.input.shipmentId);
    if (!row.deletedAt) {
      const deliveries = await this.rowsOf(connection, row.deliveryIds);
      await this.providers
        .of(connection)
        .cancelShipment?.(toExistingShipment(row, deliveries), this.contexts.contextFor(connection, budgetMs));
    }
    return NOTHING;
  }

  /** A repeat of the operation that holds a key is a new operation from now on. */
  private async freeKey(tx: Transaction, connection: Connection, key: string): Promise<void> {
    await tx.query(`UPDATE operation SET key = NULL WHERE connection_id = $1 AND key = $2`, [connection.id, key]);
  }

  private async deliveriesOf(connection: Connection, ids: string[]): Promise<ReturnType<typeof toExistingDelivery>[]> {
    return (await this.rowsOf(connection, ids)).map(toExistingDelivery);
  }

  private rowsOf(connection: Connection, ids: string[]): Promise<DeliveryEntity[]> {
    return Promise.all(ids.map((id) => this.store.delivery(connection, id)));
  }

  private shipping(connection: Connection): DeliveryProvider & Required<Pick<DeliveryProvider, 'saveShipment'>> {
    const provider = this.providers.of(connection);
    if (!provider.saveShipment) throw new ProviderError('rejected', `${connection.module.name} takes no shipments.`);
    return provider as DeliveryProvider & Required<Pick<DeliveryProvider, 'saveShipment'>>;
  }
}

import { Injectable } from '@nestjs/common';
import type * as wire from '#crm-client/wire';
import { bindToRequest, type Connection, ConnectionStore, refuseForShadow, refuseUnlessActive } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { OperationsService } from '#operations';
import { CallbackError, newId } from '#platform';
import type { DeliveryEntity } from './delivery.entity.js';
import { BuyerDocuments } from './buyer-documents.js';
import { buildSaveKey, DeliveryOperations } from './delivery-operations.js';
import { assertCollectable, assertPayerType } from './delivery-checks.js';
import { DeliveryStore } from './delivery-store.js';
import { texts } from './delivery.texts.js';
import type { SaveDto } from './dto/callback.dto.js';
import type { DeliveryProvider, SavedDelivery } from './port/index.js';
import type { Choice } from './rules/choose-rule.js';
import { choose, chooseForSave } from './rules/delivery-choices.js';
import { toSavedRow, toSaveReply } from './reply-mapper.js';
import { buildReference, buildShortKey } from './request-mapper.js';
import { isStored, readSave, type SentSave, writeSave } from './stored-request.js';

type Reply = wire.CallbackDeliveryResponseSave;

/** Attempts at a save whose connection or delivery changes while it is made. */
const ATTEMPTS = 3;

/** Implements the CRM's `save`: one delivery for each order, even if it is sent twice or concurrently. */
@Injectable()
export class DeliverySaveService {
  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly connections: ConnectionStore,
    private readonly store: DeliveryStore,
    private readonly deliveryOperations: DeliveryOperations,
    private readonly operations: OperationsService,
    private readonly documents: BuyerDocuments,
  ) {}

  /**
   * Creates or edits the order's delivery. A repeat returns the stored one. Throws BadInputError,
   * CallbackError or ProviderError.
   */
  async save(connection: Connection, dto: SaveDto): Promise<Reply> {
    const manifest = this.providers.getManifest(connection);
    const sent = readSave(dto);
    if (dto.deliveryId) return this.edit(await this.loadWorking(connection), dto.deliveryId, sent);
    // On the hot path, one statement instead of an operation (ADR 1).
    if (manifest.recovery.kind === 'local') return this.createInOneStatement(connection, sent);
    return this.create(await this.loadWorking(connection), sent);
  }

  private async create(connection: Connection, sent: SentSave): Promise<Reply> {
    const { request, hash } = sent;
    const live = await this.store.findByOrder(connection, request.order);
    if (live) return this.repeat(connection, live, sent);
    const generation = 1 + (await this.store.countDeleted(connection, request.order));
    const reference = buildReference(request.order, generation);
    const choice = chooseForSave(connection, request);
    this.assertPossible(choose(connection, choice), sent);
    const { operation, repeated } = await this.operations.perform(this.deliveryOperations.save, connection, {
      key: buildSaveKey(request.order, generation),
      reference,
      subject: request.order,
      input: {
        request: { ...(await this.documents.add(connection, request)), reference, shortKey: buildShortKey(request.order, generation) },
        hash,
        generation,
        ...(choice && { choice }),
      },
    });
    const made = await this.store.load(connection, (operation.result as { deliveryId: string }).deliveryId);
    if (!repeated) return toSaveReply(toSavedRow(made));
    // Deleted since its generation was counted: this save makes the next one.
    return made.deletedAt ? this.create(connection, sent) : this.repeat(connection, made, sent);
  }

  private async createInOneStatement(connection: Connection, sent: SentSave): Promise<Reply> {
    refuseForShadow(connection);
    let current = connection;
    const request = { ...sent.request, reference: buildReference(sent.request.order, 1) };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      let saved: SavedDelivery;
      let choice: Choice | undefined;
      try {
        choice = chooseForSave(current, request);
        const chosen = choose(current, choice);
        this.assertPossible(chosen, sent);
        saved = await this.providers.call(chosen, 'save', (provider, context) => provider.save(request, context));
      } catch (error) {
        // An order that is no longer possible today may be a repeat of yesterday's order.
        const live = await this.store.findByOrder(connection, request.order);
        if (live && isStored(live, sent)) return toSaveReply(toSavedRow(live));
        throw error;
      }
      const id = newId();
      const draft = { id, request, requestText: writeSave(sent, request.reference), requestHash: sent.hash, saved, choice };
      const { allowed, made } = await this.store.insertLocal(current, draft, newId());
      if (made) return toSaveReply({ ...saved, id, currency: request.currency });
      if (allowed) {
        const live = await this.store.findByOrder(connection, request.order);
        // The delivery was deleted between the two statements. The next attempt makes one.
        if (live) return this.repeat(connection, live, sent);
        continue;
      }
      // The connection changed since it was cached: it may be inactive now, or have other prices.
      current = await this.loadWorking(connection);
    }
    throw new CallbackError(503, texts.beingChanged);
  }

  /**
   * Handles a save without deliveryId for an order that has one. The same body gets the same reply, another
   * body is an edit.
   */
  private async repeat(connection: Connection, live: DeliveryEntity, sent: SentSave): Promise<Reply> {
    await this.deliveryOperations.noteAnswered(connection, live);
    return isStored(live, sent) ? toSaveReply(toSavedRow(live)) : this.edit(connection, live.id, sent);
  }

  private async edit(connection: Connection, deliveryId: string, sent: SentSave): Promise<Reply> {
    const row = await this.store.loadLive(connection, deliveryId);
    const { id, order, reference, shortKey } = row;
    if (isStored(row, sent)) return toSaveReply(toSavedRow(row));
    this.assertPossible(choose(connection, row), sent);
    const request = { ...(await this.documents.add(connection, { ...sent.request, order })), reference };
    await this.operations.perform(this.deliveryOperations.edit, connection, {
      key: `delivery:${id}`,
      reference,
      subject: id,
      input: { deliveryId: id, request: { ...request, ...(shortKey !== null && { shortKey }) }, hash: sent.hash },
    });
    return toSaveReply(toSavedRow(await this.store.loadLive(connection, id)));
  }

  /** Checked only for new requests: a repeat of a request from before a change of settings gets its reply. */
  private assertPossible(connection: Connection, { request }: SentSave): void {
    const manifest = this.providers.getManifest(connection);
    assertPayerType(manifest, request.payerType, 'delivery.payerType');
    assertCollectable(manifest, request);
  }

  /**
   * Reloads the connection, as the guard's may be cached. Throws CallbackError 403 when it is now inactive.
   */
  private async loadWorking(connection: Connection): Promise<Connection> {
    const fresh = await this.connections.findById(connection.id, 'delivery');
    if (!fresh) throw new CallbackError(403, texts.gone);
    refuseUnlessActive(fresh);
    return bindToRequest(fresh, connection.request, connection.budget);
  }
}

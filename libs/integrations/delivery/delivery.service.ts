import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type * as wire from '#crm-client/wire';
import { type Connection, ConnectionStore, ProviderContexts, refuseUnlessActive } from '#connections';
import { OperationsService } from '#operations';
import { OutboxService } from '#outbox';
import { BadInputError, CallbackError, Database, notFound } from '#platform';
import { ProviderError } from '#provider-kit';
import { DeliveryEntity } from './delivery.entity.js';
import { DeliveryOperations } from './delivery-operations.js';
import { DeliveryPoll } from './delivery-poll.js';
import { DeliveryStore } from './delivery-store.js';
import { TRACKING } from './delivery-statuses.service.js';
import type { CalculateDto, PointListDto, PrintDto, SaveDto } from './dto/callback.dto.js';
import type { DeliveryProvider, PayerType, SavedDelivery, SaveRequest } from './port/index.js';
import { toExistingDelivery, toExistingShipment } from './delivery-rows.js';
import { toCalculateReply, toGetReply, toSavedRow, toSaveReply, toTerminal } from './reply-mapper.js';
import { toCalculateRequest, hashRequest, isStored, buildReference, toSaveRequest } from './request-mapper.js';

/** What the CRM's delivery callbacks do. Every method throws BadInputError, CallbackError or ProviderError and nothing else that is the caller's to mend. */
@Injectable()
export class DeliveryService {
  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly connections: ConnectionStore,
    private readonly contexts: ProviderContexts,
    private readonly store: DeliveryStore,
    private readonly poll: DeliveryPoll,
    private readonly deliveryOperations: DeliveryOperations,
    private readonly operations: OperationsService,
    private readonly outbox: OutboxService,
    private readonly database: Database,
  ) {}

  /** Prices of the tariffs that serve the address; an empty list when none does. */
  async calculate(connection: Connection, dto: CalculateDto): Promise<wire.CallbackDeliveryResponseCalculate[]> {
    const provider = this.providers.of(connection);
    const request = toCalculateRequest(dto);
    refuseUnlessRegistered(provider, request.payerType, 'payerType');
    const tariffs = await provider.calculate(request, this.contexts.contextFor(connection));
    return tariffs.map(toCalculateReply);
  }

  /** Creates the order's delivery, or edits it: a repeat answers what is there, whatever was sent twice or at once. */
  async save(connection: Connection, dto: SaveDto): Promise<wire.CallbackDeliveryResponseSave> {
    const provider = this.providers.of(connection);
    const request = toSaveRequest(dto);
    refuseUnlessRegistered(provider, request.payerType, 'delivery.payerType');
    const hash = hashRequest(request);
    if (dto.deliveryId) return this.edit(await this.workingNow(connection), dto.deliveryId, request, hash);
    if (provider.manifest.recovery.kind === 'local') return this.saveLocal(connection, provider, request, hash);
    return this.saveOutside(await this.workingNow(connection), request, hash);
  }

  private async saveOutside(connection: Connection, request: SaveRequest, hash: string): Promise<wire.CallbackDeliveryResponseSave> {
    const live = await this.store.liveByOrder(connection, request.order);
    if (live) return this.repeat(connection, live, request, hash);
    const generation = 1 + (await this.store.deletedOf(connection, request.order));
    const reference = buildReference(request.order, generation);
    const { operation, repeated } = await this.operations.perform(this.deliveryOperations.save, connection, {
      key: `delivery.save:${request.order}:${generation}`,
      reference,
      subject: request.order,
      input: { request: { ...request, reference }, hash, generation },
    });
    const made = await this.store.delivery(connection, (operation.result as { deliveryId: string }).deliveryId);
    if (!repeated) return toSaveReply(toSavedRow(made));
    // Deleted since its generation was counted: this save makes the next one.
    return made.deletedAt ? this.saveOutside(connection, request, hash) : this.repeat(connection, made, request, hash);
  }

  /** The delivery as it is now: an outside provider is asked for its state and its news, which are stored; while it is away what is stored is the answer. */
  async get(connection: Connection, deliveryId: string): Promise<wire.CallbackDeliveryResponseLoadDeliveryData> {
    const asked = await this.store.liveDelivery(connection, deliveryId);
    const provider = this.providers.of(connection);
    const context = this.contexts.contextFor(connection);
    const [present, tariffs] = await Promise.all([
      unlessAway(provider.get?.(toExistingDelivery(asked), context)),
      unlessAway(provider.listTariffs?.(context)),
      unlessAway(this.poll.ask(connection, [asked], context)),
    ]);
    const row = asked.outside ? await this.store.liveDelivery(connection, deliveryId) : asked;
    if (present) {
      row.trackNumber = present.trackNumber ?? row.trackNumber;
      if (present.cost) [row.costMinor, row.costCurrency] = [String(present.cost.minor), present.cost.currency];
      if (present.deliveryDate) row.request = { ...row.request, deliveryDate: present.deliveryDate };
      row.extraData = { ...row.extraData, ...present.extraData };
    }
    const tariff = tariffs?.find((one) => one.code === row.tariff);
    return toGetReply(row, tariff?.name, connection.account.timeZone);
  }

  /** Withdraws a delivery. One already withdrawn is a success, so that a repeat of a lost reply is. */
  async delete(connection: Connection, deliveryId: string): Promise<void> {
    const provider = this.providers.need(connection, 'cancel');
    const row = await this.store.delivery(connection, deliveryId);
    if (row.deletedAt) return;
    if (provider.manifest.recovery.kind !== 'local') {
      await this.operations.perform(this.deliveryOperations.cancel, connection, {
        key: `delivery:${deliveryId}`,
        reference: row.reference,
        subject: deliveryId,
        input: { deliveryId },
      });
      return;
    }
    await this.database.transaction(async (tx) => {
      const locked = await this.store.delivery(connection, deliveryId, tx);
      if (locked.deletedAt) return;
      await provider.cancel(toExistingDelivery(locked), this.contexts.contextFor(connection));
      await this.store.storeDeletion(tx, deliveryId, provider.manifest.cancelledStatus);
      await this.outbox.drop(tx, { connectionId: connection.id, kind: TRACKING }, deliveryId);
      await this.operations.record(tx, connection.id, 'delivery.delete', deliveryId, { deliveryId });
    });
  }

  /** One PDF of a printed form for deliveries or shipments, in the order asked. */
  async print(connection: Connection, dto: PrintDto): Promise<{ bytes: Uint8Array; name: string }> {
    const provider = this.providers.need(connection, 'print');
    const entity = dto.entityType ?? 'order';
    const form = provider.manifest.forms.find((one) => one.code === dto.type && one.entity === entity);
    if (!form) {
      const known = provider.manifest.forms.filter((one) => one.entity === entity).map((one) => one.code);
      throw new BadInputError({
        type: known.length > 0 ? `must be one of: ${known.join(', ')}` : `no form is printed for entityType ${entity}`,
      });
    }
    const asked = dto.deliveryIds.flatMap((list, outer) => list.map((id, inner) => ({ id, path: `deliveryIds[${outer}][${inner}]` })));
    if (asked.length === 0) throw new BadInputError({ deliveryIds: 'must name at least one' });
    if (asked.length > provider.manifest.printLimit)
      throw new BadInputError({ deliveryIds: `must name at most ${provider.manifest.printLimit}` });
    const ids = asked.map((one) => one.id);
    const pathOf = (index: number): string => asked[index]?.path ?? 'deliveryIds';
    const context = this.contexts.contextFor(connection);
    if (entity === 'order') {
      const deliveries = (await this.store.liveDeliveries(connection, ids, pathOf)).map(toExistingDelivery);
      const bytes = await provider.print({ entity, form: form.code, deliveries }, context);
      return { bytes, name: buildFileName(form.code, deliveries[0]?.request.orderNumber ?? deliveries[0]?.request.order, ids.length) };
    }
    const rows = await this.store.liveShipments(connection, ids, pathOf);
    const shipments = await Promise.all(
      rows.map(async (row) => {
        const deliveries = await this.store
          .liveDeliveries(connection, row.deliveryIds, (index) => `orders[${index}]`)
          .catch((error: unknown) => {
            // A delivery withdrawn after the shipment was made is simply not on its list.
            if (error instanceof CallbackError && error.status === 404) return this.stillLive(connection, row.deliveryIds);
            throw error;
          });
        return toExistingShipment(row, deliveries);
      }),
    );
    const bytes = await provider.print({ entity, form: form.code, shipments }, context);
    return { bytes, name: buildFileName(form.code, shipments[0]?.request.date ?? shipments[0]?.request.reference, ids.length) };
  }

  /** Points that take parcels in. Throws BadInputError naming an id of the CRM's geocoder that stands alone: no provider can look one up. */
  async points(connection: Connection, dto: PointListDto): Promise<wire.CallbackDeliveryTerminalInput[]> {
    if (dto.cityId && !dto.city) throw new BadInputError({ cityId: 'cannot be looked up without the name in city' });
    if (dto.regionId && !dto.region && !dto.city) throw new BadInputError({ regionId: 'cannot be looked up without the name in region' });
    const points = await this.providers.need(connection, 'listPickupPoints').listPickupPoints(
      {
        ...(dto.country && { countryIso: dto.country.toUpperCase() }),
        ...(dto.region && { region: dto.region }),
        ...(dto.city && { city: dto.city }),
        ...(dto.code && { code: dto.code }),
      },
      this.contexts.contextFor(connection),
    );
    return points.map(toTerminal);
  }

  /** The tariffs there are, without prices. */
  async tariffs(connection: Connection): Promise<wire.CallbackDeliveryTariff[]> {
    return this.providers.need(connection, 'listTariffs').listTariffs(this.contexts.contextFor(connection));
  }

  /** Suggestions for an autocomplete field of a delivery or a shipment. */
  async autocomplete(connection: Connection, field: string, term: string): Promise<wire.CallbackDeliveryResponseAutocompleteItem[]> {
    const provider = this.providers.need(connection, 'autocomplete');
    const { dataFields, shipmentDataFields } = provider.manifest;
    const known = [...dataFields, ...shipmentDataFields].some((one) => one.type === 'autocomplete' && one.code === field);
    if (!known) throw notFound('autocomplete field', field);
    return provider.autocomplete(field, term, this.contexts.contextFor(connection));
  }

  private async saveLocal(
    connection: Connection,
    provider: DeliveryProvider,
    draft: SaveRequest,
    hash: string,
  ): Promise<wire.CallbackDeliveryResponseSave> {
    let current = connection;
    const request = { ...draft, reference: buildReference(draft.order, 1) };
    for (let attempt = 0; attempt < 3; attempt++) {
      let saved: SavedDelivery;
      try {
        saved = await provider.save(request, this.contexts.contextFor(current));
      } catch (error) {
        // What can no longer be ordered today may be a repeat of what was ordered yesterday.
        const live = await this.store.liveByOrder(connection, request.order);
        if (live && isStored(live, request, hash)) return toSaveReply(toSavedRow(live));
        throw error;
      }
      const id = uuidv7();
      const { allowed, made } = await this.store.storeLocal(current, { id, request, requestHash: hash, saved }, uuidv7());
      if (made) return toSaveReply({ id, ...saved, extraData: saved.extraData ?? {} });
      if (allowed) {
        const live = await this.store.liveByOrder(connection, request.order);
        // None: deleted between the two statements; the next attempt makes one.
        if (live) return this.repeat(connection, live, request, hash);
        continue;
      }
      // The connection changed since this process last read it: it may have been switched off, or its prices may be others.
      current = await this.workingNow(connection);
    }
    throw new CallbackError(503, 'The account is being changed just now; try again.');
  }

  /** The connection as it is at this moment; the guard may have remembered an older one. Throws CallbackError 403 when it was switched off since. */
  private async workingNow(connection: Connection): Promise<Connection> {
    const fresh = await this.connections.findById(connection.id);
    if (!fresh) throw new CallbackError(403, 'The connection is gone.');
    refuseUnlessActive(fresh);
    return { ...fresh, ...(connection.budget && { budget: connection.budget }) };
  }

  /** A save without deliveryId for an order that has a delivery: the same answer for the same body, an edit for another one. */
  private repeat(
    connection: Connection,
    live: DeliveryEntity,
    request: SaveRequest,
    hash: string,
  ): Promise<wire.CallbackDeliveryResponseSave> {
    return isStored(live, request, hash) ? Promise.resolve(toSaveReply(toSavedRow(live))) : this.edit(connection, live.id, request, hash);
  }

  private async edit(
    connection: Connection,
    deliveryId: string,
    draft: SaveRequest,
    hash: string,
  ): Promise<wire.CallbackDeliveryResponseSave> {
    const provider = this.providers.of(connection);
    if (provider.manifest.recovery.kind !== 'local') {
      const row = await this.store.liveDelivery(connection, deliveryId);
      if (isStored(row, draft, hash)) return toSaveReply(toSavedRow(row));
      await this.operations.perform(this.deliveryOperations.edit, connection, {
        key: `delivery:${deliveryId}`,
        reference: row.reference,
        subject: deliveryId,
        input: { deliveryId, request: { ...draft, reference: row.reference }, hash },
      });
      return toSaveReply(toSavedRow(await this.store.liveDelivery(connection, deliveryId)));
    }
    return this.database.transaction(async (tx) => {
      const row = await this.store.liveDelivery(connection, deliveryId, tx);
      if (isStored(row, draft, hash)) return toSaveReply(toSavedRow(row));
      this.deliveryOperations.refuseUnlessEditable(provider, row);
      const request = { ...draft, order: row.order, reference: row.reference };
      const saved = await provider.save(request, this.contexts.contextFor(connection), toExistingDelivery(row));
      await this.store.storeEdit(tx, deliveryId, request, hash, saved);
      await this.operations.record(tx, connection.id, 'delivery.edit', deliveryId, { deliveryId });
      return toSaveReply({
        id: deliveryId,
        ...saved,
        ...(saved.trackNumber ? {} : row.trackNumber && { trackNumber: row.trackNumber }),
        status: row.status,
        extraData: saved.extraData ?? {},
      });
    });
  }

  private async stillLive(connection: Connection, ids: string[]): Promise<DeliveryEntity[]> {
    const rows = await Promise.all(ids.map((id) => this.store.delivery(connection, id)));
    return rows.filter((row) => row.deletedAt === null);
  }
}

function refuseUnlessRegistered(provider: DeliveryProvider, payerType: PayerType | undefined, path: string): void {
  const { payerTypes } = provider.manifest;
  if (payerType && !payerTypes.includes(payerType)) throw new BadInputError({ [path]: `must be one of: ${payerTypes.join(', ')}` });
}

/** The answer, or undefined of a provider that is away or refuses. */
async function unlessAway<Answer>(answer: Promise<Answer> | undefined): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

/** Such as `label-1002A-and-2-more.pdf`; letters that a header cannot hold are left out. */
function buildFileName(form: string, first: string | undefined, count: number): string {
  const plain = (first ?? '').replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 60);
  return `${[form, plain, count > 1 ? `and-${count - 1}-more` : ''].filter((part) => /[A-Za-z0-9]/.test(part)).join('-')}.pdf`;
}

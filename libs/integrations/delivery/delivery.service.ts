import { Injectable } from '@nestjs/common';
import type * as wire from '#crm-client/wire';
import type { Connection } from '#connections';
import { type Able, InjectProviders, type Providers } from '#integration-kit';
import { OperationsService } from '#operations';
import { BadInputError, notFound } from '#platform';
import { type ProviderContext, ProviderError } from '#provider-kit';
import { DeliveryOperations } from './delivery-operations.js';
import { DeliveryPoll } from './delivery-poll.js';
import { toExistingDelivery } from './delivery-rows.js';
import type { DeliveryEntity } from './delivery.entity.js';
import { isFinal, isHandedOver } from './delivery-state.js';
import { assertPayerType, findExceededLimit } from './delivery-checks.js';
import { DeliveryStore } from './delivery-store.js';
import type { CalculateDto, PointListDto } from './dto/callback.dto.js';
import type { Decision, DeliveryDay, DeliveryProvider } from './port/index.js';
import type { Choice } from './rules/choose-rule.js';
import { choose, findRuleOf } from './rules/delivery-choices.js';
import { showTariff } from './rules/shown-cost.js';
import { mergeReported, readReported, toReportedColumns } from './reported.js';
import { toCalculateReply, toGetReply, toTerminal } from './reply-mapper.js';
import { toCalculateRequest, toPointQuery } from './request-mapper.js';

/**
 * The delivery callbacks except `save`, `print` and shipments. All throw BadInputError, CallbackError or
 * ProviderError.
 */
@Injectable()
export class DeliveryService {
  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly store: DeliveryStore,
    private readonly poll: DeliveryPoll,
    private readonly deliveryOperations: DeliveryOperations,
    private readonly operations: OperationsService,
  ) {}

  /** Returns the prices of the tariffs that serve the address. An empty list when there are none. */
  async calculate(connection: Connection, dto: CalculateDto): Promise<wire.CallbackDeliveryResponseCalculate[]> {
    const request = toCalculateRequest(dto);
    // Site and legal entity are unknown here: a row that requires them does not fit.
    const rule = findRuleOf(connection, { store: request.store?.code });
    const chosen = choose(connection, rule);
    const manifest = this.providers.getManifest(chosen);
    assertPayerType(manifest, request.payerType, 'payerType');
    if (findExceededLimit(manifest, request.to?.countryIso, request.cod)) return [];
    const tariffs = await this.providers.call(chosen, 'calculate', (provider, context) => provider.calculate(request, context));
    const price = rule?.price;
    return tariffs.map((tariff) => toCalculateReply(price ? showTariff(tariff, price, request.declaredValue) : tariff));
  }

  /**
   * Returns the delivery after querying the carrier and storing its update. The stored state while it is
   * down.
   */
  async get(connection: Connection, deliveryId: string): Promise<wire.CallbackDeliveryResponseLoadDeliveryData> {
    const asked = await this.store.loadLive(connection, deliveryId);
    const existing = toExistingDelivery(asked);
    const [present, tariffs] = await Promise.all([
      this.tryCall(connection, asked, 'get', (provider, context) => provider.get(existing, context)),
      this.tryCall(connection, asked, 'listTariffs', (provider, context) => provider.listTariffs(context)),
      ignoreRejection(this.poll.ask(connection, [asked])),
    ]);
    const row = asked.outside ? await this.store.loadLive(connection, deliveryId) : asked;
    if (present) {
      Object.assign(row, toReportedColumns(mergeReported(readReported(row), present)));
      if (present.deliveryDate) row.request = { ...row.request, deliveryDate: present.deliveryDate };
    }
    const tariff = tariffs?.find((one) => one.code === row.tariff);
    return toGetReply(row, tariff?.name, connection.account.timeZone);
  }

  /** Withdraws a delivery. One already withdrawn is a success, so that a repeat of a lost reply is. */
  async delete(connection: Connection, deliveryId: string): Promise<void> {
    this.providers.assertHas(connection, 'cancel');
    const { id, deletedAt, reference } = await this.store.load(connection, deliveryId);
    if (deletedAt) return;
    await this.operations.perform(this.deliveryOperations.cancel, connection, {
      key: `delivery:${id}`,
      reference,
      subject: id,
      input: { deliveryId: id },
    });
  }

  /**
   * Acts on the shop's decision about a delivery. Throws BadInputError for a kind that the carrier does not
   * have, ProviderError `rejected` if the delivery's state does not allow it.
   */
  async decide(connection: Connection, row: DeliveryEntity, decision: Decision): Promise<void> {
    this.providers.assertHas(connection, 'decide');
    const { decisions = [] } = this.providers.getManifest(connection);
    if (!decisions.includes(decision.kind)) throw new BadInputError({ kind: `must be one of: ${decisions.join(', ')}` });
    await this.operations.perform(this.deliveryOperations.decide, connection, {
      key: `delivery:${row.id}`,
      reference: row.reference,
      subject: row.id,
      input: { deliveryId: row.id, decision },
    });
  }

  /** Returns the possible decisions about a delivery, with the days of the carrier. Empty without any. */
  async listDecisions(connection: Connection, row: DeliveryEntity): Promise<{ kinds: Decision['kind'][]; days: DeliveryDay[] }> {
    const manifest = this.providers.getManifest(connection);
    const { decisions = [] } = manifest;
    if (row.deletedAt) return { kinds: [], days: [] };
    if (isFinal(manifest, row.status))
      return { kinds: decisions.filter((kind) => kind === 'clientReturn' && isHandedOver(manifest, row.status)), days: [] };
    const existing = toExistingDelivery(row);
    const days = await this.tryCall(connection, row, 'listDeliveryDays', (provider, context) =>
      provider.listDeliveryDays(existing, context),
    );
    return { kinds: decisions.filter((kind) => kind !== 'clientReturn'), days: days ?? [] };
  }

  /**
   * Returns points that accept parcels. Throws BadInputError for a CRM geocoder id without a name, unless the
   * provider finds points by ids.
   */
  async points(connection: Connection, dto: PointListDto): Promise<wire.CallbackDeliveryTerminalInput[]> {
    if (!this.providers.getManifest(connection).pointsByGeoId) assertNamed(dto);
    const query = toPointQuery(dto);
    const points = await this.providers.call(connection, 'listPickupPoints', (provider, context) =>
      provider.listPickupPoints(query, context),
    );
    return points.map(toTerminal);
  }

  /** Returns the tariffs there are, without prices. */
  tariffs(connection: Connection): Promise<wire.CallbackDeliveryTariff[]> {
    return this.providers.call(connection, 'listTariffs', (provider, context) => provider.listTariffs(context));
  }

  /** Returns suggestions for an autocomplete field of a delivery or a shipment. */
  async autocomplete(connection: Connection, field: string, term: string): Promise<wire.CallbackDeliveryResponseAutocompleteItem[]> {
    this.providers.assertHas(connection, 'autocomplete');
    const { dataFields, shipmentDataFields } = this.providers.getManifest(connection);
    const isKnown = [...dataFields, ...shipmentDataFields].some((one) => one.type === 'autocomplete' && one.code === field);
    if (!isKnown) throw notFound('autocomplete field', field);
    return this.providers.call(connection, 'autocomplete', (provider, context) => provider.autocomplete(field, term, context));
  }

  /**
   * Calls an optional method with the settings that a delivery was made with. Undefined when the provider
   * lacks it, is down or rejects the call.
   */
  private async tryCall<Method extends keyof DeliveryProvider & string, Result>(
    connection: Connection,
    choice: Choice,
    method: Method,
    work: (provider: Able<DeliveryProvider, Method>, context: ProviderContext<object>) => Promise<Result>,
  ): Promise<Result | undefined> {
    const call = async (): Promise<Result> => this.providers.call(choose(connection, choice), method, work);
    return this.providers.has(connection, method) ? ignoreRejection(call()) : undefined;
  }
}

function assertNamed({ region, regionId, city, cityId }: PointListDto): void {
  if (cityId && !city) throw new BadInputError({ cityId: 'cannot be looked up without the name in city' });
  if (regionId && !region && !city) throw new BadInputError({ regionId: 'cannot be looked up without the name in region' });
}

async function ignoreRejection<Result>(result: Promise<Result>): Promise<Result | undefined> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

import { type LocalText, sha256Hex } from '#platform';
import { type Money, ProviderError, type ProviderErrorKind } from '#provider-kit';
import type {
  CalculateRequest,
  DeliveryProvider,
  ExistingDelivery,
  ExistingShipment,
  PickupPoint,
  PointQuery,
  PrintRequest,
  SavedDelivery,
  SavedShipment,
  SaveRequest,
  ShipmentRequest,
  StatusReport,
  Suggestion,
  Tariff,
  TariffInfo,
} from '#delivery/port';
import { CdekClient } from './cdek.client.js';
import type { CdekContext, CdekSettings, CdekTariffChoice } from './cdek.settings.js';
import { CdekDirectory } from './cdek.directory.js';
import { CdekDocuments } from './cdek.documents.js';
import {
  CdekRefusal,
  explain,
  explained,
  isDuplicate,
  isNotFound,
  isStillProcessed,
  isUnknownPlace,
  refusalOf,
  wordsOf,
} from './cdek.errors.js';
import { CdekIntakes } from './cdek.intakes.js';
import { cdekManifest, FIELD, FORM } from './cdek.manifest.js';
import {
  currencyOf,
  differs,
  insuranceOf,
  isComingBack,
  isInvalid,
  isPending,
  isRefused,
  lastRequest,
  modeOfChoice,
  numberOf,
  presentStatus,
  servicesOf,
  tariffName,
  tariffType,
  toOrderBody,
  toQuoteRequest,
  toReports,
  toSaved,
  toTariff,
} from './cdek.mapper.js';
import { fitting, nearest, toPickupPoint } from './cdek.points.js';
import { hasMoved } from './cdek.statuses.js';
import { endsOf, modeOf, type TariffMode } from './cdek.tariffs.js';
import { problem, say, texts } from './cdek.texts.js';
import { inTurns, lookUntil } from './cdek.waiting.js';
import { CdekWebhook } from './cdek.webhook.js';
import type {
  CdekAcceptedReply,
  CdekForm,
  CdekOrderBody,
  CdekOrderReply,
  CdekPlace,
  CdekQuote,
  CdekRequest,
  CdekService,
} from './cdek.wire.js';

/** Equal questions for prices within a minute are answered once. */
const QUOTED = { ttlSeconds: 60 };
/** A subscription is looked after once an hour: CDEK switches one off that fails for long. */
const SUBSCRIBED = { ttlSeconds: 3_600 };
/** CDEK keeps two subscriptions a client. */
const MOST_SUBSCRIPTIONS = 2;
/** Orders asked for at a time. */
const MOST_AT_ONCE = 8;
/** An order that is not found so long after it was made is gone, milliseconds. */
const GONE_AFTER = 3_600_000;

/** A tariff on offer with CDEK's price for it. */
interface Priced {
  quote: CdekQuote;
  total?: number;
  refused?: string;
}

/** CDEK behind the delivery port (README.md). Keeps nothing of its own: tokens and directories live in the context's cache. */
export class CdekProvider implements DeliveryProvider<CdekSettings> {
  readonly manifest = cdekManifest;
  readonly webhook = new CdekWebhook();
  private readonly client: CdekClient;
  private readonly directory: CdekDirectory;
  private readonly documents: CdekDocuments;
  private readonly intakes: CdekIntakes;

  /** `baseUrl` stands for both of CDEK's contours: a double's address. */
  constructor(baseUrl?: string) {
    this.client = new CdekClient(baseUrl);
    this.directory = new CdekDirectory(this.client);
    this.documents = new CdekDocuments(this.client);
    this.intakes = new CdekIntakes(this.client, this.directory);
  }

  async calculate(request: CalculateRequest, context: CdekContext): Promise<Tariff[]> {
    refuseWhenOver(context);
    const { settings } = context;
    const [from, to] = await Promise.all([
      this.directory.originOf(request.from, context),
      this.directory.placeOf(request.to, request.extraData, context),
    ]);
    if (from === undefined || to === undefined) return [];
    const currency = currencyOf(request, context);
    const choices = new Map(settings.tariffs.map((choice) => [choice.code, choice]));
    const insurance = insuranceOf(request.declaredValue);
    const services = [...(insurance ? [insurance] : []), ...servicesOf(request.extraData, settings.services)];
    const question = toQuoteRequest(request, from, to, context);
    const priced = await this.priced(question, settings.quoteServices ? services : [], [...choices.keys()], context);
    const offered = priced.flatMap(({ quote, ...price }): [Priced, CdekTariffChoice, TariffMode][] => {
      const choice = choices.get(quote.tariff_code);
      const mode = modeOf(quote.delivery_mode);
      return choice === undefined || mode === undefined ? [] : [[{ quote, ...price }, choice, mode]];
    });
    const points =
      to.code !== undefined && offered.some(([, , mode]) => endsOf(mode).to !== 'door')
        ? await this.directory.points(to.code, context)
        : [];
    return offered.flatMap(([{ quote, total, refused }, choice, mode]): Tariff[] => {
      const details = {
        ...(request.cod && { cod: request.cod }),
        ...(total !== undefined && { total }),
        ...(refused !== undefined && { refused }),
      };
      const tariff = toTariff(quote, choice, mode, currency, details, context);
      const end = endsOf(mode).to;
      if (end === 'door') return [tariff];
      const places = fitting(points, { locker: end === 'locker', parcels: request.parcels, cod: isPaid(request.cod) });
      if (places.length === 0) return [];
      return [{ ...tariff, pickupPoints: nearest(places, request.to, settings.pointsShown).map(toPickupPoint) }];
    });
  }

  async save(request: SaveRequest, context: CdekContext, existing?: ExistingDelivery): Promise<SavedDelivery> {
    refuseWhenOver(context);
    // CDEK's order keeps the number it was made with.
    const own = existing === undefined ? request : { ...request, reference: existing.reference };
    const reply = existing === undefined ? await this.register(own, context) : await this.change(own, existing, context);
    return toSaved(reply, currencyOf(own, context), context);
  }

  async find(reference: string, context: CdekContext): Promise<SavedDelivery | undefined> {
    refuseWhenOver(context);
    const reply = await this.standing(numberOf(reference, context.connectionId), context);
    return reply && toSaved(reply, undefined, context);
  }

  /** Before CDEK has the parcel the order is deleted, after that it is refused and the parcel goes back. */
  async cancel(delivery: ExistingDelivery, context: CdekContext): Promise<void> {
    refuseWhenOver(context);
    const reply = await this.orderOf(delivery, context);
    // Refused or deleted by CDEK: there is nothing to withdraw.
    if (reply === undefined || isRefused(reply)) return;
    const status = presentStatus(reply, context);
    if (status === 'cancelled' || status === 'not-delivered') return;
    if (status === 'delivered' || status === 'collected') throw problem('rejected', texts.handedOver, context);
    const { uuid } = reply.entity;
    if (hasMoved(status)) return this.refuse(reply, context);
    try {
      await this.deleted(uuid, context);
    } catch (error) {
      // Taken in while we asked.
      const now = error instanceof ProviderError && error.kind === 'rejected' ? await this.order(uuid, context) : undefined;
      if (now === undefined || !hasMoved(presentStatus(now, context))) throw error;
      await this.refuse(now, context);
    }
  }

  async get(delivery: ExistingDelivery, context: CdekContext): Promise<SavedDelivery> {
    refuseWhenOver(context);
    const reply = await this.orderOf(delivery, context);
    // What CDEK has not, or has no more, was withdrawn.
    if (reply === undefined) return { externalId: delivery.externalId, status: 'cancelled' };
    return { ...toSaved(reply, currencyOf(delivery.request, context), context), externalId: delivery.externalId };
  }

  async print(request: PrintRequest, context: CdekContext): Promise<Uint8Array> {
    refuseWhenOver(context);
    const form = request.entity === 'order' ? ORDER_FORMS[request.form] : SHIPMENT_FORMS[request.form];
    if (form === undefined) throw problem('invalid', texts.noForm(request.form), context);
    const deliveries =
      request.entity === 'order' ? request.deliveries : request.shipments.flatMap((shipment) => shipment.request.deliveries);
    const unready = deliveries.find(({ status }) => status === 'registering' || status === 'refused');
    if (unready) throw problem('rejected', texts.notRegistered(unready.request.orderNumber ?? unready.request.order), context);
    return this.documents.print(form, [...new Set(deliveries.map(({ externalId }) => externalId))], context);
  }

  /** Points that take parcels in; without a city those of the city parcels leave from. */
  async listPickupPoints({ countryIso, region, city }: PointQuery, context: CdekContext): Promise<PickupPoint[]> {
    refuseWhenOver(context);
    const place = city
      ? await this.directory.placeOf({ city, ...(countryIso && { countryIso }), ...(region && { region }) }, {}, context)
      : await this.directory.originOf(undefined, context);
    if (place?.code === undefined || (countryIso !== undefined && place.country_code !== undefined && place.country_code !== countryIso))
      return [];
    const points = await this.directory.points(place.code, context);
    return points.filter(({ takesIn }) => takesIn).map(toPickupPoint);
  }

  async listTariffs(context: CdekContext): Promise<TariffInfo[]> {
    refuseWhenOver(context);
    return context.settings.tariffs.flatMap((choice): TariffInfo[] => {
      const mode = modeOfChoice(choice);
      return mode === undefined
        ? []
        : [{ code: String(choice.code), name: tariffName(choice, undefined, context), type: tariffType(mode) }];
    });
  }

  async autocomplete(field: string, term: string, context: CdekContext): Promise<Suggestion[]> {
    refuseWhenOver(context);
    if (field !== FIELD.city) throw problem('invalid', texts.citiesOnly, context);
    const cities = await this.directory.suggestions(term, context);
    return cities.slice(0, 50).map(({ code, full_name }) => ({ value: String(code), label: full_name }));
  }

  async saveShipment(request: ShipmentRequest, context: CdekContext, existing?: ExistingShipment): Promise<SavedShipment> {
    refuseWhenOver(context);
    const own = existing === undefined ? request : { ...request, reference: existing.request.reference };
    return this.intakes.save(own, context, existing);
  }

  async findShipment(reference: string, context: CdekContext, request?: ShipmentRequest): Promise<SavedShipment | undefined> {
    refuseWhenOver(context);
    return this.intakes.find(reference, context, request);
  }

  async cancelShipment(shipment: ExistingShipment, context: CdekContext): Promise<void> {
    refuseWhenOver(context);
    return this.intakes.cancel(shipment, context);
  }

  /** Reads each order again. One that cannot be read is left for the next time; when none can, the first reason is thrown. */
  async track(deliveries: ExistingDelivery[], context: CdekContext): Promise<StatusReport[]> {
    refuseWhenOver(context);
    const answers = await inTurns(deliveries, MOST_AT_ONCE, (delivery) => this.newsOf(delivery, context));
    const reports = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed && answers.every((answer) => answer.status === 'rejected')) throw failed.reason;
    return reports;
  }

  /** Sees to the subscription of this connection's webhook, and to the directories. What CDEK refuses is asked for again after an hour. */
  async refresh(context: CdekContext): Promise<void> {
    refuseWhenOver(context);
    const { clientId, clientSecret, contour } = context.settings;
    const key = `subscription:${sha256Hex([contour, clientId, clientSecret, context.webhookUrl].join(' ')).slice(0, 16)}`;
    const refusal = await context.cache.fetch<{ kind: ProviderErrorKind; message: string } | null>(key, SUBSCRIBED, async () => {
      try {
        await explained(this.subscribe(context));
        return null;
      } catch (error) {
        if (!(error instanceof ProviderError) || !['auth', 'invalid', 'rejected'].includes(error.kind)) throw error;
        return { kind: error.kind, message: error.message };
      }
    });
    // Without credentials there is nothing to load either.
    if (refusal?.kind !== 'auth') await this.directory.refresh(context);
    if (refusal) throw new ProviderError(refusal.kind, refusal.message);
  }

  /** The list is read first: CDEK makes a second subscription of a repeated request, and keeps two in all. */
  private async subscribe(context: CdekContext): Promise<void> {
    const present = (await this.client.subscriptions(context)).filter(({ type }) => type === 'ORDER_STATUS');
    const path = new URL(context.webhookUrl).pathname;
    // Ours of an address the module has left, and ours that were made twice.
    const ours = present.filter(({ url }) => url === context.webhookUrl || (URL.canParse(url) && new URL(url).pathname === path));
    const [kept] = ours.filter(({ url }) => url === context.webhookUrl);
    for (const { uuid } of ours.filter((one) => one !== kept)) await this.client.unsubscribe(uuid, context);
    if (kept) return;
    if (present.length - ours.length >= MOST_SUBSCRIPTIONS) {
      throw problem('rejected', texts.subscriptionsTaken, context);
    }
    await this.client.subscribe(context.webhookUrl, context);
  }

  /** Prices of the tariffs on offer; with services each is asked for by itself. */
  private priced(
    question: ReturnType<typeof toQuoteRequest>,
    services: CdekService[],
    codes: readonly number[],
    context: CdekContext,
  ): Promise<Priced[]> {
    const key = `quote:${this.client.contourOf(context)}:${sha256Hex(JSON.stringify([question, services, codes])).slice(0, 32)}`;
    return context.cache.fetch(key, QUOTED, async () => {
      const quotes = await explained(
        this.client.quotes(question, context).catch((error: unknown) => {
          if (isUnknownPlace(error)) return [];
          throw error;
        }),
      );
      const offered = codes.flatMap((code) => quotes.filter(({ tariff_code }) => tariff_code === code).slice(0, 1));
      if (services.length === 0) return offered.map((quote) => ({ quote }));
      return Promise.all(offered.map((quote) => this.withServices(quote, question, services, context)));
    });
  }

  private async withServices(
    quote: CdekQuote,
    question: ReturnType<typeof toQuoteRequest>,
    services: CdekService[],
    context: CdekContext,
  ): Promise<Priced> {
    try {
      const { total_sum, delivery_sum } = await this.client.tariff({ ...question, tariff_code: quote.tariff_code, services }, context);
      return { quote, total: total_sum ?? delivery_sum ?? quote.delivery_sum };
    } catch (error) {
      if (!(error instanceof CdekRefusal)) throw error;
      return { quote, refused: wordsOf(error.problems) };
    }
  }

  /** Registers an order, and waits for its number; the order an earlier call made is taken for it. */
  private async register(request: SaveRequest, context: CdekContext): Promise<CdekOrderReply> {
    const body = toOrderBody(request, await this.placesOf(request, context), context);
    const number = numberOf(request.reference, context.connectionId);
    let accepted: CdekAcceptedReply;
    try {
      accepted = await this.client.createOrder({ type: 1, number, ...body }, context);
    } catch (error) {
      if (isDuplicate(error) || isStillProcessed(error)) return this.adopt(number, body, error, context);
      throw explain(error);
    }
    const { entity, requests = [] } = accepted;
    const atOnce = requests.find(isInvalid);
    const settled = atOnce ? undefined : await this.settled(entity.uuid, context);
    const creation = atOnce ?? (settled && lastRequest(settled, 'CREATE'));
    if (isInvalid(creation) || (settled && isRefused(settled))) {
      const refusal = refusalOf(creation ?? { state: 'INVALID' });
      if (isDuplicate(refusal)) return this.adopt(number, body, refusal, context);
      throw explain(refusal);
    }
    return settled ?? { entity: { uuid: entity.uuid }, requests };
  }

  /** The order that has our number already, changed to what is wanted where it differs. */
  private async adopt(number: string, wanted: CdekOrderBody, reason: unknown, context: CdekContext): Promise<CdekOrderReply> {
    const found = await this.standing(number, context);
    // Refused for a number that CDEK does not show: somebody has to look.
    if (found === undefined)
      throw isDuplicate(reason) ? problem('unknown_outcome', texts.numberNotShown, context, {}, reason) : explain(reason);
    const order = isPending(lastRequest(found, 'CREATE')) ? ((await this.settled(found.entity.uuid, context)) ?? found) : found;
    if (isRefused(order)) throw explain(refusalOf(lastRequest(order, 'CREATE') ?? { state: 'INVALID' }));
    if (isPending(lastRequest(order, 'CREATE')) || hasMoved(presentStatus(order, context)) || !differs(order.entity, wanted)) return order;
    return this.changed(order, wanted, context);
  }

  private async change(request: SaveRequest, existing: ExistingDelivery, context: CdekContext): Promise<CdekOrderReply> {
    const order = await this.orderOf(existing, context);
    // CDEK refused it, or does not have it: it is made, under the same number.
    if (order === undefined || isRefused(order)) return this.register(request, context);
    const status = presentStatus(order, context);
    if (status === 'cancelled') throw problem('rejected', texts.deletedThere, context);
    if (hasMoved(status)) throw problem('rejected', texts.hasMoved(nameOf(status)), context);
    const wanted = toOrderBody(request, await this.placesOf(request, context), context);
    return this.changed(order, wanted, context);
  }

  /** Sends a change and waits for its check; one still being checked is told by `track` when CDEK refuses it. */
  private async changed(order: CdekOrderReply, wanted: CdekOrderBody, context: CdekContext): Promise<CdekOrderReply> {
    const { uuid, packages = [] } = order.entity;
    const withIds = wanted.packages.map((one) => {
      const package_id = packages.find(({ number }) => number === one.number)?.package_id;
      return { ...(package_id && { package_id }), ...one };
    });
    // What a change leaves out stays as it was, so that what is to go is said.
    const cleared = { comment: '', services: [], delivery_recipient_cost: { value: 0 } };
    const { requests = [] } = await explained(
      this.client.changeOrder({ type: 1, uuid, ...cleared, ...wanted, packages: withIds }, context),
    );
    const refused = requests.find(isInvalid);
    if (refused) throw explain(refusalOf(refused));
    const seen = await this.handled(uuid, requests, 'UPDATE', context);
    const request = seen && requestOf(seen, requests, 'UPDATE');
    if (isInvalid(request)) throw explain(refusalOf(request as CdekRequest));
    return seen ?? order;
  }

  private async deleted(uuid: string, context: CdekContext): Promise<void> {
    let requests: readonly CdekRequest[];
    try {
      ({ requests = [] } = await this.client.deleteOrder(uuid, context));
    } catch (error) {
      if (isNotFound(error)) return;
      throw explain(error);
    }
    const refused = requests.find(isInvalid);
    if (refused) throw explain(refusalOf(refused));
    const seen = await lookUntil(
      async () => ({ reply: await this.order(uuid, context) }),
      ({ reply }) =>
        reply === undefined ||
        !isPending(requestOf(reply, requests, 'DELETE') ?? { state: 'WAITING' }) ||
        presentStatus(reply, context) === 'cancelled',
      context,
    );
    if (seen === undefined) throw problem('unknown_outcome', texts.notDeleted, context);
    const { reply } = seen;
    if (reply === undefined || presentStatus(reply, context) === 'cancelled') return;
    const request = requestOf(reply, requests, 'DELETE');
    if (isInvalid(request)) throw explain(refusalOf(request as CdekRequest));
    throw problem('unknown_outcome', texts.notDeleted, context);
  }

  /** Has the parcel come back; once is enough. */
  private async refuse(reply: CdekOrderReply, context: CdekContext): Promise<void> {
    if (isComingBack(reply)) return;
    const { requests = [] } = await explained(this.client.refuseOrder(reply.entity.uuid, context));
    const refused = requests.find(isInvalid);
    if (refused) throw explain(refusalOf(refused));
  }

  private async newsOf(delivery: ExistingDelivery, context: CdekContext): Promise<StatusReport[]> {
    const reply = await this.orderOf(delivery, context);
    if (reply !== undefined) return toReports(reply, delivery, context);
    if (context.now.getTime() - delivery.createdAt.getTime() < GONE_AFTER || delivery.status === 'cancelled') return [];
    return [{ externalId: delivery.externalId, code: 'cancelled', updatedAt: context.now, comment: say(texts.gone, context) }];
  }

  /** CDEK's order of a delivery: by its id, or by our number when that one was refused or is gone. Undefined when there is none. */
  private async orderOf({ externalId, reference }: ExistingDelivery, context: CdekContext): Promise<CdekOrderReply | undefined> {
    const own = await this.order(externalId, context);
    if (own !== undefined && !isRefused(own)) return own;
    return (await this.standing(numberOf(reference, context.connectionId), context)) ?? own;
  }

  private async order(uuid: string, context: CdekContext): Promise<CdekOrderReply | undefined> {
    return this.unlessMissing(this.client.order(uuid, context));
  }

  /** The order with our number; undefined when there is none, or CDEK refused or deleted it. */
  private async standing(number: string, context: CdekContext): Promise<CdekOrderReply | undefined> {
    const reply = await this.unlessMissing(this.client.orderByNumber(number, context));
    return reply === undefined || isRefused(reply) || presentStatus(reply, context) === 'cancelled' ? undefined : reply;
  }

  private async unlessMissing(asked: Promise<CdekOrderReply>): Promise<CdekOrderReply | undefined> {
    try {
      return await asked;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw explain(error);
    }
  }

  /** Waits until a new order was validated; gives what was seen last. */
  private settled(uuid: string, context: CdekContext): Promise<CdekOrderReply | undefined> {
    return lookUntil(
      () => this.client.order(uuid, context),
      (reply) => !isPending(lastRequest(reply, 'CREATE')) && presentStatus(reply, context) !== 'registering',
      context,
    );
  }

  private handled(
    uuid: string,
    requests: readonly CdekRequest[],
    type: 'UPDATE' | 'DELETE',
    context: CdekContext,
  ): Promise<CdekOrderReply | undefined> {
    return lookUntil(
      () => this.client.order(uuid, context),
      (reply) => !isPending(requestOf(reply, requests, type) ?? { state: 'WAITING' }),
      context,
    );
  }

  private async placesOf(request: SaveRequest, context: CdekContext): Promise<{ from: CdekPlace | undefined; to: CdekPlace | undefined }> {
    const choice = context.settings.tariffs.find(({ code }) => String(code) === request.tariff);
    const mode = choice && modeOfChoice(choice);
    const ends = mode && endsOf(mode);
    const [from, to] = await Promise.all([
      ends?.from === 'door' ? this.directory.originOf(request.from, context) : undefined,
      ends?.to === 'door' ? this.directory.placeOf(request.to, request.extraData, context) : undefined,
    ]);
    return { from, to };
  }
}

const ORDER_FORMS: Readonly<Record<string, CdekForm>> = { [FORM.label]: 'barcodes', [FORM.waybill]: 'orders' };
const SHIPMENT_FORMS: Readonly<Record<string, CdekForm>> = { [FORM.labels]: 'barcodes', [FORM.waybills]: 'orders' };

/** The request CDEK gave an id when it took it, else the last of its kind. */
function requestOf(reply: CdekOrderReply, accepted: readonly CdekRequest[], type: 'UPDATE' | 'DELETE'): CdekRequest | undefined {
  const ids = accepted.flatMap(({ request_uuid }) => request_uuid ?? []);
  return reply.requests?.find(({ request_uuid }) => request_uuid !== undefined && ids.includes(request_uuid)) ?? lastRequest(reply, type);
}

function nameOf(code: string): LocalText {
  return cdekManifest.statuses.find((status) => status.code === code)?.name ?? { en: code, es: code, ru: code };
}

const isPaid = (amount: Money | undefined): boolean => amount !== undefined && amount.minor > 0;

/** What is kept may answer without a call; a caller who has gone gets no answer all the same. */
function refuseWhenOver(context: CdekContext): void {
  if (context.signal.aborted) throw problem('unavailable', texts.timeOver, context);
}

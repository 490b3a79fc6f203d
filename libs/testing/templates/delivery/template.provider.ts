import type {
  Address,
  CalculateRequest,
  CarrierReport,
  DeliveryProvider,
  DeliveryWebhook,
  ExistingDelivery,
  PrintRequest,
  SavedDelivery,
  SaveRequest,
  Tariff,
} from '#delivery/port';
import {
  bytes,
  type CheckReport,
  id,
  instant,
  keepFulfilled,
  list,
  makeError,
  mergePdfs,
  ProviderError,
  readWebhook,
  runInTurns,
  shape,
  type Shaped,
  signedBody,
  text,
  toMoney,
  whole,
} from '#provider-kit';
import { declareCheck } from '../common/check.js';
import { openService } from '../common/template.api.js';
import type { TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { manifest } from './template.manifest.js';
import { STATUSES } from './template.statuses.js';
import { texts } from './template.texts.js';

const service = openService([
  [/^service$/, 'delivery.tariff'],
  [/^to$/, 'delivery.deliveryAddress'],
]);
const check = declareCheck(service);

/** `at`: when it got its state. */
const order = shape({ id: text, track: text, state: text, at: instant });
const event = shape({ id: id(200), order: text, state: text, at: instant });
/** `price`: minor units. */
const quotes = shape({ quotes: list(shape({ service: text, name: text, price: whole, days: whole })) });

const quote = service.ask('POST /quotes', quotes);
const readOrder = service.read('/orders/:id', order);
const findOrders = service.read('/orders', shape({ orders: list(order) }));
const readLabel = service.read('/orders/:id/label', bytes('%PDF-'));
const createOrder = service.act('POST /orders', order);
const changeOrder = service.act('PUT /orders/:id', order);
const withdrawOrder = service.act('PUT /orders/:id/withdrawal', order);

/** Orders that are read at the same time. */
const MOST_AT_ONCE = 8;

/** The service as a delivery provider. */
export class TemplateProvider implements DeliveryProvider<TemplateSettings> {
  readonly manifest = manifest;
  /** Events of orders, signed with the token: HMAC-SHA256 of `{seconds since 1970}.{raw body}`. */
  readonly webhook: DeliveryWebhook<TemplateSettings> = {
    verify: signedBody<TemplateContext>({
      header: 'x-signature',
      keys: ({ settings }) => [settings.token],
      timeHeader: 'x-timestamp',
    }),
    parse(request) {
      const found = readWebhook(request, event);
      return [{ id: found.id, reports: [toReport({ ...found, id: found.order })] }];
    },
  };

  check(_settings: TemplateSettings, context: TemplateContext): Promise<CheckReport> {
    return check(context);
  }

  async calculate(request: CalculateRequest, context: TemplateContext): Promise<Tariff[]> {
    const currency = request.currency ?? context.account.currency;
    if (!currency) throw new ProviderError('invalid', 'The order has no currency', { fields: { currency: 'is required' } });
    const json = { ...toPlaces(request), grams: toGrams(request), currency };
    const found = await quote(context, { json });
    return found.quotes.map(({ service: code, name, price, days }) => {
      const term = { minTerm: days, maxTerm: days };
      return { code, name, type: 'courier', cost: toMoney(price, currency), ...term };
    });
  }

  /** Sends an order, or its changed version. */
  async save(request: SaveRequest, context: TemplateContext, existing?: ExistingDelivery): Promise<SavedDelivery> {
    const { reference, tariff, recipient, collect } = request;
    const { noCash } = texts.errors;
    if (collect && collect.total > 0) throw makeError('invalid', noCash, { fields: { 'delivery.cod': noCash } });
    const json = {
      ...{ service: tariff, ...toPlaces(request), grams: toGrams(request) },
      recipient: { name: recipient.name, phone: recipient.phone },
    };
    return toSaved(
      existing
        ? await changeOrder(context, { id: existing.externalId, json })
        : await createOrder(context, { json: { reference, ...json } }),
    );
  }

  /** Recovers a lost reply of `save`. */
  async find(reference: string, context: TemplateContext): Promise<SavedDelivery | undefined> {
    const { orders } = await findOrders(context, { query: { reference } });
    return orders[0] && toSaved(orders[0]);
  }

  async cancel(delivery: ExistingDelivery, context: TemplateContext): Promise<void> {
    await withdrawOrder(context, { id: delivery.externalId });
  }

  async print(request: PrintRequest, context: TemplateContext): Promise<Uint8Array> {
    if (request.entity !== 'order' || request.form !== 'label') throw new ProviderError('invalid', 'There is no such form');
    const labels = await Promise.all(request.deliveries.map(({ externalId }) => readLabel(context, { id: externalId })));
    return mergePdfs(labels);
  }

  /** Reads orders, for events that were lost. An order that cannot be read now is read next time. */
  async track(deliveries: ExistingDelivery[], context: TemplateContext): Promise<CarrierReport[]> {
    const found = await runInTurns(deliveries, MOST_AT_ONCE, ({ externalId }) => readOrder(context, { id: externalId }));
    return keepFulfilled(found).map(toReport);
  }
}

function toSaved({ id: externalId, track, state }: Shaped<typeof order>): SavedDelivery {
  return { externalId, trackNumber: track, status: STATUSES.read(state) };
}

function toReport({ id: externalId, state: code, at }: Pick<Shaped<typeof order>, 'id' | 'state' | 'at'>): CarrierReport {
  return STATUSES.report({ externalId, code, at });
}

function toPlaces({ from, to }: { from?: Address; to?: Address }): object {
  return { from: toPlace(from), to: toPlace(to) };
}

function toPlace({ countryIso, index, city, text }: Address = {}): object {
  return { country: countryIso, postcode: index, city, text };
}

function toGrams({ parcels }: { parcels: CalculateRequest['parcels'] }): number[] {
  return parcels.map(({ weight }) => Math.ceil(weight));
}

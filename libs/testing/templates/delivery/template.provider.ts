import type { Address, CalculateRequest, DeliveryProvider, ExistingDelivery, SavedDelivery, SaveRequest, Tariff } from '#delivery/port';
import { type CheckReport, list, ProviderError, shape, text, toMoney, whole } from '#provider-kit';
import { declareCheck } from '../common/check.js';
import { openService } from '../common/template.api.js';
import type { TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { manifest } from './template.manifest.js';
import { readStatus } from './template.statuses.js';

const service = openService([
  [/^service$/, 'delivery.tariff'],
  [/^to$/, 'delivery.deliveryAddress'],
]);
const check = declareCheck(service);

const order = shape({ id: text, track: text, state: text });
/** `price`: minor units. */
const quotes = shape({ quotes: list(shape({ service: text, name: text, price: whole, days: whole })) });

const quote = service.ask('POST /quotes', quotes);
const createOrder = service.act('POST /orders', order);
const changeOrder = service.act('PUT /orders/:id', order);
const withdrawOrder = service.act('PUT /orders/:id/withdrawal', order);

/** The service as a delivery provider. */
export class TemplateProvider implements DeliveryProvider<TemplateSettings> {
  readonly manifest = manifest;

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

  /** Sends an order, or what it is changed to. */
  async save(request: SaveRequest, context: TemplateContext, existing?: ExistingDelivery): Promise<SavedDelivery> {
    const { reference, tariff, recipient } = request;
    const json = {
      ...{ service: tariff, ...toPlaces(request), grams: toGrams(request) },
      recipient: { name: recipient.name, phone: recipient.phone },
    };
    const { id, track, state } = existing
      ? await changeOrder(context, { id: existing.externalId, json })
      : await createOrder(context, { json: { reference, ...json } });
    return { externalId: id, trackNumber: track, status: readStatus(state) };
  }

  async cancel(delivery: ExistingDelivery, context: TemplateContext): Promise<void> {
    await withdrawOrder(context, { id: delivery.externalId });
  }
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

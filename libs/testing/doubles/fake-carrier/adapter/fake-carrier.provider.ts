import { ProviderError, type ProviderContext } from '#provider-kit';
import type {
  CalculateRequest,
  DeliveryManifest,
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
import { CarrierError, FakeCarrierClient } from './fake-carrier.client.js';
import {
  toOrderRequest,
  toPoint,
  toProviderError,
  toQuoteRequest,
  toReport,
  toSaved,
  toSavedShipment,
  toShipmentRequest,
  toTariff,
  toTariffInfo,
} from './fake-carrier.mapper.js';
import { FakeCarrierSettings } from './fake-carrier.settings.js';
import { STATUSES } from './fake-carrier.statuses.js';
import { FakeCarrierWebhook } from './fake-carrier.webhook.js';

type Context = ProviderContext<FakeCarrierSettings>;

/** Most orders the carrier answers events of at once. */
const MOST_IDS = 50;

const MANIFEST: DeliveryManifest<FakeCarrierSettings> = {
  code: 'fake-carrier',
  title: { en: 'Fake Carrier', es: 'Transportista de prueba', ru: 'Тестовый перевозчик' },
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect x="8" y="20" width="48" height="32" rx="4" fill="#6b7280"/><path d="M8 30h48" stroke="#fff" stroke-width="3"/></svg>',
  countries: ['RU', 'ES', 'MX'],
  settings: FakeCarrierSettings,
  createDefaultSettings: () =>
    Object.assign(new FakeCarrierSettings(), {
      baseUrl: 'http://127.0.0.1:4100',
      apiKey: 'fake-api-key',
      webhookSecret: 'fake-webhook-secret',
    }),
  // An order the carrier acts upon late appears within a second or two.
  recovery: { kind: 'find', settleSeconds: 3 },
  statuses: STATUSES,
  cancelledStatus: 'cancelled',
  forms: [
    { entity: 'order', code: 'label', label: { en: 'Label', es: 'Etiqueta', ru: 'Этикетка' } },
    { entity: 'shipment', code: 'act', label: { en: 'Handover note', es: 'Acta de entrega', ru: 'Акт передачи' } },
  ],
  dataFields: [
    {
      code: 'fragile',
      label: { en: 'Fragile', es: 'Frágil', ru: 'Хрупкое' },
      type: 'checkbox',
      visible: true,
      affectsCost: true,
      editable: true,
    },
    {
      code: 'comment',
      label: { en: 'Comment for the courier', es: 'Comentario para el mensajero', ru: 'Комментарий курьеру' },
      type: 'text',
      visible: true,
      editable: true,
    },
  ],
  shipmentDataFields: [
    { code: 'loaders', label: { en: 'Loaders', es: 'Cargadores', ru: 'Грузчики' }, type: 'integer', visible: true, editable: true },
    { code: 'dock', label: { en: 'Dock', es: 'Muelle', ru: 'Рампа' }, type: 'autocomplete', visible: true, editable: true },
  ],
  payerTypes: ['sender', 'receiver'],
  printLimit: 100,
  cod: true,
  packages: true,
  selfShipment: true,
  trackNumber: true,
  requiredFields: [],
};

/** The fake carrier's adapter: the example to copy. It keeps nothing; what it knows is in the settings and in what the port gives it. */
export class FakeCarrierProvider implements DeliveryProvider<FakeCarrierSettings> {
  readonly manifest = MANIFEST;
  readonly webhook = new FakeCarrierWebhook();
  private readonly client = new FakeCarrierClient();

  async calculate(request: CalculateRequest, context: Context): Promise<Tariff[]> {
    const quotes = await explained(this.client.quotes(toQuoteRequest(request), context));
    return quotes.map(toTariff);
  }

  async save(request: SaveRequest, context: Context, existing?: ExistingDelivery): Promise<SavedDelivery> {
    if (existing !== undefined) {
      // The carrier's order keeps the reference it was created with.
      const changed = toOrderRequest({ ...request, reference: existing.reference }, context);
      return toSaved(await explained(this.client.changeOrder(existing.externalId, changed, context)));
    }
    try {
      return toSaved(await this.client.createOrder(toOrderRequest(request, context), context));
    } catch (error) {
      // Registered by an earlier call whose reply was lost: that order is the answer.
      const known = isDuplicate(error) ? await this.find(request.reference, context) : undefined;
      if (known !== undefined) return known;
      throw explain(error);
    }
  }

  async find(reference: string, context: Context): Promise<SavedDelivery | undefined> {
    const orders = await explained(this.client.ordersWith(reference, context));
    const found = orders.find(({ state }) => state !== 'cancelled') ?? orders[0];
    return found === undefined ? undefined : toSaved(found);
  }

  async cancel(delivery: ExistingDelivery, context: Context): Promise<void> {
    await explained(this.client.cancelOrder(delivery.externalId, context));
  }

  async get(delivery: ExistingDelivery, context: Context): Promise<SavedDelivery> {
    return toSaved(await explained(this.client.order(delivery.externalId, context)));
  }

  async print(request: PrintRequest, context: Context): Promise<Uint8Array> {
    const [form, printed] = request.entity === 'order' ? (['label', request.deliveries] as const) : (['act', request.shipments] as const);
    if (request.form !== form) throw new ProviderError('invalid', `Fake Carrier has no form ${request.form}`);
    return explained(
      this.client.document(
        form,
        printed.map(({ externalId }) => externalId),
        context,
      ),
    );
  }

  async listPickupPoints(query: PointQuery, context: Context): Promise<PickupPoint[]> {
    const { countryIso: country, city } = query;
    const points = await explained(this.client.points({ ...(country && { country }), ...(city && { city }) }, context));
    return points.map(toPoint);
  }

  async listTariffs(context: Context): Promise<TariffInfo[]> {
    return (await explained(this.client.services(context))).map(toTariffInfo);
  }

  async autocomplete(field: string, term: string, context: Context): Promise<Suggestion[]> {
    if (field !== 'dock') return [];
    const docks = await explained(this.client.docks(term, context));
    return docks.map(({ code, name }) => ({ value: code, label: name }));
  }

  async saveShipment(request: ShipmentRequest, context: Context, existing?: ExistingShipment): Promise<SavedShipment> {
    if (existing !== undefined) {
      const changed = toShipmentRequest({ ...request, reference: existing.request.reference });
      return toSavedShipment(await explained(this.client.changeShipment(existing.externalId, changed, context)));
    }
    try {
      return toSavedShipment(await this.client.createShipment(toShipmentRequest(request), context));
    } catch (error) {
      const known = isDuplicate(error) ? await this.findShipment(request.reference, context) : undefined;
      if (known !== undefined) return known;
      throw explain(error);
    }
  }

  async findShipment(reference: string, context: Context): Promise<SavedShipment | undefined> {
    const shipments = await explained(this.client.shipmentsWith(reference, context));
    const found = shipments.find(({ state }) => state !== 'cancelled') ?? shipments[0];
    return found === undefined ? undefined : toSavedShipment(found);
  }

  async cancelShipment(shipment: ExistingShipment, context: Context): Promise<void> {
    await explained(this.client.cancelShipment(shipment.externalId, context));
  }

  async track(deliveries: ExistingDelivery[], context: Context): Promise<StatusReport[]> {
    const reports: StatusReport[] = [];
    for (let start = 0; start < deliveries.length; start += MOST_IDS) {
      const ids = deliveries.slice(start, start + MOST_IDS).map(({ externalId }) => externalId);
      reports.push(...(await explained(this.client.events(ids, context))).map(toReport));
    }
    return reports;
  }
}

/** The answer, or the carrier's refusal in our words. */
async function explained<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw explain(error);
  }
}

function explain(error: unknown): unknown {
  return error instanceof CarrierError ? toProviderError(error) : error;
}

function isDuplicate(error: unknown): boolean {
  return error instanceof CarrierError && error.code === 'duplicate_reference';
}

import { type Json, type JsonObject, asList, asNumber, asObject, asObjects, asText, isObject, pick, written } from '../json.js';
import { addStatus, removeFromOrder, showOnOrder, listStatuses } from '../groups/tracking.js';
import { count } from '../groups/order-record.js';
import type { Sandbox } from '../sandbox.js';
import type { Account, Delivery } from '../store/state.js';
import { type DeliveryChoice, calculateBody, readPayerType, saveBody, shipmentBody } from './delivery-payloads.js';
import { Desk, type Encoding } from './desk.js';
import { type Exchanged, type Outcome, explain } from './exchange.js';
import { SandboxError } from './module-error.js';
import { judgeDelivery } from './reply-check.js';
import type { DeliveryAction } from './registration.js';

/** Options of a `save` in addition to its order. */
export interface SaveOptions {
  /** Tariff code. Default: the order's own, or the cheapest matching tariff. */
  readonly tariff?: string;
  /** Code of the pickup point. */
  readonly point?: string;
  /** Repeats the save that created the delivery, like a CRM that lost the reply. */
  readonly repeat?: boolean;
  readonly extraData?: JsonObject;
}

/** A saved printed form. */
export interface Printed {
  readonly outcome: Outcome;
  readonly pdf?: Buffer;
}

/** Callbacks with the method GET. */
const ASKED: ReadonlySet<DeliveryAction> = new Set(['get', 'shipmentPointList', 'tariffList', 'autocomplete']);

/** The CRM's delivery screens. Each method is a manager's click, calls the module and stores its reply. */
export class DeliveryDesk extends Desk {
  /** Throws `SandboxError` if the module is not connected or has no delivery. */
  constructor(sandbox: Sandbox, account: Account, code: string, encoding?: Encoding) {
    super(sandbox, account, code, 'delivery', 'delivery', encoding);
  }

  /** Requests tariffs. */
  async calculate(order: JsonObject, extraData: JsonObject = {}): Promise<Outcome> {
    const payload = calculateBody(this.crm, order, this.registered, { ...this.defaultExtraData, ...extraData });
    return (await this.post('calculate', payload)).outcome;
  }

  /** Creates the order's delivery, or edits the existing one. */
  async save(order: JsonObject, options: SaveOptions = {}): Promise<Outcome> {
    const known = this.crm.findDelivery(asNumber(order['id']) ?? 0, this.code);
    const choice = await this.choose(order, options);
    this.keepChoice(order, choice);
    const payload =
      options.repeat === true ? (known?.madeBy ?? saveBody(this.crm, order, choice)) : saveBody(this.crm, order, choice, known);
    const { outcome, reply } = await this.post('save', payload);
    if (outcome.status === 200 && isObject(reply.json)) this.keepSaved(order, asObject(reply.json['result']), payload);
    return outcome;
  }

  /** Sends this body unchanged. Does not store the reply. */
  async raw(action: DeliveryAction, body: Json): Promise<Outcome> {
    if (!ASKED.has(action)) return (await this.post(action, body, true)).outcome;
    const query = Object.entries(asObject(body)).map(([name, value]): [string, string] => [name, String(value)]);
    return (await this.ask(action, Object.fromEntries(query))).outcome;
  }

  /** Reads a delivery. */
  async get(deliveryId: string): Promise<Outcome> {
    return (await this.ask('get', { deliveryId })).outcome;
  }

  /** Cancels a delivery. */
  async delete(deliveryId: string): Promise<Outcome> {
    const { outcome } = await this.post('delete', { deliveryId });
    const delivery = this.crm.delivery(this.code, deliveryId);
    if (outcome.ok && delivery) removeFromOrder(this.crm, delivery);
    return outcome;
  }

  /** Prints a form of deliveries (or, for a form of type `shipment`, of shipments) in the given order. */
  async print(form: string, ids: readonly string[]): Promise<Printed> {
    const plate = asObjects(this.registered['plateList']).find((one) => one['code'] === form);
    if (!plate)
      throw new SandboxError(`Module "${this.code}" has no printed form "${form}"; it has: ${this.forms().join(', ') || 'none'}`, 404);
    const body = { entityType: plate['type'] ?? 'order', type: form, deliveryIds: [[...ids]] };
    const { outcome, reply } = await this.post('print', body);
    return outcome.ok ? { outcome, pdf: reply.bytes } : { outcome };
  }

  /** Creates a shipment of deliveries, or edits one. Stores it in the account's shipments. */
  async shipmentSave(
    orders: readonly JsonObject[],
    shipment: JsonObject,
  ): Promise<{ readonly outcome: Outcome; readonly shipment?: JsonObject }> {
    const pairs = orders.map((order): [JsonObject, Delivery] => [order, this.findDelivery(order)]);
    const body = shipmentBody(this.crm, pairs, shipment);
    const { outcome, reply } = await this.post('shipmentSave', body);
    if (!outcome.ok || !isObject(reply.json)) return { outcome };
    const result = asObject(reply.json['result']);
    const fields: JsonObject = {
      integrationCode: this.code,
      externalId: result['shipmentId'],
      deliveryType: this.deliveryTypeCode,
      store: body['store'],
      managerId: asNumber(shipment['managerId']) ?? 1,
      status: 'created',
      date: asText(shipment['date']) ?? this.crm.today(),
      time: shipment['time'] ?? { from: '10:00', to: '18:00' },
      orders: orders.map((order) => pick(order, ['id', 'number', 'externalId'])),
      extraData: asObject(result['extraData']),
      ...(shipment['comment'] === undefined ? {} : { comment: shipment['comment'] }),
    };
    const known = this.crm.find('deliveryShipments', 'externalId', asText(result['shipmentId']));
    const kept = known ? Object.assign(known, fields) : this.crm.insert('deliveryShipments', fields);
    this.crm.changed();
    return { outcome, shipment: kept };
  }

  /** Cancels a shipment. */
  async shipmentDelete(shipmentId: string): Promise<Outcome> {
    const known = this.crm.find('deliveryShipments', 'externalId', shipmentId);
    const extraData = asObject(known?.['extraData']);
    const { outcome } = await this.post('shipmentDelete', { shipmentId, extraData });
    if (outcome.ok && known) known['status'] = 'cancelled';
    this.crm.changed();
    return outcome;
  }

  /** Requests points that accept parcels, by `country, region, regionId, city, cityId, code`. */
  async points(query: { readonly [name: string]: string }): Promise<Outcome> {
    return (await this.ask('shipmentPointList', query)).outcome;
  }

  /** Requests all tariffs. */
  async tariffs(): Promise<Outcome> {
    return (await this.ask('tariffList', {})).outcome;
  }

  /** Requests the values of an autocomplete field that match a term. */
  async autocomplete(field: string | undefined, term: string): Promise<Outcome> {
    const fields = [...asObjects(this.registered['deliveryDataFieldList']), ...asObjects(this.registered['shipmentDataFieldList'])].filter(
      (one) => one['type'] === 'autocomplete',
    );
    const chosen = field === undefined ? fields[0] : fields.find((one) => one['code'] === field);
    const path = asText(chosen?.['autocompleteUrl']);
    if (path === undefined) {
      const codes = fields.map((one) => asText(one['code'])).join(', ');
      throw new SandboxError(
        `Module "${this.code}" has no autocomplete field${field === undefined ? '' : ` "${field}"`}; it has: ${codes || 'none'}`,
        404,
      );
    }
    return (await this.call('autocomplete', 'GET', path, { term })).outcome;
  }

  /** Lists the codes of the printed forms. */
  forms(): string[] {
    return asObjects(this.registered['plateList']).map((plate) => asText(plate['code']) ?? '');
  }

  /** Returns the delivery of an order. Throws `SandboxError` without one. */
  findDelivery(order: JsonObject): Delivery {
    const delivery = this.crm.findDelivery(asNumber(order['id']) ?? 0, this.code);
    if (!delivery) throw new SandboxError(`Order ${String(order['number'])} has no delivery of module "${this.code}": save it first`, 404);
    return delivery;
  }

  private get defaultExtraData(): JsonObject {
    return asObject(asObject(this.registered['settings'])['deliveryExtraData']);
  }

  private get deliveryTypeCode(): string {
    return asText(asObject(this.crm.find('deliveryTypes', 'integrationCode', this.code))['code']) ?? this.code;
  }

  /** Chooses like a manager: the given options, else the order's own, else the cheapest matching tariff. */
  private async choose(order: JsonObject, options: SaveOptions): Promise<DeliveryChoice> {
    const orderDelivery = asObject(order['delivery']);
    const data = asObject(orderDelivery['data']);
    const extraData = { ...this.defaultExtraData, ...asObject(data['extraData']), ...options.extraData };
    const kept = asText(data['tariff']);
    if (kept !== undefined && options.tariff === undefined && options.point === undefined) {
      const point = asText(data['pickuppointId']);
      return {
        tariff: kept,
        tariffName: asText(data['tariffName']),
        payerType: asText(data['payerType']) ?? readPayerType(this.registered),
        cost: asNumber(orderDelivery['cost']),
        pickupPoint: point === undefined ? undefined : { code: point, name: data['pickuppointName'], address: data['pickuppointAddress'] },
        extraData,
      };
    }
    const quote = await this.calculate(order, options.extraData);
    if (!quote.ok) throw new SandboxError(`calculate failed, so there is no tariff to save with: ${explain(quote)}`);
    const offers = asObjects(asObject(quote.body)['result']).filter((one) => asNumber(one['cost']) !== undefined);
    const wantsPickup = options.point !== undefined || data['tariffType'] === 'selfDelivery';
    const fitting = offers.filter((one) => options.tariff === undefined || one['code'] === options.tariff);
    const preferred = fitting.filter((one) => options.tariff !== undefined || (one['type'] === 'selfDelivery') === wantsPickup);
    const tariff = cheapest(preferred.length > 0 ? preferred : fitting);
    if (!tariff) {
      const codes = offers.map((one) => String(one['code'])).join(', ');
      throw new SandboxError(
        `No tariff${options.tariff === undefined ? '' : ` "${options.tariff}"`} for order ${String(order['number'])}; offered: ${codes || 'none'}`,
      );
    }
    const point = pickPoint(tariff, options.point);
    if (options.point !== undefined && !point)
      throw new SandboxError(`Tariff "${String(tariff['code'])}" has no pickup point "${options.point}"`);
    return {
      tariff: asText(tariff['code']) ?? '',
      tariffName: asText(tariff['name']) ?? '',
      payerType: readPayerType(this.registered),
      cost: asNumber(point?.['cost']) ?? asNumber(tariff['cost']) ?? 0,
      extraData: { ...extraData, ...asObject(tariff['extraData']) },
      pickupPoint: point,
    };
  }

  /** Stores the choice in the order before it is sent, so that a repeated save is identical. */
  private keepChoice(order: JsonObject, choice: DeliveryChoice): void {
    const orderDelivery = asObject(order['delivery']);
    const point = choice.pickupPoint;
    const { pickuppointId: _id, pickuppointName: _name, pickuppointAddress: _address, ...data } = asObject(orderDelivery['data']);
    order['delivery'] = {
      ...orderDelivery,
      code: this.deliveryTypeCode,
      integrationCode: this.code,
      ...(choice.cost === undefined ? {} : { cost: choice.cost }),
      data: {
        ...data,
        tariff: choice.tariff,
        payerType: choice.payerType,
        ...(choice.tariffName === undefined ? {} : { tariffName: choice.tariffName }),
        ...(point
          ? { pickuppointId: asText(point['code']), pickuppointName: asText(point['name']), pickuppointAddress: asText(point['address']) }
          : {}),
      },
    };
    count(order);
    this.crm.changed();
  }

  private keepSaved(order: JsonObject, result: JsonObject, payload: JsonObject): void {
    const deliveryId = asText(result['deliveryId']);
    if (deliveryId === undefined) return;
    const registration = this.module.registration;
    let delivery = this.crm.delivery(this.code, deliveryId);
    if (!delivery) {
      delivery = {
        deliveryId,
        module: this.code,
        orderId: asNumber(order['id']) ?? 0,
        extraData: {},
        history: [],
        deleted: false,
        madeBy: payload,
        createdAt: this.sandbox.now().toISOString(),
      };
      this.account.deliveries.push(delivery);
    }
    const trackNumber = asText(result['trackNumber']);
    const cost = asNumber(result['cost']);
    if (trackNumber !== undefined) delivery.trackNumber = trackNumber;
    if (cost !== undefined) delivery.cost = cost;
    Object.assign(delivery.extraData, asObject(result['extraData']));
    const status = asText(result['status']);
    if (status !== undefined && delivery.status === undefined)
      addStatus(delivery, { code: status, receivedAt: this.sandbox.now().toISOString() });
    if (cost !== undefined) asObject(order['delivery'])['netCost'] = cost;
    showOnOrder(this.crm, delivery, listStatuses(registration));
    this.crm.changed();
  }

  private post(action: DeliveryAction, body: Json, raw = false): Promise<Exchanged> {
    return this.call(action, 'POST', this.path(action), { [action]: JSON.stringify(raw ? body : written(body)) });
  }

  private ask(action: DeliveryAction, query: { readonly [name: string]: string }): Promise<Exchanged> {
    return this.call(action, 'GET', this.path(action), query);
  }

  private call(
    action: DeliveryAction,
    verb: 'GET' | 'POST',
    path: string,
    fields: { readonly [name: string]: string },
  ): Promise<Exchanged> {
    return this.send(action, verb, path, fields, (reply) => judgeDelivery(action, reply, this.module.registration));
  }
}

function cheapest(tariffs: readonly JsonObject[]): JsonObject | undefined {
  return tariffs.reduce<JsonObject | undefined>(
    (best, one) => (best === undefined || (asNumber(one['cost']) ?? 0) < (asNumber(best['cost']) ?? 0) ? one : best),
    undefined,
  );
}

function pickPoint(tariff: JsonObject, code: string | undefined): JsonObject | undefined {
  const points = asObjects(asList(tariff['pickuppointList']));
  return code === undefined ? (tariff['type'] === 'selfDelivery' ? points[0] : undefined) : points.find((point) => point['code'] === code);
}

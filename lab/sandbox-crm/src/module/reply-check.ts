import type { TypeName } from '#crm-client/wire';
import { EXACT, read } from '../contract/type-reader.js';
import { listStatuses } from '../groups/tracking.js';
import { type JsonObject, asList, asNumber, asObject, asObjects, asText, isObject } from '../json.js';
import type { ModuleReply } from './module-http.js';
import type { DeliveryAction } from './registration.js';

/** The reply type of each delivery callback. `print` returns bytes. */
const REPLIES: { readonly [action in Exclude<DeliveryAction, 'print'>]: TypeName } = {
  calculate: 'CallbackDeliveryCalculateResponse',
  save: 'CallbackDeliverySaveResponse',
  get: 'CallbackDeliveryGetResponse',
  delete: 'SuccessResponse',
  shipmentSave: 'CallbackDeliveryShipmentSaveResponse',
  shipmentDelete: 'SuccessResponse',
  shipmentPointList: 'CallbackDeliveryShipmentPointListResponse',
  tariffList: 'CallbackDeliveryTariffListResponse',
  autocomplete: 'CallbackDeliveryAutocompleteResponse',
};

/** The contract's statuses for errors of a callback. */
const ERROR_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 404, 413, 502, 503, 504]);

/** A reply compared with the contract. */
export interface Judgement {
  /** Whether the module succeeded and reported it according to the contract. */
  readonly done: boolean;
  /** The module's correct rejection: the status and `errorMsg`, shown to the account's users. */
  readonly refusal?: string;
  /** Why there was no reply. */
  readonly failure?: string;
  readonly violations: string[];
}

/** Checks the JSON reply of a callback by its type. It must contain `"success": true`. */
export function judge(reply: ModuleReply, type: TypeName): Judgement {
  return judgeBody(reply, (body) =>
    body['success'] === true
      ? typeViolations(body, type)
      : [`status 200 goes with "success": true, not ${JSON.stringify(body['success'])}`],
  );
}

/** Checks a JSON reply by `check`, which returns the body's violations. Any status but 200 is an error. */
export function judgeBody(reply: ModuleReply, check: (body: JsonObject) => readonly string[]): Judgement {
  if (reply.failure !== undefined) return { done: false, failure: reply.failure, violations: [] };
  if (reply.status !== 200) return judgeError(reply);
  const violations: string[] = [];
  if (!/^application\/json\b/.test(reply.contentType))
    violations.push(`the content type must be application/json, not "${reply.contentType}"`);
  if (!isObject(reply.json)) return { done: false, violations: [...violations, 'the body is not a JSON object'] };
  violations.push(...check(reply.json));
  return { done: violations.length === 0, violations };
}

/** Returns the violations in a body by a type of the contract. */
export function typeViolations(body: JsonObject, type: TypeName): string[] {
  return read(body, type, EXACT).violations.map((violation) => `${violation.path}: ${violation.message}`);
}

/** Checks a reply with a status other than 200, which must be an error of the contract. */
export function judgeError(reply: ModuleReply): Judgement {
  const violations: string[] = [];
  if (!ERROR_STATUSES.has(reply.status))
    violations.push(`status ${reply.status} is not one of the contract's (200, ${[...ERROR_STATUSES].join(', ')})`);
  const body = reply.json;
  if (!isObject(body))
    return {
      done: false,
      violations: [...violations, `an error must be a JSON object with success, errorMsg and errors (status ${reply.status})`],
    };
  if (body['success'] !== false) violations.push('an error must say "success": false');
  if (asText(body['errorMsg']) === undefined) violations.push('an error must say why in errorMsg');
  const errors = body['errors'];
  if (errors !== undefined && !isObject(errors) && !(Array.isArray(errors) && errors.length === 0))
    violations.push('errors must be an object of messages by field');
  return { done: false, refusal: `${reply.status} ${asText(body['errorMsg']) ?? ''}`, violations };
}

/** Checks a delivery callback's reply by type, the contract's further rules and the module's registration. */
export function judgeDelivery(action: DeliveryAction, reply: ModuleReply, registration: JsonObject): Judgement {
  if (action === 'print') return judgePdf(reply);
  const judgement = judge(reply, REPLIES[action]);
  if (!judgement.done || !isObject(reply.json)) return judgement;
  const violations = [...judgement.violations, ...checkContent(action, reply.json, registration)];
  return { done: violations.length === 0, violations };
}

function judgePdf(reply: ModuleReply): Judgement {
  if (reply.failure !== undefined) return { done: false, failure: reply.failure, violations: [] };
  if (reply.status !== 200) return judgeError(reply);
  const violations: string[] = [];
  if (!/^application\/pdf\b/.test(reply.contentType)) violations.push(`a printed form must be application/pdf, not "${reply.contentType}"`);
  if (reply.bytes.subarray(0, 5).toString('latin1') !== '%PDF-') violations.push('the bytes are not a PDF file');
  return { done: violations.length === 0, violations };
}

function checkContent(action: DeliveryAction, body: JsonObject, registration: JsonObject): string[] {
  if (body['result'] === undefined && action !== 'delete' && action !== 'shipmentDelete') return ['result: is required'];
  const check = new ContentCheck(registration);
  const result = asObject(body['result']);
  const list = asObjects(body['result']);
  switch (action) {
    case 'calculate':
      list.forEach((tariff, index) => check.tariff(tariff, `result[${index}]`));
      break;
    case 'save':
      check.saved(result);
      break;
    case 'get':
      check.state(result);
      break;
    case 'shipmentSave':
      check.shipment(result);
      break;
    case 'shipmentPointList':
      check.points(list, 'result');
      break;
    case 'tariffList':
      list.forEach((tariff, index) => check.tariffName(tariff, `result[${index}]`));
      break;
    case 'autocomplete':
      list.forEach((item, index) => check.need(item, `result[${index}]`, ['value', 'label']));
      break;
    default:
      break;
  }
  return check.violations;
}

/** Checks a reply's content against a module's registration, and collects the violations. */
class ContentCheck {
  readonly violations: string[] = [];
  private readonly delivery: JsonObject;
  private readonly statuses: readonly string[];
  private readonly fields: ReadonlySet<string>;

  constructor(registration: JsonObject) {
    this.delivery = asObject(asObject(registration['integrations'])['delivery']);
    this.statuses = [...listStatuses(registration).keys()];
    this.fields = this.listFields('deliveryDataFieldList');
  }

  need(object: JsonObject, path: string, names: readonly string[]): void {
    for (const name of names) if (asText(object[name]) === undefined) this.violations.push(`${path}.${name}: is required`);
  }

  tariffName(tariff: JsonObject, path: string): void {
    this.need(tariff, path, ['code', 'name', 'type']);
    this.expectOneOf(tariff['type'], `${path}.type`, ['courier', 'selfDelivery']);
  }

  tariff(tariff: JsonObject, path: string): void {
    this.tariffName(tariff, path);
    if ((asNumber(tariff['cost']) ?? 0) < 0) this.violations.push(`${path}.cost: is negative`);
    if ((asNumber(tariff['minTerm']) ?? 0) > (asNumber(tariff['maxTerm']) ?? Infinity))
      this.violations.push(`${path}: minTerm is greater than maxTerm`);
    this.extraData(tariff, path, this.fields);
    for (const code of asList(tariff['extraDataAvailable']))
      if (!this.fields.has(String(code)))
        this.violations.push(`${path}.extraDataAvailable: "${String(code)}" is not a registered data field`);
    if (tariff['type'] === 'courier' && asList(tariff['pickuppointList']).length > 0)
      this.violations.push(`${path}.pickuppointList: a courier tariff has no pickup points`);
    this.points(asObjects(tariff['pickuppointList']), `${path}.pickuppointList`);
  }

  saved(result: JsonObject): void {
    this.need(result, 'result', ['deliveryId']);
    this.expectOneOf(result['status'], 'result.status', this.statuses);
    if (result['trackNumber'] !== undefined && this.delivery['allowTrackNumber'] !== true)
      this.violations.push('result.trackNumber: the registration does not say allowTrackNumber');
    this.extraData(result, 'result', this.fields);
  }

  state(result: JsonObject): void {
    if (isObject(result['status'])) {
      this.need(result['status'], 'result.status', ['code']);
      this.expectOneOf(result['status']['code'], 'result.status.code', this.statuses);
    } else this.violations.push('result.status: is required');
    this.expectOneOf(result['payerType'], 'result.payerType', asList(this.delivery['payerType']).map(String));
    this.extraData(result, 'result', this.fields);
  }

  shipment(result: JsonObject): void {
    this.need(result, 'result', ['shipmentId']);
    this.extraData(result, 'result', this.listFields('shipmentDataFieldList'));
  }

  points(points: JsonObject[], path: string): void {
    for (const [index, point] of points.entries()) {
      this.need(point, `${path}[${index}]`, ['code', 'name']);
      this.extraData(point, `${path}[${index}]`, this.fields);
    }
  }

  private listFields(list: string): ReadonlySet<string> {
    return new Set(asObjects(this.delivery[list]).map((field) => asText(field['code']) ?? ''));
  }

  private expectOneOf(value: unknown, path: string, allowed: readonly string[]): void {
    if (value !== undefined && !allowed.includes(String(value)))
      this.violations.push(`${path}: must be one of ${allowed.join(', ')}, not ${JSON.stringify(value)}`);
  }

  private extraData(object: JsonObject, path: string, known: ReadonlySet<string>): void {
    if (object['extraData'] === undefined) return;
    if (!isObject(object['extraData']) && asList(object['extraData']).length > 0)
      this.violations.push(`${path}.extraData: must be an object by field code`);
    for (const code of Object.keys(asObject(object['extraData'])))
      if (!known.has(code)) this.violations.push(`${path}.extraData.${code}: is not a registered data field`);
  }
}

/* CDEK's calls by its published schemas and texts, with their lengths. Rules in sentences: cdek-rules.ts. */
import {
  flag,
  type Infer,
  like,
  list,
  nothing,
  number,
  object,
  oneOf,
  text,
  whole,
  either,
  type WireCall,
} from '../../../libs/testing/double/wire.js';

const filled = (maxLength: number) => text(1, maxLength);
const most = (minimum: number) => whole(minimum, Number.MAX_SAFE_INTEGER);
const amount = number(0);
const uuid = like(/^[0-9a-fA-F-]{36}$/);
const email = like(/^[^\s@]+@[^\s@]+$/, 255);
const day = like(/^\d{4}-\d\d-\d\d$/);
const time = like(/^([01]\d|2[0-3]):[0-5]\d$/);

const placeFields = { 'code?': most(1), 'postal_code?': text(0, 255), 'country_code?': like(/^[A-Z]{2}$/, 2), 'city?': text(0, 255) };
/** The place of a calculation: CDEK recognises its code or postal code. */
const quotedPlace = object(placeFields, { anyOf: [{ required: ['code'] }, { required: ['postal_code'] }] });
const named = { anyOf: [{ required: ['code'] }, { required: ['postal_code'] }, { required: ['city'] }] };
const address = object({ ...placeFields, 'region?': text(0, 255), address: filled(255) }, named);
const changedAddress = object({ ...placeFields, 'region?': text(0, 255), 'address?': filled(255) }, named);
const money = object({ value: amount, 'vat_sum?': amount, 'vat_rate?': either(whole(0, 99), nothing) });
const phone = object({ number: like(/^\+?[0-9()\- ]{5,24}$/, 24), 'additional?': text(0, 255) });
const contact = object({
  'company?': text(0, 255),
  name: filled(255),
  'contragent_type?': oneOf('LEGAL_ENTITY', 'INDIVIDUAL'),
  'email?': email,
  phones: list(phone, 1, 10),
});
const services = list(object({ code: filled(255), 'parameter?': text(0, 255) }), 0, 10_000);
const sides = { 'length?': most(0), 'width?': most(0), 'height?': most(0) };
const item = object({
  name: filled(255),
  ware_key: filled(255),
  'marking?': text(0, 255),
  payment: money,
  cost: amount,
  weight: most(0),
  amount: whole(1, 999_999),
});
const parcelFields = { number: filled(30), weight: most(1), ...sides, 'comment?': text(0, 255), 'items?': list(item, 1, 10_000) };

const quoted = {
  'date?': like(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}$/),
  'type?': oneOf(1, 2),
  'currency?': whole(1, 99),
  'lang?': oneOf('rus', 'eng', 'zho'),
  from_location: quotedPlace,
  to_location: quotedPlace,
  packages: list(object({ weight: most(1), ...sides }), 1, 255),
};
const quoteBody = object(quoted);
const tariffBody = object({ ...quoted, tariff_code: most(1), 'services?': services });

const orderFields = {
  'comment?': text(0, 255),
  'shipment_point?': filled(255),
  'delivery_point?': filled(255),
  'delivery_recipient_cost?': money,
  'sender?': contact,
  recipient: contact,
  'services?': services,
  'has_reverse_order?': flag,
};
const orderBody = object({
  ...orderFields,
  'type?': oneOf(1, 2),
  tariff_code: most(1),
  'number?': like(/^[\x20-\x7e]{1,40}$/),
  'print?': oneOf('WAYBILL', 'BARCODE'),
  'from_location?': address,
  'to_location?': address,
  packages: list(object(parcelFields), 1, 255),
});
const orderChange = object({
  ...orderFields,
  type: oneOf(1, 2),
  uuid,
  'cdek_number?': text(0, 20),
  'tariff_code?': most(1),
  'from_location?': changedAddress,
  'to_location?': changedAddress,
  'packages?': list(object({ ...parcelFields, 'package_id?': uuid }), 1, 255),
});
const agreementBody = object(
  {
    ...{ 'order_uuid?': uuid, 'cdek_number?': text(0, 20), date: day, 'time_from?': time, 'time_to?': time, 'comment?': text(0, 255) },
    ...{ 'delivery_point?': filled(255), 'to_location?': address },
  },
  { anyOf: [{ required: ['order_uuid'] }, { required: ['cdek_number'] }] },
);
const contacted = object({ phones: list(phone, 1, 10), 'contragent_type?': oneOf('LEGAL_ENTITY', 'INDIVIDUAL') });
const reverseBody = object({
  ...{ tariff_code: most(1), sender: contacted, recipient: contacted },
  ...{ 'shipment_point?': filled(255), 'delivery_point?': filled(255), 'from_location?': address, 'to_location?': address },
});
const intakeBody = object({
  'order_uuid?': uuid,
  'cdek_number?': text(0, 20),
  intake_date: day,
  intake_time_from: time,
  intake_time_to: time,
  'lunch_time_from?': time,
  'lunch_time_to?': time,
  'name?': text(0, 255),
  'weight?': most(1),
  ...sides,
  'comment?': text(0, 255),
  'sender?': contact,
  'from_location?': address,
  'need_call?': flag,
});

/** The body of an order of the double. A parcel has an id once the order is registered. */
export type CdekOrderBody = Omit<Infer<typeof orderChange>, 'uuid' | 'cdek_number' | 'type' | 'tariff_code' | 'packages'> &
  Pick<Infer<typeof orderBody>, 'type' | 'tariff_code' | 'number' | 'print'> & {
    packages: (Infer<typeof orderBody>['packages'][number] & { package_id?: string })[];
  };
export type CdekChange = Infer<typeof orderChange>;
export type CdekMoney = Infer<typeof money>;
export type CdekQuoteBody = Infer<typeof quoteBody>;
export type CdekIntakeBody = Infer<typeof intakeBody>;
export type CdekAgreementBody = Infer<typeof agreementBody>;
export type CdekReverseBody = Infer<typeof reverseBody>;

const printed = list(
  object({ 'order_uuid?': uuid, 'cdek_number?': most(1) }, { anyOf: [{ required: ['order_uuid'] }, { required: ['cdek_number'] }] }),
  1,
  100,
);
const printOrders = object({ orders: printed, 'copy_count?': whole(1, 10) });
const printBarcodes = object({ orders: printed, 'copy_count?': whole(1, 10), 'format?': oneOf('A4', 'A5', 'A6', 'A7') });
const webhookBody = object({
  url: like(/^https?:\/\/\S+$/, 255),
  type: oneOf(
    ...(['ORDER_STATUS', 'ORDER_MODIFIED', 'PRINT_FORM', 'RECEIPT', 'DOWNLOAD_PHOTO', 'PREALERT_CLOSED', 'ACCOMPANYING_WAYBILL'] as const),
    ...(['OFFICE_AVAILABILITY', 'DELIV_PROBLEM', 'DELIV_AGREEMENT'] as const),
  ),
});
const returnBody = object({ tariff_code: whole(1) });
const yes = oneOf('1', 'true', '0', 'false');
const cities = object({
  ...{ 'country_codes?': text(), 'city?': text(), 'postal_code?': text(), 'code?': text(), 'size?': like(/^[1-9]\d{0,3}$/) },
});
const points = object({
  ...{ 'code?': text(0, 255), 'type?': oneOf('POSTAMAT', 'PVZ', 'ALL'), 'city_code?': text(), 'postal_code?': text(0, 255) },
  ...{ 'country_code?': text(2, 2), 'is_reception?': yes, 'is_handout?': yes },
});

const moment = like(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/);
const request = object({
  ...{ 'request_uuid?': uuid, type: oneOf('CREATE', 'UPDATE', 'DELETE', 'REFUSAL', 'CREATE_CLIENT_RETURN'), date_time: moment },
  state: oneOf('ACCEPTED', 'WAITING', 'SUCCESSFUL', 'INVALID'),
  'errors?': list(object({ code: text(1), message: text() }), 1),
});
const requests = list(request, 1);
const accepted = object({ entity: object({ uuid }), requests });
/** The reply to a change of subscriptions, which ends immediately. */
const done = object({
  entity: object({ uuid }),
  requests: list(object({ request_uuid: uuid, type: oneOf('CREATE', 'DELETE'), date_time: moment, state: oneOf('SUCCESSFUL') }), 1),
});
const statusFields = { code: text(1), name: text(1), date_time: moment };
const status = object({ ...statusFields, 'city?': text(), 'reason_code?': text(), 'deleted?': flag });
const statuses = list(object(statusFields), 1);
const open = { additionalProperties: true };
const detail = object({
  ...{ 'date?': day, 'recipient_name?': text(1), 'payment_sum?': amount, delivery_sum: amount, total_sum: amount },
  'payment_info?': list(object({ type: oneOf('CASH', 'CARD'), sum: amount })),
});
const related = object({
  ...{ uuid, type: oneOf('return_order', 'direct_order', 'client_return_order', 'client_direct_order', 'reverse_order') },
  ...{ 'create_time?': moment, 'cdek_number?': text(1) },
});
const order = object({
  entity: object(
    {
      ...{ uuid, type: oneOf(1, 2), number: text(1), 'cdek_number?': text(1), tariff_code: whole(1), statuses: list(status, 1) },
      ...{ is_return: flag, is_reverse: flag, is_client_return: flag, 'transacted_payment?': flag, 'delivery_detail?': detail },
    },
    open,
  ),
  requests,
  related_entities: list(related),
});
const agreement = object({ entity: object({ uuid, statuses }), requests });
const intervals = object({
  date_intervals: list(object({ date: day, time_intervals: list(object({ start_time: time, end_time: time })) })),
});
const registries = object({
  registries: list(
    object({
      ...{ registry_number: whole(1), payment_date: day, sum: number(), 'payment_order_number?': text(), date_created: moment },
      orders: list(
        object({
          ...{ cdek_number: text(1), transfer_sum: number(), payment_sum: amount, total_sum_without_agent: amount },
          ...{ agent_commission_sum: amount, 'basis_type?': oneOf('ORDER', 'SAS') },
        }),
      ),
    }),
  ),
});
export type CdekRegistry = Infer<typeof registries>['registries'][number];
const intake = object({ entity: object({ uuid, 'intake_number?': text(1), statuses }, open), requests });
const periods = { period_min: whole(0), period_max: whole(0), calendar_min: whole(0), calendar_max: whole(0) };
const quotes = object({
  tariff_codes: list(object({ tariff_code: whole(1), tariff_name: text(1), delivery_mode: whole(1, 8), delivery_sum: amount, ...periods })),
});
const tariff = object({
  ...{ delivery_sum: amount, total_sum: amount, currency: like(/^[A-Z]{3}$/), weight_calc: whole(1), ...periods },
  services: list(object({ code: text(1), sum: amount })),
});
const printState = object({
  entity: object({ uuid, orders: list(object({ order_uuid: uuid })), statuses }),
  requests,
});

/** The calls of CDEK's API v2 that we use. */
export const WIRE = [
  // The credentials come as a form, or in the query.
  { call: 'token', method: 'POST', path: '/v2/oauth/token', body: object({}, open), bodyType: 'form', isBodyOptional: true, isOpen: true },
  { call: 'quotes', method: 'POST', path: '/v2/calculator/tarifflist', body: quoteBody, reply: quotes },
  { call: 'tariff', method: 'POST', path: '/v2/calculator/tariff', body: tariffBody, reply: tariff },
  { call: 'cities', method: 'GET', path: '/v2/location/cities', query: cities },
  { call: 'suggest', method: 'GET', path: '/v2/location/suggest/cities', query: object({ name: text(), 'country_code?': text() }) },
  { call: 'points', method: 'GET', path: '/v2/deliverypoints', query: points },
  { call: 'createOrder', method: 'POST', path: '/v2/orders', body: orderBody, status: 202, reply: accepted },
  { call: 'findOrder', method: 'GET', path: '/v2/orders', query: object({ 'im_number?': text(), 'cdek_number?': text() }), reply: order },
  { call: 'getOrder', method: 'GET', path: '/v2/orders/:uuid', reply: order },
  { call: 'changeOrder', method: 'PATCH', path: '/v2/orders', body: orderChange, status: 202, reply: accepted },
  { call: 'deleteOrder', method: 'DELETE', path: '/v2/orders/:uuid', status: 202, reply: accepted },
  { call: 'refuseOrder', method: 'POST', path: '/v2/orders/:uuid/refusal', status: 202, reply: accepted },
  { call: 'returnFromClient', method: 'POST', path: '/v2/orders/:uuid/clientReturn', body: returnBody, status: 202, reply: accepted },
  {
    call: 'listIntervals',
    method: 'GET',
    path: '/v2/delivery/intervals',
    query: object({ 'order_uuid?': uuid, 'cdek_number?': text() }),
    reply: intervals,
  },
  { call: 'agree', method: 'POST', path: '/v2/delivery', body: agreementBody, status: 202, reply: accepted },
  { call: 'getAgreement', method: 'GET', path: '/v2/delivery/:uuid', reply: agreement },
  { call: 'reverseAvailability', method: 'POST', path: '/v2/reverse/availability', body: reverseBody },
  { call: 'registries', method: 'GET', path: '/v2/registries', query: object({ date: day }), reply: registries },
  { call: 'createIntake', method: 'POST', path: '/v2/intakes', body: intakeBody, status: 202, reply: accepted },
  { call: 'getIntake', method: 'GET', path: '/v2/intakes/:uuid', reply: intake },
  { call: 'findIntakes', method: 'GET', path: '/v2/orders/:uuid/intakes', reply: list(intake) },
  { call: 'deleteIntake', method: 'DELETE', path: '/v2/intakes/:uuid', reply: accepted },
  { call: 'startPrint', method: 'POST', path: '/v2/print/orders', body: printOrders, status: 202, reply: accepted },
  { call: 'startPrint', method: 'POST', path: '/v2/print/barcodes', body: printBarcodes, status: 202, reply: accepted },
  { call: 'printFile', method: 'GET', path: '/v2/print/orders/:uuid.pdf' },
  { call: 'printFile', method: 'GET', path: '/v2/print/barcodes/:uuid.pdf' },
  { call: 'printState', method: 'GET', path: '/v2/print/orders/:uuid', reply: printState },
  { call: 'printState', method: 'GET', path: '/v2/print/barcodes/:uuid', reply: printState },
  { call: 'createWebhook', method: 'POST', path: '/v2/webhooks', body: webhookBody, reply: done },
  { call: 'listWebhooks', method: 'GET', path: '/v2/webhooks' },
  { call: 'getWebhook', method: 'GET', path: '/v2/webhooks/:uuid' },
  { call: 'deleteWebhook', method: 'DELETE', path: '/v2/webhooks/:uuid', reply: done },
] as const satisfies readonly WireCall[];

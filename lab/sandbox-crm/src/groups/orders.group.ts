import { CombineTechnique } from '#crm-client/wire';
import { ApiError, invalid, notFound } from '../engine/api-error.js';
import { type Call, FileAnswer, type Handlers } from '../engine/call.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asObjects, asText, copy, pick } from '../json.js';
import { DeliveryDesk } from '../module/delivery-desk.js';
import { explain } from '../module/exchange.js';
import { SandboxError } from '../module/module-error.js';
import type { Sandbox } from '../sandbox.js';
import type { AccountContext } from '../store/account-context.js';
import { uploadRecords } from './customers.group.js';
import type { FilterRules } from './filters.js';
import { addPayment, createOrder, editOrder, editPayment, showOrder } from './order-record.js';
import { answerHistory, findReferenced, fixExternalIds, list, logChanges, recordByPath, readSite } from './records.js';
import { removeFromOrder } from './tracking.js';

const payments = (row: JsonObject): JsonObject[] => asObjects(row['payments']);

const FILTER: FilterRules = {
  customer: '~lastName firstName patronymic phone additionalPhone',
  customerId: 'customer.id',
  customerType: 'customer.type',
  customerExternalId: (row, crm) => crm.find('customers', 'id', asText(asObject(row['customer'])['id']))?.['externalId'],
  countries: 'countryIso',
  city: '~delivery.address.city',
  region: '~delivery.address.region',
  index: 'delivery.address.index',
  metro: '~delivery.address.metro',
  email: '~email',
  minPrice: 'totalSumm',
  maxPrice: 'totalSumm',
  minPrepaySumm: 'prepaySum',
  maxPrepaySumm: 'prepaySum',
  product: '~items.*.productName items.*.offer.article',
  managerComment: '~managerComment',
  customerComment: '~customerComment',
  trackNumber: 'delivery.data.trackNumber',
  deliveryExternalId: 'delivery.data.externalId',
  deliveryTypes: 'delivery.code',
  deliveryServices: 'delivery.service.code',
  paymentTypes: 'payments.*.type',
  paymentStatuses: 'payments.*.status',
  paidAtFrom: 'payments.*.paidAt',
  paidAtTo: 'payments.*.paidAt',
  sourceName: 'source.source',
  mediumName: 'source.medium',
  campaignName: 'source.campaign',
  keywordName: 'source.keyword',
  adContentName: 'source.content',
  customFields: 'customFields',
  // A status, or a group with all its statuses.
  extendedStatus: (row, crm) => [row['status'] ?? null, crm.find('statuses', 'code', asText(row['status']))?.['group'] ?? null],
};

/** `orders/*` without packs. */
export function orderHandlers(sandbox: Sandbox): Handlers {
  return { ...orderReads(), ...orderWrites(), ...orderLinks(), ...orderPayments(), ...orderDeliveries(sandbox) };
}

/** Reads of orders. */
function orderReads(): Handlers {
  return {
    'orders.list': list(FILTER, { newestFirst: true, show: (order, crm) => showOrder(crm, order) }),

    'orders.get': (call) => ({ order: showOrder(call.crm, recordByPath(call, 'orders')) }),

    'orders.statuses': (call) => {
      const ids = new Set(asList(call.input['ids']).map(String));
      const externalIds = new Set(asList(call.input['externalIds']).map(String));
      if (ids.size + externalIds.size > 500) throw invalid({ ids: 'at most 500 orders in one call' });
      const rows = call.crm.rows('orders').filter((row) => ids.has(String(row['id'])) || externalIds.has(String(row['externalId'])));
      return {
        orders: rows.map((row) => ({
          id: row['id'],
          externalId: row['externalId'],
          status: row['status'],
          group: call.crm.find('statuses', 'code', asText(row['status']))?.['group'],
        })),
      };
    },

    'orders.history': (call) => answerHistory(call, 'orderHistory', 'order'),
  };
}

/** Orders that are created or changed. */
function orderWrites(): Handlers {
  return {
    'orders.create': (call) => {
      const order = create(call, asObject(call.input['order']), readSite(call));
      return { id: order['id'], order: showOrder(call.crm, order) };
    },

    'orders.edit': (call) => {
      const order = recordByPath(call, 'orders');
      const before = copy(order);
      const given = asObject(call.input['order']);
      editOrder(call.crm, order, given);
      logChanges(
        call,
        'orderHistory',
        before,
        order,
        { order: orderReference(order) },
        new Set(Object.keys(given).filter((name) => name !== 'id')),
      );
      return { id: order['id'], order: showOrder(call.crm, order) };
    },

    'orders.upload': (call) => {
      const site = readSite(call);
      const orders: Json[] = [];
      const result = uploadRecords(call, 'orders', 'Orders', (given) => {
        const order = create(call, given, site);
        orders.push(showOrder(call.crm, order));
        return order;
      });
      return { ...result, orders };
    },

    'orders.fixExternalIds': (call) => fixExternalIds(call, 'orders', 'orders'),
  };
}

/** Orders that are combined or linked. */
function orderLinks(): Handlers {
  return {
    'orders.combine': (call) => {
      const technique = asText(call.input['technique']) ?? 'ours';
      if (!(CombineTechnique as readonly string[]).includes(technique))
        throw invalid({ technique: `must be one of ${CombineTechnique.join(', ')}` });
      const order = call.crm.find('orders', 'id', asText(asObject(call.input['order'])['id']));
      const result = call.crm.find('orders', 'id', asText(asObject(call.input['resultOrder'])['id']));
      if (!order) throw invalid({ 'order.id': 'is not known' });
      if (!result || result === order) throw invalid({ 'resultOrder.id': 'must be another order' });
      const before = copy(result);
      result['items'] = [...asList(result['items']), ...asList(order['items'])];
      result['payments'] = { ...asObject(result['payments']), ...asObject(order['payments']) };
      call.crm.log(
        'orderHistory',
        {
          field: 'combined',
          deleted: true,
          oldValue: null,
          newValue: null,
          order: orderReference(order),
          combinedTo: orderReference(result),
        },
        call.key.key,
      );
      call.crm.remove('orders', order);
      editOrder(call.crm, result, {});
      logChanges(call, 'orderHistory', before, result, { order: orderReference(result) }, new Set(['items', 'totalSumm']));
      return {};
    },

    'orders.linksCreate': (call) => {
      const link = asObject(call.input['link']);
      const orders = asObjects(link['orders']).map((reference) => findReferenced(call.crm, 'orders', reference));
      const [first, second] = orders;
      if (orders.length !== 2 || !first || !second || first === second)
        throw invalid({ 'link.orders': 'must name two orders of the account' });
      for (const [one, other] of [
        [first, second],
        [second, first],
      ] as const) {
        one['links'] = [
          ...asList(one['links']),
          { comment: asText(link['comment']) ?? '', createdAt: call.crm.now(), order: linked(other) },
        ];
      }
      call.crm.changed();
      return {};
    },
  };
}

/** Payments of orders. */
function orderPayments(): Handlers {
  return {
    'orders.paymentsCreate': (call) => {
      const given = asObject(call.input['payment']);
      const order = findReferenced(call.crm, 'orders', given['order']);
      if (!order) throw invalid({ 'payment.order': 'is not known' });
      if (asText(given['type']) === undefined) throw invalid({ 'payment.type': 'is required' });
      const payment = addPayment(call.crm, order, given);
      call.crm.log(
        'orderHistory',
        { field: 'payments', oldValue: null, newValue: payment['id'], order: orderReference(order), payment: copy(payment) },
        call.key.key,
      );
      return { id: payment['id'] };
    },

    'orders.paymentsEdit': (call) => {
      const found = findPayment(call.crm, call.path['identifier'] ?? '', call.input['by']);
      if (!found) throw notFound();
      const before = copy(found.payment);
      editPayment(call.crm, found.order, found.payment, asObject(call.input['payment']));
      logChanges(
        call,
        'orderHistory',
        before,
        found.payment,
        { order: orderReference(found.order), payment: { id: found.payment['id'] } },
        new Set(['status', 'amount', 'type', 'paidAt']),
      );
      return { id: found.payment['id'] };
    },

    'orders.paymentsDelete': (call) => {
      const found = findPayment(call.crm, call.path['id'] ?? '', 'id');
      if (!found) throw notFound();
      delete asObject(found.order['payments'])[String(found.payment['id'])];
      editOrder(call.crm, found.order, {});
      call.crm.log(
        'orderHistory',
        {
          field: 'payments',
          oldValue: found.payment['id'],
          newValue: null,
          order: orderReference(found.order),
          payment: copy(found.payment),
        },
        call.key.key,
      );
      return {};
    },
  };
}

/** Deliveries of orders, which modules cancel and print. */
function orderDeliveries(sandbox: Sandbox): Handlers {
  return {
    'orders.deliveryCancel': async (call) => {
      const order = recordByPath(call, 'orders');
      const code = asText(asObject(order['delivery'])['integrationCode']);
      const delivery = code === undefined ? undefined : call.crm.findDelivery(asNumber(order['id']) ?? 0, code);
      if (code === undefined || !delivery) throw new ApiError(400, 'The order has no integrated delivery that can be cancelled');
      const outcome = await new DeliveryDesk(sandbox, call.crm.account, code).delete(delivery.deliveryId);
      if (outcome.ok) return {};
      if (call.input['force'] !== true) throw new ApiError(400, `The delivery could not be cancelled: ${explain(outcome)}`);
      removeFromOrder(call.crm, delivery);
      return {};
    },

    'orders.platesPrint': async (call) => {
      const order = recordByPath(call, 'orders');
      const code = asText(asObject(order['delivery'])['integrationCode']);
      if (code === undefined) throw notFound('The order has no integrated delivery, so it has no printed forms');
      const desk = new DeliveryDesk(sandbox, call.crm.account, code);
      const wanted = call.path['plateId'] ?? '';
      // The account numbers its templates, and the module identifies them by code.
      const form = desk.forms()[Number(wanted) - 1] ?? wanted;
      try {
        const { outcome, pdf } = await desk.print(form, [desk.findDelivery(order).deliveryId]);
        if (!pdf) throw new ApiError(400, `The form could not be printed: ${explain(outcome)}`);
        return new FileAnswer(pdf, 'application/pdf', `${form}-${String(order['number'])}.pdf`);
      } catch (error) {
        if (error instanceof SandboxError) throw notFound(error.message);
        throw error;
      }
    },
  };
}

/** Shows an order in a history entry: the fields that identify it. */
export function orderReference(order: JsonObject): JsonObject {
  return pick(order, ['id', 'externalId', 'number', 'site', 'status', 'managerId']);
}

/** Returns the payment with this id (`by` is `id`) or external id (otherwise), and its order. */
export function findPayment(
  crm: AccountContext,
  value: string,
  by: Json | undefined,
): { readonly order: JsonObject; readonly payment: JsonObject } | undefined {
  const field = by === 'id' ? 'id' : 'externalId';
  for (const order of crm.rows('orders')) {
    const payment = payments(order).find((one) => asText(one[field]) === value);
    if (payment) return { order, payment };
  }
  return undefined;
}

function create(call: Call, given: JsonObject, site: string): JsonObject {
  const order = createOrder(call.crm, given, site);
  call.crm.log(
    'orderHistory',
    { created: true, field: 'status', oldValue: null, newValue: { code: order['status'] }, order: showOrder(call.crm, order) },
    call.key.key,
  );
  return order;
}

function linked(order: JsonObject): JsonObject {
  return pick(order, ['id', 'externalId', 'number']);
}

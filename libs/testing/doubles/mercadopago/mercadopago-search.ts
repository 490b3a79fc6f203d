import { refuse } from './mercadopago-checks.js';
import type { MercadoPagoAccount } from './mercadopago-control.js';
import { MercadoPagoRefusal } from './mercadopago-objects.js';
import { buildOrder } from './mercadopago-replies.js';

const FILTERS = [
  ...['begin_date', 'end_date', 'external_reference', 'type', 'status', 'status_detail'],
  ...['payment_method_id', 'payment_method_type', 'sort_by', 'sort_order'],
];
const PAGES = { pages: ['page', 'page_size'], offsets: ['limit', 'offset'], either: ['page', 'page_size', 'limit', 'offset'] };
/** The states that a search knows. */
const STATUSES = ['created', 'processed', 'action_required', 'processing', 'canceled'];
const MOST = 100;

/** Orders of an account, the newest first: `GET /v1/orders`. Throws MercadoPagoRefusal. */
export function searchOrders(account: MercadoPagoAccount, query: URLSearchParams): object {
  const { book, modes } = account;
  const known = [...FILTERS, ...PAGES[modes.searchPages]];
  for (const name of query.keys()) if (!known.includes(name)) throw refuse('unsupported_properties', name, 'is not supported');
  const [from, until] = [readTime(query, 'begin_date'), readTime(query, 'end_date')];
  if (from > until) throw refuse('property_value', 'begin_date', 'must not be after end_date');
  const status = readOne(query, 'status', STATUSES);
  const type = readOne(query, 'type', ['online']);
  if (readOne(query, 'sort_by', ['created_date']) === undefined && query.has('sort_order'))
    throw refuse('property_value', 'sort_order', 'needs sort_by');
  const [reference, detail] = [query.get('external_reference'), query.get('status_detail')];
  const [methodId, methodType] = [query.get('payment_method_id'), query.get('payment_method_type')];
  const found = book.orders.filter(
    ({ request, createdAt, payments, ...order }) =>
      createdAt >= from &&
      createdAt <= until &&
      createdAt <= book.now - modes.searchLagSeconds &&
      (reference === null || request.external_reference === reference) &&
      (type === undefined || request.type === type) &&
      (status === undefined || order.status === status) &&
      (detail === null || order.detail === detail) &&
      (methodId === null || payments.some(({ payment_method }) => payment_method.id === methodId)) &&
      (methodType === null || payments.some(({ payment_method }) => payment_method.type === methodType)),
  );
  const sorted = readOne(query, 'sort_order', ['asc', 'desc']) === 'asc' ? found : found.toReversed();
  const limit = readWhole(query, query.has('limit') ? 'limit' : 'page_size', 1, 30);
  const offset = query.has('offset') ? readWhole(query, 'offset', 0, 0) : (readWhole(query, 'page', 1, 1) - 1) * limit;
  return {
    data: sorted.slice(offset, offset + limit).map((order) => buildOrder(order, account)),
    paging: {
      total: String(found.length),
      total_pages: String(Math.ceil(found.length / limit)),
      offset: String(offset),
      limit: String(limit),
    },
  };
}

function readTime(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (text === null || text === '') throw new MercadoPagoRefusal(400, 'required_properties', `The parameter ${name} is required.`);
  const time = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw refuse('property_value', name, 'must be a time of ISO 8601');
  return time / 1_000;
}

function readOne(query: URLSearchParams, name: string, values: readonly string[]): string | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!values.includes(value)) throw refuse('property_value', name, `must be one of ${values.join(', ')}`);
  return value;
}

function readWhole(query: URLSearchParams, name: string, least: number, usual: number): number {
  const value = Number(query.get(name) ?? usual);
  const most = name === 'limit' || name === 'page_size' ? MOST : Number.MAX_SAFE_INTEGER;
  if (!Number.isInteger(value) || value < least || value > most) throw refuse('property_value', name, `must be from ${least} to ${most}`);
  return value;
}

import type { StripeBook } from './stripe-book.js';
import { invalid, refuse, type StripeParams } from './stripe-params.js';

/** Returns a page of a list, the newest first. `filters`: the parameters that must be equal to the fields. */
export function page(
  objects: readonly { id: string; created?: number }[],
  params: StripeParams,
  pageSize: number,
  url: string,
  ...filters: readonly string[]
): object {
  const [from, until] = [params.whole('created[gte]') ?? 0, params.whole('created[lte]') ?? Number.POSITIVE_INFINITY];
  const fits = (one: object): boolean =>
    filters.every((name) => [undefined, (one as Record<string, unknown>)[name]].includes(params.optional(name)));
  const all = objects
    .filter((one) => fits(one) && (one.created === undefined || (one.created >= from && one.created <= until)))
    .toReversed();
  const after = params.optional('starting_after');
  const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0) throw refuse(404, 'resource_missing', `No such object: '${after}'`, { param: 'starting_after' });
  const limit = params.whole('limit') ?? 10;
  if (limit < 1 || limit > 100) throw invalid(undefined, 'limit', 'The limit must be between 1 and 100');
  const data = all.slice(start, start + Math.min(limit, pageSize));
  return { object: 'list', data, has_more: start + data.length < all.length, url };
}

/** Replaces the ids under `paths` by their objects. Throws the refusal of an unknown path. */
export function expanded(book: StripeBook, result: object, paths: readonly string[]): object {
  const copy = structuredClone(result) as Record<string, unknown>;
  for (const path of paths) expandIn(book, copy, path.split('.'), path);
  return copy;
}

function expandIn(book: StripeBook, object: Record<string, unknown>, [name = '', ...rest]: string[], path: string): void {
  const value = object[name];
  if (name === 'data' && Array.isArray(value)) {
    for (const item of value) expandIn(book, item as Record<string, unknown>, rest, path);
    return;
  }
  if (name === 'source' && typeof value === 'string') object[name] = structuredClone(book.source(value));
  else expandKnown(book, object, name, path);
  const child = object[name];
  if (rest.length > 0 && typeof child === 'object' && child !== null) expandIn(book, child as Record<string, unknown>, rest, path);
}

function expandKnown(book: StripeBook, object: Record<string, unknown>, name: string, path: string): void {
  const value = object[name];
  const isPayment = name === 'payment_intent';
  if (!(name in object) || (typeof value === 'string' && !isPayment && name !== 'latest_charge' && name !== 'charge'))
    throw invalid(undefined, 'expand', `This property cannot be expanded (${path}).`);
  if (typeof value === 'string') object[name] = structuredClone(isPayment ? book.intent(value) : book.charge(value));
}

import type { BatchOptions, BatchReport, CallOptions, PathPart } from './caller.js';
import { CrmError, ReplyError, UsageError } from './errors.js';
import type { TypeName } from './generated/schema-data.js';
import type { Json } from './generated/types.js';
import type { MethodSpec } from './method-spec.js';

/** One call of a method. Returns its raw reply. */
export type WireCall = (spec: MethodSpec<TypeName>, params: readonly PathPart[], request: object, options?: CallOptions) => Promise<Json>;

interface PagedRequest {
  readonly limit?: number | null;
  readonly page?: number | null;
  readonly cursor?: string | null;
  readonly filter?: { readonly sinceId?: number | boolean | null } | null;
}

interface PagedReply {
  readonly pagination?: { readonly totalPageCount?: number | string | null; readonly nextCursor?: string | null } | null;
  readonly [list: string]: unknown;
}

const PAGE_SIZE = 100;

/**
 * Yields every item of a paged method: by page, by cursor, or by `filter.sinceId` (histories, or if given).
 */
export async function* allItems(
  call: WireCall,
  spec: MethodSpec<TypeName>,
  params: readonly PathPart[],
  request: object,
  options: CallOptions | undefined,
): AsyncGenerator<Json, void> {
  const { paging } = spec;
  if (!paging) throw new UsageError('is not paged', { verb: spec.verb, path: spec.path });
  const first: PagedRequest = { limit: PAGE_SIZE, ...request };
  const bySinceId = paging.sinceId && (spec.name === 'history' || typeof first.filter?.sinceId === 'number');
  let next: PagedRequest = first;
  for (let page = first.page ?? 1; ; page++) {
    const reply = (await call(spec, params, next, options)) as unknown as PagedReply;
    const items = readItems(reply, spec, paging.list);
    const { totalPageCount, nextCursor } = reply.pagination ?? {};
    if (bySinceId) {
      const since = Number(next.filter?.sinceId ?? 0);
      const fresh = items.filter((item) => readId(item, spec) > since);
      yield* fresh;
      // A reply without newer items would be requested forever.
      if (fresh.length === 0 || (totalPageCount != null && Number(totalPageCount) <= 1)) return;
      next = { ...first, filter: { ...first.filter, sinceId: Math.max(...fresh.map((item) => readId(item, spec))) } };
    } else {
      yield* items;
      if (items.length === 0) return;
      if (paging.by === 'cursor') {
        if (!nextCursor || nextCursor === next.cursor) return;
        next = { ...first, cursor: nextCursor };
      } else {
        if (page >= Number(totalPageCount ?? 0)) return;
        next = { ...first, page: page + 1 };
      }
    }
  }
}

/** Returns the items of a page, which may also be an object keyed by id. */
function readItems(reply: PagedReply, spec: MethodSpec<TypeName>, list: string): Json[] {
  const items = reply[list];
  if (items === undefined || items === null) return [];
  if (typeof items === 'object') return Object.values(items as { readonly [key: string]: Json });
  throw new ReplyError(`the reply's ${list} is not a list`, { verb: spec.verb, path: spec.path, status: 200 });
}

function readId(item: Json, spec: MethodSpec<TypeName>): number {
  const id = Number((item as { readonly id?: number | string } | null)?.id);
  if (Number.isFinite(id)) return id;
  throw new ReplyError('an item of the reply has no id to continue after', { verb: spec.verb, path: spec.path, status: 200 });
}

/**
 * Sends any number of items through a batch-limited method, one call after another. Yields a report for each.
 */
export async function* batchesOf<T>(
  call: (request: object) => Promise<T>,
  spec: MethodSpec<TypeName>,
  request: object,
  options: BatchOptions | undefined,
): AsyncGenerator<BatchReport<T>, void> {
  const { batch } = spec;
  const at = { verb: spec.verb, path: spec.path };
  if (!batch) throw new UsageError('has no batch limit', at);
  const items = (request as { readonly [field: string]: unknown })[batch.field];
  if (!Array.isArray(items)) throw new UsageError(`pass the list ${batch.field}`, at);
  const size = options?.size ?? batch.max;
  if (!Number.isInteger(size) || size < 1 || size > batch.max) throw new UsageError(`size must be between 1 and ${batch.max}`, at);
  for (let from = 0; from < items.length; from += size) {
    const part: unknown[] = items.slice(from, from + size);
    const report = { from, count: part.length };
    try {
      yield { ...report, reply: await call({ ...request, [batch.field]: part }) };
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      yield { ...report, error };
    }
  }
}

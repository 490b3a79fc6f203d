import type { BatchOptions, BatchReport, CallOptions, Caller, PathPart } from './caller.js';
import { isTimeZone } from './dates.js';
import { ReplyError } from './errors.js';
import { CrmApi } from './generated/groups.js';
import type { TypeName } from './generated/schema-data.js';
import type { Json } from './generated/types.js';
import type { MethodSpec } from './method-spec.js';
import { Normaliser, NormalisingError } from './normalise.js';
import type { CrmClientOptions, RawRequest } from './options.js';
import { allItems, batchesOf } from './paging.js';
import { Pipeline } from './pipeline.js';
import { listFields } from './schema.js';

/**
 * A client of the CRM's API for one account. Cheap to create, because connections and limits belong to the
 * process. Replies are raw (`crm.exact` normalises them). Failures are `CrmError`s.
 */
export class CrmClient extends CrmApi<'wire'> {
  /** The account's origin, such as `https://example.retailcrm.pro`. */
  readonly origin: string;
  readonly #pipeline: Pipeline;
  #exact: CrmApi<'exact'> | undefined;

  /** Throws a TypeError if the options are invalid. The message explains the fix. */
  constructor(options: CrmClientOptions) {
    const pipeline = new Pipeline(options);
    super(new WireCaller(pipeline));
    this.#pipeline = pipeline;
    this.origin = pipeline.origin;
  }

  /**
   * The same methods with normalised replies: numbers, arrays, objects, `Date`s. Dates need the account's
   * time zone.
   * @throws ReplyError for a reply that does not match the contract's types
   */
  get exact(): CrmApi<'exact'> {
    this.#exact ??= new CrmApi(new ExactCaller(this.#pipeline));
    return this.#exact;
  }

  /** The account's time zone, as given or loaded. */
  get timeZone(): string | undefined {
    return this.#pipeline.timeZone;
  }

  /** Loads the account's time zone (`GET /api/v5/settings`), keeps it for dates and returns it. */
  async loadTimeZone(options?: CallOptions): Promise<string> {
    const { settings } = await this.settings.get(options);
    const zone = readField(readField(settings, 'timezone'), 'value');
    if (typeof zone !== 'string' || !isTimeZone(zone)) {
      throw new ReplyError('the settings contain no valid time zone', { verb: 'GET', path: '/api/v5/settings', status: 200 });
    }
    this.#pipeline.timeZone = zone;
    return zone;
  }

  /**
   * Calls any path of the API, with the same key, limits, errors and timeouts. `path`: from `/api/`, with its
   * parts percent-encoded by the caller. Only a GET is retried.
   */
  raw(verb: 'GET' | 'POST', path: string, request: RawRequest = {}, options?: CallOptions): Promise<Json> {
    return this.#pipeline.raw(verb, path, request, options);
  }
}

function readField(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as { readonly [field: string]: unknown })[name] : undefined;
}

/** Returns raw replies. */
class WireCaller implements Caller {
  constructor(protected readonly pipeline: Pipeline) {}

  call<T>(spec: MethodSpec<TypeName>, params: readonly PathPart[], request: object | undefined, options?: CallOptions): Promise<T> {
    return this.pipeline.call(spec, params, request, options) as Promise<T>;
  }

  file(
    spec: MethodSpec<TypeName>,
    params: readonly PathPart[],
    request: object | undefined,
    options?: CallOptions,
  ): ReturnType<Caller['file']> {
    return this.pipeline.file(spec, params, request, options);
  }

  all<T>(spec: MethodSpec<TypeName>, params: readonly PathPart[], request: object, options?: CallOptions): AsyncGenerator<T, void> {
    return this.items(spec, params, request, options) as AsyncGenerator<T, void>;
  }

  batches<T>(
    spec: MethodSpec<TypeName>,
    params: readonly PathPart[],
    request: object,
    options?: BatchOptions,
  ): AsyncGenerator<BatchReport<T>, void> {
    return batchesOf((part) => this.call<T>(spec, params, part, options), spec, request, options);
  }

  protected items(
    spec: MethodSpec<TypeName>,
    params: readonly PathPart[],
    request: object,
    options?: CallOptions,
  ): AsyncGenerator<unknown, void> {
    return allItems((...args) => this.pipeline.call(...args), spec, params, request, options);
  }
}

/** Returns normalised replies. */
class ExactCaller extends WireCaller {
  override async call<T>(
    spec: MethodSpec<TypeName>,
    params: readonly PathPart[],
    request: object | undefined,
    options?: CallOptions,
  ): Promise<T> {
    const json = await this.pipeline.call(spec, params, request, options);
    return this.#normalise(spec, (normaliser) => normaliser.answer(spec.response, json)) as T;
  }

  protected override async *items(
    spec: MethodSpec<TypeName>,
    params: readonly PathPart[],
    request: object,
    options?: CallOptions,
  ): AsyncGenerator<unknown, void> {
    const list = spec.paging && listFields(spec.response).get(spec.paging.list);
    for await (const item of super.items(spec, params, request, options)) {
      yield list?.kind === 'list' ? this.#normalise(spec, (normaliser) => normaliser.item(list.of, item as Json)) : item;
    }
  }

  #normalise(spec: MethodSpec<TypeName>, read: (normaliser: Normaliser) => unknown): unknown {
    try {
      return read(new Normaliser(this.pipeline.timeZone));
    } catch (error) {
      if (!(error instanceof NormalisingError)) throw error;
      throw new ReplyError(`the reply cannot be read: ${error.message}`, { verb: spec.verb, path: spec.path, status: 200 });
    }
  }
}

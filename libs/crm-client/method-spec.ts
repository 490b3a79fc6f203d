/** A type in the generated data: its base's name and its fields in short notation (`parseFieldType`). */
export interface TypeSource {
  readonly base?: string;
  readonly fields: { readonly [field: string]: string };
}

/** A method of the API: its address, request and reply. */
export interface MethodSpec<Name extends string = string> {
  /** `group.name`. */
  readonly key: string;
  readonly group: string;
  readonly name: string;
  readonly verb: 'GET' | 'POST';
  /** With its parameters in braces: `/api/v5/orders/{identifier}`. */
  readonly path: string;
  /** Names of the parameters in the path, in their order. */
  readonly params: readonly string[];
  readonly request: Name | null;
  readonly response: Name;
  readonly body: 'query' | 'form' | 'raw';
  readonly reply: 'json' | 'file';
  /** The CRM's limit that counts the call: 10 requests per second, or 40 for telephony. */
  readonly limit: 'general' | 'telephony';
  /** The list in the request that has a maximum length. `stated`: the reference contains the length. */
  readonly batch: { readonly field: string; readonly max: number; readonly stated: boolean } | null;
  /**
   * How the reply is paged and which field contains the page. `sinceId` marks a history with
   * `filter.sinceId`.
   */
  readonly paging: { readonly by: 'page' | 'cursor'; readonly list: string; readonly sinceId: boolean } | null;
  /** Fields of the reply that the real API sends as an object keyed by code. */
  readonly keyed: readonly string[];
  /** The scope that the key needs. Null if the reference contains none. */
  readonly scope: string | null;
  /** False: the reference does not contain the scope of this method, so it follows from similar methods. */
  readonly scopeStated: boolean;
  readonly doc: string;
  readonly note: string | null;
}

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
  /** With its parts in braces: `/api/v5/orders/{identifier}`. */
  readonly path: string;
  /** Names of the parts in the path, in their order. */
  readonly params: readonly string[];
  readonly request: Name | null;
  readonly response: Name;
  readonly body: 'query' | 'form' | 'raw';
  readonly reply: 'json' | 'file';
  /** Which of the CRM's two limits counts the call: 10 requests a second, or 40 for telephony. */
  readonly limit: 'general' | 'telephony';
  /** The list in the request that has a greatest length; `stated`: the reference names it. */
  readonly batch: { readonly field: string; readonly max: number; readonly stated: boolean } | null;
  /**
   * How the answer is paged and which field holds the page; `sinceId` marks a history with `filter.sinceId`.
   */
  readonly paging: { readonly by: 'page' | 'cursor'; readonly list: string; readonly sinceId: boolean } | null;
  /** Fields of the answer that the real API sends as an object keyed by code. */
  readonly keyed: readonly string[];
  /** The permission the key needs; null where the reference names none. */
  readonly scope: string | null;
  /** False: the reference does not name the scope of this method, it follows from its siblings. */
  readonly scopeStated: boolean;
  readonly doc: string;
  readonly note: string | null;
}

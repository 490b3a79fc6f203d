import type { MethodName, MethodSpec, TypeName } from '#crm-client/wire';
import type { JsonObject } from '../json.js';
import type { AccountContext } from '../store/account-context.js';
import type { Account, ApiKey } from '../store/state.js';
import type { Arrival } from './arrival-clock.js';
import type { Fault } from './faults.js';

/** A call in progress, with what is known so far. */
export interface ReceivedCall {
  readonly arrival: Arrival;
  readonly journalId: number;
  account?: Account;
  /** The method, by `group.name`. */
  readonly name: string;
  readonly path: string;
  /** Address that was called, `http://host:port`. */
  readonly origin: string;
  /** The key it came with, whether it is good or not. */
  readonly key: string | undefined;
  /** Parameters as sent: JSON fields are text. */
  input: JsonObject;
  fault?: Fault;
  /** HTTP status answered; 0 before that, and when the connection was cut. */
  status: number;
  /** Whether the method was carried out, whatever was answered. */
  isCarriedOut: boolean;
  /** What was against the contract. */
  violations: string[];
  /** What the contract allows and still looks like a mistake. */
  remarks: string[];
}

/** One call of the API, authenticated and parsed. */
export interface Call {
  readonly method: MethodSpec<TypeName>;
  readonly key: ApiKey;
  /** The account that is called. */
  readonly crm: AccountContext;
  /** Parts of the path by name, decoded. */
  readonly path: { readonly [name: string]: string };
  /** The parameters (query of a GET, form of a POST) in the types of the method's request. */
  readonly input: JsonObject;
  /** The raw body, for uploads. */
  readonly body: Buffer;
  readonly contentType: string | undefined;
  /** The id that this call has in the journal. */
  readonly journalId: number;
  /** Adds a header to the answer. */
  header(name: string, value: string): void;
  /** Notes something that is allowed and still worth showing in the journal. */
  remark(message: string): void;
}

/** Bytes in place of JSON: a downloaded file. */
export class FileAnswer {
  /** Takes the content, its media type and the file's name. */
  constructor(
    readonly bytes: Buffer,
    readonly type: string,
    readonly filename: string,
  ) {}
}

/** What a method answers: the fields beside `success` (which a handler may set to false), or a file. */
export type Answer = JsonObject | FileAnswer;

/** The behaviour of one method. Refusals are thrown as `ApiError`. */
export type Handler = (call: Call) => Answer | Promise<Answer>;

/** The behaviour of some methods, by `group.name`. */
export type Handlers = { readonly [name in MethodName]?: Handler };

/** The behaviour of every method of the contract: the compiler refuses a set with one missing. */
export type CompleteHandlers = { readonly [name in MethodName]: Handler };

import type { MethodName, MethodSpec, TypeName } from '#crm-client/wire';
import type { JsonObject } from '../json.js';
import type { AccountContext } from '../store/account-context.js';
import type { Account, ApiKey } from '../store/state.js';
import type { Arrival } from './arrival-clock.js';
import type { Fault } from './faults.js';

/** A call in progress, with the data known so far. */
export interface ReceivedCall {
  readonly arrival: Arrival;
  readonly exchangeId: number;
  account?: Account;
  /** The method as `group.name`. */
  readonly name: string;
  readonly path: string;
  /** Origin of the called URL, `http://host:port`. */
  readonly origin: string;
  /** The key of the call, valid or not. */
  readonly key: string | undefined;
  /** Parameters as sent: JSON fields are text. */
  input: JsonObject;
  fault?: Fault;
  /** HTTP status of the reply. 0 before the reply, and if the connection was cut. */
  status: number;
  /** Whether the method was run, whatever the reply. */
  isCarriedOut: boolean;
  /** Violations of the contract. */
  violations: string[];
  /** Things that the contract allows but that look like a mistake. */
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
  /** Id of the exchange. */
  readonly exchangeId: number;
  /** Adds a header to the reply. */
  header(name: string, value: string): void;
  /** Adds a remark to the exchange about something that is allowed but looks like a mistake. */
  remark(message: string): void;
}

/** Bytes instead of JSON: a downloaded file. */
export class FileAnswer {
  /** Takes the content, its media type and the file's name. */
  constructor(
    readonly bytes: Buffer,
    readonly type: string,
    readonly filename: string,
  ) {}
}

/** A method's reply: the fields next to `success` (which a handler may set to false), or a file. */
export type Answer = JsonObject | FileAnswer;

/** The behavior of one method. Errors are thrown as `ApiError`. */
export type Handler = (call: Call) => Answer | Promise<Answer>;

/** The behavior of some methods, by `group.name`. */
export type Handlers = { readonly [name in MethodName]?: Handler };

/** The behavior of every method of the contract. The compiler rejects a set in which one is missing. */
export type CompleteHandlers = { readonly [name in MethodName]: Handler };

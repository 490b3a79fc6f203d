import type { FastifyRequest } from 'fastify';
import type { HttpFault, ServiceAnswer } from './faults.js';
import type { KeyPolicy } from './keys.js';
import type { ModeTable } from './modes.js';
import type { Refusal } from './refusal.js';
import type { HookFlush, HookRules } from './webhooks.js';
import type { Fields, Infer, WireCall, WireError } from './wire.js';

/** Who calls the API. */
export interface DoubleAccount {
  /** Sent as `authorization: Bearer`, unless the rule `findAccount` reads another proof. */
  token?: string;
  /** The address that receives its webhooks. Undefined: it gets no webhooks. */
  webhookUrl?: string | undefined;
  /** Signs its webhooks. */
  webhookSecret?: string;
}

/** The input of an act. */
export interface Input<A, B = unknown> {
  account: A;
  /** The values of `:name` in the path, decoded. `id` is the first. */
  params: Readonly<Record<string, string>>;
  id: string;
  query: Readonly<Record<string, string | undefined>>;
  /** In the form of the call's schema. */
  body: B;
  /** The facts of the call: several may have one name. */
  call: WireCall;
  request: FastifyRequest;
}

/** A reply that is not JSON, or has another status than the call's description. */
export class Answer {
  constructor(readonly given: ServiceAnswer) {}
}

/** The body that a call's schema accepts. */
export type BodyOf<Facts> = Facts extends { body: infer S }
  ? Infer<S> | (Facts extends { isBodyOptional: true } ? undefined : never)
  : undefined;
/** Acts by the names of the calls. Each returns the JSON to reply, or an Answer, or throws a Refusal. */
export type Acts<W extends readonly WireCall[], A> = {
  readonly [Facts in W[number] as Facts['call']]: (input: Input<A, BodyOf<Facts>>) => object | Promise<object>;
};

/** A received call. */
export interface Received<Call extends string = string> {
  call: Call;
  method: string;
  /** With the query, unless the call is open. */
  url: string;
  /**
   * The JSON, a form's fields or the text. Undefined without a body, for uploads, and for open calls: they
   * carry secrets.
   */
  body: unknown;
  idempotencyKey: string | undefined;
  /** Whether the call had the header `authorization`. */
  withToken: boolean;
  /** The number of the caller's account in `accounts`. -1 if the account is unknown. */
  by: number;
  /** Whether the reply was the reply of an earlier call with the same key. */
  replayed: boolean;
  /** When it came, in milliseconds since 1970. */
  at: number;
  /** The status of its answer. 0 until there is one. */
  status: number;
}

/** A fault of a service. `refuse` needs a code or a message. */
export type Fault<Own extends string = never> =
  | HttpFault
  /** Replies that the token is not, or no longer, valid. Does nothing. */
  | { kind: 'unauthorized' }
  /** Replies an error of the service. Does nothing. */
  | (FaultFields & { kind: 'refuse' | Own });

export type FaultFields = { kind: string; code?: string; status?: number; message?: string };
/** A service's own fault: a refusal instead of the act, or a change of its answer. */
export type OwnFaultRule =
  | Refusal
  | ((fault: FaultFields) => Refusal)
  | { spoil(answer: ServiceAnswer, fault: FaultFields): ServiceAnswer };

/** The facts of a service. The rest of a double is its actions, and the actions of people. */
export interface DoubleRules<
  W extends readonly WireCall[],
  A,
  M extends ModeTable = ModeTable,
  Own extends string = string,
  Flush extends HookFlush = HookFlush,
> {
  wire: W;
  /** The first account's token, which signs its webhooks, too. */
  token?: string;
  modes?: M;
  faults?: Readonly<Record<Own, OwnFaultRule>>;
  unauthorized?: Refusal | (() => Refusal);
  /** The bodies of 500 and 429. A 429 by the seconds to wait has no `Retry-After`. */
  failed?: Refusal;
  tooMany?: Refusal | ((seconds: number) => Refusal);
  /** The status of a planned `refuse` without one. By default 409. */
  refusalStatus?: number;
  /** The refusal of a body or query that does not fit its schema. */
  toWrong?(wrong: WireError, call: W[number]['call'], all: readonly WireError[]): Refusal;
  /** The body of a refusal: JSON, or a text with the refusal's `content-type`. `path`: of the call. */
  writeRefusal?(refusal: Refusal, path: string): object | string;
  /** Finds the caller, or throws Refusal. By default by the bearer token. */
  findAccount?(request: FastifyRequest, accounts: readonly A[]): A | undefined;
  /** Only the header is needed: `USUAL_KEYS` has the rest. */
  keys?: Pick<KeyPolicy, 'header'> & Partial<KeyPolicy>;
  hooks?: HookRules<Flush>;
  /** Fields of the service's own ways to post held webhooks. */
  flush?: Fields;
  /** The headers of every reply. */
  headers?(): Record<string, string>;
  /** Maximum bytes of a body. By default 8 MB. */
  bodyLimit?: number;
}

/** Options for starting a double by hand. */
export interface DoubleOptions {
  /** By default a free one. */
  port?: number;
  /** The address for its webhooks. Without it, it posts none. */
  webhookUrl?: string | undefined;
}

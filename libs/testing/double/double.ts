import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Hand, type Lists, serveControl, WEBHOOK_URL } from './control.js';
import { type HttpFault, PlannedFaults, playFault, type ServiceAnswer } from './faults.js';
import { IdempotencyKeys } from './keys.js';
import { type AllModes, firstModes, type ModeTable } from './modes.js';
import { Refusal } from './refusal.js';
import { type Hook, type HookFlush, type HookRules, Webhooks } from './webhooks.js';
import { findWrong, type Infer, listCallNames, listWrong, object, type Schema, type WireCall, type WireError } from './wire.js';

/** Who calls the API. */
export interface DoubleAccount {
  /** Sent as `authorization: Bearer`, unless the rule `findAccount` reads another proof. */
  token?: string;
  /** Where its webhooks go. Undefined: nowhere. */
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
  /** As the call's schema wants it. */
  body: B;
  /** The facts of the call: several may have one name. */
  call: WireCall;
  request: FastifyRequest;
}

/** An answer that is not JSON, or has another status than the call's facts say. */
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
  /** Whether it had the header `authorization`. */
  withToken: boolean;
  /** The number of its account in `accounts`. -1 if it is unknown. */
  by: number;
  /** It got the answer of an earlier call with its key. */
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
  | { kind: 'refuse'; code?: string; status?: number; message?: string }
  | { kind: Own; code?: string; status?: number; message?: string };

type FaultFields = { kind: string; code?: string; status?: number; message?: string };
/** A service's own fault: a refusal instead of the act, or a change of its answer. */
export type OwnFaultRule =
  | Refusal
  | ((fault: FaultFields) => Refusal)
  | { spoil(answer: ServiceAnswer, fault: FaultFields): ServiceAnswer };

/** How a service treats idempotency keys. */
export interface KeyPolicy {
  /** In lower case. */
  header: string;
  /** Throws the refusal of a key that is malformed or missing. A call without a key that is accepted acts. */
  check(key: string | undefined): void;
  /** Seconds until a key is forgotten. */
  lifeSeconds(): number;
  /** The refusals of a key that came with another call, or whose first call still runs. */
  otherCall: Refusal;
  running: Refusal;
  /** Whether a repeat acts again. */
  isForgotten?(call: string): boolean;
  /** The reply to a repeat after a call that acted and replied an error. Its result when left out. */
  afterError?(): 'result' | 'error' | Refusal;
  /** Whether a repeat gets this refusal again. The key of a refused call is free when left out. */
  keeps?(refusal: Refusal): boolean;
  /** Changes the answer that a repeat gets. */
  replay?(answer: ServiceAnswer): ServiceAnswer;
}

/** The facts of a service. The rest of a double is its acts, and what people do. */
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
  /** The status of a planned `refuse` without one. 409 when left out. */
  refusalStatus?: number;
  /** The refusal of a body or query that does not fit its schema. `listAll` returns all mistakes. */
  toWrong?(wrong: WireError, call: W[number]['call'], listAll: () => WireError[]): Refusal;
  /** The body of a refusal: JSON, or a text with the refusal's `content-type`. `path`: of the call. */
  writeRefusal?(refusal: Refusal, path: string): object | string;
  /** Finds the caller, or throws Refusal. By the bearer token when left out. */
  findAccount?(request: FastifyRequest, accounts: readonly A[]): A | undefined;
  keys?: KeyPolicy;
  hooks?: HookRules<Flush>;
  /** Fields of the service's own ways to post held webhooks. */
  flush?: Schema;
  /** The headers of every reply. */
  headers?(): Record<string, string>;
  /** Bytes of a body. 8 MB when left out. */
  bodyLimit?: number;
}

/** How a double is started by hand. */
export interface DoubleOptions {
  /** A free one when left out. */
  port?: number;
  /** The address for its webhooks. It posts none when left out. */
  webhookUrl?: string | undefined;
}

const UNAUTHORIZED = new Refusal(401, 'unauthorized', 'The token is not known');
const FAILED = new Refusal(500, 'internal', 'Something went wrong');
const TOO_MANY = new Refusal(429, 'rate_limited', 'Too many requests');
const MOST_CALLS = 10_000;

/**
 * An outside service in memory, made of its facts (`DoubleRules`) and its acts. Tests play people and time by
 * its methods, a developer under `/control` (`libs/testing/README.md`).
 */
export abstract class Double<
  W extends readonly WireCall[],
  A extends object = DoubleAccount,
  M extends ModeTable = Record<never, never>,
  Own extends string = never,
  Flush extends HookFlush = HookFlush,
> {
  readonly app: FastifyInstance;
  readonly modes: AllModes<M>;
  readonly webhooks: Webhooks<Flush>;
  readonly faults: PlannedFaults<W[number]['call'], Fault<Own>>;
  /** All received calls, in order, failed ones included. The last 10,000. */
  readonly calls: Received<W[number]['call']>[] = [];
  readonly accounts: A[] = [];
  /** Replies that the double's schemas do not allow. With any, `close` throws. */
  readonly faultyAnswers: string[] = [];
  /** Seconds that tests have let pass. */
  passed = 0;
  private readonly acted = new Map<string, number>();
  private readonly perSecond = new Map<unknown, { second: number; calls: number }>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private keys: IdempotencyKeys<ServiceAnswer> | undefined;
  private address = '';

  protected constructor(protected readonly rules: DoubleRules<W, A, M, Own, Flush>) {
    const own = Object.fromEntries(Object.keys(rules.faults ?? {}).map((kind) => [kind, []]));
    const open = rules.wire.filter(({ isOpen }) => isOpen).map(({ call }) => call);
    this.faults = new PlannedFaults(listCallNames(rules.wire), { unauthorized: [], refuse: ['code|message'], ...own } as never, open);
    this.modes = firstModes(rules.modes ?? ({} as M));
    this.webhooks = new Webhooks(rules.hooks ?? {});
    this.app = Fastify({
      ...{ forceCloseConnections: true, bodyLimit: rules.bodyLimit ?? 8 * 1_024 * 1_024 },
      ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    });
    this.app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    this.keys = this.makeKeys();
    if (rules.token !== undefined) this.accounts.push({ token: rules.token, webhookSecret: rules.token } as A);
  }

  /** Acts by hand, by the path under `/control`. */
  protected listHands(): Readonly<Record<string, Hand>> {
    return {};
  }

  /** Lists for the control, by the path under `/control`. */
  protected listThings(): Lists {
    return {};
  }

  /** The references of all standing records. A record made twice has its reference twice. */
  protected listReferences(): readonly string[] {
    return [];
  }

  /** Records whose times (fields that end with `At`, in seconds since 1970) become older as time passes. */
  protected listRecords(): readonly object[] {
    return [];
  }

  /** Returns to the records of the start. */
  protected forget(): void {}

  /** Starts to listen on this machine. Throws when the port is taken. */
  async listen({ port = 0, webhookUrl }: DoubleOptions = {}): Promise<this> {
    const [account] = this.accounts as DoubleAccount[];
    if (account && webhookUrl !== undefined) account.webhookUrl = webhookUrl;
    serveControl(this.app, this as never, {
      ...{ modes: this.rules.modes ?? {}, lists: this.listThings(), flush: this.rules.flush ?? object({}) },
      hands: { 'webhook-url': { schema: WEBHOOK_URL, act: this.setWebhookUrl }, ...this.listHands() },
    });
    this.address = await this.app.listen({ host: '127.0.0.1', port });
    return this;
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return this.address;
  }

  /** Seconds since 1970, with their fraction. */
  get now(): number {
    return Date.now() / 1_000;
  }

  /** The first account's. */
  get token(): string {
    return (this.accounts[0] as DoubleAccount | undefined)?.token ?? '';
  }

  /** The settings for the account page, as a line for people. */
  get settingsText(): string {
    return `address ${this.url}, token ${this.token}`;
  }

  /** Stops it and cancels planned acts. Throws if it has faulty answers. */
  async close(): Promise<void> {
    this.forgetWhatIsDue();
    await this.webhooks.stop();
    await this.app.close();
    const faulty = [...new Set(this.faultyAnswers)];
    if (faulty.length > 0) throw new Error(`The double broke its own schemas:\n  ${faulty.slice(0, 20).join('\n  ')}`);
  }

  /**
   * The next calls of that name (`*`: of any but open ones) go wrong so. One call when `times` is left out.
   */
  fail(call: W[number]['call'] | '*', fault: Fault<Own>, times = 1): void {
    this.faults.add(call, fault, times);
  }

  /** Does something later, unless closed or reset before. */
  readonly later = (ms: number, action: () => void): void => {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, ms);
    this.timers.add(timer);
  };

  /** Sets where the webhooks of an account go: the first one's without a token. */
  readonly setWebhookUrl = ({ url, token }: { url: string | undefined; token?: string }): void => {
    const account = (this.accounts as DoubleAccount[]).find((one) => token === undefined || one.token === token);
    if (!account) throw new Error('there is no account with that token');
    account.webhookUrl = url;
  };

  setModes(modes: Partial<AllModes<M>>): void {
    Object.assign(this.modes, modes);
  }

  /** Lets time pass: everything it has becomes older, so that its clients need no other clock. */
  advance(seconds: number): void {
    this.passed += seconds;
    makeOlder(this.listRecords(), seconds);
  }

  /** Forgets everything but its first account and faulty replies. Modes have their defaults. */
  reset(): void {
    this.forgetWhatIsDue();
    this.passed = 0;
    this.setModes(firstModes(this.rules.modes ?? ({} as M)));
    this.forget();
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.calls.length = 0;
    this.acted.clear();
    this.perSecond.clear();
    this.keys = this.makeKeys();
  }

  /** How often a call was received. */
  countCalls(call: W[number]['call']): number {
    return this.calls.filter((one) => one.call === call).length;
  }

  /** How often calls have done what they are for, whatever was replied. Repeats of a key do not count. */
  made(...calls: W[number]['call'][]): number {
    return calls.reduce((sum, call) => sum + (this.acted.get(call) ?? 0), 0);
  }

  /** References that more than one standing record has: something was done twice. */
  duplicates(): string[] {
    const all = this.listReferences();
    return [...new Set(all.filter((one, index) => all.indexOf(one) !== index))];
  }

  /** Its state, for the control. */
  describe(): object {
    const { webhooks, calls, faultyAnswers } = this;
    const modes = Object.fromEntries(Object.entries(this.modes).map(([name, mode]) => [name, mode ?? null]));
    const counts = Object.entries(this.listThings()).map(([name, list]) => [name, list({}).length]);
    return {
      ...Object.fromEntries(counts),
      ...{ modes: { ...modes, webhooks: webhooks.mode }, duplicates: this.duplicates(), made: Object.fromEntries(this.acted) },
      ...{ calls: calls.length, webhooks: webhooks.attempts, subscriptions: webhooks.subscriptions, faultyAnswers },
    };
  }

  /** Serves the calls of the API: each fact of the wire with the act of its name. */
  protected serve(acts: Acts<W, A>): void {
    void this.app.register((api, _options, done) => {
      // Bodies stay raw: the service has its own refusals for them.
      api.removeAllContentTypeParsers();
      api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
      api.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
        const { statusCode: status = 500, message } = error;
        return this.refuse(reply, new Refusal(status, status < 500 ? 'invalid' : 'internal', message), request.url);
      });
      for (const call of this.rules.wire)
        api.route({
          ...{ method: call.method, url: call.path, exposeHeadRoute: false },
          handler: (request, reply) => this.handle(call, acts[call.call as W[number]['call']] as Act<A>, request, reply),
        });
      api.all('/*', (request, reply) => {
        const refusal = new Refusal(404, 'not_found', `${request.method} ${request.url.split('?')[0]} does not exist.`);
        return this.refuse(reply, refusal, request.url);
      });
      done();
    });
  }

  /** Posts an event to an account (the first when left out), or keeps it, depending on the mode. */
  protected tell({
    account = this.accounts[0],
    ...event
  }: Omit<Hook, 'url'> & { account?: A | undefined; url?: string | undefined }): void {
    const { webhookUrl = '', webhookSecret } = (account ?? {}) as DoubleAccount;
    const hook = { url: webhookUrl, secret: webhookSecret, ...event };
    const add = (): void => this.webhooks.add({ ...hook, url: hook.url ?? '' });
    if (this.modes.webhookDelayMs > 0) this.later(this.modes.webhookDelayMs, add);
    else add();
  }

  /** Throws the refusal of a query that does not fit. For schemas that depend on a mode. */
  protected checkQuery(call: W[number]['call'], schema: Schema | undefined, query: Readonly<Record<string, string | undefined>>): void {
    const wrong = schema && findWrong(schema, { ...query }, true);
    if (wrong) throw this.toWrong({ ...wrong, path: wrong.path.replace(/^\$\.?/, '') }, call);
  }

  /** A body in the form that people want to look at. */
  protected look(request: FastifyRequest): unknown {
    return readLoosely(request);
  }

  /** The failure of a call: planned, or because there are too many. */
  protected takeFault(call: W[number]['call'], account: A | undefined, _request: FastifyRequest): Fault<Own> | undefined {
    return this.isTooMany(account) ? { kind: 'rate-limit' } : this.faults.take(call);
  }

  protected writeRefusal(refusal: Refusal, path: string): object | string {
    const { code, message, details } = refusal;
    return this.rules.writeRefusal?.(refusal, path) ?? { error: { code, message, ...(details !== undefined && { fields: details }) } };
  }

  private async handle(call: WireCall, act: Act<A>, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { rules } = this;
    const [path = ''] = request.url.split('?');
    const header = rules.keys && request.headers[rules.keys.header];
    const received: Received<W[number]['call']> = {
      ...{ call: call.call, method: request.method, url: call.isOpen ? path : request.url, replayed: false },
      withToken: request.headers.authorization !== undefined,
      ...{ body: call.isOpen ? undefined : this.look(request), idempotencyKey: typeof header === 'string' ? header : undefined },
      ...{ by: -1, at: Date.now(), status: 0 },
    };
    if (this.calls.push(received) > MOST_CALLS) this.calls.shift();
    void reply.headers(rules.headers?.() ?? {});
    const account = call.isOpen ? undefined : this.findCaller(request);
    const known = account instanceof Refusal ? undefined : account;
    if (known) received.by = this.accounts.indexOf(known);
    const fault = account instanceof Refusal ? undefined : this.takeFault(call.call, known, request);
    if (this.modes.latencyMs > 0 && !(account instanceof Refusal)) await sleep(this.modes.latencyMs);
    const own = fault && rules.faults?.[fault.kind as Own];
    const isAfter = own !== undefined && 'spoil' in own;
    const isKept = call.isKeyed === true && received.idempotencyKey !== undefined;
    try {
      return await playFault<{ kind: string }>({
        // The key handles these two.
        fault: isAfter || (isKept && (fault?.kind === 'delay' || fault?.kind === 'error-after')) ? undefined : fault,
        ...{ reply, later: this.later },
        errors: {
          failed: this.writeRefusal(rules.failed ?? FAILED, path),
          tooMany: (seconds) => this.toTooMany(seconds, path),
          toRefusal: (given) => this.toRefusal(given),
        },
        act: async () => {
          if (account instanceof Refusal || (!account && !call.isOpen)) throw account ?? this.unauthorized;
          const perform = (): Promise<ServiceAnswer> => this.act(call, act, account as A, request);
          if (call.isKeyed) rules.keys?.check(received.idempotencyKey);
          const answer = await (isKept && rules.keys ? this.actOnce(rules.keys, received, account as A, fault, perform, path) : perform());
          return isAfter && fault ? own.spoil(answer, fault) : answer;
        },
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.refuse(reply, error, path);
    } finally {
      received.status = reply.statusCode;
    }
  }

  private async act(call: WireCall, act: Act<A>, account: A, request: FastifyRequest): Promise<ServiceAnswer> {
    const params = request.params as Record<string, string>;
    const query: Record<string, string> = Object.fromEntries(new URL(request.url, 'http://double').searchParams);
    this.checkQuery(call.call, call.query, query);
    const body = this.readBody(call, request);
    const answer = await act({ account, params, id: Object.values(params)[0] ?? '', query, body, call, request });
    this.acted.set(call.call, (this.acted.get(call.call) ?? 0) + 1);
    const given: ServiceAnswer = answer instanceof Answer ? answer.given : { json: answer };
    // As it is now: later changes of the records do not change an answer that a key keeps.
    const json: unknown = given.json && JSON.parse(JSON.stringify(given.json));
    const faulty = call.reply && json !== undefined && (given.status ?? 200) < 300 ? findWrong(call.reply, json) : undefined;
    if (faulty) this.faultyAnswers.push(`${call.call}: ${faulty.path} ${faulty.message}`);
    return { status: call.status ?? 200, ...given, ...(json !== undefined && { json }) };
  }

  private readBody(call: WireCall, request: FastifyRequest): unknown {
    const bytes = request.body as Buffer | undefined;
    const type = request.headers['content-type'] ?? '';
    if (!bytes?.length) {
      if (call.body && !call.isBodyOptional)
        throw this.toWrong({ keyword: 'required', path: '$', message: 'a body is required' }, call.call);
      return undefined;
    }
    if (!call.body) throw this.toWrong({ keyword: 'additionalProperties', path: '$', message: 'this call has no body' }, call.call);
    const { bodyType = 'json' } = call;
    if (bodyType === 'bytes') return bytes;
    const wanted = { json: /json/, form: /^application\/x-www-form-urlencoded/, text: /^(text|application)\// }[bodyType];
    if (!wanted.test(type))
      throw this.toWrong({ keyword: 'contentType', path: '$', message: `the content type must be ${bodyType}` }, call.call);
    let body: unknown = bytes.toString('utf8');
    if (bodyType === 'form') body = Object.fromEntries(new URLSearchParams(String(body)));
    else if (bodyType === 'json')
      try {
        body = JSON.parse(String(body));
      } catch {
        throw this.toWrong({ keyword: 'json', path: '$', message: 'The body is not valid JSON.' }, call.call);
      }
    const wrong = findWrong(call.body, body, bodyType === 'form');
    const { body: schema } = call;
    if (wrong) throw this.toWrong(wrong, call.call, () => listWrong(schema, body, bodyType === 'form'));
    return body;
  }

  /** Acts, or returns what is kept for the key. */
  private async actOnce(
    keys: KeyPolicy,
    received: Received,
    account: A,
    fault: { kind: string; ms?: number; status?: number } | undefined,
    act: () => Promise<ServiceAnswer>,
    path: string,
  ): Promise<ServiceAnswer> {
    const once = async (): Promise<{ answer: ServiceAnswer; repeats: ServiceAnswer | undefined }> => {
      // While it takes its time, a second call with its key finds it busy.
      if (fault?.kind === 'delay') await sleep(fault.ms);
      const result = await act().catch((error: unknown) => {
        if (error instanceof Refusal && keys.keeps?.(error)) return this.toAnswer(error, path);
        throw error;
      });
      const isError = fault?.kind === 'error-after';
      const answer = isError ? this.toAnswer(this.rules.failed ?? FAILED, path, fault.status) : result;
      if (keys.isForgotten?.(received.call)) return { answer, repeats: undefined };
      const after = isError ? (keys.afterError?.() ?? 'result') : 'result';
      if (after instanceof Refusal) return { answer, repeats: this.toAnswer(after, path) };
      return { answer, repeats: after === 'error' ? answer : result };
    };
    const key = `${this.accounts.indexOf(account)} ${received.idempotencyKey}`;
    const call = `${received.url} ${JSON.stringify(received.body)}`;
    const { answer, replayed } = (await this.keys?.once(key, call, this.now + this.passed, once)) ?? { answer: {}, replayed: false };
    received.replayed = replayed;
    if (replayed && fault?.kind === 'error-after') return this.toAnswer(this.rules.failed ?? FAILED, path, fault.status);
    return replayed && keys.replay ? keys.replay(answer) : answer;
  }

  private makeKeys(): IdempotencyKeys<ServiceAnswer> | undefined {
    const { keys } = this.rules;
    if (!keys) return undefined;
    return new IdempotencyKeys({ lifeSeconds: () => keys.lifeSeconds(), toOtherCall: () => keys.otherCall, toRunning: () => keys.running });
  }

  private refuse(reply: FastifyReply, refusal: Refusal, path: string): FastifyReply {
    return reply
      .headers(refusal.headers ?? {})
      .code(refusal.status)
      .send(this.writeRefusal(refusal, path));
  }

  private toAnswer(refusal: Refusal, path: string, status = refusal.status): ServiceAnswer {
    return { status, json: this.writeRefusal(refusal, path), ...(refusal.headers && { headers: refusal.headers }) };
  }

  private toTooMany(seconds: number, path: string): ServiceAnswer {
    const { tooMany = TOO_MANY } = this.rules;
    if (typeof tooMany === 'function') return this.toAnswer(tooMany(seconds), path);
    return { ...this.toAnswer(tooMany, path), headers: { 'retry-after': String(seconds) } };
  }

  private toWrong(wrong: WireError, call: W[number]['call'], listAll = () => [wrong]): Refusal {
    return this.rules.toWrong?.(wrong, call, listAll) ?? new Refusal(400, 'invalid', `${wrong.path} ${wrong.message}`);
  }

  private toRefusal(fault: FaultFields): Refusal {
    if (fault.kind === 'unauthorized') return this.unauthorized;
    const rule = this.rules.faults?.[fault.kind as Own];
    if (rule instanceof Refusal) return rule;
    if (typeof rule === 'function') return rule(fault);
    const { code = '', status = this.rules.refusalStatus ?? 409, message = code } = fault;
    return new Refusal(status, code, message);
  }

  private findCaller(request: FastifyRequest): A | Refusal | undefined {
    const { findAccount } = this.rules;
    const [, token] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    try {
      return findAccount
        ? findAccount(request, this.accounts)
        : this.accounts.find((one) => token !== undefined && (one as DoubleAccount).token === token);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  private get unauthorized(): Refusal {
    const { unauthorized = UNAUTHORIZED } = this.rules;
    return typeof unauthorized === 'function' ? unauthorized() : unauthorized;
  }

  private isTooMany(account: unknown): boolean {
    const second = Math.floor(this.now);
    const known = this.perSecond.get(account);
    const calls = (known?.second === second ? known.calls : 0) + 1;
    this.perSecond.set(account, { second, calls });
    return calls > (this.modes.callsPerSecond ?? Number.POSITIVE_INFINITY);
  }

  private forgetWhatIsDue(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}

type Act<A> = (input: Input<A>) => object | Promise<object>;

/** Makes an id: a prefix, then capital letters and digits. */
export function makeId(prefix: string, length: number): string {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return prefix + Array.from(randomBytes(length), (byte) => letters[byte % 32]).join('');
}

/** A body as people want to look at it. */
function readLoosely({ body, headers }: FastifyRequest): unknown {
  if (!(body instanceof Buffer) || body.length === 0) return undefined;
  const text = body.toString('utf8');
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function makeOlder(value: unknown, seconds: number): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value))
    if (name.endsWith('At') && typeof inner === 'number') Object.assign(value, { [name]: inner - seconds });
    else makeOlder(inner, seconds);
}

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { readBody, readLoosely } from './body.js';
import { type Hand, type Lists, serveControl, WEBHOOK_URL } from './control.js';
import { isHttpFault, PlannedFaults, playFault, sendAnswer, type ServiceAnswer } from './faults.js';
import { IdempotencyKeys, type KeyPolicy, USUAL_KEYS } from './keys.js';
import { type AllModes, firstModes, type ModeTable } from './modes.js';
import { Refusal } from './refusal.js';
import {
  type Acts,
  Answer,
  type DoubleAccount,
  type DoubleOptions,
  type DoubleRules,
  type Fault,
  type FaultFields,
  type Input,
  type Received,
} from './rules.js';
import { type Hook, type HookFlush, Webhooks } from './webhooks.js';
import { listWrong, type WireCall, type WireError } from './wire.js';

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
  /** Changes the JSON of a reply. */
  rewrite: ((json: string, call: W[number]['call']) => string) | undefined;
  /** Seconds that tests have let pass. */
  passed = 0;
  private readonly acted = new Map<string, number>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly keys = new IdempotencyKeys();
  private readonly keyPolicy: KeyPolicy | undefined;
  private address = '';

  protected constructor(protected readonly rules: DoubleRules<W, A, M, Own, Flush>) {
    this.keyPolicy = rules.keys && { ...USUAL_KEYS, ...rules.keys };
    const own = Object.fromEntries(Object.keys(rules.faults ?? {}).map((kind) => [kind, []]));
    const open = rules.wire.filter(({ isOpen }) => isOpen).map(({ call }) => call);
    this.faults = new PlannedFaults(
      [...new Set(rules.wire.map(({ call }) => call))],
      { unauthorized: [], refuse: ['code', 'message'], ...own },
      open,
    );
    this.modes = firstModes(rules.modes ?? ({} as M));
    this.webhooks = new Webhooks(rules.hooks ?? {});
    this.app = Fastify({
      ...{ forceCloseConnections: true, bodyLimit: rules.bodyLimit ?? 8 * 1_024 * 1_024 },
      ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    });
    this.app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body));
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
      ...{ modes: this.rules.modes ?? {}, lists: this.listThings(), flush: this.rules.flush ?? {} },
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

  /** The environment variable that points Crossdock at it, printed by `npm run double`. Override it. */
  get variable(): string | undefined {
    return undefined;
  }

  /** Whether `connect` of the provider sets its webhooks up. Override it. */
  get hasConnectedHooks(): boolean {
    return false;
  }

  /** The settings for the account page, as a line for people. */
  get settingsText(): string {
    return `address ${this.url}, token ${this.token}`;
  }

  /** Stops it and cancels planned actions. Throws if it has faulty replies. */
  async close(): Promise<void> {
    this.forgetWhatIsDue();
    await this.webhooks.stop();
    await this.app.close();
    const faulty = [...new Set(this.faultyAnswers)];
    if (faulty.length > 0) throw new Error(`The double broke its own schemas:\n  ${faulty.slice(0, 20).join('\n  ')}`);
  }

  /** Plans a fault for the next calls of that name (`*`: of any but open ones). One call by default. */
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

  /** Sets the address of an account's webhooks: the first account's without a token. */
  readonly setWebhookUrl = ({ url, token }: { url: string | undefined; token?: string }): void => {
    const account = (this.accounts as DoubleAccount[]).find((one) => token === undefined || one.token === token);
    if (!account) throw new Error('there is no account with that token');
    account.webhookUrl = url;
  };

  setModes(modes: Partial<AllModes<M>>): void {
    Object.assign(this.modes, modes);
  }

  /** Makes time pass: everything it has becomes older, so that its clients need no other clock. */
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
    this.keys.clear();
  }

  /** How often a call was received. */
  countCalls(call: W[number]['call']): number {
    return this.calls.filter((one) => one.call === call).length;
  }

  /** How often calls had their effect, whatever the reply was. Repeats of a key do not count. */
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
      ...{ calls: calls.length, webhooks: webhooks.attempts, faultyAnswers },
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
        return this.send(reply, new Refusal(status, status < 500 ? 'invalid' : 'internal', message), request.url);
      });
      for (const call of this.rules.wire)
        api.route({
          ...{ method: call.method, url: call.path, exposeHeadRoute: false },
          handler: (request, reply) => this.handle(call, acts[call.call as W[number]['call']] as Act<A>, request, reply),
        });
      api.all('/*', (request, reply) => {
        const refusal = new Refusal(404, 'not_found', `${request.method} ${request.url.split('?')[0]} does not exist.`);
        return this.send(reply, refusal, request.url);
      });
      done();
    });
  }

  /** Posts an event to an account (by default the first), or keeps it, depending on the mode. */
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

  /** A body in a readable form. */
  protected look(request: FastifyRequest): unknown {
    return readLoosely(request);
  }

  /** The failure of a call: planned, or because there are too many. */
  protected takeFault(call: W[number]['call'], account: A | undefined, _request: FastifyRequest): Fault<Own> | undefined {
    return this.isTooMany(account ? this.accounts.indexOf(account) : -1) ? { kind: 'rate-limit' } : this.faults.take(call);
  }

  protected writeRefusal(refusal: Refusal, path: string): object | string {
    const { code, message, details } = refusal;
    return this.rules.writeRefusal?.(refusal, path) ?? { error: { code, message, ...(details !== undefined && { fields: details }) } };
  }

  private async handle(call: WireCall, acts: Act<A>, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { rules } = this;
    const [path = ''] = request.url.split('?');
    const header = this.keyPolicy && request.headers[this.keyPolicy.header];
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
    const rule = fault && rules.faults?.[fault.kind as Own];
    const spoil = rule && 'spoil' in rule ? rule.spoil : undefined;
    const key = call.isKeyed ? received.idempotencyKey : undefined;
    // The key handles these two.
    const isOfKey = key !== undefined && (fault?.kind === 'delay' || fault?.kind === 'error-after');
    const act = async (): Promise<ServiceAnswer> => {
      if (fault && !spoil && !isHttpFault(fault)) throw this.toRefusal(fault);
      if (account instanceof Refusal || (!account && !call.isOpen)) throw account ?? this.unauthorized;
      const perform = (): Promise<ServiceAnswer> => this.act(call, acts, account as A, request);
      if (call.isKeyed) this.keyPolicy?.check(key);
      const answer = await (key !== undefined && this.keyPolicy ? this.actOnce(this.keyPolicy, received, fault, perform, path) : perform());
      const given = fault && spoil ? spoil(answer, fault) : answer;
      if (!this.rewrite || given.json === undefined) return given;
      return { ...given, json: JSON.parse(this.rewrite(JSON.stringify(given.json), call.call)) };
    };
    try {
      return await playFault({
        ...{ fault: fault && isHttpFault(fault) && !isOfKey ? fault : undefined, reply, act, later: this.later },
        fail: (status) => this.toFailed(path, status),
        refuse: (seconds) => this.toTooMany(seconds, path),
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.send(reply, error, path);
    } finally {
      received.status = reply.statusCode;
    }
  }

  private async act(call: WireCall, act: Act<A>, account: A, request: FastifyRequest): Promise<ServiceAnswer> {
    const params = request.params as Record<string, string>;
    const query: Record<string, string> = Object.fromEntries(new URL(request.url, 'http://double').searchParams);
    const [wrong, ...others] = call.query ? listWrong(call.query, { ...query }, true).map(toParameter) : [];
    if (wrong) throw this.toWrong(wrong, call, [wrong, ...others]);
    const { body, wrong: wrongs = [] } = readBody(call, request);
    if (wrongs[0]) throw this.toWrong(wrongs[0], call, wrongs);
    const answer = await act({ account, params, id: Object.values(params)[0] ?? '', query, body, call, request });
    this.acted.set(call.call, (this.acted.get(call.call) ?? 0) + 1);
    const given: ServiceAnswer = answer instanceof Answer ? answer.given : { json: answer };
    // As it is now: later changes of the records do not change an answer that a key keeps.
    const json: unknown = given.json && JSON.parse(JSON.stringify(given.json));
    const [faulty] = call.reply && json !== undefined && (given.status ?? 200) < 300 ? listWrong(call.reply, json) : [];
    if (faulty) this.faultyAnswers.push(`${call.call}: ${faulty.path} ${faulty.message}`);
    return { status: call.status ?? 200, ...given, ...(json !== undefined && { json }) };
  }

  /** Acts, or returns the kept reply of the key. */
  private async actOnce(
    keys: KeyPolicy,
    received: Received,
    fault: { kind: string; ms?: number; status?: number } | undefined,
    act: () => Promise<ServiceAnswer>,
    path: string,
  ): Promise<ServiceAnswer> {
    const error = fault?.kind === 'error-after' ? this.toFailed(path, fault.status) : undefined;
    const once = async (): Promise<{ answer: ServiceAnswer; repeats: ServiceAnswer | undefined }> => {
      // While it takes its time, a second call with its key finds it busy.
      if (fault?.kind === 'delay') await sleep(fault.ms);
      const result = await act().catch((refusal: unknown) => {
        if (refusal instanceof Refusal && keys.keeps?.(refusal)) return this.toAnswer(refusal, path);
        throw refusal;
      });
      const answer = error ?? result;
      if (keys.isForgotten?.(received.call)) return { answer, repeats: undefined };
      const after = error ? (keys.afterError?.() ?? 'result') : 'result';
      if (after instanceof Refusal) return { answer, repeats: this.toAnswer(after, path) };
      return { answer, repeats: after === 'error' ? answer : result };
    };
    const { by, idempotencyKey, url, body } = received;
    const call = { key: `${by} ${idempotencyKey}`, call: `${url} ${JSON.stringify(body)}`, now: this.now + this.passed };
    const { answer, replayed } = await this.keys.once(keys, call, once);
    received.replayed = replayed;
    return replayed ? (error ?? keys.replay?.(answer) ?? answer) : answer;
  }

  private send(reply: FastifyReply, refusal: Refusal, path: string): FastifyReply {
    return sendAnswer(reply, this.toAnswer(refusal, path));
  }

  private toAnswer(refusal: Refusal, path: string, status = refusal.status): ServiceAnswer {
    const { headers = {} } = refusal;
    const written = this.writeRefusal(refusal, path);
    if (typeof written !== 'string') return { status, headers, json: written };
    return { status, headers, file: { type: headers['content-type'] ?? 'text/plain; charset=utf-8', bytes: written } };
  }

  private toFailed(path: string, status?: number): ServiceAnswer {
    return this.toAnswer(this.rules.failed ?? FAILED, path, status);
  }

  private toTooMany(seconds: number, path: string): ServiceAnswer {
    const { tooMany = TOO_MANY } = this.rules;
    if (typeof tooMany === 'function') return this.toAnswer(tooMany(seconds), path);
    return { ...this.toAnswer(tooMany, path), headers: { 'retry-after': String(seconds) } };
  }

  private toWrong(wrong: WireError, { call }: WireCall, all: readonly WireError[]): Refusal {
    return this.rules.toWrong?.(wrong, call, all) ?? new Refusal(400, 'invalid', `${wrong.path} ${wrong.message}`);
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

  /** Whether an account has made more calls within this second. `counts`: the calls that count. */
  protected isTooMany(by: number, most = this.modes.callsPerSecond ?? Number.POSITIVE_INFINITY, counts = (_call: string) => true): boolean {
    const second = Math.floor(this.now) * 1_000;
    const before = this.calls.findLastIndex(({ at }) => at < second);
    return most < MOST_CALLS && this.calls.slice(before + 1).filter((one) => one.by === by && counts(one.call)).length > most;
  }

  private forgetWhatIsDue(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}

type Act<A> = (input: Input<A>) => object | Promise<object>;

/** The path of a parameter is its name. */
const toParameter = (wrong: WireError): WireError => ({ ...wrong, path: wrong.path.replace(/^\$\.?/, '') });

function makeOlder(value: unknown, seconds: number): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value))
    if (name.endsWith('At') && typeof inner === 'number') Object.assign(value, { [name]: inner - seconds });
    else makeOlder(inner, seconds);
}

/** Makes an id: a prefix, then capital letters and digits. */
export function makeId(prefix: string, length: number): string {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return prefix + Array.from(randomBytes(length), (byte) => letters[byte % 32]).join('');
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hmacSha256Hex } from '#platform/plain';
import { type Fields, flag, list, text, whole } from './wire.js';

/** How held webhooks are posted. */
export interface HookFlush {
  /** How often each is posted. By default once. */
  copies?: number;
  /** The newest first. */
  reverse?: boolean;
  /** The numbers of the events to post, from 0. */
  order?: readonly number[];
  /** Only events of these actions. The others are lost. */
  only?: readonly string[];
  /** Seconds added to the signed time. */
  skewSeconds?: number;
  /** Signs with another secret. */
  forge?: boolean;
}

/** Fields of `POST /control/webhooks`. Services add their own. */
export const FLUSH: Fields = {
  ...{ 'copies?': whole(1), 'reverse?': flag, 'order?': list(whole(0)), 'only?': list(text()), 'skewSeconds?': whole(), 'forge?': flag },
};

/** An event to post. */
export interface Hook {
  /** Empty: it is kept in `events` and not posted. */
  url: string;
  /** Such as `order.paid`. */
  action: string;
  body: object;
  /** Added to the query of the address. */
  query?: Readonly<Record<string, string>> | undefined;
  /** Undefined: it is not signed. */
  secret?: string | undefined;
  /** Kept in the attempt, and for the rules. */
  about?: Readonly<Record<string, unknown>> | undefined;
}

/** One posting of an event. The service's rules write its headers and body. */
export interface HookPosting<Flush extends HookFlush> {
  hook: Hook;
  flush: Flush;
  /** The same for every attempt, unless the rule `repeats` renews it. */
  requestId: string;
  /** Milliseconds since 1970, with `skewSeconds`. */
  at: number;
  /** Another one if it is to be forged. */
  secret: string | undefined;
  /** With the changes of the rule `bend`. */
  query: URLSearchParams;
  body: string;
}

/** A posting that was made. `status` 0: no answer. The hook's `about` is part of it. */
export interface HookAttempt {
  url: string;
  action: string;
  requestId: string;
  status: number;
  [about: string]: unknown;
}

/** The answer to one posting. */
export interface WebhookAnswer {
  /** 0: no answer. */
  status: number;
  body: string;
  /** There was no answer within `timeoutMs`. */
  timedOut: boolean;
}

/** How a service posts its webhooks. */
export interface HookRules<Flush extends HookFlush> {
  /** Maximum attempts per event. By default 5. */
  attempts?: number;
  retryMs?: number;
  timeoutMs?: number;
  /** `form` posts the body's fields as a form. */
  type?: 'json' | 'form';
  /** Writes a JSON body as the service does, if its bytes are signed. */
  write?(body: object): string;
  /** The replies that end the attempts. By default 200 to 299 and 400 to 499. */
  isTaken?(answer: WebhookAnswer, hook: Hook): boolean;
  /** The parts that a repeat shares with the first attempt. By default everything. */
  repeats?(): 'same' | 'new-time' | 'new-request';
  /** The headers that prove it, or that the service adds. By default `x-timestamp` and `x-signature`. */
  sign?(posting: HookPosting<Flush>): Record<string, string>;
  /** Changes body and query according to the flush. */
  bend?(hook: Hook, flush: Flush): { body?: object; query?: Readonly<Record<string, string>> };
  /**
   * Events of one lane are posted one by one. By default all are in one lane. Undefined if it waits for no
   * other.
   */
  laneOf?(hook: Hook): string | undefined;
  /** Whether an event is no longer posted when its turn comes, or before another attempt. */
  isStale?(hook: Hook): boolean;
  /** Receives the last answer to an event, unless it was stopped. */
  conclude?(hook: Hook, answer: WebhookAnswer, afterMs: number): void;
}

/** An event on its way. */
interface Waiting {
  hook: Hook;
  requestId: string;
  at: number;
  isRepeat: boolean;
}

/** Posts events by the rules of the service until they are accepted or given up. A lane posts one by one. */
export class Webhooks<Flush extends HookFlush = HookFlush> {
  /** `auto` posts immediately, `hold` keeps them for `flush`, `off` drops them. */
  mode: 'auto' | 'hold' | 'off' = 'auto';
  /** Milliseconds between attempts, and until one is given up. */
  retryMs: number;
  timeoutMs: number;
  /** Attempts per event. */
  attemptsMost: number;
  readonly attempts: HookAttempt[] = [];
  /** All events so far, in order, posted or not. */
  readonly events: Hook[] = [];
  private held: Waiting[] = [];
  private readonly stopping = new AbortController();
  /** The ends of running postings, by lane. */
  private readonly lanes = new Map<string, Promise<void>>();
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly rules: HookRules<Flush>) {
    [this.retryMs, this.timeoutMs, this.attemptsMost] = [rules.retryMs ?? 200, rules.timeoutMs ?? 5_000, rules.attempts ?? 5];
  }

  /** Records an event, and posts it as the mode allows. */
  add(hook: Hook): void {
    this.events.push(hook);
    if (hook.url === '' || this.mode === 'off') return;
    if (this.mode === 'hold') this.held.push(toWaiting(hook));
    else this.enqueue(toWaiting(hook), {} as Flush);
  }

  /** Posts the held events, waits until each got a reply or was given up, and returns all attempts so far. */
  async flush(options: Flush = {} as Flush): Promise<readonly HookAttempt[]> {
    const { order, only, reverse, copies = 1 } = options;
    const held = this.held.splice(0);
    const chosen = order ? order.flatMap((number) => held[number] ?? []) : held;
    const wanted = chosen.filter(({ hook }) => only === undefined || only.includes(hook.action));
    for (let copy = 0; copy < copies; copy++) for (const one of reverse ? wanted.toReversed() : wanted) this.enqueue(one, options);
    await this.last;
    return this.attempts;
  }

  /** Returns all events since the last call as they would be posted now, and forgets them. */
  takeEvents(): { headers: Record<string, string>; body: string }[] {
    return this.events.splice(0).map((hook) => this.write(toWaiting(hook), {} as Flush));
  }

  /** Waits for running postings. */
  async idle(): Promise<void> {
    await this.last;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.last;
  }

  clear(): void {
    this.held = [];
    for (const list of [this.attempts, this.events]) list.length = 0;
  }

  private enqueue(waiting: Waiting, flush: Flush): void {
    const lane = this.rules.laneOf ? this.rules.laneOf(waiting.hook) : '';
    const before = (lane !== undefined && this.lanes.get(lane)) || Promise.resolve();
    const sent = before.then(() => this.send(waiting, flush)).catch(() => undefined);
    if (lane !== undefined) this.lanes.set(lane, sent);
    this.last = Promise.all([this.last, sent]).then(() => undefined);
  }

  private async send(waiting: Waiting, flush: Flush): Promise<void> {
    const { isTaken = isFinal, isStale, conclude } = this.rules;
    const { signal } = this.stopping;
    const { hook } = waiting;
    for (let sent = 1; sent <= this.attemptsMost && !isStale?.(hook); sent++) {
      const { url, headers, body } = this.write(waiting, flush);
      const began = Date.now();
      const answer = await this.post(url, headers, body);
      const { action, about } = hook;
      this.attempts.push({ url, action, requestId: waiting.requestId, ...about, status: answer.status });
      if (signal.aborted) return;
      if (isTaken(answer, hook) || sent === this.attemptsMost) return conclude?.(hook, answer, Date.now() - began);
      await sleep(this.retryMs, undefined, { signal });
    }
  }

  /** Each attempt is signed on its own. */
  private write(waiting: Waiting, flush: Flush): { url: string; headers: Record<string, string>; body: string } {
    const { rules } = this;
    const renewed = waiting.isRepeat ? (rules.repeats?.() ?? 'same') : 'same';
    if (renewed !== 'same') waiting.at = Date.now();
    if (renewed === 'new-request') waiting.requestId = randomUUID();
    waiting.isRepeat = true;
    const { hook, requestId } = waiting;
    const { query: given, body: content } = { query: hook.query, body: hook.body, ...rules.bend?.(hook, flush) };
    const query = new URLSearchParams(given);
    const url = query.size === 0 ? hook.url : `${hook.url}${hook.url.includes('?') ? '&' : '?'}${query.toString()}`;
    const isForm = rules.type === 'form';
    const form = (): string => new URLSearchParams(content as Record<string, string>).toString();
    const body = isForm ? form() : (rules.write?.(content) ?? JSON.stringify(content));
    const secret = flush.forge && hook.secret !== undefined ? `${hook.secret}-forged` : hook.secret;
    const at = waiting.at + (flush.skewSeconds ?? 0) * 1_000;
    const signed = (rules.sign ?? signPlainly)({ hook, flush, requestId, at, secret, query, body });
    const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
    return { url, headers: { 'content-type': type, ...signed }, body };
  }

  private async post(url: string, headers: Record<string, string>, body: string): Promise<WebhookAnswer> {
    const timeout = AbortSignal.timeout(this.timeoutMs);
    const signal = AbortSignal.any([this.stopping.signal, timeout]);
    try {
      const reply = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal });
      return { status: reply.status, body: await reply.text(), timedOut: false };
    } catch {
      return { status: 0, body: '', timedOut: timeout.aborted };
    }
  }
}

const toWaiting = (hook: Hook): Waiting => ({ hook, requestId: randomUUID(), at: Date.now(), isRepeat: false });

/** A client error will not get better. */
const isFinal = ({ status }: WebhookAnswer): boolean => (status >= 200 && status < 300) || (status >= 400 && status < 500);

function signPlainly({ at, body, secret }: { at: number; body: string; secret: string | undefined }): Record<string, string> {
  if (secret === undefined) return {};
  const timestamp = String(Math.floor(at / 1_000));
  return { 'x-timestamp': timestamp, 'x-signature': hmacSha256Hex(secret, `${timestamp}.${body}`) };
}

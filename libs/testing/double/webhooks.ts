import { randomUUID } from 'node:crypto';
import { hmacSha256Hex } from '#platform/plain';
import { type WebhookAnswer, type WebhookFlush, type WebhookPost, WebhookSender } from './sender.js';
import { either, flag, list, object, oneOf, type Schema, text, whole } from './wire.js';

/** How held webhooks are posted. */
export interface HookFlush extends WebhookFlush {
  /** `as-made` (default), the newest first, or the numbers of the events to post, from 0. */
  order?: 'as-made' | 'reverse' | readonly number[];
  /** Only events of these actions. The others are lost. */
  only?: readonly string[];
  /** Seconds added to the signed time. */
  skewSeconds?: number;
  /** Signs with another secret. */
  forge?: boolean;
}

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
  /** The last header of the rule `sign`. Empty without one. */
  signature: string;
  status: number;
  [about: string]: unknown;
}

/** How a service posts its webhooks. */
export interface HookRules<Flush extends HookFlush> {
  /** Attempts per event at most. 5 when left out. */
  attempts?: number;
  retryMs?: number;
  timeoutMs?: number;
  /** `form` posts the body's fields as a form. */
  type?: 'json' | 'form';
  /** Writes a JSON body as the service does, if its bytes are signed. */
  write?(body: object): string;
  /** The answers that end the attempts. 200 to 299 and 400 to 499 when left out. */
  isTaken?(answer: WebhookAnswer, hook: Hook): boolean;
  /** The parts that a repeat shares with the first attempt. Everything when left out. */
  repeats?(): 'same' | 'new-time' | 'new-request';
  /** The headers that prove it, or that the service adds. `x-timestamp` and `x-signature` when left out. */
  sign?(posting: HookPosting<Flush>): Record<string, string>;
  /** Changes body and query as the flush wants. */
  bend?(hook: Hook, flush: Flush): { body?: object; query?: Readonly<Record<string, string>> };
  /**
   * Events of one lane are posted one by one. All are in one lane when left out; undefined: it waits for
   * none.
   */
  laneOf?(hook: Hook): string | undefined;
  /** Whether an event is no longer posted when its turn comes. */
  isStale?(hook: Hook): boolean;
  /** Receives the last answer to an event. */
  conclude?(hook: Hook, answer: WebhookAnswer, afterMs: number): void;
}

interface Waiting {
  hook: Hook;
  requestId: string;
  at: number;
  isRepeat: boolean;
}

/** Fields of `POST /control/webhooks`. Services add their own. */
export const FLUSH: Schema = object(
  {
    ...{
      'copies?': whole(1),
      'reverse?': flag,
      'order?': either<Schema[]>(oneOf('as-made', 'reverse'), list(whole(0))),
      'only?': list(text()),
    },
    ...{ 'skewSeconds?': whole(), 'forge?': flag },
  },
  { additionalProperties: true },
);

/** Posts events by the rules of the service. */
export class Webhooks<Flush extends HookFlush = HookFlush> extends WebhookSender<Waiting, Flush, HookAttempt> {
  /** All events so far, in order, posted or not. */
  readonly events: Hook[] = [];
  /** Of services whose clients subscribe by a call. */
  readonly subscriptions: { uuid: string; url: string; type: string }[] = [];

  constructor(private readonly rules: HookRules<Flush>) {
    super();
    this.retryMs = rules.retryMs ?? this.retryMs;
    this.timeoutMs = rules.timeoutMs ?? this.timeoutMs;
    this.attemptsMost = rules.attempts ?? this.attemptsMost;
  }

  add(hook: Hook): void {
    this.events.push(hook);
    if (hook.url !== '') this.take(toWaiting(hook));
  }

  /** Returns all events since the last call as they would be posted now, and forgets them. */
  takeEvents(): { headers: Record<string, string>; body: string }[] {
    return this.events.splice(0).map((hook) => {
      const { headers, body } = this.toPost(toWaiting(hook), {} as Flush);
      return { headers, body };
    });
  }

  subscribe(url: string, type: string): { uuid: string; url: string; type: string } {
    const subscription = { uuid: randomUUID(), url, type };
    this.subscriptions.push(subscription);
    return subscription;
  }

  /** Returns whether there was one. */
  unsubscribe(uuid: string): boolean {
    const index = this.subscriptions.findIndex((one) => one.uuid === uuid);
    return index !== -1 && this.subscriptions.splice(index, 1).length > 0;
  }

  override clear(): void {
    super.clear();
    this.events.length = 0;
    this.subscriptions.length = 0;
  }

  protected override arrange(waiting: readonly Waiting[], { order, reverse, only }: Flush): Waiting[] {
    const chosen = order instanceof Array ? order.flatMap((number) => waiting[number] ?? []) : waiting;
    const wanted = chosen.filter(({ hook }) => only === undefined || only.includes(hook.action));
    return order === 'reverse' || reverse ? wanted.toReversed() : wanted;
  }

  protected toPost(waiting: Waiting, flush: Flush): WebhookPost<HookAttempt> {
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
    const body = isForm
      ? new URLSearchParams(content as Record<string, string>).toString()
      : (rules.write?.(content) ?? JSON.stringify(content));
    const secret = flush.forge && hook.secret !== undefined ? `${hook.secret}-forged` : hook.secret;
    const at = waiting.at + (flush.skewSeconds ?? 0) * 1_000;
    const posting = { hook, flush, requestId, at, secret, query, body };
    const signed = rules.sign ? rules.sign(posting) : secret === undefined ? {} : signPlainly(posting, secret);
    const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
    const attempt = { url, action: hook.action, requestId, signature: Object.values(signed).at(-1) ?? '', ...hook.about };
    return { url, headers: { 'content-type': type, ...signed }, body, attempt };
  }

  protected override isFinal(answer: WebhookAnswer, { hook }: Waiting): boolean {
    return this.rules.isTaken?.(answer, hook) ?? super.isFinal(answer);
  }

  protected override laneOf({ hook }: Waiting): string | undefined {
    return this.rules.laneOf ? this.rules.laneOf(hook) : '';
  }

  protected override isStale({ hook }: Waiting): boolean {
    return this.rules.isStale?.(hook) ?? false;
  }

  protected override conclude({ hook }: Waiting, answer: WebhookAnswer, afterMs: number): void {
    this.rules.conclude?.(hook, answer, afterMs);
  }
}

const toWaiting = (hook: Hook): Waiting => ({ hook, requestId: randomUUID(), at: Date.now(), isRepeat: false });

const PLAIN = { header: 'x-signature', value: '{hmac}', text: '{timestamp}.{body}' };
function signPlainly({ at, body }: { at: number; body: string }, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  return { 'x-timestamp': timestamp, ...signBy(PLAIN, secret, { timestamp, body }) };
}

/** A signature as most services make it: an HMAC of a text, in a header. */
export interface SignatureScheme {
  header: string;
  /** Such as `ts={ts},v1={hmac}`. */
  value: string;
  /** Such as `id:{id};ts:{ts};`. A part that ends with `;` is left out if its value is missing. */
  text: string;
}

/** Puts values into a text. */
export function fillIn(template: string, values: Readonly<Record<string, string | undefined>>): string {
  return template
    .split(/(?<=;)/)
    .filter((part) => [...part.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => values[name] !== undefined))
    .map((part) => part.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? ''))
    .join('');
}

/** Returns the header of a signature. `values`: by the names in the scheme's texts. */
export function signBy(
  { header, value, text: signed }: SignatureScheme,
  secret: string,
  values: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return { [header]: fillIn(value, { ...values, hmac: hmacSha256Hex(secret, fillIn(signed, values)) }) };
}

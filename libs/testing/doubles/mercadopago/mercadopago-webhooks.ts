import { randomUUID } from 'node:crypto';
import { hmacSha256Hex } from '#platform/plain';
import { type WebhookAnswer, type WebhookFlush, type WebhookPost, WebhookSender } from '../webhook-sender.js';
import type { MercadoPagoModes } from './mercadopago-modes.js';

/** What is signed of a webhook; a part that is missing is left out with its label. */
export interface MercadoPagoSigned {
  /** `data.id` of the query, in the letters that are signed. */
  id?: string | undefined;
  /** The header `x-request-id`. */
  requestId?: string | undefined;
  /** Seconds or milliseconds since 1970. */
  ts: string;
}

/** A notice to post. */
export interface MercadoPagoNotice {
  url: string;
  secret: string;
  /** Such as `order.processed`; the topic of others. */
  action: string;
  /** Goes after the address's own query. */
  query: Readonly<Record<string, string>>;
  body: object;
  isTest: boolean;
  /** The old notices are not. */
  isSigned: boolean;
}

/** How held webhooks are let go. */
export interface MercadoPagoWebhookFlush extends WebhookFlush {
  /** `as-made` (default), or newest first. */
  order?: 'as-made' | 'reverse';
  /** Only those of these actions; the others are lost. */
  only?: readonly string[];
  /** Seconds added to the signed time. */
  skewSeconds?: number;
  /** Signs with another secret. */
  forge?: boolean;
  /** Says another id in the body, which is not signed. */
  bodyId?: string;
  /** Leaves the id out of the query. */
  withoutId?: boolean;
}

/** One posting. `status` 0: no answer. */
export interface MercadoPagoWebhookAttempt {
  url: string;
  action: string;
  requestId: string;
  signature: string;
  status: number;
}

interface Posting {
  notice: MercadoPagoNotice;
  requestId: string;
  /** Milliseconds since 1970. */
  at: number;
  isRepeat: boolean;
}

/** Posts notices, signed, until the answer is 200 or 201; up to 5 times here, for a day at the service. */
export class MercadoPagoWebhooks extends WebhookSender<Posting, MercadoPagoWebhookFlush, MercadoPagoWebhookAttempt> {
  override timeoutMs = 22_000;

  constructor(private readonly modes: MercadoPagoModes) {
    super();
  }

  add(notice: MercadoPagoNotice): void {
    this.take({ notice, requestId: randomUUID(), at: Date.now(), isRepeat: false });
  }

  protected override arrange(postings: readonly Posting[], { order, only }: MercadoPagoWebhookFlush): Posting[] {
    const wanted = postings.filter(({ notice }) => only === undefined || only.includes(notice.action));
    return super.arrange(wanted, { reverse: order === 'reverse' });
  }

  protected toPost(posting: Posting, flush: MercadoPagoWebhookFlush): WebhookPost<MercadoPagoWebhookAttempt> {
    if (posting.isRepeat && this.modes.repeats !== 'same') posting.at = Date.now();
    if (posting.isRepeat && this.modes.repeats === 'new-request') posting.requestId = randomUUID();
    posting.isRepeat = true;
    const { notice, requestId, at } = posting;
    const { 'data.id': id, ...others } = notice.query;
    const query = new URLSearchParams(id === undefined || flush.withoutId ? others : notice.query);
    const url = `${notice.url}${notice.url.includes('?') ? '&' : '?'}${query.toString()}`;
    const time = at + (flush.skewSeconds ?? 0) * 1_000;
    const ts = String(this.modes.signedTime === 'seconds' ? Math.floor(time / 1_000) : time);
    const secret = flush.forge ? `${notice.secret}forged` : notice.secret;
    const signature = sign({ id: this.writeId(query.get('data.id'), notice.isTest), requestId, ts }, secret);
    const { data, ...rest } = notice.body as { data?: object };
    return {
      url,
      headers: { 'content-type': 'application/json', 'x-request-id': requestId, ...(notice.isSigned && { 'x-signature': signature }) },
      body: JSON.stringify(flush.bodyId === undefined ? notice.body : { ...rest, data: { ...data, id: flush.bodyId } }),
      attempt: { url, action: notice.action, requestId, signature },
    };
  }

  /** Whatever else is answered is repeated, a refusal too. */
  protected override isFinal({ status }: WebhookAnswer): boolean {
    return status === 200 || status === 201;
  }

  private writeId(id: string | null, isTest: boolean): string | undefined {
    if (id === null) return undefined;
    switch (this.modes.signedId) {
      case 'exact':
        return id;
      case 'lower':
        return id.toLowerCase();
      case 'by-token':
        return isTest ? id : id.toLowerCase();
      case 'neither':
        return `${id}-of-another-text`;
    }
  }
}

/** The text that is signed. */
export function buildSignedText({ id, requestId, ts }: MercadoPagoSigned): string {
  return `${id === undefined ? '' : `id:${id};`}${requestId === undefined ? '' : `request-id:${requestId};`}ts:${ts};`;
}

/** The header `x-signature`. */
export function sign(signed: MercadoPagoSigned, secret: string): string {
  return `ts=${signed.ts},v1=${hmacSha256Hex(secret, buildSignedText(signed))}`;
}

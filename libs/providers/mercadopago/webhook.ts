import type { PaymentEvent } from '#payment/port';
import { equalInConstantTime, fillIn, findText, hmacSha256Hex, type LocalText, type TextTable } from '#platform';
import {
  anything,
  id,
  maybe,
  type ProviderWebhook,
  readSignatureParts,
  readWebhook,
  shape,
  text,
  type WebhookRequest,
} from '#provider-kit';
import type { MercadoPagoContext, MercadoPagoSettings } from './mercadopago.settings.js';
import { texts } from './mercadopago.texts.js';

/**
 * Maximum difference of the signed time from ours: repeats may carry the first one's, and only make us read.
 */
const TOLERANCE_MS = 7 * 86_400_000;
/** Maximum for a time in seconds. Larger numbers are milliseconds. */
const MOST_SECONDS = 1e12;

/** Mercado Pago's pages spell the topic of orders in both ways. */
const ORDERS: ReadonlySet<string> = new Set(['order', 'orders']);
/** Topics of alerts to report. The documentation spells each in several ways. */
const ALERTS: TextTable = {
  ...{ stop_delivery_op_wh: texts.warnings.fraud, delivery_cancellation: texts.warnings.fraud },
  ...{ topic_claims_integration_wh: texts.warnings.claim, claims: texts.warnings.claim, claim: texts.warnings.claim },
  ...{ topic_chargebacks_wh: texts.warnings.chargeback, chargebacks: texts.warnings.chargeback, chargeback: texts.warnings.chargeback },
};
const ALERT_ID = /^\d{1,25}$/;

const head = shape({ type: maybe(text) });
const event = shape({ data: maybe(shape({ id: maybe(id(100)), external_reference: maybe(id()) })) });
/** An event that is not about an order. Ids are numbers or texts. */
const alert = shape({ data: maybe(shape({ id: anything, payment_id: anything })) });

/**
 * Mercado Pago's webhooks: signed over the query's id, the request's id and a time, with the application's
 * secret. The body is not signed, so it may at most make us read another of our payments.
 */
export class MercadoPagoWebhook implements ProviderWebhook<MercadoPagoSettings, PaymentEvent> {
  verify({ query, headers, rawBody }: WebhookRequest, { settings, now }: MercadoPagoContext): boolean {
    const { ts, v1 } = readSignature(headers['x-signature']);
    if (ts === undefined || v1 === undefined || !isNear(ts, now)) return false;
    const texts = listSignedIds(query, rawBody).flatMap((id) => listSignedTexts(id, headers['x-request-id'], ts));
    // All are tried, so that the time it takes does not show which one fits.
    const secrets = settings.shops.flatMap(({ webhookSecret = '' }) => (webhookSecret === '' ? [] : [webhookSecret]));
    return secrets.flatMap((secret) => texts.map((text) => equalInConstantTime(hmacSha256Hex(secret, text), v1))).includes(true);
  }

  parse(request: WebhookRequest): PaymentEvent[] {
    const { query, headers } = request;
    const topic = query.get('type') ?? readWebhook(request, head).type ?? '';
    const alert = findText(ALERTS, topic);
    if (alert) return parseAlert(request, topic, alert);
    if (!ORDERS.has(topic)) return [];
    const { data = {} } = readWebhook(request, event);
    const order = query.get('data.id') ?? data.id;
    if (!order) return [];
    const { external_reference: reference } = data;
    // Ids of orders are in upper case. Some events have them in lower case.
    const externalId = order.toUpperCase();
    const mark = headers['x-request-id'] ?? readSignature(headers['x-signature']).v1 ?? '';
    return [{ id: `${externalId}:${mark}`.slice(0, 250), externalId, ...(reference && { reference }) }];
  }
}

/** The query's id. If a proxy removed the query, the body's id is mostly the same, or none was signed. */
function listSignedIds(query: URLSearchParams, rawBody: Uint8Array): (string | undefined)[] {
  const id = query.get('data.id');
  if (id) return [id];
  try {
    const { data } = readWebhook({ rawBody }, event);
    return data?.id === undefined ? [undefined] : [undefined, data.id];
  } catch {
    return [undefined];
  }
}

/** The texts that may have been signed: samples differ in the case of the id. A missing part has no label. */
function listSignedTexts(id: string | undefined, requestId: string | undefined, ts: string): string[] {
  const rest = `${requestId ? `request-id:${requestId};` : ''}ts:${ts};`;
  if (!id) return [rest];
  return [...new Set([id, id.toLowerCase(), id.toUpperCase()])].map((one) => `id:${one};${rest}`);
}

function readSignature(header?: string): { ts?: string; v1?: string } {
  const [ts = '', v1 = ''] = ['ts', 'v1'].map((name) => readSignatureParts(header).get(name) ?? '');
  return { ...(/^\d{1,16}$/.test(ts) && { ts }), ...(/^[0-9a-f]{64}$/.test(v1) && { v1 }) };
}

function isNear(ts: string, now: Date): boolean {
  const time = Number(ts);
  return Math.abs((time > MOST_SECONDS ? time : time * 1_000) - now.getTime()) <= TOLERANCE_MS;
}

/**
 * An alert is reported once, however often it changes or is sent. It contains no reference to our payment.
 */
function parseAlert(request: WebhookRequest, topic: string, words: LocalText): PaymentEvent[] {
  const { data } = readWebhook(request, alert);
  const about = [data?.payment_id, request.query.get('data.id'), data?.id].map(String).find((one) => ALERT_ID.test(one));
  return about === undefined ? [] : [{ id: `${topic}:${about}`, warning: fillIn(words, { id: about }) }];
}

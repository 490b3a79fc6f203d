import { describe, expect, it } from '@jest/globals';
import { getParser, hmacSha256Hex } from '#platform';
import type { WebhookRequest } from '#provider-kit';
import { providerContext, webhookRequest } from '../../testing/builders.js';
import { type MercadoPagoContext, MercadoPagoSettings } from './mercadopago.settings.js';
import { MercadoPagoWebhook } from './webhook.js';

const SECRET = '3f1c0b7a9d2e48f6a5b4c3d2e1f00112';
const REQUEST_ID = 'bb56a2f1-6aae-46ac-982e-9dcd3581d08e';
const ORDER = 'ORD01JQ4S4KY8HWQ6NA5PXB65B3D3';
/** The time in the worked examples. */
const SECONDS = '1742505638';

const webhook = new MercadoPagoWebhook();

function makeContext(secrets: readonly (string | undefined)[] = [SECRET], at = Number(SECONDS) * 1_000): MercadoPagoContext {
  const shops = secrets.map((webhookSecret, index) => ({
    ...{ code: `shop${index}`, name: 'Shop', accessToken: 'APP_USR-1' },
    ...(webhookSecret !== undefined && { webhookSecret }),
  }));
  return providerContext(getParser(MercadoPagoSettings).parse({ shops }), { now: new Date(at) });
}

/** A webhook whose query has this id. */
function makeRequest(id: string | undefined, ts: string, v1: string, body: object = {}): WebhookRequest {
  return webhookRequest(
    JSON.stringify(body),
    { 'x-signature': `ts=${ts},v1=${v1}`, 'x-request-id': REQUEST_ID },
    { query: new URLSearchParams(id === undefined ? {} : { 'data.id': id, type: 'order' }) },
  );
}

describe('the signature of Mercado Pago’s webhooks', () => {
  it.each([
    ['a number, in seconds', '1234567890', SECONDS, 'f8c96f14a2397bde95606f7eb349122295dbb630acadbfface3a2777ff9ced24'],
    ['a number, in milliseconds', '1234567890', '1742505638683', '1e43c95eb3aaf6838dcf48be72c0c40e19e03ced5371f2c7a896edf86636b4b9'],
    ['an order in lower case', ORDER.toLowerCase(), SECONDS, '2c53a32ef723f7ad8927a21623981608e12f92ec9917593492ff07e85388cfda'],
    ['an order in upper case', ORDER, SECONDS, '7639883580bc23c20bd0dfe83bc8801de3ab1ab7b8e68495b92f659e9d03f07d'],
    ['no id', undefined, SECONDS, 'a4d588687525d67f6c2dec4260b9ddf514061e131bedd885a1adec3841d2ab23'],
  ])('fits the worked example of %s', (_name, id, ts, v1) => {
    const request = makeRequest(id, ts, v1);
    expect(webhook.verify(request, makeContext())).toBe(true);
    expect(webhook.verify(request, makeContext(['another-secret', SECRET]))).toBe(true);
    expect(webhook.verify(request, makeContext(['another-secret']))).toBe(false);
    expect(webhook.verify(request, makeContext([undefined]))).toBe(false);
    expect(
      webhook.verify(
        makeRequest(
          id,
          ts,
          v1.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        ),
        makeContext(),
      ),
    ).toBe(false);
    expect(webhook.verify({ ...request, headers: { ...request.headers, 'x-request-id': 'other' } }, makeContext())).toBe(false);
    expect(webhook.verify({ ...request, headers: {} }, makeContext())).toBe(false);
    expect(webhook.verify({ ...request, query: new URLSearchParams({ 'data.id': 'ORD2' }) }, makeContext())).toBe(false);
  });

  it('fits whichever case the query and the signature have', () => {
    const [lower, upper] = [
      '2c53a32ef723f7ad8927a21623981608e12f92ec9917593492ff07e85388cfda',
      '7639883580bc23c20bd0dfe83bc8801de3ab1ab7b8e68495b92f659e9d03f07d',
    ];
    for (const id of [ORDER, ORDER.toLowerCase()])
      for (const v1 of [lower, upper]) expect(webhook.verify(makeRequest(id, SECONDS, v1), makeContext())).toBe(true);
  });

  it('fits the body’s id when the query was lost on the way, and only then', () => {
    const v1 = '7639883580bc23c20bd0dfe83bc8801de3ab1ab7b8e68495b92f659e9d03f07d';
    const body = { type: 'order', data: { id: ORDER } };
    expect(webhook.verify(makeRequest(undefined, SECONDS, v1, body), makeContext())).toBe(true);
    expect(webhook.verify(makeRequest('ORD2', SECONDS, v1, body), makeContext())).toBe(false);
    expect(webhook.verify({ ...makeRequest(undefined, SECONDS, v1), rawBody: Buffer.from('no json') }, makeContext())).toBe(false);
  });

  it('leaves out the request’s id where it is missing, and takes a week of delay', () => {
    const v1 = hmacSha256Hex(SECRET, `id:${ORDER};ts:${SECONDS};`);
    const request = { ...makeRequest(ORDER, SECONDS, v1), headers: { 'x-signature': ` ts=${SECONDS} , v1=${v1}` } };
    const at = (days: number): MercadoPagoContext => makeContext([SECRET], Number(SECONDS) * 1_000 + days * 86_400_000);
    for (const days of [0, 6.9, -6.9]) expect(webhook.verify(request, at(days))).toBe(true);
    for (const days of [7.1, -7.1]) expect(webhook.verify(request, at(days))).toBe(false);
  });

  it.each(['', 'ts=1', 'v1=00', 'ts=abc,v1=00', `ts=${SECONDS},v1=`, 'ts', ',', `ts=${SECONDS},v1=__proto__`])(
    'is rejected if it is not a signature: %s',
    (header) => {
      const request = { ...makeRequest(ORDER, SECONDS, '00'), headers: { 'x-signature': header, 'x-request-id': REQUEST_ID } };
      expect(webhook.verify(request, makeContext())).toBe(false);
    },
  );
});

describe('an event of Mercado Pago’s', () => {
  const body = { action: 'order.processed', type: 'order', data: { id: ORDER, external_reference: 'our-id', status: 'processed' } };

  it('contains the order in upper case and our reference, with the same id for a repeat and another id for another event', () => {
    const [event] = webhook.parse(makeRequest(ORDER.toLowerCase(), SECONDS, '0'.repeat(64), body));
    expect(event).toEqual({ id: `${ORDER}:${REQUEST_ID}`, externalId: ORDER, reference: 'our-id' });
    const other = makeRequest(ORDER, SECONDS, '1'.repeat(64), body);
    expect(webhook.parse({ ...other, headers: { ...other.headers, 'x-request-id': 'other' } })[0]?.id).toBe(`${ORDER}:other`);
    expect(webhook.parse({ ...other, headers: { 'x-signature': other.headers['x-signature'] } })[0]?.id).toBe(`${ORDER}:${'1'.repeat(64)}`);
  });

  it('is about the order in the query, or about the order in the body if the query has none', () => {
    const data = { id: 'ORD2' };
    expect(webhook.parse(makeRequest(ORDER, SECONDS, '0', { ...body, data }))).toMatchObject([{ externalId: ORDER }]);
    expect(webhook.parse(makeRequest(undefined, SECONDS, '0', { type: 'order', data }))).toMatchObject([{ externalId: 'ORD2' }]);
  });

  it('of a topic spelt in the plural is one, too', () => {
    expect(webhook.parse(webhookRequest(JSON.stringify({ ...body, type: 'orders' })))).toMatchObject([{ externalId: ORDER }]);
  });

  it.each([
    ['stop_delivery_op_wh', { payment_id: 58_980_959_081, merchant_order: 249_940_988_000, site_id: 'MLA' }, /fraud, payment 58980959081:/],
    ['topic_claims_integration_wh', { id: 5_012_345_678 }, /claim 5012345678\./],
    ['claim', { id: '5012345678', resource: '/post-purchase/v1/claims/5012345678' }, /claim 5012345678\./],
    ['topic_chargebacks_wh', { id: '217000061680860000' }, /case 217000061680860000\./],
  ])('of the topic %s is a warning, the same in each repeat', (type, data, words) => {
    const request = webhookRequest(JSON.stringify({ type, data }));
    const [event, ...others] = webhook.parse(request);
    expect(event).toEqual({
      id: expect.stringMatching(`^${type}:\\d+$`),
      warning: expect.objectContaining({ en: expect.stringMatching(words) }),
    });
    expect(others).toEqual([]);
    for (const text of Object.values(event?.warning ?? {})) expect(text.length).toBeLessThanOrEqual(120);
    expect(webhook.parse(request)).toEqual([event]);
  });

  it('of such a topic without an id is ignored', () => {
    for (const data of [undefined, {}, { id: '<b>' }])
      expect(webhook.parse(webhookRequest(JSON.stringify({ type: 'claim', data })))).toEqual([]);
  });

  it('of another topic is ignored, with any content', () => {
    expect(webhook.parse(webhookRequest(JSON.stringify({ type: 'payment', data: { id: 123 } })))).toEqual([]);
    expect(webhook.parse(webhookRequest('{}', {}, { query: new URLSearchParams('topic=payment&id=123') }))).toEqual([]);
  });
});

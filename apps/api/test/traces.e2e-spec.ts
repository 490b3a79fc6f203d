import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callbackForm } from '#testing';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { PaymentDesk } from './support/payment-desk.js';
import { type CollectedSpan, TraceCollector } from './support/trace-collector.js';
import { until } from './support/until.js';

describe('traces', () => {
  let collector: TraceCollector;
  let deployment: Deployment;
  let crm: Crm;
  let desk: PaymentDesk;

  beforeAll(async () => {
    [collector, crm] = await Promise.all([TraceCollector.start(), Crm.start()]);
    const variables = {
      MODULES: 'testpay',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer collector-token',
    };
    // Each process sends its own traces. The bundle sends none.
    deployment = await Deployment.start({ crms: [crm], apart: true, shipped: true, variables });
    desk = await PaymentDesk.open(deployment, crm);
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await crm?.close();
    collector?.close();
  });

  /** Cancels a new payment, which is reported to the CRM, and returns it. */
  async function cancel(request: string): Promise<{ paymentId: string }> {
    const invoice = await desk.invoice();
    const reply = await deployment.send('/testpay/callbacks/payment/cancel', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-request-id': request },
      body: callbackForm(desk.account.clientId, { cancel: { paymentId: invoice.paymentId } }),
    });
    expect(reply.status).toBe(200);
    await until('the CRM knows', () => desk.findLast(invoice.invoiceUuid)?.status === 'canceled');
    return invoice;
  }

  it('lead from a callback through provider, database and job to the call of the CRM', async () => {
    await cancel('trace-1');
    const find = (name: string | RegExp): CollectedSpan | undefined =>
      collector.traceOf('trace-1').find((span) => (typeof name === 'string' ? span.name === name : name.test(span.name)));
    await until('all is collected', () => find(/^POST/) !== undefined && find(/^job/) !== undefined && find(/^push/) !== undefined);

    const [callback, provider, job, push] = [
      find(/^POST/),
      find('testpay cancel'),
      find('job outbox.flush-lanes'),
      find('push payment.invoice'),
    ];
    expect(callback).toMatchObject({
      service: 'crossdock-api',
      name: 'POST /:module/callbacks/payment/cancel',
      attributes: { 'http.response.status_code': 200 },
    });
    expect(provider).toMatchObject({ service: 'crossdock-api', parentSpanId: callback?.spanId });
    expect(job).toMatchObject({ service: 'crossdock-worker', parentSpanId: callback?.spanId });
    expect(push).toMatchObject({ service: 'crossdock-worker', parentSpanId: job?.spanId, attributes: { rows: expect.anything() } });

    const statements = collector.traceOf('trace-1').filter((span) => span.attributes['db.system.name'] === 'postgresql');
    const under = (parent: CollectedSpan | undefined): CollectedSpan[] => statements.filter((span) => span.parentSpanId === parent?.spanId);
    expect(under(callback).some((span) => String(span.attributes['db.query.text']).includes('outbox'))).toBe(true);
    for (const span of under(callback)) expect(span.startNs).toBeGreaterThanOrEqual((callback as CollectedSpan).startNs - 1_000_000n);
    expect(collector.traceOf('trace-1').every((span) => span.endNs >= span.startNs)).toBe(true);
  });

  it('of two requests are two, also if one call reports both to the CRM', async () => {
    await Promise.all([cancel('trace-2'), cancel('trace-3')]);
    const pushed = (request: string): CollectedSpan[] => collector.traceOf(request).filter(({ name }) => name.startsWith('push'));
    await until('both are collected', () => pushed('trace-2').length > 0 && pushed('trace-3').length > 0);
    expect(pushed('trace-2')[0]?.traceId).not.toBe(pushed('trace-3')[0]?.traceId);
  });

  it('of a request that began long ago go on where its outcome is found out', async () => {
    const { id } = await deployment.getConnection(crm);
    await deployment.stores.query(
      `INSERT INTO operation (id, connection_id, kind, subject, state, input, request, check_at)
       VALUES (gen_random_uuid(), $1, 'payment.cancel', 'x', 'unknown', '{}', 'trace-1', now())`,
      [id],
    );
    await until('it is collected', () => collector.traceOf('trace-1').some(({ name }) => name === 'recover payment.cancel'));
  });

  it('have nothing of batches, which are of many requests', () => {
    expect(collector.spans.filter(({ name }) => name === 'journal-insert')).toEqual([]);
  });

  it('show no key, and only the collector’s token reaches it', () => {
    const all = JSON.stringify(collector.spans, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    for (const secret of [desk.account.clientId, deployment.variables.OPERATOR_TOKEN ?? '-']) expect(all).not.toContain(secret);
    expect(new Set(collector.tokens)).toEqual(new Set(['Bearer collector-token']));
    expect(collector.spans.filter(({ name }) => /health|metrics/.test(name))).toEqual([]);
  });

  it('are sent before a process ends', async () => {
    await cancel('trace-4');
    await deployment.stopApi();
    await until('the last is there', () => collector.traceOf('trace-4').length > 0);
  });
});

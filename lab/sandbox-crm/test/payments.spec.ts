import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createProgram } from '../src/cli/program.js';
import { readEnvironment } from '../src/environment.js';
import { type JsonObject, asObject, asObjects, parseJson } from '../src/json.js';
import { SandboxBench } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

const PAYMENT = {
  actions: Object.fromEntries(['create', 'approve', 'cancel', 'refund', 'status'].map((name) => [name, `/callbacks/${name}`])),
  currencies: ['RUB', 'JPY'],
  invoiceTypes: ['link'],
  shops: [
    { code: 'closed', name: 'Closed', active: false },
    { code: 'main', name: 'Shop', active: true },
  ],
};

describe("the CRM's side of payments", () => {
  const bench = new SandboxBench();
  const module = new StandInModule();
  let page: Server;
  let link = '';
  const cards: string[] = [];

  /** Runs a callback. The stand-in replies with these fields. */
  async function callback(name: string, body: JsonObject, answer: JsonObject, status = 200): Promise<JsonObject> {
    module.wrong.set(name, { status, body: { success: status === 200, ...answer } });
    return (await bench.control('POST', `/accounts/default/modules/stand-in/callbacks/${name}`, body)).body;
  }

  async function order(changes: JsonObject = {}): Promise<number> {
    const made = await bench.control('POST', '/accounts/default/orders', {
      firstName: 'Ann',
      items: [
        { productName: 'Bowl', initialPrice: 100.1, quantity: 3, vatRate: '20' },
        { productName: 'Lamp', initialPrice: 50, quantity: 1, markingCodes: ['mark'] },
      ],
      payments: [{ type: 'bank-card', status: 'not-paid' }],
      ...changes,
    });
    return Number(made.body['id']);
  }

  /** Creates an invoice with the module's payment id `paymentId`. */
  async function invoice(paymentId: string, changes: JsonObject = {}): Promise<JsonObject> {
    const made = await callback(
      'create',
      { order: await order(), ...changes },
      { result: { paymentId, invoiceUrl: link, cancellable: true } },
    );
    expect(made).toMatchObject({ ok: true, violations: [] });
    return asObject(made['invoice']);
  }

  const read = async (id: unknown): Promise<JsonObject> => (await bench.control('GET', `/accounts/default/invoices/${String(id)}`)).body;
  const update = (updateInvoice: JsonObject): ReturnType<SandboxBench['post']> =>
    bench.post('/api/v5/payment/update-invoice', { updateInvoice });
  const check = async (one: JsonObject, amount: number): Promise<JsonObject> =>
    asObject(
      (await bench.post('/api/v5/payment/check', { check: { invoiceUuid: one['invoiceUuid'], amount, currency: 'RUB' } })).body['result'],
    );

  beforeAll(async () => {
    await bench.start();
    await module.listen();
    page = createServer((request, response) => {
      if (request.method === 'GET') return void response.end('<style>x</style><form method="post"></form><p>Not paid</p>');
      let text = '';
      request.on('data', (chunk) => (text += String(chunk)));
      request.on('end', () => {
        cards.push(text);
        response.writeHead(303, { location: '?done=1' }).end();
      });
    });
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    link = `http://127.0.0.1:${(page.address() as AddressInfo).port}/pay/x`;
  });

  beforeEach(async () => {
    module.registrationPatch = { integrations: { payment: PAYMENT } };
    const connected = await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
    expect(connected.body).toMatchObject({ ok: true });
  });

  afterEach(() => module.wrong.clear());

  afterAll(async () => {
    await bench.stop();
    await module.close();
    page.close();
    page.closeAllConnections();
  });

  it('refuses a registration with an invoice type that the reference lacks', async () => {
    module.registrationPatch = { integrations: { payment: { ...PAYMENT, invoiceTypes: ['qr'] } } };
    await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
    expect(Object.keys(asObject(module.registered['errors'] as JsonObject))).toEqual([
      'integrationModule.integrations.payment.invoiceTypes[0]',
    ]);
  });

  it.each([
    ['an unknown action', { ...PAYMENT, actions: { ...PAYMENT.actions, steal: '/x' } }, 'actions.steal is not a field of the contract'],
    ['no status action', { ...PAYMENT, actions: { create: '/c' } }, 'actions.status is missing'],
    ['currencies in lower case', { ...PAYMENT, currencies: ['rub'] }, 'currencies[0] is not an ISO 4217 code: "rub"'],
    ['no invoice types', { ...PAYMENT, invoiceTypes: [] }, 'invoiceTypes names no type: link'],
    ['a shop twice', { ...PAYMENT, shops: [PAYMENT.shops[0], PAYMENT.shops[0]] }, 'shops[1].code "closed" is there twice'],
  ])('takes a registration with %s, with a hint', async (_what, payment, hint) => {
    module.registrationPatch = { integrations: { payment } };
    const connected = await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
    expect(connected.body).toMatchObject({ ok: true });
    expect(await bench.hints()).toEqual([`integrationModule.integrations.payment.${hint}`]);
  });

  it('sends the order with its lines, to the first active shop', async () => {
    const made = await invoice('p1');
    const sent = asObject(parseJson(module.received.findLast((one) => one.name === 'create')?.fields['create'] ?? ''));
    expect(sent).toMatchObject({ shopId: 'main', invoiceUuid: made['invoiceUuid'], invoiceType: 'link', amount: 350.3, currency: 'RUB' });
    expect(sent['items']).toMatchObject([
      { name: 'Bowl', price: 100.1, quantity: 3, measurementUnit: 'шт', vat: 'vat20' },
      { name: 'Lamp', price: 50, quantity: 1, vat: 'none', markingCode: 'mark' },
    ]);
    const part = await invoice('p2', { amount: 100 });
    const ofPart = asObject(parseJson(module.received.findLast((one) => one.name === 'create')?.fields['create'] ?? ''));
    expect(ofPart).toMatchObject({ amount: 100, items: [{ price: 100.1, quantity: 3 }, { price: 50 }] });
    expect(part).toMatchObject({ amount: 100, status: 'pending', cancellable: true, link });
    const foreign = await bench.control('POST', '/accounts/default/modules/stand-in/callbacks/create', {
      order: await order({ currency: 'EUR' }),
    });
    expect(foreign).toMatchObject({ status: 400, body: { errorMsg: expect.stringContaining('does not accept EUR') } });
  });

  it('leads the buyer back to itself, and shows the shop’s address', async () => {
    await invoice('p-back');
    const sent = asObject(parseJson(module.received.findLast((one) => one.name === 'create')?.fields['create'] ?? ''));
    const [siteUrl, returnUrl] = [String(sent['siteUrl']), String(sent['returnUrl'])];
    expect([siteUrl, returnUrl]).toEqual([`${bench.url}/shop/main`, `${bench.url}/shop/main/thanks?order=${String(sent['orderNumber'])}`]);
    const shown = await fetch(`${returnUrl}&x=<script>alert(1)</script>`);
    const html = await shown.text();
    expect([shown.status, html.includes(`<b>https://shop.example.ru/thanks?order=${String(sent['orderNumber'])}`)]).toEqual([200, true]);
    expect(html).toContain(`href="/#/orders/${String(sent['orderId'])}"`);
    expect([html.includes('<script>'), shown.headers.get('content-security-policy')?.includes("script-src 'self'")]).toEqual([false, true]);
    expect((await fetch(`${bench.url}/shop/none`)).status).toBe(404);
  });

  it('requests the remaining amount of an order that has changed since', async () => {
    const id = await order({
      payments: [
        { type: 'bank-card', status: 'not-paid' },
        { type: 'cash', status: 'paid', amount: 50 },
      ],
    });
    await bench.post(`/api/v5/orders/${id}/edit`, { by: 'id', order: { delivery: { cost: 49.7 } } });
    const made = await callback('create', { order: id }, { result: { paymentId: 'left', invoiceUrl: link } });
    expect(made['invoice']).toMatchObject({ amount: 350 });
    const sent = asObject(parseJson(module.received.findLast((one) => one.name === 'create')?.fields['create'] ?? ''));
    expect(asObjects(sent['items']).at(-1)).toMatchObject({ name: 'Доставка', price: 49.7 });
  });

  it('reports if the module makes two payments for one invoice', async () => {
    const made = await invoice('p3');
    module.wrong.set('create', { status: 200, body: { success: true, result: { paymentId: 'p4', invoiceUrl: link } } });
    const again = await bench.control('POST', '/accounts/default/modules/stand-in/callbacks/create', { invoice: made['id'] ?? null });
    expect(again).toMatchObject({ status: 409, body: { errorMsg: expect.stringContaining('another payment') } });
  });

  it('judges replies strictly', async () => {
    const { id } = await invoice('p5');
    const about = { invoice: id };
    const violations = async (name: string, answer: JsonObject, body: JsonObject = about): Promise<unknown> =>
      (await callback(name, body, answer))['violations'];
    const made = { order: await order() };
    expect(await violations('create', { result: { invoiceUrl: 'nowhere' } }, made)).toEqual([
      'result.paymentId: is required',
      'result.invoiceUrl: must be an http or https URL',
    ]);
    expect(await violations('refund', { result: { id: 'r', status: 'done', amount: 5 } }, { invoice: id, amount: 6 })).toHaveLength(2);
    expect(await violations('approve', { result: {} })).toEqual(['result: is not a field of the contract']);
    expect(await violations('status', { result: { status: 'pending', paymentId: 'p5', amount: '1', extra: 1 } })).toHaveLength(2);
    expect(await violations('status', { result: { status: 'pending', paymentId: 'other', amount: 1 } })).toHaveLength(1);
    expect(
      await violations('status', { result: { status: 'succeeded', paymentId: 'p5', amount: 1, paidAt: '2026-01-01T10:00:00Z' } }),
    ).toHaveLength(1);
    expect(await violations('status', { result: { status: 'pending', paymentId: 'p5', amount: 350.3, refundable: false } })).toEqual([]);
    expect(await callback('cancel', about, { errorMsg: 'Too late' }, 400)).toMatchObject({
      ok: false,
      refusal: '400 Too late',
      violations: [],
    });
  });

  it('replies to payment/check by the order, or by the setting', async () => {
    const made = await invoice('p6');
    expect(await check(made, 350.3)).toEqual({ success: true });
    expect(await check(made, 350)).toMatchObject({ success: false, errorMsg: expect.stringContaining('amount') });
    const path = `/accounts/default/invoices/${String(made['id'])}`;
    await bench.control('PUT', path, { checkRefusal: 'Out of stock' });
    expect(await check(made, 350.3)).toEqual({ success: false, errorMsg: 'Out of stock' });
    await bench.control('PUT', path, {});
    expect(await check(made, 350.3)).toEqual({ success: true });
    await callback('approve', { invoice: made['id'], amount: 200 }, {});
    expect(await check(made, 200)).toEqual({ success: true });
    expect(await check(made, 350.3)).toMatchObject({ success: false });
    await callback('approve', { invoice: made['id'], amount: 200 }, { errorMsg: 'No' }, 400);
    expect(await check(made, 350.3)).toEqual({ success: true });
    await bench.control('PUT', `/accounts/default/orders/${String(made['orderId'])}`, { status: 'cancel-other' });
    expect(await check(made, 350.3)).toEqual({ success: false, errorMsg: 'The order is cancelled' });
  });

  it('keeps updates and refunds with a timeline, and marks what goes back', async () => {
    const made = await invoice('p7');
    const about = { invoiceUuid: made['invoiceUuid'], paymentId: 'p7' };
    await update({ ...about, status: 'waitingForCapture', amount: 350.3 });
    await update({ ...about, status: 'succeeded', amount: 300, paidAt: '2026-01-01 10:00:00', refundable: true, cancellable: false });
    await callback('refund', { invoice: made['id'], amount: 100 }, { result: { id: 'r1', status: 'pending', amount: 100 } });
    await update({ ...about, status: 'succeeded', refund: { id: 'r1', status: 'succeeded', amount: 100 } });
    await callback('refund', { invoice: made['id'], amount: 100 }, { result: { id: 'r1', status: 'pending', amount: 100 } });
    const kept = await read('p7');
    expect(kept).toMatchObject({
      status: 'succeeded',
      amount: 300,
      refundable: true,
      refunds: [{ externalId: 'r1', status: 'succeeded' }],
    });
    expect(asObjects(kept['refunds'])).toHaveLength(1);
    expect(asObjects(kept['timeline']).map((event) => event['event'])).toEqual([
      'create',
      'update',
      'update',
      'refund',
      'update',
      'refund',
    ]);
    await update({ ...about, status: 'pending' });
    expect(asObjects((await read('p7'))['timeline']).at(-1)).toMatchObject({ backward: true });
    const [entry] = bench.sandbox.exchanges.find({ name: 'payments.updateInvoice', limit: 1 });
    expect(entry?.notes).toEqual([expect.stringContaining('goes back')]);
    for (const wrong of [{ status: 'paid' }, { refund: { status: 'succeeded' } }, { paidAt: 'today' }])
      expect((await update({ ...about, ...wrong } as JsonObject)).status).toBe(400);
    const shown = (await bench.get(`/api/v5/payment/${String(made['invoiceUuid'])}`)).body;
    expect(JSON.stringify(shown)).not.toContain('timeline');
  });

  it('has the module make the invoice of payment/create-invoice', async () => {
    const id = await order({ externalId: 'by-api' });
    const payment = Object.values(asObject((await bench.get(`/api/v5/orders/${id}`, { by: 'id' })).body['order'])['payments'] ?? {})[0];
    const create = (): ReturnType<SandboxBench['post']> =>
      bench.post('/api/v5/payment/create-invoice', {
        createInvoice: { paymentId: asObject(payment)['id'], returnUrl: 'https://shop.example/back' },
      });
    module.wrong.set('create', { status: 200, body: { success: true, result: { paymentId: 'p9', invoiceUrl: link, cancellable: true } } });
    expect(await create()).toMatchObject({ status: 200, body: { success: true, result: { link } } });
    const sent = asObject(parseJson(module.received.findLast((one) => one.name === 'create')?.fields['create'] ?? ''));
    expect(sent).toMatchObject({ shopId: 'main', amount: 350.3, currency: 'RUB', orderId: id, returnUrl: 'https://shop.example/back' });
    expect(await read('p9')).toMatchObject({ orderId: id, status: 'pending', link, invoiceUuid: sent['invoiceUuid'] });
    module.wrong.set('create', { status: 400, body: { success: false, errorMsg: 'Too much' } });
    expect(await create()).toMatchObject({ status: 400, body: { success: false, errorMsg: expect.stringContaining('400 Too much') } });
    // A disabled module is not called. The link is the sandbox's own, as without a module.
    await bench.control('POST', '/accounts/default/modules/stand-in/activity', { active: false });
    const asked = module.received.length;
    expect(asObject((await create()).body['result'])['link']).toContain(`${bench.url}/sandbox/pay/`);
    await bench.control('POST', '/accounts/default/modules/stand-in/activity', { active: true });
    expect(module.received.slice(asked).map((one) => one.name)).toEqual(['activity']);
  });

  it('goes by hand: invoice, pay, approve, refund, cancel, status, list', async () => {
    const lines: string[] = [];
    let code = 0;
    const run = async (...words: string[]): Promise<string> => {
      lines.length = 0;
      code = 0;
      const program = createProgram(readEnvironment({}), { print: (text) => lines.push(text), exit: (value) => (code = value) });
      await program.parseAsync(['node', 'sandbox', '--sandbox', bench.url, '--module', 'stand-in', ...words]);
      return lines.join('\n');
    };
    module.wrong.set('create', { status: 200, body: { success: true, result: { paymentId: 'p8', invoiceUrl: link, cancellable: true } } });
    expect(await run('invoice', String(await order()))).toContain(link);
    expect(await run('pay', 'p8', '--card', '4000000000000002')).toMatch(/took it \(HTTP 200\)\n {2}Not paid/);
    expect(cards.at(-1)).toBe('card=4000000000000002');
    expect(await run('approve', 'p8', '--amount', '10')).toContain('payment approve: ok');
    expect(await run('cancel-payment', 'p8')).toContain('payment cancel: ok');
    module.wrong.set('refund', { status: 200, body: { success: true, result: { id: 'r', status: 'lost', amount: 1 } } });
    expect(await run('refund', 'p8')).toContain('AGAINST THE CONTRACT');
    expect(code).toBe(2);
    module.wrong.set('status', { status: 404, body: { success: false, errorMsg: 'No such payment' } });
    expect(await run('payment-status', 'p8')).toContain('404 No such payment');
    expect(code).toBe(1);
    expect(await run('payments', 'p8', '--refuse', 'Not today')).toContain('says no: Not today');
    expect(await run('payments')).toContain('350.3 RUB');
    await expect(run('payments', 'nothing')).rejects.toThrow('There is no invoice');
    await expect(run('invoice')).rejects.toThrow('Name the order');
  });
});

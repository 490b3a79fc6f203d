import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pdfPages } from '../../../libs/testing/pdf.js';
import { CdekDouble } from './cdek-double.js';

interface Reply {
  status: number;
  body: Record<string, unknown> & { entity?: Record<string, unknown>; requests?: Record<string, unknown>[]; errors?: { code: string }[] };
  bytes: Buffer;
}

const PERSON = { name: 'Пётр', phones: [{ number: '+79160000000' }] };
/** Without VAT. */
const OWED = { value: 100, vat_rate: null };
const ITEM = { name: 'x', ware_key: 'x', payment: { value: 0 }, cost: 100, weight: 1000, amount: 1 };
const PACKAGE = { number: '1', weight: 1000, length: 10, width: 10, height: 10 };
const pack = (changes: object): object => ({ packages: [{ ...PACKAGE, items: [ITEM], ...changes }] });
const line = (changes: object): object => pack({ items: [{ ...ITEM, ...changes }] });
const bare = (): object => ({ packages: [PACKAGE] });
/** An order of type 2. */
const delivery = (): object => ({ ...door(137), type: 2, number: undefined, tariff_code: 482, sender: PERSON, ...bare() });
const door = (code: number): object => ({ tariff_code: 137, delivery_point: undefined, to_location: { code, address: 'ул. 1' } });

describe('the double of CDEK', () => {
  let cdek: CdekDouble;
  let token: string;

  beforeEach(async () => {
    cdek = await CdekDouble.start();
    cdek.webhooks.mode = 'off';
    cdek.setModes({ validateAfterMs: 5, printAfterMs: 5 });
    token = cdek.newToken();
  });
  afterEach(() => cdek.close());

  async function call(method: string, path: string, body?: object, bearer = token): Promise<Reply> {
    const reply = await fetch(`${cdek.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const bytes = Buffer.from(await reply.arrayBuffer());
    const isJson = reply.headers.get('content-type')?.includes('json') === true;
    return { status: reply.status, body: isJson ? (JSON.parse(bytes.toString()) as Reply['body']) : {}, bytes };
  }

  const order = (number = 'n-1', changes: object = {}): object => ({
    type: 1,
    number,
    tariff_code: 136,
    shipment_point: 'MSK67',
    delivery_point: 'SPB9',
    recipient: { name: 'Пётр', phones: [{ number: '+79160000000' }] },
    packages: [
      {
        number: '1',
        weight: 1000,
        length: 10,
        width: 10,
        height: 10,
        items: [{ name: 'x', ware_key: 'x', payment: { value: 0 }, cost: 100, weight: 1000, amount: 1 }],
      },
    ],
    ...changes,
  });
  const readUuid = (reply: Reply): string => String(reply.body.entity?.uuid);
  const codes = (reply: Reply): string[] => (reply.body.errors ?? []).map(({ code }) => code);
  async function created(number = 'n-1', changes: object = {}): Promise<string> {
    const uuid = readUuid(await call('POST', '/v2/orders', order(number, changes)));
    while (cdek.orders().some((one) => one.uuid === uuid && one.requests.some(({ state }) => state === 'ACCEPTED'))) await pause();
    return uuid;
  }

  it('gives tokens for credentials, as a form or a query, and knows when they end', async () => {
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: cdek.clientId, client_secret: cdek.clientSecret });
    const asked = async (body: URLSearchParams, query = ''): Promise<Response> =>
      fetch(`${cdek.url}/v2/oauth/token${query}`, { method: 'POST', body });
    const given = (await (await asked(form)).json()) as { access_token: string; expires_in: number };
    expect(given.expires_in).toBe(3600);
    expect((await asked(new URLSearchParams(), `?${form.toString()}`)).status).toBe(200);
    form.set('client_secret', 'wrong');
    expect((await asked(form)).status).toBe(400);
    expect((await call('GET', '/v2/location/cities?code=44', undefined, given.access_token)).status).toBe(200);
    cdek.expireTokens();
    expect(await call('GET', '/v2/location/cities?code=44')).toMatchObject({
      status: 401,
      body: { errors: [{ code: 'v2_token_expired' }] },
    });
    expect(JSON.stringify(cdek.calls)).not.toContain(cdek.clientSecret);
  });

  it('validates an order after it has answered, and gives it its number', async () => {
    cdek.setModes({ validateAfterMs: undefined });
    const accepted = await call('POST', '/v2/orders', order());
    expect(accepted).toMatchObject({ status: 202, body: { requests: [{ type: 'CREATE', state: 'ACCEPTED' }] } });
    expect((await call('GET', `/v2/orders/${readUuid(accepted)}`)).body.entity?.cdek_number).toBeUndefined();
    cdek.validate('n-1');
    expect((await call('GET', '/v2/orders?im_number=n-1')).body).toMatchObject({
      entity: { uuid: readUuid(accepted), cdek_number: expect.stringMatching(/^\d+$/), delivery_detail: { total_sum: expect.any(Number) } },
      requests: [{ type: 'CREATE', state: 'SUCCESSFUL' }],
    });
  });

  it.each([
    ['an unknown field', { colour: 'red' }, 400, 'v2_bad_request'],
    ['a number that is not ASCII', { number: 'заказ' }, 400, 'v2_bad_request'],
    ['a fraction of a gram', { packages: [{ number: '1', weight: 1.5, items: [] }] }, 400, 'v2_bad_request'],
    ['both a point and an address', { to_location: { code: 137, address: 'x' } }, 400, 'v2_delivery_address_multivalued'],
    ['neither', { delivery_point: undefined }, 400, 'v2_order_location_to_and_delivery_point_empty'],
  ])('refuses %s at once', async (_what, changes, status, code) => {
    const reply = await call('POST', '/v2/orders', order('n-1', changes));
    expect([reply.status, codes(reply)]).toEqual([status, [code]]);
    expect(cdek.orders()).toEqual([]);
  });

  it.each([
    ['an unknown tariff', { tariff_code: 1 }, 'error_validate_tariff'],
    ['an unknown point', { delivery_point: 'X' }, 'delivery_location_is_not_recognized'],
    ['a service it does not have', { services: [{ code: 'TELEPORT' }] }, 'v2_unable_add_service'],
    [
      'a legal person without a name',
      { recipient: { name: 'Пётр', contragent_type: 'LEGAL_ENTITY', phones: [{ number: '+79160000000' }] } },
      'error_validate_recipient_company',
    ],
    ['money where none is taken', { delivery_point: 'SPB12', delivery_recipient_cost: { value: 1 } }, 'error_validate_cod'],
    [
      'a parcel of 100 g without sides',
      pack({ weight: 100, length: undefined, width: undefined, height: undefined }),
      'error_validate_package_size_empty',
    ],
    ['a side of 0', pack({ height: 0 }), 'error_validate_package_one_of_size_is_zero'],
    ['more cash than CDEK takes', { delivery_recipient_cost: { value: 50_000_001, vat_rate: null } }, 'error_validate_good_payment'],
    ['1,000 pieces in a line', line({ amount: 1_000 }), 'error_validate_package_im_wrong_amount'],
    ['an article in hieroglyphs', line({ ware_key: '茶' }), 'error_validate_package_ware_key'],
    ['an article of 21 characters', line({ ware_key: 'x'.repeat(21) }), 'error_validate_package_ware_key'],
    [
      'two packages of one number',
      { packages: [1, 2].map(() => ({ ...PACKAGE, items: [ITEM] })) },
      'error_validate_package_number_not_unique',
    ],
    ['a mark of two pieces', line({ amount: 2, marking: 'm' }), 'v2_order_item_amount_incorrect'],
    ['VAT of 20 %', line({ payment: { value: 122, vat_rate: 20, vat_sum: 20.33 } }), 'error_validate_good_vat_rate'],
    ['VAT without its sum', line({ payment: { value: 122, vat_rate: 22 } }), 'error_validate_good_vat_sum_empty'],
    ['a wrong sum of VAT', line({ payment: { value: 122, vat_rate: 22, vat_sum: 20 } }), 'error_validate_good_vat_rate_diff'],
    ['money without a word on VAT', line({ payment: { value: 122 } }), 'error_validate_good_vat_rate_is_not_selected'],
    ['a slash in a name', { recipient: { name: 'Пётр/Иван', phones: [{ number: '+79160000000' }] } }, 'error_validate_recipient_name'],
    ['insurance of a shop’s order', { services: [{ code: 'INSURANCE', parameter: '1' }] }, 'v2_unable_add_service'],
    [
      'tenge under a contract in roubles',
      { ...door(4756), ...line({ payment: OWED }) },
      'error_validate_order_cash_on_delivery_currency_invalid',
    ],
    ['an order across customs', door(11562), 'error_validate_international_fields'],
    ['delivery alone without a sender', { ...delivery(), sender: undefined }, 'error_validate_sender_empty'],
    [
      'cash of delivery alone',
      { ...delivery(), delivery_recipient_cost: { value: 1, vat_rate: null } },
      'error_validate_good_payment_not_suite',
    ],
    ['goods of delivery alone', { ...delivery(), ...line({}) }, 'error_validate_items_not_suite'],
    ['a number of delivery alone', { ...delivery(), number: 'n-1' }, 'error_validate_number_not_used'],
    ['a tariff of shops for delivery alone', { type: 2, number: undefined, sender: PERSON, ...bare() }, 've_calc_as_order_type'],
  ])('finds %s while it validates', async (_what, changes, code) => {
    const uuid = await created('n-1', changes);
    expect((await call('GET', `/v2/orders/${uuid}`)).body).toMatchObject({
      entity: { statuses: [{ code: 'INVALID' }, { code: 'ACCEPTED' }] },
      requests: [{ state: 'INVALID', errors: [{ code }] }],
    });
    expect(cdek.standing()).toEqual([]);
  });

  it.each([
    [
      'more cash than the city takes',
      { paymentLimits: { 137: 99 } },
      line({ payment: OWED }),
      'error_validate_method_of_payment_receiver_city_limit_payment_exceeded',
    ],
    [
      'cash where the city takes none',
      { paymentLimits: { 137: 0 } },
      line({ payment: OWED }),
      'error_validate_method_of_payment_receiver_city_limit_payment_exceeded',
    ],
    ['an order of a shop under a delivery contract', { contract: 'delivery' as const }, {}, 've_as_forbidden'],
  ])('refuses %s', async (_what, modes, changes, code) => {
    cdek.setModes(modes);
    const uuid = await created('n-1', changes);
    expect((await call('GET', `/v2/orders/${uuid}`)).body).toMatchObject({ requests: [{ state: 'INVALID', errors: [{ code }] }] });
  });

  it('takes what its contract and city allow', async () => {
    cdek.setModes({ collectsAbroad: true, oldVat: 'taken', paymentLimits: { 137: 100 } });
    await created('n-1', line({ payment: OWED }));
    await created('n-2', { ...door(4756), ...line({ payment: { value: 120, vat_rate: 20, vat_sum: 20 } }) });
    await created('n-3', {
      type: 2,
      number: undefined,
      sender: PERSON,
      ...door(137),
      ...bare(),
      ...{ tariff_code: 482 },
    });
    expect(cdek.standing()).toHaveLength(3);
  });

  it.each<[string, object, { minor: number; currency: string }]>([
    [
      'tenge in Almaty, with the charge',
      { ...door(4756), ...line({ payment: OWED }), delivery_recipient_cost: OWED },
      { minor: 20_000, currency: 'KZT' },
    ],
    [
      'roubles in Saint Petersburg',
      { ...line({ payment: OWED, amount: 3 }), delivery_recipient_cost: OWED },
      { minor: 40_000, currency: 'RUB' },
    ],
    [
      'no charge from Russia to Minsk',
      { ...door(9220), ...line({ payment: OWED }), delivery_recipient_cost: OWED },
      { minor: 10_000, currency: 'BYN' },
    ],
    ['nothing of a delivery contract', delivery(), { minor: 0, currency: 'RUB' }],
  ])('collects %s', async (_what, changes, expected) => {
    cdek.setModes({ collectsAbroad: true });
    const uuid = await created('n-1', changes);
    expect(cdek.standing()).toHaveLength(1);
    expect(cdek.collected(uuid)).toEqual(expected);
  });

  it('collects the charge from Almaty to Minsk', async () => {
    cdek.setModes({ collectsAbroad: true });
    const from = { tariff_code: 139, shipment_point: undefined, from_location: { code: 4756, address: 'ул. 1' } };
    const uuid = await created('n-1', { ...door(9220), ...from, ...line({ payment: OWED }), delivery_recipient_cost: OWED });
    expect(cdek.collected(uuid)).toEqual({ minor: 20_000, currency: 'BYN' });
  });

  it('insures in the contract’s currency, and bills the greater of weight and volume', async () => {
    cdek.setModes({ contractCurrency: 'KZT', collectsAbroad: true });
    const uuid = await created('n-1', {
      packages: [{ ...PACKAGE, length: 40, width: 30, height: 20, items: [{ ...ITEM, cost: 99.5, amount: 2 }] }],
    });
    expect(cdek.insured(uuid)).toEqual({ minor: 19_900, currency: 'KZT' });
    expect(cdek.billedGrams(uuid)).toBe(4_800);
    const insured = await created('n-2', { ...delivery(), services: [{ code: 'INSURANCE', parameter: '1991' }] });
    expect([cdek.insured(insured).minor, cdek.billedGrams(insured)]).toEqual([199_100, 1_000]);
  });

  it('takes a number once: refused at once, or while it validates; a refused order leaves it free', async () => {
    await created('n-1', { tariff_code: 1 });
    await created();
    expect(codes(await call('POST', '/v2/orders', order()))).toEqual(['error_validate_im_dep_number_has_already_had_integration']);
    cdek.setModes({ duplicates: 'later' });
    const uuid = await created();
    expect((await call('GET', `/v2/orders/${uuid}`)).body.requests).toMatchObject([{ state: 'INVALID' }]);
    expect(cdek.duplicates()).toEqual([]);
  });

  it('changes and deletes only before the parcel is there, one request at a time', async () => {
    const uuid = await created();
    const package_id = cdek.orders()[0]?.body.packages[0]?.package_id;
    const change = (changes: object): object => {
      const { number: _number, ...body } = order('n-1', changes) as { type: number; number: string; packages: object[] };
      return { uuid, ...body, packages: body.packages.map((one) => ({ ...one, package_id })) };
    };
    expect(codes(await call('PATCH', '/v2/orders', change({ type: undefined })))).toEqual(['v2_bad_request']);
    cdek.setModes({ validateAfterMs: 60 });
    expect((await call('PATCH', '/v2/orders', change({ comment: 'новый' }))).status).toBe(202);
    expect(codes(await call('PATCH', '/v2/orders', change({})))).toEqual(['v2_similar_request_still_processed']);
    while (cdek.orders()[0]?.body.comment !== 'новый') await pause();
    cdek.setModes({ validateAfterMs: 5 });
    cdek.pushStatus(uuid, 'RECEIVED_AT_SHIPMENT_WAREHOUSE', { at: new Date(Date.now() + 1_000) });
    await call('PATCH', '/v2/orders', change({}));
    await call('DELETE', `/v2/orders/${uuid}`);
    while (cdek.orders()[0]?.requests.some(({ state }) => state === 'ACCEPTED')) await pause();
    expect(cdek.orders()[0]?.requests.map(({ state }) => state)).toEqual(['SUCCESSFUL', 'SUCCESSFUL', 'INVALID', 'INVALID']);
    expect((await call('POST', `/v2/orders/${uuid}/refusal`)).status).toBe(202);
    expect((await call('POST', `/v2/orders/${uuid}/refusal`)).status).toBe(400);
    expect((await call('GET', `/v2/orders/${uuid}`)).body.entity?.statuses).toMatchObject([
      { code: 'NOT_DELIVERED', reason_code: '11' },
      {},
      {},
      {},
    ]);
    expect(cdek.billedForNothing()).toEqual([]);
  });

  it('bills an order that is refused before CDEK has it', async () => {
    const uuid = await created();
    expect((await call('POST', `/v2/orders/${uuid}/refusal`)).status).toBe(202);
    expect(cdek.billedForNothing().map((one) => one.uuid)).toEqual([uuid]);
  });

  it('shows a deleted order no more, or as removed', async () => {
    const uuid = await created();
    await call('DELETE', `/v2/orders/${uuid}`);
    while (cdek.standing().length > 0) await pause();
    expect(codes(await call('GET', `/v2/orders/${uuid}`))).toEqual(['v2_entity_not_found']);
    expect(codes(await call('GET', '/v2/orders?im_number=n-1'))).toEqual(['v2_entity_not_found_im_number']);
    cdek.setModes({ deleted: 'shown' });
    expect((await call('GET', `/v2/orders/${uuid}`)).body.entity?.statuses).toMatchObject([
      { code: 'REMOVED' },
      { code: 'CREATED' },
      { code: 'ACCEPTED' },
    ]);
  });

  it('makes documents in the order asked, or fails to', async () => {
    const uuids = [await created('n-1'), await created('n-2')];
    const start = (): Promise<Reply> =>
      call('POST', '/v2/print/barcodes', { orders: uuids.map((order_uuid) => ({ order_uuid })), format: 'A6' });
    const job = readUuid(await start());
    const state = async (id: string): Promise<unknown> =>
      ((await call('GET', `/v2/print/barcodes/${id}`)).body.entity?.statuses as { code: string }[] | undefined)?.at(-1)?.code;
    while ((await state(job)) !== 'READY') await pause();
    const pages = pdfPages((await call('GET', `/v2/print/barcodes/${job}.pdf`)).bytes).map(({ text }) => text);
    expect(pages.map((page, index) => page.includes(`n-${index + 1}`))).toEqual([true, true]);
    cdek.setModes({ prints: 'invalid' });
    expect(await state(readUuid(await start()))).toBe('INVALID');
    cdek.setModes({ prints: 'vanished' });
    expect((await call('GET', `/v2/print/barcodes/${readUuid(await start())}`)).status).toBe(404);
    expect((await call('POST', '/v2/print/orders', { orders: [{}] })).status).toBe(400);
    expect((await call('POST', '/v2/print/orders', { orders: Array.from({ length: 101 }, () => ({ order_uuid: uuids[0] })) })).status).toBe(
      400,
    );
  });

  it('sends one courier a day to an address, and one for an order', async () => {
    const uuids = [await created('n-1'), await created('n-2')];
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const visit = (changes: object): Promise<Reply> =>
      call('POST', '/v2/intakes', {
        intake_date: tomorrow,
        intake_time_from: '10:00',
        intake_time_to: '18:00',
        from_location: { code: 44, address: 'a' },
        ...changes,
      });
    const first = await visit({ order_uuid: uuids[0] });
    expect(first.status).toBe(202);
    expect(codes(await visit({ order_uuid: uuids[0], from_location: { code: 44, address: 'b' } }))).toEqual(['v2_intake_exists_by_order']);
    expect(codes(await visit({ order_uuid: uuids[1] }))).toEqual(['v2_intake_exists_by_date_address']);
    expect((await call('GET', `/v2/orders/${uuids[0]}/intakes`)).body).toMatchObject([{ entity: { uuid: readUuid(first) } }]);
    expect((await call('DELETE', `/v2/intakes/${readUuid(first)}`)).status).toBe(200);
    expect(codes(await call('GET', `/v2/intakes/${readUuid(first)}`))).toEqual(['v2_entity_not_found']);
    expect(cdek.intakes()).toEqual([]);
  });

  it.each([
    ['without a name of the load', { name: undefined }, 'v2_required_param_empty'],
    ['without a sender', { sender: undefined }, 'v2_required_param_empty'],
    ['with lunch before it begins', { lunch_time_from: '09:30', lunch_time_to: '10:30' }, 'v2_wrong_interval'],
    ['before nine', { intake_time_from: '08:59' }, 'v2_wrong_interval'],
    ['in 40 days', { intake_date: new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10) }, 'v2_wrong_interval'],
  ])('refuses a visit %s', async (_what, changes, code) => {
    const body = {
      intake_date: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
      ...{ intake_time_from: '10:00', intake_time_to: '18:00', name: 'x', sender: PERSON, from_location: { code: 44, address: 'a' } },
    };
    const taken = await call('POST', '/v2/intakes', { ...body, ...changes });
    while (cdek.intakes().some(({ requests }) => requests.some(({ state }) => state === 'ACCEPTED'))) await pause();
    expect((await call('GET', `/v2/intakes/${readUuid(taken)}`)).body).toMatchObject({
      requests: [{ state: 'INVALID', errors: [{ code }] }],
    });
  });

  it('keeps two subscriptions and doubles one that is made twice', async () => {
    const made = (): Promise<Reply> => call('POST', '/v2/webhooks', { url: 'http://127.0.0.1:9/hook', type: 'ORDER_STATUS' });
    expect([(await made()).status, (await made()).status, (await made()).status]).toEqual([200, 200, 400]);
    const [one] = (await call('GET', '/v2/webhooks')).body as unknown as { uuid: string }[];
    expect((await call('DELETE', `/v2/webhooks/${one?.uuid}`)).status).toBe(200);
    expect(cdek.subscriptions).toHaveLength(1);
  });

  describe('events', () => {
    let receiver: Server;
    let answers: number[] = [];
    const received: { attributes: { code: string; deleted?: boolean } }[] = [];

    beforeEach(async () => {
      received.length = 0;
      answers = [];
      receiver = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          received.push(JSON.parse(body) as (typeof received)[number]);
          response.writeHead(answers.shift() ?? 200).end();
        });
      });
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      cdek.webhooks.mode = 'auto';
      cdek.webhooks.retryMs = 1;
      cdek.subscribe(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`, 'ORDER_STATUS');
    });
    afterEach(() => {
      receiver.closeAllConnections();
      receiver.close();
    });

    const told = (): (string | boolean | undefined)[][] => received.map(({ attributes }) => [attributes.code, attributes.deleted]);

    it('are posted until they are taken, also those that take a status back', async () => {
      answers = [500, 200];
      const uuid = await created();
      cdek.pushStatus(uuid, 'DELIVERED');
      cdek.revokeStatus(uuid, 'DELIVERED');
      await cdek.webhooks.idle();
      expect(told()).toEqual([
        ['CREATED', undefined],
        ['CREATED', undefined],
        ['DELIVERED', undefined],
        ['DELIVERED', true],
      ]);
    });
  });

  describe('the control over HTTP', () => {
    it('does what the methods do', async () => {
      expect((await call('POST', '/control/modes', { validateAfterMs: null, webhooks: 'hold', duplicates: 'later' })).body).toMatchObject({
        modes: { validateAfterMs: null, webhooks: 'hold', duplicates: 'later' },
      });
      expect((await call('POST', '/v2/orders', order())).status).toBe(202);
      expect((await call('GET', '/control/orders?number=n-1')).body).toMatchObject({ count: 1 });
      expect((await call('POST', '/control/validate', { order: 'n-1', refuseWith: 'нет' })).status).toBe(200);
      expect(
        (await call('POST', '/control/statuses', { order: 'n-1', code: 'DELIVERED', city: 'Москва', at: '2026-03-02T10:00:00Z' })).body,
      ).toMatchObject({ code: 'DELIVERED', city: 'Москва' });
      expect((await call('POST', '/control/revoke', { order: 'n-1', code: 'DELIVERED' })).body).toMatchObject({ deleted: true });
      expect((await call('POST', '/control/expire-tokens')).status).toBe(200);
      expect((await call('GET', '/v2/location/cities')).status).toBe(401);
      expect((await call('POST', '/control/reset')).body).toMatchObject({ orders: 0, calls: 0, duplicates: [] });
    });
  });
});

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, type Reply } from '../../../libs/testing/double/ask.js';
import { CdekDouble } from './cdek-double.js';

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

  beforeEach(async () => {
    cdek = await CdekDouble.start();
    cdek.webhooks.mode = 'off';
    cdek.setModes({ validateAfterMs: 5, printAfterMs: 5 });
  });
  afterEach(() => cdek.close());

  const call = (method: string, path: string, body?: object): Promise<Reply> =>
    ask(method, `${cdek.url}${path}`, body, { authorization: `Bearer ${cdek.newToken()}` });
  const order = (number = 'n-1', changes: object = {}): object => ({
    ...{ type: 1, number, tariff_code: 136, shipment_point: 'MSK67', delivery_point: 'SPB9', recipient: PERSON },
    ...{ ...pack({}), ...changes },
  });
  const readUuid = (reply: Reply): string => String(reply.json.entity?.uuid);
  const codes = (reply: Reply): string[] => ((reply.json.errors ?? []) as { code: string }[]).map(({ code }) => code);
  async function created(number = 'n-1', changes: object = {}): Promise<string> {
    const uuid = readUuid(await call('POST', '/v2/orders', order(number, changes)));
    while (cdek.orders().some((one) => one.uuid === uuid && one.requests.some(({ state }) => state === 'ACCEPTED'))) await pause();
    return uuid;
  }

  it.each([
    ['both a point and an address', { to_location: { code: 137, address: 'x' } }, 400, 'v2_delivery_address_multivalued'],
    ['neither', { delivery_point: undefined }, 400, 'v2_order_location_to_and_delivery_point_empty'],
  ])('rejects %s immediately', async (_what, changes, status, code) => {
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
    expect((await call('GET', `/v2/orders/${uuid}`)).json).toMatchObject({
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
    expect((await call('GET', `/v2/orders/${uuid}`)).json).toMatchObject({ requests: [{ state: 'INVALID', errors: [{ code }] }] });
  });

  it('does not change or delete an order once its parcel has arrived, and refuses delivery once', async () => {
    const uuid = await created();
    const [{ body } = { body: { packages: [] as object[] } }] = cdek.orders();
    cdek.pushStatus(uuid, 'RECEIVED_AT_SHIPMENT_WAREHOUSE', { at: new Date(Date.now() + 1_000) });
    const { number: _number, ...changes } = { number: '', ...order(), packages: body.packages };
    expect((await call('PATCH', '/v2/orders', { uuid, ...changes })).status).toBe(202);
    await call('DELETE', `/v2/orders/${uuid}`);
    while (cdek.orders()[0]?.requests.some(({ state }) => state === 'ACCEPTED')) await pause();
    expect(cdek.orders()[0]?.requests.map(({ state }) => state)).toEqual(['SUCCESSFUL', 'INVALID', 'INVALID']);
    const refuse = async (): Promise<string | undefined> => {
      expect((await call('POST', `/v2/orders/${uuid}/refusal`)).status).toBe(202);
      expect(codes(await call('POST', `/v2/orders/${uuid}/refusal`))).toEqual(['v2_similar_request_still_processed']);
      const [one] = cdek.orders();
      const request = one?.requests.at(-1);
      if (one && request) cdek.book.endRefusal(one, request);
      return request?.errors?.[0]?.message;
    };
    cdek.setModes({ validateAfterMs: undefined });
    expect([await refuse(), await refuse()]).toEqual([undefined, 'Заказ в конечном статусе']);
    cdek.pushStatus(uuid, 'TAKEN_BY_COURIER', { at: new Date(Date.now() + 2_000) });
    expect(await refuse()).toBe('Отказ уже зарегистрирован');
    expect(cdek.billedForNothing()).toEqual([]);
  });

  it('shows a deleted order no more, or as removed', async () => {
    const uuid = await created();
    await call('DELETE', `/v2/orders/${uuid}`);
    while (cdek.standing().length > 0) await pause();
    expect(codes(await call('GET', `/v2/orders/${uuid}`))).toEqual(['v2_entity_not_found']);
    cdek.setModes({ deleted: 'shown' });
    expect((await call('GET', `/v2/orders/${uuid}`)).json.entity.statuses[0].code).toBe('REMOVED');
  });

  it('sends one courier a day to an address, and one for an order', async () => {
    const uuids = [await created('n-1'), await created('n-2')];
    const intake_date = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const visit = (order_uuid = '', address = 'a'): Promise<Reply> =>
      call('POST', '/v2/intakes', {
        ...{ order_uuid, intake_date, intake_time_from: '10:00', intake_time_to: '18:00', from_location: { code: 44, address } },
      });
    expect((await visit(uuids[0])).status).toBe(202);
    expect(codes(await visit(uuids[0], 'b'))).toEqual(['v2_intake_exists_by_order']);
    expect(codes(await visit(uuids[1]))).toEqual(['v2_intake_exists_by_date_address']);
  });

  it('bills an order that is refused before CDEK has it', async () => {
    const uuid = await created();
    expect((await call('POST', `/v2/orders/${uuid}/refusal`)).status).toBe(202);
    while (cdek.orders()[0]?.requests.at(-1)?.state === 'ACCEPTED') await pause();
    expect(cdek.billedForNothing().map((one) => one.uuid)).toEqual([uuid]);
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
    expect((await call('GET', `/v2/intakes/${readUuid(taken)}`)).json).toMatchObject({
      requests: [{ state: 'INVALID', errors: [{ code }] }],
    });
  });
});

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

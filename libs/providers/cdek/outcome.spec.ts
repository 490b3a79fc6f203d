import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CarrierReport, ExistingDelivery, ParcelItem, SaveRequest } from '#delivery/port';
import {
  accountSettings,
  buildCollect,
  CdekDouble,
  cdekWebhookBody,
  existingDelivery,
  parcel,
  providerContext,
  sampleOrder,
  saveRequest,
  webhookRequest,
} from '#testing';
import { CdekProvider } from './cdek.provider.js';
import { type CdekContext, type CdekSettings, createDefaultSettings } from './cdek.settings.js';
import { listOwners } from './order-packages.js';

describe('the end of an order at CDEK', () => {
  let cdek: CdekDouble;
  let provider: CdekProvider;

  beforeEach(async () => {
    cdek = await CdekDouble.start();
    cdek.webhooks.mode = 'off';
    cdek.setModes({ validateAfterMs: 0, collectsAbroad: true });
    provider = new CdekProvider(cdek.url);
  });
  afterEach(() => cdek.close());

  const makeContext = (settings: Partial<CdekSettings> = {}): CdekContext =>
    providerContext(Object.assign(createDefaultSettings(), { collectsAbroad: true }, settings), {
      now: new Date(),
      account: accountSettings({ language: 'en' }),
    });

  /** Two units of an item and one of another, 3,000 owed for the first. */
  function order(country: 'RU' | 'KZ' = 'RU'): SaveRequest {
    const currency = country === 'KZ' ? 'KZT' : 'RUB';
    const [first] = parcel(currency, 150_000, 850).items;
    const items = [
      { ...first, quantity: 2, vatRate: 'none' },
      { ...first, name: 'Scarf', offerId: 'scarf', quantity: 1, vatRate: 'none' },
    ].map((item) => ({ ...item, declaredValue: { minor: 0, currency } })) as ParcelItem[];
    return saveRequest('ref-1', '137', sampleOrder('petersburgPoint'), {
      ...{ currency, vatRate: 'none', declaredValue: { minor: 0, currency } },
      parcels: [{ ...parcel(currency, 150_000, 850), items }],
      collect: { ...buildCollect(300_000, 0, currency), perItem: [[300_000, 0]] },
      to: {
        countryIso: country,
        city: country === 'KZ' ? 'Алматы' : 'Санкт-Петербург',
        street: 'ул. Абая',
        building: '1',
        text: 'ул. Абая, 1',
      },
    });
  }
  async function underway(request = order()): Promise<ExistingDelivery> {
    const delivery = existingDelivery(await provider.save(request, makeContext()), request);
    cdek.pushStatus(delivery.externalId, 'RECEIVED_AT_SHIPMENT_WAREHOUSE');
    return delivery;
  }
  async function track(delivery: ExistingDelivery, settings: Partial<CdekSettings> = {}): Promise<CarrierReport> {
    const reports = await provider.track([delivery], makeContext(settings));
    return reports.toSorted((one, other) => Number(one.updatedAt) - Number(other.updatedAt)).at(-1) as CarrierReport;
  }

  it('has the collected money in the currency of the recipient’s country, cash or card', async () => {
    const delivery = await underway(order('KZ'));
    expect((await track(delivery)).collected).toBeUndefined();
    cdek.pushStatus(delivery.externalId, 'DELIVERED', { by: 'CARD' });
    expect(await track(delivery)).toMatchObject({ code: 'delivered', collected: { currency: 'KZT', total: 300_000, by: 'card' } });
  });

  it('shows money that the courier did not take, and nothing for a prepaid order', async () => {
    const delivery = await underway();
    cdek.pushStatus(delivery.externalId, 'DELIVERED', { paid: 0 });
    expect((await track(delivery)).collected).toMatchObject({ currency: 'RUB', total: 0 });
    const { collect: _collect, ...prepaid } = { ...order(), reference: 'ref-2' };
    const paid = await underway(prepaid);
    cdek.pushStatus(paid.externalId, 'DELIVERED');
    expect((await track(paid)).collected).toBeUndefined();
  });

  it('counts pieces taken back to the items of the request', async () => {
    const delivery = await underway();
    cdek.pushStatus(delivery.externalId, 'DELIVERED', { reason: '20', taken: 1 });
    const report = await track(delivery);
    expect(report).toMatchObject({ code: 'partly-delivered', collected: { total: 150_000 } });
    expect(report.delivered).toEqual([{ parcel: 0, item: 0, quantity: 1 }]);
    expect(report.related).toMatchObject([{ kind: 'return', state: 'going' }]);
  });

  it('knows the item of each line, also of equal articles, marked pieces and weighed goods', () => {
    const item: ParcelItem = { name: 'Cheese', offerId: '7', quantity: 0.5 };
    const request = {
      ...order(),
      parcels: [{ weight: 1, items: [item, { ...item, quantity: 3, markingCodes: ['a', 'b'] }, { ...item, offerId: '8', quantity: 1 }] }],
      collect: { ...buildCollect(100, 0, 'RUB'), perItem: [[0, 100, 0]] },
    };
    const owners = [...(listOwners(request)[0]?.values() ?? [])].map(({ item: at, each }) => [at, each]);
    expect(owners[0]).toEqual([0, 0.5]);
    expect(owners.at(-1)).toEqual([2, 1]);
    expect(new Set(owners.slice(1, -1).map(String))).toEqual(new Set(['1,1']));
  });

  it('follows a return by CDEK’s link, although it has the number of the order', async () => {
    const delivery = await underway();
    cdek.pushStatus(delivery.externalId, 'NOT_DELIVERED', { reason: '13' });
    expect(await track(delivery)).toMatchObject({ code: 'not-delivered', related: [{ kind: 'return', state: 'going' }] });
    const [back] = cdek.returns(delivery.externalId);
    expect(back?.number).toBe(cdek.orders()[0]?.number);
    expect((await provider.find('ref-1', makeContext()))?.externalId).toBe(delivery.externalId);
    cdek.pushStatus(back?.uuid ?? '', 'DELIVERED');
    const report = await track(delivery);
    expect(report).toMatchObject({
      code: 'not-delivered',
      related: [{ state: 'back', externalId: back?.uuid, trackNumber: back?.cdek_number }],
    });
    // It is not read again.
    const calls = cdek.countCalls('getOrder');
    await track({ ...delivery, related: report.related ?? [] });
    expect(cdek.countCalls('getOrder')).toBe(calls + 1);
  });

  it.each(['repeated', 'own'] as const)('follows a return from the buyer and a lost one, whose numbers are %s', async (returnNumbers) => {
    cdek.setModes({ returnNumbers });
    const delivery = await underway();
    cdek.pushStatus(delivery.externalId, 'DELIVERED');
    const [{ uuid: one }, { uuid: other }] = [
      cdek.sendBack(delivery.externalId, 'client_return_order'),
      cdek.sendBack(delivery.externalId, 'reverse_order'),
    ];
    cdek.pushStatus(one, 'NOT_DELIVERED', { reason: '26' });
    expect((await track(delivery)).related).toMatchObject([
      { kind: 'clientReturn', externalId: one, state: 'lost' },
      { kind: 'reverse', externalId: other, state: 'going' },
    ]);
  });

  describe('and a return from the buyer', () => {
    const settings = { returnTariff: 136 };
    async function handedOver(): Promise<ExistingDelivery> {
      const delivery = await underway();
      cdek.pushStatus(delivery.externalId, 'DELIVERED');
      return delivery;
    }
    const returnIt = (delivery: ExistingDelivery, own: Partial<CdekSettings> = settings): Promise<void> =>
      provider.decide(delivery, { kind: 'clientReturn' }, makeContext(own));

    it.each(['order', 'return'] as const)('is made once, with the id of the %s in the reply', async (clientReturns) => {
      cdek.setModes({ clientReturns });
      const delivery = await handedOver();
      await returnIt(delivery);
      await returnIt(delivery);
      expect(cdek.countCalls('returnFromClient')).toBe(1);
      const [made] = cdek.returns(delivery.externalId);
      expect((await track(delivery)).related).toMatchObject([{ kind: 'clientReturn', externalId: made?.uuid, state: 'going' }]);
    });

    it.each(['order', 'return'] as const)('that CDEK rejects later is rejected, with the id of the %s', async (clientReturns) => {
      cdek.setModes({ clientReturns, validateAfterMs: 50 });
      const delivery = await handedOver();
      cdek.setModes({ refuseWith: 'Срок возврата истёк' });
      await expect(returnIt(delivery)).rejects.toMatchObject({ kind: 'rejected', message: expect.stringContaining('Срок возврата истёк') });
      cdek.setModes({ refuseWith: undefined });
      await returnIt(delivery);
      expect((await track(delivery)).related?.map(({ state }) => state)).toEqual(
        clientReturns === 'order' ? ['going'] : ['withdrawn', 'going'],
      );
    });

    it('waits for CDEK, and its repeat waits for the same request', async () => {
      const delivery = await handedOver();
      cdek.setModes({ validateAfterMs: 400 });
      const short = { ...makeContext(settings), signal: AbortSignal.timeout(200) };
      await expect(provider.decide(delivery, { kind: 'clientReturn' }, short)).rejects.toMatchObject({ kind: 'unknown_outcome' });
      await returnIt(delivery);
      expect([cdek.countCalls('returnFromClient'), cdek.returns(delivery.externalId).length]).toEqual([1, 1]);
    });

    it('needs a tariff and a parcel that was handed over', async () => {
      const early = await underway();
      await expect(returnIt(early)).rejects.toMatchObject({ kind: 'rejected', message: expect.stringContaining('not handed') });
      cdek.pushStatus(early.externalId, 'DELIVERED');
      await expect(returnIt(early, {})).rejects.toMatchObject({ kind: 'rejected', message: expect.stringContaining('tariff of returns') });
      expect(cdek.countCalls('returnFromClient')).toBe(0);
    });

    it('ends when CDEK withdraws it, shown or not', async () => {
      for (const isShown of [true, false]) {
        const delivery = await handedOver();
        const back = cdek.sendBack(delivery.externalId, 'client_return_order');
        const { related = [] } = await track(delivery, { followsReturns: true });
        expect(related).toMatchObject([{ state: 'going' }]);
        cdek.pushStatus(back.uuid, 'REMOVED');
        back.removed = !isShown;
        const returning = { ...delivery, related, status: 'returning', statusAt: new Date() };
        const now = await track(returning, { followsReturns: true });
        // The status of the return no longer counts.
        expect(now.updatedAt > returning.statusAt).toBe(true);
        expect([now.code, now.related]).toEqual(['delivered', [expect.objectContaining({ externalId: back.uuid, state: 'withdrawn' })]]);
        await returnIt({ ...delivery, related: now.related ?? [] });
        expect(cdek.returns(delivery.externalId)).toHaveLength(2);
        cdek.reset();
      }
    });
  });

  it('stays final for the CRM, unless the shop wants the statuses of returns', async () => {
    const delivery = await underway();
    cdek.pushStatus(delivery.externalId, 'NOT_DELIVERED');
    const ended = { ...delivery, status: 'not-delivered', statusAt: (await track(delivery)).updatedAt };
    expect((await track(ended)).code).toBe('not-delivered');
    const going = await track(ended, { followsReturns: true });
    expect([going.code, going.updatedAt > ended.statusAt]).toEqual(['returning', true]);
    cdek.pushStatus(cdek.returns(delivery.externalId)[0]?.uuid ?? '', 'DELIVERED', { at: new Date(Date.now() + 5_000) });
    const back = await track({ ...ended, status: 'returning', statusAt: going.updatedAt }, { followsReturns: true });
    expect([back.code, back.updatedAt > going.updatedAt]).toEqual(['returned', true]);
  });

  it('is read when an event of its return arrives', async () => {
    const delivery = await underway();
    cdek.pushStatus(delivery.externalId, 'NOT_DELIVERED');
    const [back] = cdek.returns(delivery.externalId);
    if (!back) throw new Error('the double made no return');
    const status = cdek.pushStatus(back.uuid, 'DELIVERED');
    const parse = (related: readonly object[]): string[] =>
      provider.webhook
        .parse(webhookRequest(JSON.stringify(cdekWebhookBody({ order: back, status }, related))), makeContext())
        .flatMap(({ reports }) => reports.map(({ externalId }) => externalId));
    expect(parse(cdek.book.listRelated(back))).toEqual([delivery.externalId]);
    expect(parse([])).toEqual([]);
  });

  it('is paid out in the contract’s currency, with a note where CDEK’s amounts do not add up', async () => {
    const delivery = await underway(order('KZ'));
    cdek.pushStatus(delivery.externalId, 'DELIVERED');
    const made = cdek.transfer('2026-03-04');
    const [row] = made?.orders ?? [];
    if (!made || !row) throw new Error('the double made no register');
    made.orders.push({ ...row, transfer_sum: row.transfer_sum - 1, basis_type: 'SAS' });
    const [register] = await provider.listRegisters('2026-03-04', makeContext());
    expect(register).toMatchObject({ kind: 'payout', currency: 'RUB', date: '2026-03-04', document: made.payment_order_number });
    expect(register?.rows).toMatchObject([
      { line: 1, kind: 'sale', trackNumber: row.cdek_number, gross: Math.round(row.payment_sum * 100) },
      { line: 2, kind: 'other', text: 'Not for an order: SAS; CDEK’s amounts do not add up' },
    ]);
    expect(register?.rows[0]?.text).toBeUndefined();
    expect(row.payment_sum).not.toBe(3_000);
  });

  it('brings something back only if CDEK can, and no longer when the shop changes its mind', async () => {
    const request = { ...order(), extraData: { reverse: true } };
    cdek.setModes({ reverse: 'refused' });
    await expect(provider.save(request, makeContext())).rejects.toMatchObject({
      ...{ kind: 'rejected', message: expect.stringContaining('Реверс недоступен по договору') },
    });
    expect(cdek.countCalls('createOrder')).toBe(0);
    cdek.setModes({ reverse: 'available' });
    const delivery = existingDelivery(await provider.save(request, makeContext()), request);
    expect(cdek.orders()[0]?.body.has_reverse_order).toBe(true);
    await provider.save({ ...request, extraData: {} }, makeContext(), delivery);
    expect(cdek.orders()[0]?.body.has_reverse_order).toBe(false);
  });
});

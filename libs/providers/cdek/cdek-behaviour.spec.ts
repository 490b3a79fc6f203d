import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toWholeSecond } from '#platform';
import { ProviderError } from '#provider-kit';
import { type ExistingDelivery, type ExistingShipment, type SaveRequest, type CarrierReport, makeOrderNumber } from '#delivery/port';
import {
  calculateRequest,
  CdekDouble,
  type CdekFault,
  cdekWebhookBody,
  buildCollect,
  existingDelivery,
  existingShipment,
  MemoryCache,
  pdfPages,
  providerContext,
  sampleOrder,
  saveRequest,
  shipmentRequest,
  webhookRequest,
} from '#testing';
import { CdekProvider } from './cdek.provider.js';
import { type CdekContext, type CdekSettings, createDefaultSettings } from './cdek.settings.js';
import { getLifeIndex } from './cdek.statuses.js';

/** How the adapter lives with a CDEK that is asynchronous, slow and wilful. */
describe('CDEK as it behaves', () => {
  let cdek: CdekDouble;
  let provider: CdekProvider;
  let context: CdekContext;
  const number = makeOrderNumber('ref-1', 'connection-1');

  beforeEach(async () => {
    cdek = await CdekDouble.start();
    cdek.webhooks.mode = 'off';
    cdek.setModes({ validateAfterMs: 20, printAfterMs: 20 });
    provider = new CdekProvider(cdek.url);
    context = makeContext();
  });
  afterEach(async () => {
    expect(cdek.duplicates()).toEqual([]);
    await cdek.close();
  });

  /** With its own cache by default. The time is the real one, like the double's. */
  function makeContext(settings: Partial<CdekSettings> = {}, changes: Partial<CdekContext> = {}): CdekContext {
    return providerContext(Object.assign(createDefaultSettings(), settings), { now: new Date(), cache: new MemoryCache(), ...changes });
  }

  const request = (changes: Partial<SaveRequest> = {}): SaveRequest => saveRequest('ref-1', '137', sampleOrder('moscowCourier'), changes);

  /** Stored by the integration's clock, whole seconds. */
  async function saved(changes: Partial<SaveRequest> = {}): Promise<ExistingDelivery> {
    const wanted = request(changes);
    return existingDelivery(await provider.save(wanted, context), wanted, { statusAt: toWholeSecond(new Date()), createdAt: new Date() });
  }
  const order = () => {
    const found = cdek.standing().find((one) => one.number === number);
    if (found === undefined) throw new Error('no order stands');
    return found;
  };
  const later = (seconds: number): Date => new Date(Date.now() + seconds * 1_000);
  const track = (delivery: ExistingDelivery): Promise<CarrierReport[]> => provider.track([delivery], { ...context, now: new Date() });

  /** The delivery as the integration stores it after these reports. */
  function applied(delivery: ExistingDelivery, reports: readonly CarrierReport[]): ExistingDelivery {
    return [...reports]
      .sort((left, right) => left.updatedAt.getTime() - right.updatedAt.getTime())
      .reduce((now, { code = now.status, ...report }) => {
        const at = toWholeSecond(report.updatedAt);
        const moves = at > now.statusAt || (at.getTime() === now.statusAt.getTime() && getLifeIndex(code) >= getLifeIndex(now.status));
        if (!moves) return now;
        return {
          ...now,
          status: code,
          statusAt: at,
          ...(report.trackNumber && { trackNumber: report.trackNumber }),
          ...(report.cost && { cost: report.cost }),
        };
      }, delivery);
  }

  describe('an order whose reply is lost', () => {
    it.each<[string, CdekFault, string, number]>([
      ['dropped before it acted', { kind: 'drop-before' }, 'unknown_outcome', 0],
      ['dropped after it acted', { kind: 'drop-after' }, 'unknown_outcome', 1],
      ['500 before it acted', { kind: 'error-before' }, 'unknown_outcome', 0],
      ['500 after it acted', { kind: 'error-after' }, 'unknown_outcome', 1],
      ['no JSON', { kind: 'invalid-json' }, 'unknown_outcome', 1],
      ['an internal error', { kind: 'refuse', code: 'v2_internal_error' }, 'unknown_outcome', 0],
      ['too many calls', { kind: 'rate-limit', retryAfterSeconds: 2 }, 'rate_limited', 0],
    ])('%s', async (_what, fault, kind, made) => {
      cdek.fail('createOrder', fault);
      expect((await failure(provider.save(request(), context))).kind).toBe(kind);
      // Nothing is sent twice without a request, existing orders are found, and a repeat makes no other.
      expect(cdek.countCalls('createOrder')).toBe(1);
      expect(cdek.orders()).toHaveLength(made);
      expect((await provider.find('ref-1', context)) !== undefined).toBe(made === 1);
      expect((await provider.save(request(), context)).externalId).toBe(order().uuid);
      expect(cdek.standing()).toHaveLength(1);
    });

    it('when the time has passed', async () => {
      cdek.fail('createOrder', { kind: 'hang' });
      expect((await failure(provider.save(request(), { ...context, signal: AbortSignal.timeout(150) }))).kind).toBe('unknown_outcome');
      expect((await provider.find('ref-1', context))?.externalId).toBe(order().uuid);
    });

    it('when CDEK acts only after it was not found', async () => {
      cdek.fail('createOrder', { kind: 'late', ms: 100 });
      expect((await failure(provider.save(request(), context))).kind).toBe('unknown_outcome');
      expect(await provider.find('ref-1', context)).toBeUndefined();
      while (cdek.orders().length === 0) await pause();
      expect((await provider.save(request(), context)).externalId).toBe(order().uuid);
    });
  });

  describe('a number that is taken', () => {
    it.each(['at-once', 'later'] as const)('is adopted when it is refused %s', async (duplicates) => {
      cdek.setModes({ duplicates });
      const first = await saved();
      const again = await provider.save(request(), context);
      expect(again).toMatchObject({ externalId: first.externalId, trackNumber: first.trackNumber });
      expect(cdek.countCalls('changeOrder')).toBe(0);
    });

    it('is adopted and changed where the order is another now', async () => {
      const first = await saved();
      const changed = request({ recipient: { name: 'Другой', phone: '+79160000000' } });
      expect((await provider.save(changed, context)).externalId).toBe(first.externalId);
      expect(order().body.recipient).toMatchObject({ name: 'Другой', phones: [{ number: '+79160000000' }] });
    });

    it('is adopted and changed where another company is the buyer', async () => {
      const recipient = { name: 'Пётр', company: 'ООО «Ромашка»', phone: '+79160000000' };
      await saved({ recipient });
      await provider.save(request({ recipient }), context);
      expect(cdek.countCalls('changeOrder')).toBe(0);
      await provider.save(request({ recipient: { ...recipient, company: 'ООО «Лютик»' } }), context);
      expect(order().body.recipient).toMatchObject({ company: 'ООО «Лютик»' });
    });

    it('stays unchanged when CDEK has the parcel', async () => {
      const first = await saved();
      cdek.pushStatus(first.externalId, 'RECEIVED_AT_SHIPMENT_WAREHOUSE', { at: later(1) });
      const again = await provider.save(request({ recipient: { name: 'Другой', phone: '+79160000000' } }), context);
      expect(again).toMatchObject({ externalId: first.externalId, status: 'accepted' });
      expect(cdek.countCalls('changeOrder')).toBe(0);
    });

    it('of an order CDEK has not validated yet is waited for', async () => {
      cdek.setModes({ validateAfterMs: 700 });
      cdek.fail('createOrder', { kind: 'drop-after' });
      await failure(provider.save(request(), context));
      expect(await provider.find('ref-1', context)).toMatchObject({ status: 'registering' });
      expect(await provider.save(request(), context)).toMatchObject({ status: 'created', trackNumber: order().cdek_number });
    });

    it('two saves at the same time make one order', async () => {
      cdek.setModes({ duplicates: 'later', validateAfterMs: 100 });
      const both = await Promise.all([provider.save(request(), context), provider.save(request(), context)]);
      expect(both.map(({ externalId }) => externalId)).toEqual([order().uuid, order().uuid]);
    });
  });

  describe('validation that takes longer than the call', () => {
    it('gets a preprocessing status, while number and price follow by tracking and are reported once', async () => {
      cdek.setModes({ validateAfterMs: undefined });
      const delivery = await saved({}).catch(() => undefined);
      expect(delivery).toMatchObject({ status: 'registering' });
      if (delivery === undefined) return;
      expect(delivery.trackNumber).toBeUndefined();
      expect(provider.manifest.statuses.find(({ code }) => code === 'registering')).toMatchObject({ isPreprocessing: true });
      expect(applied(delivery, await track(delivery)).status).toBe('registering');
      cdek.validate(number);
      const news = await track(delivery);
      const now = applied(delivery, news);
      expect(now).toMatchObject({ status: 'created', trackNumber: order().cdek_number, cost: { currency: 'RUB' } });
      expect((await track(now)).filter(({ trackNumber, cost }) => trackNumber !== undefined || cost !== undefined)).toEqual([]);
    });

    it('ends with the call’s time', async () => {
      cdek.setModes({ validateAfterMs: undefined });
      expect(await provider.save(request(), { ...context, signal: AbortSignal.timeout(300) })).toMatchObject({ status: 'registering' });
    });

    it('that ends in a refusal is reported in CDEK’s words, and the order can be made again under the same delivery', async () => {
      cdek.setModes({ validateAfterMs: undefined });
      const delivery = await saved();
      cdek.validate(number, 'Улица не найдена');
      const reports = await track(delivery);
      expect(reports.at(-1)).toMatchObject({ code: 'refused', comment: 'СДЭК: «Улица не найдена»' });
      const refused = applied(delivery, reports);
      expect(refused.status).toBe('refused');
      // Nothing exists at CDEK: withdrawing it is not an error.
      await provider.cancel(refused, context);
      cdek.setModes({ validateAfterMs: 20 });
      const anew = await provider.save(request({ comment: 'x' } as Partial<SaveRequest>), context, refused);
      expect(anew).toMatchObject({ externalId: order().uuid, trackNumber: order().cdek_number });
      expect(anew.externalId).not.toBe(refused.externalId);
      // That reply was lost: the delivery still refers to the rejected order but must find the valid one.
      expect((await provider.save(request(), context, refused)).externalId).toBe(order().uuid);
      expect(applied(refused, await track(refused))).toMatchObject({ status: 'created', trackNumber: order().cdek_number });
    });
  });

  describe('a change', () => {
    it('reaches the order', async () => {
      const delivery = await saved({ extraData: { comment: 'старый' } });
      await provider.save(request({ extraData: {}, collect: buildCollect(498_000, 35_000) }), context, delivery);
      expect(order().body).toMatchObject({ comment: 'Домофон 41, звонить за час', delivery_recipient_cost: { value: 350 } });
      await provider.save(request(), context, delivery);
      expect(order().body.delivery_recipient_cost).toEqual({ value: 0 });
    });

    it('of the buyer from a company to a person and back leaves nothing of the other', async () => {
      const company = 'ООО «Ромашка»';
      const customer = { phones: [], contragent: { contragentType: 'legal-entity', legalName: company } };
      const legal = { recipient: { name: 'Пётр Ёлкин', company, phone: '+79160000000' }, customer };
      const delivery = await saved(legal);
      expect(order().body.recipient).toMatchObject({ company, name: 'Пётр Ёлкин', contragent_type: 'LEGAL_ENTITY' });
      await provider.save(request(), context, delivery);
      expect(order().body.recipient).toMatchObject({ company: '', contragent_type: 'INDIVIDUAL' });
      await provider.save(request(legal), context, delivery);
      expect(order().body.recipient).toMatchObject({ company, contragent_type: 'LEGAL_ENTITY' });
    });

    it('is refused when CDEK has the parcel, before anything is sent', async () => {
      const delivery = await saved();
      cdek.pushStatus(number, 'RECEIVED_AT_SHIPMENT_WAREHOUSE', { at: later(1) });
      const error = await failure(provider.save(request(), context, delivery));
      expect(error).toMatchObject({ kind: 'rejected', localText: { ru: expect.stringContaining('Принят на склад отправителя') } });
      expect(cdek.countCalls('changeOrder')).toBe(0);
    });

    it('that CDEK rejects within the call is reported immediately', async () => {
      const delivery = await saved();
      cdek.setModes({ refuseWith: 'Телефон не обслуживается' });
      expect(await failure(provider.save(request(), context, delivery))).toMatchObject({
        kind: 'rejected',
        message: 'CDEK: «Телефон не обслуживается»',
      });
    });

    it('that CDEK refuses later alarms by tracking, until another one is taken', async () => {
      let delivery = await saved();
      cdek.setModes({ validateAfterMs: 1_000, refuseWith: 'Телефон не обслуживается' });
      await provider.save(request(), { ...context, signal: AbortSignal.timeout(500) }, delivery);
      while (order().requests.some(({ state }) => state === 'ACCEPTED')) await pause();
      cdek.setModes({ validateAfterMs: 20, refuseWith: undefined });
      delivery = applied(delivery, await track(delivery));
      expect(delivery.status).toBe('change-refused');
      await provider.save(request(), context, delivery);
      expect(applied(delivery, await track(delivery)).status).toBe('created');
    });

    it('while an earlier one is being checked has an unknown outcome', async () => {
      const delivery = await saved();
      cdek.setModes({ validateAfterMs: undefined });
      await provider.save(request(), { ...context, signal: AbortSignal.timeout(300) }, delivery);
      expect((await failure(provider.save(request(), context, delivery))).kind).toBe('unknown_outcome');
    });
  });

  describe('withdrawing', () => {
    it.each(['hidden', 'shown'] as const)('deletes the order, twice is fine (then %s)', async (deleted) => {
      cdek.setModes({ deleted });
      const delivery = await saved();
      await provider.cancel(delivery, context);
      await provider.cancel(delivery, context);
      expect(cdek.standing()).toEqual([]);
      expect(await provider.get(delivery, context)).toMatchObject({ status: 'cancelled' });
      expect(await provider.find('ref-1', context)).toBeUndefined();
    });

    it('refuses the order once CDEK has the parcel', async () => {
      const delivery = await saved();
      cdek.pushStatus(number, 'ACCEPTED_AT_PICK_UP_POINT', { at: later(1) });
      await provider.cancel(delivery, context);
      await provider.cancel(delivery, context);
      expect([cdek.countCalls('deleteOrder'), cdek.countCalls('refuseOrder')]).toEqual([0, 1]);
    });

    it('refuses an order that was taken in while it was being deleted', async () => {
      const delivery = await saved();
      cdek.setModes({ validateAfterMs: 300 });
      const withdrawn = provider.cancel(delivery, context);
      while (cdek.countCalls('deleteOrder') === 0) await pause();
      cdek.pushStatus(number, 'RECEIVED_AT_SHIPMENT_WAREHOUSE', { at: later(1) });
      await withdrawn;
      expect(cdek.countCalls('refuseOrder')).toBe(1);
    });

    it.each([
      ['DELIVERED', 'rejected'],
      ['POSTOMAT_RECEIVED', 'rejected'],
    ])('is refused after %s', async (code, kind) => {
      const delivery = await saved();
      cdek.pushStatus(number, code, { at: later(1) });
      expect((await failure(provider.cancel(delivery, context))).kind).toBe(kind);
    });

    it('a lost reply, or a deletion that takes long, has an unknown outcome, which a later query determines', async () => {
      const delivery = await saved();
      cdek.fail('deleteOrder', { kind: 'drop-after' });
      expect((await failure(provider.cancel(delivery, context))).kind).toBe('unknown_outcome');
      while (cdek.standing().length > 0) await pause();
      await provider.cancel(delivery, context);
      const other = await saved();
      cdek.setModes({ validateAfterMs: undefined });
      expect((await failure(provider.cancel(other, { ...context, signal: AbortSignal.timeout(400) }))).kind).toBe('unknown_outcome');
      expect((await failure(provider.cancel(other, context))).kind).toBe('unknown_outcome');
    });
  });

  describe('tracking', () => {
    it('tells the whole history, in order, with places and reasons', async () => {
      const delivery = await saved();
      cdek.pushStatus(number, 'NOT_DELIVERED', { at: later(30), reason: '11' });
      cdek.pushStatus(number, 'RECEIVED_AT_SHIPMENT_WAREHOUSE', { at: later(10), city: 'Москва' });
      cdek.pushStatus(number, 'SOMETHING_NEW', { at: later(20) });
      const reports = (await track(delivery)).slice(-3);
      expect(reports.map(({ code, comment }) => [code, comment])).toEqual([
        ['accepted', 'Принят на склад отправителя, Москва'],
        ['unrecognised', 'SOMETHING_NEW'],
        ['not-delivered', 'Не вручен, причина 11'],
      ]);
      expect(applied(delivery, reports).status).toBe('not-delivered');
    });

    it('does not move a delivery back for a status that comes late', async () => {
      let delivery = await saved();
      cdek.pushStatus(number, 'TAKEN_BY_COURIER', { at: later(20) });
      delivery = applied(delivery, await track(delivery));
      cdek.pushStatus(number, 'ACCEPTED_IN_RECIPIENT_CITY', { at: later(10) });
      const reports = await track(delivery);
      expect(reports.map(({ code }) => code)).toContain('in-city');
      expect(applied(delivery, reports)).toEqual(delivery);
    });

    it.each(['marked', 'dropped'] as const)('moves it back for an end that CDEK took back (%s), once', async (revoked) => {
      cdek.setModes({ revoked });
      let delivery = await saved();
      cdek.pushStatus(number, 'TAKEN_BY_COURIER', { at: later(10) });
      cdek.pushStatus(number, 'DELIVERED', { at: later(20) });
      delivery = applied(delivery, await track(delivery));
      expect(delivery.status).toBe('delivered');
      cdek.revokeStatus(number, 'DELIVERED');
      const reports = await track(delivery);
      expect(reports.at(-1)?.comment).toContain('отозвал');
      delivery = applied(delivery, reports);
      expect(delivery.status).toBe('with-courier');
      expect(applied(delivery, await track(delivery))).toEqual(delivery);
      cdek.pushStatus(number, 'DELIVERED', { at: later(60) });
      expect(applied(delivery, await track(delivery)).status).toBe('delivered');
    });

    it('keeps a status that an operator reported, unless CDEK has an update', async () => {
      let delivery: ExistingDelivery = { ...(await saved()), status: 'in-city', statusAt: toWholeSecond(later(30)) };
      cdek.pushStatus(number, 'RECEIVED_AT_SHIPMENT_WAREHOUSE', { at: later(10) });
      expect(applied(delivery, await track(delivery))).toEqual(delivery);
      cdek.pushStatus(number, 'TAKEN_BY_COURIER', { at: later(40) });
      delivery = applied(delivery, await track(delivery));
      expect(delivery.status).toBe('with-courier');
    });

    it('uses the account’s own rules', async () => {
      context = makeContext({ statusRules: [{ code: 'POSTOMAT_RECEIVED', status: 'delivered' }] });
      const delivery = await saved();
      cdek.pushStatus(number, 'POSTOMAT_RECEIVED', { at: later(10) });
      expect(applied(delivery, await track(delivery)).status).toBe('delivered');
    });

    it('reports what it can of many, and an order that is long gone as canceled', async () => {
      const delivery = await saved();
      const gone: ExistingDelivery = {
        ...delivery,
        id: 'x',
        externalId: '00000000-0000-0000-0000-000000000000',
        reference: 'none',
        createdAt: later(-7_200),
      };
      expect(await provider.track([{ ...gone, createdAt: new Date() }], context)).toEqual([]);
      expect(await provider.track([gone], context)).toMatchObject([{ code: 'cancelled', externalId: gone.externalId }]);
      // Reads are made three times before they are given up.
      cdek.fail('getOrder', { kind: 'error-before' }, 3);
      const reports = await provider.track([delivery, { ...delivery, id: 'y' }], context);
      expect(reports.length).toBeGreaterThan(0);
      cdek.fail('getOrder', { kind: 'error-before' }, 3);
      expect((await failure(provider.track([delivery], context))).kind).toBe('unavailable');
    });
  });

  describe('the webhook', () => {
    it('contains the order and its status, while returns and other kinds are ignored', async () => {
      const delivery = await saved();
      const status = cdek.pushStatus(number, 'DELIVERED');
      const body = cdekWebhookBody({ order: order(), status }) as { attributes: object };
      const parsed = (hook: object): unknown => provider.webhook.parse(webhookRequest(JSON.stringify(hook)), context);
      expect(provider.webhook.unsigned).toBe(true);
      expect(parsed(body)).toMatchObject([
        { id: expect.stringMatching(/^[0-9a-f]{64}$/), reports: [{ externalId: delivery.externalId, code: 'delivered' }] },
      ]);
      expect(parsed({ ...body, attributes: { ...body.attributes, is_return: true } })).toEqual([]);
      expect(parsed({ ...body, type: 'PRINT_FORM' })).toEqual([]);
      const ids = [body, { ...body, attributes: { ...body.attributes, deleted: true } }].map(
        (hook) => (parsed(hook) as { id: string }[])[0]?.id,
      );
      expect(new Set(ids).size).toBe(2);
    });
  });

  describe('documents', () => {
    async function two(): Promise<ExistingDelivery[]> {
      return [
        await saved(),
        existingDelivery(await provider.save(request({ reference: 'ref-2' }), context), request({ reference: 'ref-2' })),
      ];
    }

    it('that take longer than the call are taken up again by the next', async () => {
      const deliveries = await two();
      cdek.setModes({ printAfterMs: 700 });
      const asked = { entity: 'order' as const, form: 'label', deliveries };
      const error = await failure(provider.print(asked, { ...context, signal: AbortSignal.timeout(300) }));
      expect(error.kind).toBe('unavailable');
      const pages = pdfPages(await provider.print(asked, context)).map(({ text }) => text);
      expect(pages.map((page, index) => page.includes(deliveries[index]?.trackNumber ?? '?'))).toEqual([true, true]);
      expect(cdek.countCalls('startPrint')).toBe(1);
      // A reprint shows the current orders.
      await provider.print(asked, context);
      expect(cdek.countCalls('startPrint')).toBe(2);
    });

    it('whose job or file is gone are begun once more', async () => {
      const deliveries = await two();
      cdek.fail('printState', { kind: 'refuse', code: 'v2_entity_not_found' });
      expect(pdfPages(await provider.print({ entity: 'order', form: 'waybill', deliveries }, context))).toHaveLength(2);
      expect(cdek.countCalls('startPrint')).toBe(2);
      cdek.fail('printFile', { kind: 'refuse', code: 'v2_entity_not_found' });
      expect(pdfPages(await provider.print({ entity: 'order', form: 'waybill', deliveries }, context))).toHaveLength(2);
      expect(cdek.countCalls('startPrint')).toBe(4);
    });

    it.each([
      ['removed', 'unavailable'],
      ['vanished', 'unavailable'],
      ['invalid', 'rejected'],
    ] as const)('that are %s fail as %s, and the next try starts again', async (prints, kind) => {
      const deliveries = [await saved()];
      const asked = { entity: 'order' as const, form: 'label', deliveries };
      cdek.setModes({ prints });
      expect((await failure(provider.print(asked, context))).kind).toBe(kind);
      cdek.setModes({ prints: 'made' });
      expect(pdfPages(await provider.print(asked, context))).toHaveLength(1);
    });
  });

  describe('visits of the courier', () => {
    const day = (days: number): string =>
      later(days * 86_400)
        .toISOString()
        .slice(0, 10);
    async function visit(changes: object = {}): Promise<ExistingShipment> {
      const wanted = shipmentRequest('ship-1', [await saved()], { date: day(1), ...changes });
      return existingShipment(await provider.saveShipment(wanted, context), wanted);
    }
    const standing = () => cdek.intakes().map(({ body }) => [body.intake_date, body.intake_time_to, body.comment]);

    it('are changed to another day with no moment without one', async () => {
      const shipment = await visit();
      const changed = { ...shipment.request, date: day(2) };
      const again = await provider.saveShipment(changed, context, shipment);
      // An order has one visit, so the old one is replaced. A load of several is ordered in addition to it.
      expect(again.externalId).toBe(shipment.externalId);
      expect(again.extraData?.intake).toBe(cdek.intakes()[0]?.uuid);
      expect(standing()).toEqual([[day(2), '18:00', 'Вход со двора [ship-1]']]);
    });

    it('of several orders on another day are ordered before the old one goes', async () => {
      const deliveries = [
        await saved(),
        existingDelivery(await provider.save(request({ reference: 'ref-2' }), context), request({ reference: 'ref-2' })),
      ];
      const wanted = shipmentRequest('ship-1', deliveries, { date: day(1) });
      const shipment = existingShipment(await provider.saveShipment(wanted, context), wanted);
      cdek.fail('deleteIntake', { kind: 'error-before' });
      expect((await failure(provider.saveShipment({ ...wanted, date: day(2) }, context, shipment))).kind).toBe('unknown_outcome');
      expect(standing().map(([date]) => date)).toEqual([day(1), day(2)]);
      // A repeat continues where it broke off.
      await provider.saveShipment({ ...wanted, date: day(2) }, context, shipment);
      expect(standing().map(([date]) => date)).toEqual([day(2)]);
      expect(cdek.countCalls('createIntake')).toBe(2);
    });

    it('are changed on the same day, and left when nothing changes', async () => {
      const shipment = await visit();
      await provider.saveShipment(shipment.request, context, shipment);
      expect(cdek.countCalls('createIntake')).toBe(1);
      await provider.saveShipment({ ...shipment.request, time: { from: '10:00', to: '20:00' } }, context, shipment);
      expect(standing()).toEqual([[day(1), '20:00', 'Вход со двора [ship-1]']]);
    });

    it('stay when the change is refused', async () => {
      const shipment = await visit();
      // The first attempt meets the old visit, the second is refused.
      cdek.fail('createIntake', { kind: 'refuse', code: 'v2_intake_exists_by_date_address' });
      cdek.fail('createIntake', { kind: 'refuse', code: 'v2_wrong_interval', message: 'Интервал занят' });
      // As in a deployment, some members of a context are inherited.
      const made = Object.create(context) as CdekContext;
      expect(
        (await failure(provider.saveShipment({ ...shipment.request, time: { from: '10:00', to: '20:00' } }, made, shipment))).message,
      ).toContain('Интервал занят');
      expect(standing()).toEqual([[day(1), '18:00', 'Вход со двора [ship-1]']]);
      // And are withdrawn for all that their id is another now.
      await provider.cancelShipment(shipment, context, {});
      expect(cdek.intakes()).toEqual([]);
    });

    it.each([false, true])(
      'that vanish while they are changed do not hold up the new one, nor come back: refused again %s',
      async (again) => {
        const shipment = await visit();
        for (const intake of cdek.intakes()) cdek.book.endIntakeDeletion(intake, cdek.book.beginIntakeDeletion(intake));
        // CDEK still saw the old visit when the new one was ordered.
        cdek.fail('createIntake', { kind: 'refuse', code: 'v2_intake_exists_by_date_address' }, again ? 2 : 1);
        const change = provider.saveShipment({ ...shipment.request, time: { from: '10:00', to: '20:00' } }, context, shipment);
        if (again) expect((await failure(change)).kind).toBe('rejected');
        else expect((await change).externalId).toBe(shipment.externalId);
        expect(standing()).toEqual(again ? [] : [[day(1), '20:00', 'Вход со двора [ship-1]']]);
        expect(cdek.countCalls('createIntake')).toBe(3);
      },
    );

    it('whose reply is lost are found among the order’s own', async () => {
      const wanted = shipmentRequest('ship-1', [await saved()], { date: day(1) });
      cdek.fail('createIntake', { kind: 'drop-after' });
      expect((await failure(provider.saveShipment(wanted, context))).kind).toBe('unknown_outcome');
      while (cdek.intakes().some(({ intake_number }) => intake_number === undefined)) await pause();
      const found = await provider.findShipment('ship-1', { ...context, cache: new MemoryCache() }, wanted);
      expect(found?.externalId).toBe(cdek.intakes()[0]?.uuid);
      expect(await provider.findShipment('ship-2', context, wanted)).toBeUndefined();
    });

    it('still being checked are neither there nor not', async () => {
      cdek.setModes({ validateAfterMs: 20 });
      const wanted = shipmentRequest('ship-1', [await saved()], { date: day(1) });
      cdek.setModes({ validateAfterMs: undefined });
      expect((await failure(provider.saveShipment(wanted, { ...context, signal: AbortSignal.timeout(300) }))).kind).toBe('unknown_outcome');
      expect((await failure(provider.findShipment('ship-1', context, wanted))).kind).toBe('unavailable');
      expect((await failure(provider.saveShipment(wanted, context))).kind).toBe('unknown_outcome');
      expect(cdek.countCalls('createIntake')).toBe(1);
      for (const intake of cdek.book.intakes) cdek.book.validateIntake(intake, 'Адрес не обслуживается');
      expect(await provider.findShipment('ship-1', context, wanted)).toBeUndefined();
    });

    it('that CDEK rejects are reported in its words', async () => {
      const wanted = shipmentRequest('ship-1', [await saved()], { date: day(1) });
      cdek.setModes({ refuseWith: 'Адрес не обслуживается' });
      expect(await failure(provider.saveShipment(wanted, context))).toMatchObject({
        kind: 'rejected',
        message: 'CDEK: «Адрес не обслуживается»',
      });
      cdek.setModes({ refuseWith: undefined });
      expect((await provider.saveShipment(wanted, context)).externalId).toBe(cdek.intakes()[0]?.uuid);
    });
  });

  describe('quotes', () => {
    const quote = calculateRequest(sampleOrder('petersburgPoint'));

    it('equal ones at the same time, and within a minute, are one question', async () => {
      await Promise.all([provider.calculate(quote, context), provider.calculate(quote, context), provider.calculate(quote, context)]);
      await provider.calculate(quote, context);
      expect([cdek.countCalls('quotes'), cdek.countCalls('points'), cdek.countCalls('token')]).toEqual([1, 1, 1]);
      await provider.calculate({ ...quote, parcels: quote.parcels.map((one) => ({ ...one, weight: 9_000 })) }, context);
      expect(cdek.countCalls('quotes')).toBe(2);
    });

    it('show the nearest points, the chosen one first', async () => {
      context = makeContext({ tariffs: [{ code: 136 }], pointsShown: 3 });
      const asked = calculateRequest(sampleOrder('moscowCourier'));
      const [near] = await provider.calculate({ ...asked, to: { ...asked.to, metro: 'Белорусская', terminal: 'MSK301' } }, context);
      expect(near?.pickupPoints?.map(({ code }) => code)).toEqual(['MSK301', 'MSK71', 'MSK5']);
    });

    it('leave out points that take no money, when money is collected', async () => {
      context = makeContext({ tariffs: [{ code: 136 }] });
      const [free] = await provider.calculate(quote, context);
      const [paid] = await provider.calculate({ ...quote, cod: { minor: 100, currency: 'RUB' } }, context);
      expect((free?.pickupPoints?.length ?? 0) - (paid?.pickupPoints?.length ?? 0)).toBe(1);
    });

    it('a name of several cities is rejected, and the region, the postal code or the field decides', async () => {
      context = makeContext({ tariffs: [{ code: 137 }] });
      const to = (changes: object): ReturnType<typeof calculateRequest> => ({
        ...quote,
        to: { countryIso: 'RU', city: 'Советский', ...changes },
      });
      const error = await failure(provider.calculate(to({}), context));
      expect(error).toMatchObject({ kind: 'invalid', fields: { 'deliveryAddress.city': expect.any(Object) } });
      expect(error.localText?.ru).toContain('Город СДЭК');
      const asked = async (changes: object, extraData = {}): Promise<unknown> => {
        cdek.calls.length = 0;
        await provider.calculate({ ...to(changes), extraData }, { ...context, cache: new MemoryCache() });
        return (cdek.calls.find(({ call }) => call === 'quotes')?.body as { to_location: { code: number } }).to_location.code;
      };
      expect(await asked({ region: 'Марий Эл респ.' })).toBe(2519);
      expect(await asked({ index: '628240' })).toBe(1073);
      expect(await asked({}, { city: '2519' })).toBe(2519);
      expect(await asked({ city: 'г. Москва ', index: '101000' })).toBe(44);
    });

    it('go on where a token ends in the middle of everything', async () => {
      cdek.setModes({ tokenSeconds: 1 });
      await provider.calculate(quote, context);
      cdek.setModes({ tokenSeconds: 3_600 });
      cdek.expireTokens();
      await provider.calculate({ ...quote, parcels: quote.parcels.map((one) => ({ ...one, weight: 9_000 })) }, context);
    });

    it('an account whose token fails does not touch another', async () => {
      const wrong = makeContext({ clientSecret: 'wrong' }, { connectionId: 'connection-2' });
      const answers = await Promise.allSettled([provider.calculate(quote, wrong), provider.calculate(quote, context)]);
      expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    });
  });

  it('loads the directories again once a day, and keeps the loaded ones if CDEK does not respond', async () => {
    await provider.listPickupPoints({}, context);
    const before = cdek.countCalls('points');
    await provider.refresh(context);
    // A day is not over.
    expect(cdek.countCalls('points')).toBe(before);
    const forgotten = cdek.calls.length;
    const name = 'points2?city_code=44&type=ALL';
    const cache = context.cache as MemoryCache;
    const contour = [...cacheKeys(cache)].find((key) => key.includes(name))?.split(' ')[1] ?? '';
    await cache.forget(`${contour} fresh ${name}`, 'provider');
    cdek.fail('points', { kind: 'error-before' }, 3);
    expect((await failure(provider.refresh(context))).kind).toBe('unavailable');
    expect((await provider.listPickupPoints({}, context)).length).toBeGreaterThan(0);
    await provider.refresh(context);
    expect(cdek.calls.slice(forgotten).filter(({ call }) => call === 'points')).toHaveLength(4);
  });
});

/** The keys of a memory cache, for a spec that makes one grow old. */
function cacheKeys(cache: MemoryCache): Iterable<string> {
  return (cache as unknown as { kept: Map<string, unknown> }).kept.keys();
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

async function failure(call: Promise<unknown>): Promise<ProviderError> {
  const [result] = await Promise.allSettled([call]);
  if (result?.status !== 'rejected') throw new Error('it should have failed');
  expect(result.reason).toBeInstanceOf(ProviderError);
  return result.reason as ProviderError;
}

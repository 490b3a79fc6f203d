import { describe, expect, it } from '@jest/globals';
import type { ExistingDelivery, ExistingShipment, SaveRequest } from '#delivery/port';
import type { Language } from '#platform';
import type { Contragent } from '#provider-kit';
import {
  accountSettings,
  buildCollect,
  existingDelivery,
  existingShipment,
  pdfPages,
  providerContext,
  type SampleName,
  sampleOrder,
  saveRequest,
  shipmentRequest,
} from '#testing';
import type { CourierContext, CourierSettings } from '../courier.settings.js';
import { exampleNetwork } from '../example-network/index.js';
import { CourierNetwork } from '../network/courier-network.js';
import { buildTrackNumber } from '../track-number.js';
import { printForm } from './index.js';
import { addressLine } from './printed-delivery.js';

function context(language: Language = 'ru', settings: CourierSettings = exampleNetwork): CourierContext {
  return providerContext(settings, { account: accountSettings({ language }) });
}

let numbers = 0;
function delivery(name: SampleName, changes: Partial<SaveRequest> = {}, state: Partial<ExistingDelivery> = {}): ExistingDelivery {
  const order = sampleOrder(name);
  const request = saveRequest(`ref-${++numbers}`, 'courier', order, changes);
  const number = buildTrackNumber('CD', numbers);
  const cost = { minor: 39_000, currency: order.currency };
  return existingDelivery({ externalId: number, trackNumber: number, status: 'created', cost, extraData: {} }, request, state);
}

async function pages(
  form: string,
  deliveries: ExistingDelivery[],
  language?: Language,
): Promise<{ size: [number, number]; text: string }[]> {
  const pdf = await printForm({ entity: 'order', form, deliveries }, context(language), CourierNetwork.of(exampleNetwork));
  return pdfPages(pdf ?? new Uint8Array()).map(({ size, text }) => ({ size, text: flat(text) }));
}

/** Removes all spaces, because lines and words are placed one by one. */
function flat(text: string): string {
  return text.replace(/\s+/g, '');
}

describe('labels', () => {
  it('are 100 x 150 mm, one for each package, in the order asked', async () => {
    const deliveries = [delivery('madridCourier'), delivery('moscowManyPackagesCod'), delivery('mexicoCityCourierCod')];
    const found = await pages('label', deliveries);
    const count = deliveries[1]?.request.parcels.length ?? 0;
    expect(found).toHaveLength(count + 2);
    expect(new Set(found.map(({ size }) => size.join()))).toEqual(new Set(['100,150']));
    const places = found.map(({ text }) => deliveries.findIndex(({ externalId }) => text.includes(externalId)));
    expect(places).toEqual([0, ...Array.from({ length: count }, () => 1), 2]);
    expect(found[1]?.text).toContain(`1/${count}`);
    expect(found[count]?.text).toContain(`${count}/${count}`);
  });

  it('bear recipient, address, phone, hours and note', async () => {
    const changes = { deliveryDate: '2026-03-05', deliveryTime: { from: '18:00', to: '22:00' } };
    const one = delivery('moscowManyPackagesCod', changes, {
      extraData: { courierNote: 'Позвонить за час', fitting: true, sortingHub: 'RU-MSK' },
    });
    const [label] = await pages('label', [one]);
    for (const part of [
      'Ахмадуллина Зульфия',
      '+74951234567',
      'Таганская ул., д. 15, кв. 7',
      '05.03.2026',
      '18:00-22:00',
      'Позвонить за час',
      'Примерка',
      'RU-MSK',
      'КУРЬЕР',
    ]) {
      expect(label?.text).toContain(flat(part));
    }
  });

  it('name a company, and the person where one is named', async () => {
    const company = 'ООО «Ромашка»';
    const [unnamed, named] = await pages('label', [
      delivery('moscowCourier', { recipient: { name: company, company, phone: '+74951234567' } }),
      delivery('moscowCourier', { recipient: { name: 'Пётр', company, phone: '+74951234567' } }),
    ]);
    expect(unnamed?.text.split(flat(company))).toHaveLength(2);
    expect(named?.text).toContain(flat(`${company}, Пётр`));
  });

  it.each(['sender', 'receiver'] as const)('show the amount to collect and its purpose for each payer: %s', async (payerType) => {
    const label = async (goods: number, forDelivery: number): Promise<string> =>
      (
        await pages('label', [
          delivery('moscowCourier', { payerType, ...(goods + forDelivery > 0 && { collect: buildCollect(goods, forDelivery) }) }),
        ])
      )[0]?.text ?? '';
    expect(await label(960_000, 0)).toContain(flat('К ОПЛАТЕ 9600,00₽'));
    expect(await label(960_000, 39_000)).toContain(flat('9990,00₽'));
    expect(await label(960_000, 39_000)).toContain(flat('товар 9600,00₽ + доставка 390,00₽'));
    expect(await label(0, 39_000)).toContain(flat('К ОПЛАТЕ 390,00₽'));
    expect(await label(0, 0)).toContain('ОПЛАЧЕНО');
  });

  it('show the pickup point', async () => {
    const to = { countryIso: 'ES', city: 'Madrid', terminal: 'MAD-GOYA' };
    const [label] = await pages('label', [delivery('madridCourier', { tariff: 'pickup', to })], 'es');
    for (const part of ['MAD-GOYA', 'Calle de Goya, 85, 28001 Madrid', 'Núñez Íñiguez Begoña', 'PAGADO', 'Bulto'])
      expect(label?.text).toContain(flat(part));
  });

  it('take the sender from the settings, else from the order', async () => {
    const own = { ...exampleNetwork, senderName: 'Лавка «Ёлки»', senderPhone: '+7 495 111', senderAddress: 'Москва, Полковая, 3' };
    const print = async (settings: CourierSettings): Promise<string> => {
      const pdf = await printForm(
        { entity: 'order', form: 'label', deliveries: [delivery('moscowCourier')] },
        context('ru', settings),
        CourierNetwork.of(settings),
      );
      return flat(pdfPages(pdf ?? new Uint8Array())[0]?.text ?? '');
    };
    expect(await print(own)).toContain(flat('Лавка «Ёлки» Москва, Полковая, 3 +7 495 111'));
    expect(await print(exampleNetwork)).toContain(flat('Shop'));
  });

  it('survive whatever the texts are', async () => {
    const long = 'Очень-длинное-слово'.repeat(50);
    const odd = ['\u0000\u0007\u200f', '👩‍🚀 \ud800', '日本語 العربية', ' \n\n\t ', long, `${'слово '.repeat(500)}`];
    const deliveries = odd.map((text) =>
      delivery(
        'moscowCourier',
        { recipient: { name: text, phone: text }, to: { countryIso: 'RU', city: text, street: text }, orderNumber: text, tariff: text },
        { extraData: { courierNote: text, sortingHub: text } },
      ),
    );
    await expect(pages('label', deliveries)).resolves.toHaveLength(odd.length);
    await expect(pages('waybill', deliveries)).resolves.toHaveLength(odd.length);
  });

  it('put a track number that no bar code holds aside', async () => {
    const one = delivery('moscowCourier', {}, { trackNumber: 'ТРЕК 1' });
    expect((await pages('label', [one]))[0]?.text).toContain(one.externalId);
  });
});

describe('a company', () => {
  const company = 'Общество с ограниченной ответственностью «Торговый дом Ромашка и партнёры»';
  const bought = (contragent: Contragent): Partial<SaveRequest> => ({
    recipient: { name: 'Пётр Ёлкин', company, phone: '+74951234567' },
    customer: { phones: [], contragent },
  });

  it.each(['waybill', 'label'])('is on the %s with its INN and the person who takes the parcel', async (form) => {
    const [page] = await pages(form, [delivery('moscowCourier', bought({ legalName: company, inn: '7707083893' }))]);
    for (const part of [`${company}, Пётр Ёлкин`, 'ИНН 7707083893', '+74951234567']) expect(page?.text).toContain(flat(part));
  });

  it.each(['waybill', 'label'])('has no INN on the %s if it is unknown, and never for a person', async (form) => {
    const { customer } = bought({ inn: '7707083893' });
    const found = await pages(form, [delivery('moscowCourier', bought({})), delivery('moscowCourier', customer ? { customer } : {})]);
    expect(found.map(({ text }) => /ИНН|7707083893/.test(text))).toEqual([false, false]);
  });
});

describe('waybills', () => {
  it('are A4 with the items, their values and the cash', async () => {
    const one = delivery('moscowManyPackagesCod');
    const [page, ...more] = await pages('waybill', [one]);
    expect(page?.size).toEqual([210, 297]);
    const text = [page, ...more].map((found) => found?.text).join('');
    expect(text).toContain(flat(`Накладная ${one.externalId}`));
    for (const { items } of one.request.parcels) for (const { name } of items) expect(text).toContain(flat(name ?? '?'));
    for (const part of ['999,99₽', 'Объявленная ценность', 'Наложенный платёж', 'подпись, дата', 'Итого'])
      expect(text).toContain(flat(part));
  });

  it('have columns that add up: whole lines, what has no line, and the delivery', async () => {
    const value = { minor: 19_950, currency: 'RUB' };
    const items = [
      { name: 'Чайник', quantity: 3, declaredValue: value },
      { name: 'Крупа', quantity: 1.5, declaredValue: value },
    ];
    const collect = { currency: 'RUB', goods: 60_001, delivery: 35_000, total: 95_001, perItem: [[40_000, 20_001]] };
    const declaredValue = { minor: 3 * 19_950 + 29_925, currency: 'RUB' };
    const [page] = await pages('waybill', [delivery('moscowCourier', { parcels: [{ weight: 100, items }], collect, declaredValue })]);
    for (const row of ['Чайник 3 598,50₽ 400,00₽', 'Крупа 1.5 299,25₽ 200,01₽', 'Доставка 350,00₽', 'Итого 4.5 897,75₽ 950,01₽'])
      expect(page?.text).toContain(flat(row));
    const bare = { parcels: [{ weight: 100, items: [] }], collect: { ...collect, perItem: [[]] } };
    const [other] = await pages('waybill', [delivery('moscowCourier', bare)]);
    for (const row of ['Товар 600,01₽', 'Доставка 350,00₽', '950,01₽']) expect(other?.text).toContain(flat(row));
  });

  it('go on over pages, each delivery with its own numbering', async () => {
    const items = Array.from({ length: 150 }, (_, index) => ({ name: `Артикул ${index + 1}`, quantity: 1 }));
    const found = await pages('waybill', [delivery('moscowCourier', { parcels: [{ weight: 100, items }] }), delivery('madridCourier')]);
    const count = found.length - 1;
    expect(count).toBeGreaterThan(2);
    expect(found[0]?.text).toContain(flat(`Стр. 1 из ${count}`));
    expect(found[count - 1]?.text).toContain(flat(`Стр. ${count} из ${count}`));
    expect(found[count]?.text).toContain(flat('Стр. 1 из 1'));
    // The heading is repeated, and no item is lost at a page's end.
    for (const { text } of found) expect(text).toContain('Кол-во');
    const all = found.map(({ text }) => text).join('');
    for (const { name } of items) expect(all).toContain(flat(name));
  });
});

describe('manifests', () => {
  const shipment = (deliveries: ExistingDelivery[], id = 'SH-1'): ExistingShipment =>
    existingShipment({ externalId: id, extraData: { vehicle: 'van', gate: 'Ворота 3' } }, shipmentRequest(id, deliveries));

  async function manifest(shipments: ExistingShipment[], language: Language = 'ru'): Promise<string[]> {
    const pdf = await printForm({ entity: 'shipment', form: 'manifest', shipments }, context(language), CourierNetwork.of(exampleNetwork));
    return pdfPages(pdf ?? new Uint8Array()).map(({ text }) => flat(text));
  }

  it('list hundreds of deliveries over numbered pages', async () => {
    const deliveries = Array.from({ length: 200 }, () => delivery('moscowCourier'));
    const found = await manifest([shipment(deliveries)]);
    expect(found.length).toBeGreaterThan(5);
    const all = found.join('');
    for (const { externalId } of deliveries) expect(all).toContain(externalId);
    found.forEach((text, index) => expect(text).toContain(flat(`Стр. ${index + 1} из ${found.length}`)));
    expect(found.at(-1)).toContain(flat('Отправлений: 200'));
  });

  it('bear totals for each currency, vehicle, gate and comment', async () => {
    const [text] = await manifest([
      shipment([
        delivery('moscowCourier', { collect: buildCollect(100_000) }),
        delivery('moscowCourier', { collect: buildCollect(50_000, 50) }),
        delivery('madridCourier', { collect: buildCollect(999, 0, 'EUR') }),
      ]),
    ]);
    for (const part of ['1500,50₽', '9,99€', 'Фургон', 'Ворота 3', 'Вход со двора', '03.03.2026 10:00-18:00', 'Сдал', 'Принял'])
      expect(text).toContain(flat(part));
  });

  it('start each shipment on its own page, in the requested order', async () => {
    const found = await manifest([shipment([delivery('madridCourier')], 'SH-2'), shipment([delivery('moscowCourier')], 'SH-1')], 'en');
    expect(found).toHaveLength(2);
    expect(found[0]).toContain('ShipmentSH-2');
    expect(found[1]).toContain('ShipmentSH-1');
  });
});

describe('an address line', () => {
  it('consists of the components, or of the text and the missing components', () => {
    const parts = {
      index: '125009',
      region: 'г. Москва',
      city: 'Москва',
      street: 'Тверская ул.',
      building: '18',
      housing: '1',
      flat: '45',
      block: 2,
      floor: 5,
    };
    expect(addressLine(parts, 'ru')).toBe('125009, Москва, Тверская ул., 18, корп. 1, кв. 45, подъезд 2, этаж 5');
    expect(addressLine({ ...parts, text: 'Тверская, 18' }, 'ru')).toBe('125009, Москва, Тверская, 18');
    expect(addressLine({ index: '28013', city: 'Madrid', text: 'Gran Vía 1, 28013 Madrid' }, 'es')).toBe('Gran Vía 1, 28013 Madrid');
    expect(addressLine(undefined, 'en')).toBe('');
  });
});

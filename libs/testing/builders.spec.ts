import { describe, expect, it } from '@jest/globals';
import { calculateRequest, saveRequest } from './builders.js';
import { callbackForm, wireCalculate, wireSave } from './callback-builders.js';
import { SAMPLE_NAMES, sampleOrder, sumOrder } from './sample-orders.js';

describe('builders', () => {
  it.each(SAMPLE_NAMES)('%s: the port and the wire say the same amounts', (name) => {
    const order = sampleOrder(name);
    const wire = wireSave('express', order);
    const items = wire.packages.flatMap((one) => one.items);
    const total = items.reduce((sum, item) => sum + (item.cost ?? 0) * item.quantity, wire.delivery.cost ?? 0);
    expect(total).toBeCloseTo(sumOrder(order).minor / 100, 2);
    const atDoor = items.reduce((sum, item) => sum + (item.cod ?? 0) * item.quantity, wire.delivery.cod ?? 0);
    expect(atDoor).toBeCloseTo(order.withCod ? total : 0, 2);
    expect(saveRequest('r-1', 'express', order).collect?.total).toBe(order.withCod ? sumOrder(order).minor : undefined);
    expect(calculateRequest(order).currency).toBe(wire.currency);
    expect(wireCalculate(order)).toMatchObject({
      packages: wire.packages,
      cod: order.withCod ? sumOrder(order).minor / 100 : 0,
      currency: wire.currency,
    });
  });

  it('make fresh orders each time', () => {
    sampleOrder().parcels.pop();
    expect(sampleOrder().parcels).toHaveLength(1);
    expect(sampleOrder('moscowCourier', { order: '5' }).order).toBe('5');
  });

  it('change single fields of a delivery', () => {
    const save = wireSave('express', sampleOrder(), { deliveryId: '9', delivery: { payerType: 'receiver' } });
    expect(save).toMatchObject({ deliveryId: '9', delivery: { payerType: 'receiver', tariff: 'express' } });
  });

  it('write a form body', () => {
    const form = new URLSearchParams(callbackForm('c1', { save: wireSave('express'), systemUrl: 'https://x.retailcrm.ru' }));
    expect(form.get('clientId')).toBe('c1');
    expect(JSON.parse(form.get('save') ?? '')).toMatchObject({ order: '1001', delivery: { deliveryAddress: { city: 'Москва' } } });
    expect(form.get('systemUrl')).toBe('https://x.retailcrm.ru');
  });
});

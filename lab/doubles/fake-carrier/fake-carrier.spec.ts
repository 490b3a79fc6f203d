import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, type Reply } from '../../../libs/testing/double/ask.js';
import { FakeCarrier } from './index.js';

describe('the fake carrier', () => {
  let carrier: FakeCarrier;
  beforeAll(async () => void (carrier = await FakeCarrier.start()));
  afterAll(() => carrier.close());
  beforeEach(() => carrier.reset());
  const order = (grams = 1_350): Promise<Reply> => {
    const recipient = { name: 'Begoña', phone: '+34612345678' };
    const to = { country: 'ES', city: 'Madrid', postcode: '28010' };
    const body = { reference: 'r-1', service: 'express', currency: 'EUR', recipient, to, parcels: [{ grams }] };
    return ask('POST', `${carrier.url}/v1/orders`, body, { 'x-api-key': 'fake-api-key' });
  };

  it('refuses what is too heavy', async () => {
    const fields = { 'parcels[0].grams': 'is over 30000' };
    expect(await order(30_001)).toMatchObject({ status: 422, json: { error: { code: 'invalid', fields } } });
    expect(carrier.orders()).toEqual([]);
  });

  it('refuses later without another call', async () => {
    carrier.setModes({ asynchronous: { validateAfterMs: 10, refuseWith: 'no such street' } });
    expect((await order()).status).toBe(202);
    while (carrier.orders('r-1')[0]?.state === 'validating') await new Promise((resolve) => setTimeout(resolve, 5));
    expect(carrier.orders('r-1')).toMatchObject([{ state: 'refused', reason: 'no such street' }]);
  });

  it('does not move back for a status dated before the last one', async () => {
    await order();
    carrier.pushStatus('r-1', 'delivered');
    carrier.pushStatus('r-1', 'in_transit', { at: new Date(Date.now() - 60_000) });
    expect(carrier.orders('r-1')).toMatchObject([{ state: 'delivered' }]);
  });
});

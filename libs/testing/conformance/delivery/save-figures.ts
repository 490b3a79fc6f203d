import { expect, it } from '@jest/globals';
import type { Address, SaveRequest } from '#delivery/port';
import { existingDelivery } from '../../builders.js';
import { moneyProblems } from './checks.js';
import { readFigure, readFigures, toFigures } from './figures.js';
import type { DeliverySuite } from './suite.js';

const LONG_STREET = 'del Licenciado Gustavo Díaz Ordaz y de la Constitución';
const PLACE = ['city', 'index', 'country'];

/** Tests what the service receives with an order. */
export function testSaveFigures<S extends object>(suite: DeliverySuite<S>): void {
  it('the service receives the weight, sides, sender and recipient of the order, and its price is returned', async () => {
    const expected = suite.getExpected().save;
    if (expected === undefined) return suite.unproven.add('weight, sides and prices of orders', 'expected.save');
    for (const part of ['recipient', 'sender'] as const)
      if (!expected[part]) suite.leaveOpen(`the ${part} of an order`, `expected.save.${part}`);
    // A declaration to customs proves the contents, too.
    const isDeclared = typeof suite.subject.customs === 'object';
    if (!expected.contents && !isDeclared) suite.leaveOpen('the contents of an order', 'expected.save.contents');
    if (expected.contents === 'none' && !isDeclared)
      suite.unproven.addUnprovable('weight and number of the pieces in an order', 'the service does not receive them');
    const request = suite.newRequest();
    // A line of a label has 35 to 50 characters.
    const lengthen = (text: string | undefined): string | undefined =>
      text?.replace(request.to?.street ?? /$/, (street) => `${street} ${LONG_STREET}`);
    const to = { ...request.to, street: lengthen(request.to?.street), text: lengthen(request.to?.text) } as Address;
    for (const asked of [request, { ...suite.newRequest(), to }]) {
      const existing = await suite.register(asked);
      const told = await readFigures(expected);
      expect(told).toEqual(toFigures(expected, asked, told));
      if (told.recipient && !PLACE.some((part) => part in (told.recipient ?? {})))
        suite.leaveOpen('the place of the recipient', 'city, index and country in expected.save.recipient');
      if (expected.cost === undefined) continue;
      const { cost = existing.cost } = (await suite.provider.get?.(existing, suite.context)) ?? {};
      expect(cost).toEqual(await readFigure(expected.cost));
    }
  });

  it('the service receives the day of shipment by the clock of the shop, and no past day', async () => {
    const { quote, save } = suite.getExpected();
    const today = new Date().toISOString().slice(0, 10);
    // There it is the next day already.
    const account = { ...suite.context.account, timeZone: 'Pacific/Kiritimati' };
    const given = { ...suite.context, account, now: new Date(`${today}T12:00:00Z`) };
    const tomorrow = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10);
    for (const shipmentDate of [tomorrow, today]) {
      const days: (string | undefined)[] = [];
      if (quote?.handover) await suite.provider.calculate({ ...suite.subject.quote, shipmentDate }, given);
      if (quote?.handover) days.push((await readFigure(quote.handover))?.slice(0, 10));
      if (save?.handover) await suite.provider.save({ ...suite.newRequest(), shipmentDate }, given);
      if (save?.handover) days.push((await readFigure(save.handover))?.slice(0, 10));
      for (const day of days)
        if (shipmentDate === tomorrow) expect(day).toBe(tomorrow);
        else expect(day).not.toBe(today);
    }
    await suite.settle();
  });
}

/** Tests the prices of a saved order. */
export function testSavePrices<S extends object>(suite: DeliverySuite<S>): void {
  it('a price after a save is in the currency of the order', async () => {
    const currency = suite.subject.quote.currency === 'EUR' ? 'USD' : 'EUR';
    const [whole, plain] = [toCurrency(suite.newRequest(), currency), toCurrency(suite.newRequest(), currency)];
    // Services that convert no values may still take an order without any.
    const { declaredValue: _, collect: _collect, ...bare } = plain;
    const parcels = plain.parcels.map((parcel) => ({
      ...parcel,
      items: parcel.items.map(({ declaredValue: _declared, ...item }) => item),
    }));
    for (const request of [whole, { ...bare, parcels }]) {
      const saved = await suite.orProviderError(suite.provider.save(request, suite.context), undefined, ['invalid', 'rejected']);
      await suite.settle();
      const state = saved && (await suite.provider.get?.(existingDelivery(saved, request), suite.context));
      const { cost: priced } = suite.getExpected().save ?? {};
      for (const cost of [saved?.cost, state?.cost]) {
        expect(moneyProblems('cost', cost, currency)).toEqual([]);
        if (cost && priced) expect(cost).toEqual(await readFigure(priced));
      }
    }
  });
}

/** The order with all of its amounts in another currency. */
function toCurrency(request: SaveRequest, currency: string): SaveRequest {
  return JSON.parse(JSON.stringify(request), (key, value: unknown) => (key === 'currency' ? currency : value)) as SaveRequest;
}

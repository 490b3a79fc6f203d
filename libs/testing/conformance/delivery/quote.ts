import { isDeepStrictEqual } from 'node:util';
import { expect, it } from '@jest/globals';
import { CRM_LANGUAGES } from '#platform/plain';
import type { CalculateRequest } from '#delivery/port';
import { attempt } from '../provider/index.js';
import { repeated, moneyProblems, extraDataProblems, pointProblems } from './checks.js';
import { readFigure, readFigures, toFigures } from './figures.js';
import type { DeliverySuite } from './suite.js';

/** Tests what the service receives for a quote, and that the tariffs have its prices. */
export function testQuoteFigures<S extends object>(suite: DeliverySuite<S>): void {
  // Before other tests make the same request, because prices may be cached.
  it('the service receives the weight and sides of the parcels, and its price is returned', async () => {
    const { quote } = suite.subject;
    const expected = suite.getExpected().quote;
    if (expected === undefined) return suite.unproven.add('weight, sides and prices of quotes', 'expected.quote');
    const { cod = quote.declaredValue } = quote;
    const asked = expected.collected && cod ? { ...quote, cod } : quote;
    const tariffs = await suite.provider.calculate(asked, suite.context);
    const told = await readFigures(expected);
    expect(told).toEqual(toFigures(expected, asked, told));
    expect(tariffs.map(({ cost }) => cost)).toContainEqual(await readFigure(expected.cost));
    const pickup = Math.max(0, ...tariffs.map(({ pickupPoints }) => pickupPoints?.length ?? 0));
    const { points } = suite.getExpected();
    if (points?.pickup !== undefined) expect(pickup).toBe(points.pickup);
    else if (pickup > 0) suite.leaveOpen('buyers see every page of points', 'expected.points.pickup');
    // Prices may be kept, but not for another parcel.
    const another = makeHeavier(asked, 101);
    await suite.provider.calculate(another, suite.context);
    const again = await readFigures(expected);
    expect(again).toEqual(toFigures(expected, another, again));
  });

  it('prices are in the currency of the order and the language of the account, or the quote fails', async () => {
    const expected = suite.getExpected().quote;
    if (expected === undefined) return;
    const { declaredValue: _, cod: _cod, ...bare } = suite.subject.quote;
    for (const currency of ['EUR', 'USD'].filter((one) => one !== bare.currency)) {
      const tariffs = await suite.orProviderError(
        suite.provider.calculate({ ...bare, currency }, suite.context),
        [],
        ['invalid', 'rejected'],
      );
      const costs = tariffs.flatMap(({ cost }) => cost ?? []);
      expect(costs.map((cost) => cost.currency)).toEqual(costs.map(() => currency));
      if (costs.length === 0) continue;
      // An amount that only got the name of another currency would be equal to a constant's.
      if (typeof expected.cost !== 'function')
        throw new Error(`calculate has prices in ${currency}: make expected.quote.cost a function of what the service returned last`);
      expect(costs).toContainEqual(await readFigure(expected.cost));
    }
    if (expected.language === undefined) return;
    for (const [at, language] of CRM_LANGUAGES.entries()) {
      const account = { ...suite.context.account, language };
      await suite.provider.calculate(makeHeavier(suite.subject.quote, at + 1), { ...suite.context, account });
      expect(['en', language]).toContain(await readFigure(expected.language));
    }
  });
}

/** Tests the days and the fee of a tariff. */
export function testQuoteTerms<S extends object>(suite: DeliverySuite<S>): void {
  it('the days of a tariff are the days that the service returned', async () => {
    const expected = suite.getExpected().quote;
    if (expected?.days === undefined) return suite.leaveOpen('the days of a quote', 'expected.quote.days');
    const tariffs = await suite.provider.calculate(suite.subject.quote, suite.context);
    const cost = await readFigure(expected.cost);
    const days = tariffs.filter((one) => isDeepStrictEqual(one.cost, cost)).map(({ minTerm, maxTerm }) => [minTerm, maxTerm]);
    expect(days).toContainEqual(await readFigure(expected.days));
  });

  it('the fee in the settings is added to a price with cash on delivery', async () => {
    const { codFee } = suite.getExpected();
    const { declaredValue: cod } = suite.subject.quote;
    if (!codFee || !cod) return;
    const [plain, withCash] = [
      await suite.provider.calculate(suite.subject.quote, suite.context),
      await suite.provider.calculate({ ...suite.subject.quote, cod }, suite.context),
    ];
    const costs = new Map(plain.map(({ code, cost }) => [code, cost?.minor ?? NaN]));
    expect(withCash.map(({ code, cost }) => [code, cost?.minor])).toEqual(
      withCash.map(({ code }) => [code, (costs.get(code) ?? NaN) + codFee(cod)]),
    );
  });
}

/** Tests the tariffs of a quote, of a place without delivery and of an incomplete order. */
export function testQuoteAnswers<S extends object>(suite: DeliverySuite<S>): void {
  it('every tariff has a code, a name, a valid price in the currency of the order, and known fields', async () => {
    const { quote } = suite.subject;
    expect(quote.currency).toMatch(/^[A-Z]{3}$/);
    const tariffs = await suite.provider.calculate(quote, suite.context);
    expect(tariffs.length).toBeGreaterThan(0);
    expect(repeated(tariffs.map(({ code }) => code))).toEqual([]);
    const fieldCodes = suite.manifest.dataFields.map(({ code }) => code);
    const problems = tariffs.flatMap((tariff) => [
      ...(tariff.code.trim() === '' || tariff.name.trim() === '' ? ['a tariff without code or name'] : []),
      ...(tariff.type === 'courier' || tariff.type === 'selfDelivery' ? [] : [`${tariff.code}: type ${String(tariff.type)}`]),
      ...moneyProblems(tariff.code, tariff.cost, quote.currency),
      ...termProblems(tariff.code, tariff.minTerm, tariff.maxTerm),
      ...extraDataProblems(tariff.extraData, suite.manifest.dataFields),
      ...(tariff.extraDataAvailable ?? [])
        .filter((code) => !fieldCodes.includes(code))
        .map((code) => `${tariff.code}: unknown field ${code}`),
      ...pointProblems(tariff.pickupPoints ?? [], quote.currency),
    ]);
    expect(problems).toEqual([]);
    expect(tariffs.filter(({ cost }) => cost !== undefined)).not.toEqual([]);
  });

  it('a place that is not served has no tariffs', async () => {
    await expect(suite.provider.calculate(suite.subject.unserved, suite.context)).resolves.toEqual([]);
  });

  it('an incomplete or odd order has tariffs or fails with a ProviderError', async () => {
    const { quote } = suite.subject;
    const asked: CalculateRequest[] = [
      { parcels: quote.parcels, extraData: {} },
      { ...quote, to: {}, from: {} },
      { ...quote, to: { text: 'somewhere' } },
      { ...quote, parcels: quote.parcels.map((parcel) => ({ weight: parcel.weight, items: [] })) },
      { ...quote, parcels: [{ weight: 1_000_000_000, width: 1_000_000, length: 1_000_000, height: 1_000_000, items: [] }] },
      { ...quote, currency: 'XTS' },
      {
        ...quote,
        shipmentDate: '2020-01-01',
        deliveryDate: '2020-01-01',
        deliveryTime: { from: '23:59' },
        extraData: { nothing: 'known' },
      },
    ];
    for (const request of asked)
      await attempt(`calculate(${JSON.stringify(request)})`, async () => {
        expect(await suite.orProviderError(suite.provider.calculate(request, suite.context), [])).toEqual(expect.any(Array));
      });
  });
}

/** Returns a quote whose parcels each weigh this many grams more. */
function makeHeavier(quote: CalculateRequest, grams: number): CalculateRequest {
  return { ...quote, parcels: quote.parcels.map((parcel) => ({ ...parcel, weight: parcel.weight + grams })) };
}

function termProblems(what: string, min: number | undefined, max: number | undefined): string[] {
  const problems = [min, max]
    .filter((days) => days !== undefined && (!Number.isInteger(days) || days < 0))
    .map((days) => `${what}: a term of ${days} days`);
  return min !== undefined && max !== undefined && min > max ? [...problems, `${what}: from ${min} to ${max} days`] : problems;
}

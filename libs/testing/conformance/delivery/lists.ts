import { expect, it } from '@jest/globals';
import { repeated, pointProblems } from './checks.js';
import type { DeliverySuite } from './suite.js';

/** Tests that all pickup points are returned. */
export function testPickupPoints<S extends object>(suite: DeliverySuite<S>): void {
  it('listPickupPoints returns all points, and none for a place without points', async () => {
    const points = (await suite.provider.listPickupPoints?.({}, suite.context)) ?? [];
    expect(points.length).toBeGreaterThan(0);
    const { accepting } = suite.getExpected().points ?? {};
    if (accepting === undefined) suite.leaveOpen('every page of points is read', 'expected.points.accepting');
    else expect(points).toHaveLength(accepting);
    expect(pointProblems(points, undefined)).toEqual([]);
    await expect(suite.provider.listPickupPoints?.({ countryIso: 'AQ' }, suite.context)).resolves.toEqual([]);
    await expect(suite.provider.listPickupPoints?.({ city: 'Nowhere at all' }, suite.context)).resolves.toEqual([]);
  });
}

/** Tests that all tariffs are returned. */
export function testTariffs<S extends object>(suite: DeliverySuite<S>): void {
  it('listTariffs returns every tariff once, including the tariffs of a quote', async () => {
    const tariffs = (await suite.provider.listTariffs?.(suite.context)) ?? [];
    expect(tariffs.length).toBeGreaterThan(0);
    expect(repeated(tariffs.map(({ code }) => code))).toEqual([]);
    expect(
      tariffs.filter(
        ({ code, name: title, type }) => code === '' || title.trim() === '' || (type !== 'courier' && type !== 'selfDelivery'),
      ),
    ).toEqual([]);
    const types = new Map(tariffs.map(({ code, type }) => [code, type]));
    const quoted = await suite.provider.calculate(suite.subject.quote, suite.context);
    expect(quoted.filter(({ code, type }) => types.get(code) !== type)).toEqual([]);
  });
}

/** Tests suggestions for data fields. */
export function testAutocomplete<S extends object>(suite: DeliverySuite<S>): void {
  it('autocomplete suggests values for its fields, and none for an unknown term or field', async () => {
    const fields = [...suite.manifest.dataFields, ...suite.manifest.shipmentDataFields].filter(({ type }) => type === 'autocomplete');
    for (const { code } of fields) {
      const suggestions = await Promise.all(
        ['a', 'e', 'о', 'а', '1', ''].map(async (term) => (await suite.provider.autocomplete?.(code, term, suite.context)) ?? []),
      );
      const all = suggestions.flat();
      expect(all.length).toBeGreaterThan(0);
      expect(
        all.filter(({ value, label }) => typeof value !== 'string' || value === '' || typeof label !== 'string' || label === ''),
      ).toEqual([]);
      await expect(suite.provider.autocomplete?.(code, 'zzqqxxnothingzz', suite.context)).resolves.toEqual([]);
    }
    const answer = await suite.orProviderError(
      suite.provider.autocomplete?.('no-such-field', 'a', suite.context) ?? Promise.resolve([]),
      [],
      ['invalid', 'rejected'],
    );
    expect(answer).toEqual([]);
  });
}

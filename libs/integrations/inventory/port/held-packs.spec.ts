import { describe, expect, it } from '@jest/globals';
import { mergePacks } from './held-packs.js';
import type { Pack } from './stocks.js';

const pack = (quantity: number, changes: Partial<Pack> = {}): Pack => ({
  ...{ item: '1', offer: { id: 5, xmlId: 'x' }, store: 'main', quantity },
  ...changes,
});

describe('what an order holds', () => {
  it('is the last value. Packs that are not mentioned stay', () => {
    const held = [pack(2), pack(3, { item: '2' }), pack(1, { store: 'shop' })];
    expect(mergePacks(held, [pack(5)])).toEqual([held[1], held[2], pack(5)]);
    expect(mergePacks([], [pack(2), pack(0, { item: '2' })])).toEqual([pack(2)]);
  });

  it('ends with 0, in one warehouse or in all', () => {
    const held = [pack(2), pack(1, { store: 'shop' })];
    const { store: _, ...anywhere } = pack(0);
    expect(mergePacks(held, [pack(0)])).toEqual([held[1]]);
    expect(mergePacks(held, [anywhere])).toEqual([]);
  });

  it('adds up what a request names twice, without drift', () => {
    expect(mergePacks([pack(7)], [pack(0.1), pack(0.2)])).toEqual([pack(0.3)]);
    expect(mergePacks([pack(7)], [pack(0), pack(2)])).toEqual([pack(2)]);
  });

  it('stays where it is without a warehouse', () => {
    const { store: _, ...anywhere } = pack(4);
    expect(mergePacks([pack(2)], [anywhere])).toEqual([pack(4)]);
    expect(mergePacks([], [anywhere])).toEqual([anywhere]);
    expect(mergePacks([anywhere], [{ ...anywhere, quantity: 1 }])).toEqual([{ ...anywhere, quantity: 1 }]);
  });

  it.each([
    [{ id: 5, xmlId: 'other' }, true],
    [{ id: 6, xmlId: 'x' }, false],
    [{ xmlId: 'x' }, true],
    [{ xmlId: 'y' }, false],
    [{ externalId: 'e' }, false],
  ])('finds the offer %j as the CRM does', (offer, isFound) => {
    expect(mergePacks([pack(2)], [pack(1, { offer })])).toHaveLength(isFound ? 1 : 2);
  });

  it('distinguishes offers of two sites', () => {
    const ru = pack(1, { offer: { externalId: 'e', site: 'ru' } });
    const es = pack(2, { offer: { externalId: 'e', site: 'es' } });
    expect(mergePacks([ru], [es])).toEqual([ru, es]);
    expect(mergePacks([ru], [pack(3, { offer: { externalId: 'e' } })])).toHaveLength(1);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { DeliveryStatus, Parcel } from '../port/index.js';
import { listMoves, type MovedFacts, type StockRule } from './list-moves.js';

const name = { en: '', es: '', ru: '' };
const statuses: DeliveryStatus[] = [
  { code: 'made', name },
  { code: 'moving', name, isTaken: true },
  { code: 'delivered', name, isFinal: true },
  { code: 'part', name, isFinal: true, isPartial: true },
  { code: 'not-delivered', name, isFinal: true, isError: true, isReturning: true },
  { code: 'returned', name, isFinal: true, isReturned: true },
  { code: 'cancelled', name, isFinal: true },
];
const at = new Date(0);
const item = (offerId: string, quantity: number): Parcel['items'][number] => ({ offerId, xmlId: `x-${offerId}`, quantity });
/** The same offer is in two packages. */
const parcels: Parcel[] = [
  { weight: 1, items: [item('5', 2), item('6', 0.1)] },
  { weight: 1, items: [item('5', 1), item('6', 0.2)] },
];
const five = (quantity: number) => ({ offer: { id: 5, xmlId: 'x-5' }, quantity });
const six = (quantity: number) => ({ offer: { id: 6, xmlId: 'x-6' }, quantity });
const ALL = [five(3), six(0.3)];

function list(rule: StockRule, codes: readonly string[], more: Partial<MovedFacts> = {}) {
  const history = codes.map((code) => ({ code, updatedAt: at, moved: true }));
  const facts = { status: codes.at(-1) ?? '', history, ...more };
  const { writeOff, takeBack, isUnclear } = listMoves(facts, parcels, { statuses, cancelledStatus: 'cancelled' }, rule);
  return isUnclear ? [writeOff, takeBack, 'unclear'] : [writeOff, takeBack];
}

const back = (kind: 'return' | 'clientReturn', state: 'going' | 'back') => ({ related: [{ kind, externalId: '1', state }] });
/** The buyer took one piece of the first offer. */
const part = { delivered: [{ parcel: 0, item: 0, quantity: 1 }] };

describe('the goods of a parcel that moves', () => {
  it.each<[string, StockRule, string[], Partial<MovedFacts>, unknown[]]>([
    ['stay when nothing is chosen', 'none', ['moving', 'delivered'], {}, [[], []]],
    ['stay before the carrier has it', 'shipped', ['made'], {}, [[], []]],
    ['stay when it is cancelled before', 'shipped', ['made', 'cancelled'], {}, [[], []]],
    ['leave once the carrier has it', 'shipped', ['made', 'moving'], {}, [ALL, []]],
    ['leave if the carrier reported only the end', 'shipped', ['delivered'], {}, [ALL, []]],
    ['stay until the buyer has it', 'delivered', ['moving', 'not-delivered'], back('return', 'back'), [[], []]],
    ['leave once the buyer has it', 'delivered', ['moving', 'delivered'], {}, [ALL, []]],
    ['are only the ones that the buyer took', 'delivered', ['moving', 'part'], { ...part, ...back('return', 'back') }, [[five(1)], []]],
    ['come back once it is returned', 'shipped', ['moving', 'returned'], {}, [ALL, ALL]],
    ['never come back if they never left', 'shipped', ['made', 'returned'], {}, [[], []]],
    ['do not come back while the return is on its way', 'shipped', ['moving', 'not-delivered'], back('return', 'going'), [ALL, []]],
    [
      'do not come back while one of two returns is on its way',
      'shipped',
      ['moving', 'not-delivered'],
      { related: [...back('return', 'back').related, ...back('return', 'going').related] },
      [ALL, []],
    ],
    ['do not come back if the carrier has corrected the return', 'shipped', ['moving', 'returned', 'delivered'], {}, [ALL, []]],
    ['come back with the return', 'shipped', ['moving', 'not-delivered'], back('return', 'back'), [ALL, ALL]],
    [
      'do not come back in part while the rest is on its way',
      'shipped',
      ['moving', 'part'],
      { ...part, ...back('return', 'going') },
      [ALL, []],
    ],
    [
      'come back as far as they were not taken',
      'shipped',
      ['moving', 'part'],
      { ...part, ...back('return', 'back') },
      [ALL, [five(2), six(0.3)]],
    ],
    ['do not come back again with the rest that the buyer did not take', 'delivered', ['part', 'returned'], part, [[five(1)], []]],
    ['come back when the buyer has sent all back', 'delivered', ['delivered', 'returned'], {}, [ALL, ALL]],
    ['are unclear in a return of the buyer', 'shipped', ['moving', 'delivered'], back('clientReturn', 'back'), [ALL, [], 'unclear']],
    ['are unclear in a return after a whole delivery', 'shipped', ['moving', 'delivered'], back('return', 'back'), [ALL, [], 'unclear']],
  ])('%s (%s)', (_name, rule, codes, more, expected) => {
    expect(list(rule, codes, more)).toEqual(expected);
  });
});

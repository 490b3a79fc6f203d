import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WriteOffRequest } from '#inventory/port';
import { getParser } from '#platform';
import { MemoryCache, MoySkladDouble, providerContext } from '#testing';
import { MoyskladProvider, MoyskladSettings } from './index.js';
import type { MoyskladContext } from './moysklad.settings.js';

let moysklad: MoySkladDouble;
let provider: MoyskladProvider;
let context: MoyskladContext;

const REQUEST: WriteOffRequest = {
  ...{ key: 'store.writeOff:1', order: '7' },
  items: [
    { offer: { xmlId: 'tea' }, store: 'm', quantity: 2 },
    { offer: { xmlId: 'tea' }, store: 's', quantity: 3 },
  ],
};
const listMoved = (type: string): [string, number][] =>
  [...moysklad.book.movements.values()].flatMap((one): [string, number][] =>
    one.type === type ? [[one.store === moysklad.book.store('main').id ? 'm' : 's', (one.positions[0]?.quantity ?? 0) / 10_000]] : [],
  );
/** The second of the next two calls gets an error. */
function failSecond(call: 'createDemand' | 'createReturn', code: string): void {
  moysklad.fail(call, { kind: 'delay', ms: 0 });
  moysklad.fail(call, { kind: 'refuse', code });
}

beforeAll(async () => {
  moysklad = await MoySkladDouble.start();
  provider = new MoyskladProvider(moysklad.url);
});
afterAll(() => moysklad.close());
beforeEach(() => {
  moysklad.reset();
  moysklad.setModes({ basketUnits: 1_000 });
  const { entries } = moysklad.book;
  const stores = [
    { code: 'm', warehouse: moysklad.book.store('main').id },
    { code: 's', warehouse: moysklad.book.store('shop').id },
  ];
  const [organization, agent] = [[...entries.organization.keys()][0], [...entries.counterparty.keys()][0]];
  const settings = getParser(MoyskladSettings).parse({ token: moysklad.user.token, callsIn3Seconds: 45, stores, organization, agent });
  context = providerContext(settings, { cache: new MemoryCache(), memory: { accountId: moysklad.account.id } });
});

describe('goods of a parcel in two stores', () => {
  beforeEach(() => {
    moysklad.book.addGood({ externalCode: 'tea' });
    for (const store of ['main', 'shop'] as const) moysklad.book.setStock('tea', store, 10);
  });

  it.each([
    ['a rejection, which a person has to settle', '3007', true],
    ['a rejection of the token, too', '1056', true],
    ['a closed service, by itself', '1049', false],
  ])('leave completely by a repeat after %s', async (_name, code, needsPerson) => {
    failSecond('createDemand', code);
    if (!needsPerson) moysklad.fail('createDemand', { kind: 'error-before', status: 503 }, 10);
    const error: unknown = await provider.writeOff(REQUEST, context).catch((reason: unknown) => reason);
    // The first demand exists, so "nothing was done" would be wrong: another placing could write more off.
    expect(error).toMatchObject({ kind: 'unknown_outcome', needsPerson, message: expect.stringMatching(/only a part of the goods/) });
    expect(listMoved('demand')).toEqual([['m', 2]]);
    moysklad.faults.clear();
    const first = await provider.writeOff(REQUEST, context);
    expect(listMoved('demand')).toEqual([
      ['m', 2],
      ['s', 3],
    ]);
    expect(await provider.writeOff(REQUEST, context)).toEqual(first);
    expect(listMoved('demand')).toHaveLength(2);
  });

  it('come back completely by a repeat', async () => {
    await provider.writeOff(REQUEST, context);
    const request = { ...REQUEST, key: 'store.takeBack:1', writeOff: REQUEST.key };
    failSecond('createReturn', '3007');
    await expect(provider.takeBack(request, context)).rejects.toMatchObject({ kind: 'unknown_outcome', needsPerson: true });
    await provider.takeBack(request, context);
    expect(listMoved('salesreturn')).toEqual([
      ['m', 2],
      ['s', 3],
    ]);
  });

  it('stay if the first demand is rejected', async () => {
    moysklad.fail('createDemand', { kind: 'refuse', code: '3007' });
    await expect(provider.writeOff(REQUEST, context)).rejects.toMatchObject({ kind: 'rejected' });
    expect(listMoved('demand')).toEqual([]);
  });
});

it('a good that a person has just added is found by the next attempt', async () => {
  await expect(provider.writeOff(REQUEST, context)).rejects.toMatchObject({ kind: 'rejected' });
  moysklad.book.addGood({ externalCode: 'tea' });
  await provider.writeOff(REQUEST, context);
  expect(listMoved('demand')).toHaveLength(2);
});

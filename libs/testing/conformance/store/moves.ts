import { expect, it } from '@jest/globals';
import type { MovedItem, TakeBackRequest, WriteOffRequest } from '#inventory/port';
import type { ProviderContext } from '#provider-kit';
import type { Effect } from '../lost-calls.js';
import { testEffects } from '../provider/index.js';
import type { StoreSuite } from './suite.js';

/** A parcel's requests: its goods leave, and some come back. */
interface Parcel {
  writeOff(items: readonly MovedItem[]): WriteOffRequest;
  takeBack(items: readonly MovedItem[]): TakeBackRequest;
}

function makeParcel(order: string): Parcel {
  const writeOff = `store.writeOff:${order}`;
  return {
    writeOff: (items) => ({ key: writeOff, order, items }),
    takeBack: (items) => ({ key: `store.takeBack:${order}`, order, writeOff, items }),
  };
}

/** An order that has reserved 4 of 10 units of an offer. */
async function prepare<S extends object>(suite: StoreSuite<S>) {
  const [order, xmlId] = [suite.newOrder(), await suite.newOffer(10)];
  await suite.reserve(order, [suite.pack(xmlId, 4)]);
  const item = (quantity: number): MovedItem => ({ offer: { xmlId }, store: suite.subject.store, quantity });
  const readFree = async (): Promise<number | undefined> => (await suite.readAvailable([{ xmlId }]))[0];
  return { order, xmlId, item, readFree, parcel: makeParcel(order) };
}

/** Lists the calls of a provider that act at the service. */
function listMoves<S extends object>(suite: StoreSuite<S>): Effect<S>[] {
  return [
    {
      ...{ name: 'writeOff', mayBeRepeated: true },
      prepare: async () => {
        const { order, item, parcel, xmlId } = await prepare(suite);
        const act = async (given: ProviderContext<S>): Promise<unknown> => suite.provider.writeOff?.(parcel.writeOff([item(4)]), given);
        return {
          act,
          isDone: async () => (await suite.readHeld(order, xmlId)) === 0,
          repeat: async () => (await act(suite.context), order),
        };
      },
    },
    {
      ...{ name: 'takeBack', mayBeRepeated: true },
      prepare: async () => {
        const { order, item, parcel, readFree } = await prepare(suite);
        await suite.writeOff(parcel.writeOff([item(4)]));
        const act = async (given: ProviderContext<S>): Promise<unknown> => suite.provider.takeBack?.(parcel.takeBack([item(3)]), given);
        return { act, isDone: async () => (await readFree()) === 9, repeat: async () => (await act(suite.context), order) };
      },
    },
  ];
}

/** Tests that goods of a parcel leave the stock once, and that the returned ones come back once. */
export function testMoves<S extends object>(suite: StoreSuite<S>): void {
  it('a repeated write-off takes the units once, and the reservation is used up', async () => {
    const { order, xmlId, item, readFree, parcel } = await prepare(suite);
    const [first, second] = [await suite.writeOff(parcel.writeOff([item(4)])), await suite.writeOff(parcel.writeOff([item(4)]))];
    expect(second).toEqual(first);
    expect([await readFree(), await suite.readHeld(order, xmlId)]).toEqual([6, 0]);
  });

  it('a write-off of a part leaves the rest reserved', async () => {
    const { order, xmlId, item, readFree, parcel } = await prepare(suite);
    await suite.writeOff(parcel.writeOff([item(1.5)]));
    expect([await readFree(), await suite.readHeld(order, xmlId)]).toEqual([6, 2.5]);
  });

  it('goods that were not reserved leave the free stock', async () => {
    const [order, xmlId] = [suite.newOrder(), await suite.newOffer(10)];
    await suite.writeOff(makeParcel(order).writeOff([{ offer: { xmlId }, store: suite.subject.store, quantity: 3 }]));
    expect(await suite.readAvailable([{ xmlId }])).toEqual([7]);
  });

  it('a repeated return of a part brings its units back once', async () => {
    const { item, readFree, parcel } = await prepare(suite);
    await suite.writeOff(parcel.writeOff([item(4)]));
    const [first, second] = [await suite.takeBack(parcel.takeBack([item(3)])), await suite.takeBack(parcel.takeBack([item(3)]))];
    expect(second).toEqual(first);
    expect(await readFree()).toBe(9);
  });

  it('a return beyond the write-off, or without one, is rejected', async () => {
    const { item, readFree, parcel } = await prepare(suite);
    expect((await suite.catchFailure(suite.takeBack(parcel.takeBack([item(1)])))).kind).toBe('rejected');
    await suite.writeOff(parcel.writeOff([item(4)]));
    expect((await suite.catchFailure(suite.takeBack(parcel.takeBack([item(5)])))).kind).toBe('rejected');
    expect(await readFree()).toBe(6);
  });

  it('an unknown offer is rejected, and nothing is written off', async () => {
    const { item, readFree, parcel } = await prepare(suite);
    const request = parcel.writeOff([item(4), { offer: { xmlId: 'no such offer' }, store: suite.subject.store, quantity: 1 }]);
    expect((await suite.catchFailure(suite.writeOff(request))).kind).toBe('rejected');
    expect(await readFree()).toBe(6);
  });

  testEffects(listMoves(suite), () => suite.subject, { isLocal: () => suite.isLocal(), unproven: suite.unproven });
}

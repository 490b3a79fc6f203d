import { expect, it } from '@jest/globals';
import type { Pack, ReserveRequest } from '#inventory/port';
import { type ProviderContext, ProviderError } from '#provider-kit';
import type { Effect } from '../lost-calls.js';
import { testEffects } from '../provider/index.js';
import { MANY, type StoreSuite } from './suite.js';

const OTHER_CONNECTION = '0190f0e0-0000-7000-8000-00000000000b';

/** Lists the calls of a provider that act at the service. */
function listReservations<S extends object>(suite: StoreSuite<S>): Effect<S>[] {
  return [
    {
      ...{ name: 'reserve', mayBeRepeated: true },
      prepare: async () => {
        const [order, xmlId] = [suite.newOrder(), await suite.newOffer(10)];
        const request: ReserveRequest = { order, packs: [suite.pack(xmlId, 3)] };
        const act = async (given: ProviderContext<S>): Promise<unknown> => suite.provider.reserve?.(request, given);
        return {
          act,
          isDone: async () => (await suite.readHeld(order, xmlId)) === 3,
          repeat: async () => (await act(suite.context), order),
        };
      },
    },
    {
      ...{ name: 'reserve of a change', mayBeRepeated: true },
      prepare: async () => {
        const [order, xmlId] = [suite.newOrder(), await suite.newOffer(10)];
        await suite.reserve(order, [suite.pack(xmlId, 1)]);
        const request: ReserveRequest = { order, packs: [suite.pack(xmlId, 3)] };
        const existing = suite.orders.get(order);
        const act = async (given: ProviderContext<S>): Promise<unknown> => suite.provider.reserve?.(request, given, existing);
        return {
          act,
          isDone: async () => (await suite.readHeld(order, xmlId)) === 3,
          repeat: async () => (await act(suite.context), order),
        };
      },
    },
  ];
}

/** Tests that a reservation holds the requested units once. */
export function testReserve<S extends object>(suite: StoreSuite<S>): void {
  it('a repeated reservation holds the units once', async () => {
    const [order, xmlId] = [suite.newOrder(), await suite.newOffer(10)];
    await suite.reserve(order, [suite.pack(xmlId, 4)]);
    await suite.reserve(order, [suite.pack(xmlId, 4)]);
    expect(await suite.readHeld(order, xmlId)).toBe(4);
    await suite.reserve(order, [suite.pack(xmlId, 1.5)]);
    expect(await suite.readHeld(order, xmlId)).toBe(1.5);
    await suite.reserve(order, [suite.pack(xmlId, 0)]);
    expect(await suite.readHeld(order, xmlId)).toBe(0);
  });

  it('a reservation leaves other packs and other orders unchanged', async () => {
    const [order, other] = [suite.newOrder(), suite.newOrder()];
    const [first, second] = [await suite.newOffer(10), await suite.newOffer(10)];
    await suite.reserve(order, [suite.pack(first, 2)]);
    await suite.reserve(other, [suite.pack(first, 3)]);
    await suite.reserve(order, [suite.pack(second, 5, '2')]);
    await suite.reserve(order, [suite.pack(first, 0)]);
    expect([await suite.readHeld(order, first), await suite.readHeld(order, second), await suite.readHeld(other, first)]).toEqual([
      0, 5, 3,
    ]);
    await suite.reserve(order, [suite.pack(first, 0)]);
    expect(await suite.readHeld(order, first)).toBe(0);
  });

  it('two accounts that share the service do not change each other’s orders', async () => {
    if (!suite.subject.mayShareAccount) return;
    const [order, xmlId] = [suite.newOrder(), await suite.newOffer(10)];
    await suite.reserve(order, [suite.pack(xmlId, 4)]);
    await suite.provider.reserve?.({ order, packs: [suite.pack(xmlId, 3)] }, { ...suite.context, connectionId: OTHER_CONNECTION });
    expect(await suite.readHeld(order, xmlId)).toBe(7);
  });

  it('an order with more packs than a page has is held whole, or rejected whole', async () => {
    const order = suite.newOrder();
    const packs: Pack[] = [];
    for (let n = 0; n < MANY; n++) packs.push(suite.pack(await suite.newOffer(5), 1, String(n)));
    const refused: unknown = await suite.reserve(order, packs).catch((error: unknown) => error);
    if (refused instanceof ProviderError) return expect(['invalid', 'rejected']).toContain(refused.kind);
    expect(refused).toBeUndefined();
    const last = packs.at(-1)?.offer.xmlId ?? '';
    await suite.reserve(order, [suite.pack(last, 3, String(MANY - 1))]);
    const held = await Promise.all(packs.map(({ offer }) => suite.readHeld(order, offer.xmlId ?? '')));
    expect(held).toEqual(packs.map(({ offer }) => (offer.xmlId === last ? 3 : 1)));
  });
}

/** Tests reservations that the service rejects. */
export function testRefusals<S extends object>(suite: StoreSuite<S>): void {
  it('an order with one pack short is rejected whole, and the error contains the pack', async () => {
    const order = suite.newOrder();
    const [enough, short] = [await suite.newOffer(10), await suite.newOffer(1)];
    const error = await suite.catchFailure(suite.reserve(order, [suite.pack(enough, 2), suite.pack(short, 2, '2')]));
    expect([error.kind, Object.keys(error.fields ?? {})]).toEqual(['rejected', ['packs[1].quantity']]);
    expect([await suite.readHeld(order, enough), await suite.readHeld(order, short)]).toEqual([0, 0]);
    await suite.reserve(order, [suite.pack(enough, 2)]);
    expect(await suite.readHeld(order, enough)).toBe(2);
  });

  it('an unknown offer is rejected', async () => {
    const error = await suite.catchFailure(suite.reserve(suite.newOrder(), [suite.pack('no such offer', 1)]));
    expect([error.kind, Object.keys(error.fields ?? {})[0]]).toEqual(['rejected', expect.stringMatching(/^packs\[0\]/)]);
  });
}

/** Tests reservations whose reply is lost, or that come too late. */
export function testLostReservations<S extends object>(suite: StoreSuite<S>): void {
  it('a reservation whose reply is lost is made once', async () => {
    if (suite.isLocal()) return;
    const [order, xmlId] = [suite.newOrder(), await suite.newOffer(10)];
    await suite.reserve(order, [suite.pack(xmlId, 1)]);
    if (!suite.subject.loseReply) throw new Error('the subject needs loseReply()');
    suite.subject.loseReply();
    const lost = await suite.catchFailure(suite.reserve(order, [suite.pack(xmlId, 3)]));
    expect(['unknown_outcome', 'unavailable']).toContain(lost.kind);
    // Like the integration: the same request, with the previous memory.
    await suite.reserve(order, [suite.pack(xmlId, 3)]);
    expect(await suite.readHeld(order, xmlId)).toBe(3);
    await suite.reserve(order, [suite.pack(xmlId, 2)]);
    expect(await suite.readHeld(order, xmlId)).toBe(2);
  });

  testEffects(listReservations(suite), () => suite.subject, { isLocal: () => suite.isLocal(), unproven: suite.unproven });

  it('a reservation with an ended signal fails with unavailable and holds nothing', async () => {
    if (suite.isLocal()) return;
    const [order, xmlId] = [suite.newOrder(), await suite.newOffer(10)];
    const gone = { ...suite.context, signal: AbortSignal.abort() };
    const call = Promise.resolve(suite.provider.reserve?.({ order, packs: [suite.pack(xmlId, 1)] }, gone));
    expect((await suite.catchFailure(call)).kind).toBe('unavailable');
    expect(await suite.readHeld(order, xmlId)).toBe(0);
  });
}

import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { CallInbox, Turns } from './call-inbox.js';
import { ListenerLost } from '#integration-kit';
import type { CallUpdate, CallSignal } from './port/index.js';

const update = (externalId: string, ...signals: CallSignal[]): CallUpdate => ({
  call: { externalId, direction: 'in', startedAt: new Date(0) },
  signals,
});
const over = (externalId: string): CallUpdate => ({
  call: { externalId, direction: 'in', startedAt: new Date(0), endedAt: new Date(1), outcome: 'no-answer' },
  signals: [{ type: 'hangup', codes: ['101'], outcome: 'no-answer' }],
});
const ring = (code: string): CallSignal => ({ type: 'in', codes: [code] });

/** Holds back stores, and releases them one after the other. */
function gate(): { kept: CallUpdate[]; keep: (batch: CallUpdate[]) => Promise<number>; open: () => void } {
  const kept: CallUpdate[] = [];
  const waiting: (() => void)[] = [];
  let isOpen = false;
  return {
    kept,
    keep: async (batch) => {
      if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
      kept.push(...batch);
      return 0;
    },
    open: () => {
      isOpen = true;
      for (const go of waiting) go();
    },
  };
}

describe('update on their way into the database', () => {
  it('of one call are stored in order and together if they arrive meanwhile, and calls in parallel', async () => {
    const { kept, keep, open } = gate();
    const inbox = new CallInbox(keep, () => undefined, new Turns(1));
    inbox.take(update('a', ring('101')));
    inbox.take(update('a', ring('102')));
    inbox.take(update('a', ring('103'), { type: 'hangup', codes: ['101'], outcome: 'busy' }));
    inbox.take(update('a', { type: 'hangup', codes: ['102'], outcome: 'busy' }, { type: 'hangup', codes: ['103'], outcome: 'answered' }));
    inbox.take(update('b', ring('104')));
    open();
    await inbox.settle(5_000);
    expect(kept.filter((one) => one.call.externalId === 'a').map((one) => one.signals)).toEqual([
      [{ type: 'in', codes: ['101'] }],
      [
        { type: 'in', codes: ['102', '103'] },
        { type: 'hangup', codes: ['101', '102'], outcome: 'busy' },
        { type: 'hangup', codes: ['103'], outcome: 'answered' },
      ],
    ]);
    expect(kept.filter((one) => one.call.externalId === 'b')).toHaveLength(1);
  });

  it('of a call that ended meanwhile are kept once, as its end', async () => {
    const { kept, keep, open } = gate();
    const inbox = new CallInbox(keep, () => undefined, new Turns(1));
    inbox.take(update('first'));
    inbox.take(update('a', ring('101')));
    inbox.take(over('a'));
    open();
    await inbox.settle(5_000);
    expect(kept.filter(({ call }) => call.externalId === 'a')).toEqual([{ ...over('a'), signals: [ring('101'), ...over('a').signals] }]);
  });

  it('name the users without a code together too', async () => {
    const { kept, keep, open } = gate();
    const inbox = new CallInbox(keep, () => undefined, new Turns(1));
    for (const name of ['a', 'b']) inbox.take(update(name));
    inbox.take(update('b', ring('101')));
    inbox.take(update('b', { type: 'in', codes: [], userIds: [11] }));
    inbox.take(update('b', { type: 'in', codes: [], userIds: [11, 12] }));
    open();
    await inbox.settle(5_000);
    expect(kept.find((one) => one.signals.length > 0)?.signals).toEqual([{ type: 'in', codes: ['101'], userIds: [11, 12] }]);
  });

  it('are stored again while the database is unavailable', async () => {
    const kept: CallUpdate[] = [];
    let failures = 2;
    const inbox = new CallInbox(
      (batch) => (failures-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve(kept.push(...batch) * 0)),
      () => undefined,
      new Turns(1),
    );
    inbox.take(update('a', ring('101')));
    await inbox.settle(5_000);
    expect(kept.map((one) => one.signals)).toEqual([[{ type: 'in', codes: ['101'] }]]);
  });

  it('are dropped once another process listens', async () => {
    let lost = 0;
    const inbox = new CallInbox(
      () => Promise.reject(new ListenerLost()),
      () => lost++,
      new Turns(1),
    );
    inbox.take(update('a', ring('101')));
    await inbox.settle(5_000);
    inbox.take(update('b', ring('102')));
    expect(lost).toBe(1);
  });

  it('of many calls are stored together, one transaction of a connection at a time', async () => {
    const sizes: number[] = [];
    let underWay = 0;
    const inbox = new CallInbox(
      async (batch) => {
        expect(++underWay).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        underWay--;
        return (sizes.push(batch.length), 0);
      },
      () => undefined,
      new Turns(4),
    );
    for (let index = 0; index < 1_000; index++) inbox.take(update(`call ${index}`, ring('101')));
    await inbox.settle(5_000);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(1_000);
    expect(sizes.length).toBeLessThan(30);
  });

  it('of more calls than may wait are dropped, but not how calls ended', async () => {
    const { kept, keep, open } = gate();
    const leftOut: CallUpdate[] = [];
    const inbox = new CallInbox(
      keep,
      () => undefined,
      new Turns(1),
      (one) => leftOut.push(one),
    );
    for (let index = 0; index < 12_000; index++) inbox.take(update(`call ${index}`, ring('101')));
    for (let index = 0; index < 12_000; index++) inbox.take(over(`call ${index}`));
    open();
    await inbox.settle(5_000);
    const dropped = inbox.takeDropped();
    expect(dropped?.events).toBeGreaterThan(5_000);
    expect(dropped?.calls).toBe(0);
    // Their users do not get the end of these calls.
    expect(leftOut.flatMap(({ signals }) => signals)).toHaveLength(dropped?.events ?? 0);
    expect(kept.filter(({ call }) => call.endedAt).length).toBe(12_000);
    expect(inbox.takeDropped()).toBeUndefined();
  });

  it('of one call that cannot be stored hold up no other', async () => {
    const kept: CallUpdate[] = [];
    const inbox = new CallInbox(
      (batch) =>
        batch.some(({ call }) => call.externalId === 'bad')
          ? Promise.reject(new Error('cannot be stored'))
          : Promise.resolve(kept.push(...batch) * 0),
      () => undefined,
      new Turns(1),
    );
    for (const id of ['a', 'bad', 'b', 'c']) inbox.take(update(id, ring('101')));
    await inbox.settle(1_000);
    expect(kept.map(({ call }) => call.externalId).sort()).toEqual(['a', 'b', 'c']);
    inbox.abandon();
  });

  it('that the database refuses are dropped and counted, alone', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const { kept, keep, open } = gate();
    const inbox = new CallInbox(
      async (batch) => {
        if (batch.some(({ call }) => call.externalId === 'bad'))
          throw Object.assign(new Error('invalid byte sequence'), { driverError: { code: '22021' } });
        return keep(batch);
      },
      () => undefined,
      new Turns(1),
    );
    open();
    for (const id of ['a', 'bad', 'b', 'c']) inbox.take(over(id));
    await inbox.settle(5_000);
    expect(kept.map(({ call }) => call.externalId).sort()).toEqual(['a', 'b', 'c']);
    expect(inbox.takeDropped()).toEqual({ events: 0, calls: 1 });
    expect(error).toHaveBeenCalledTimes(1);
    error.mockRestore();
  });

  it('of all connections take their turns', async () => {
    const turns = new Turns(2);
    let underWay = 0;
    let most = 0;
    const inboxes = Array.from(
      { length: 10 },
      () =>
        new CallInbox(
          async () => {
            most = Math.max(most, ++underWay);
            await new Promise((resolve) => setImmediate(resolve));
            underWay--;
            return 0;
          },
          () => undefined,
          turns,
        ),
    );
    for (const inbox of inboxes) inbox.take(update('a', ring('101')));
    await Promise.all(inboxes.map((inbox) => inbox.settle(5_000)));
    expect(most).toBe(2);
  });
});

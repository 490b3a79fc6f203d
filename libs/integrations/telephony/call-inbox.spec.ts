import { describe, expect, it } from '@jest/globals';
import { CallInbox } from './call-inbox.js';
import { ListenerLost } from './call-journal.js';
import type { CallNews, CallSignal } from './port/index.js';

const news = (externalId: string, ...signals: CallSignal[]): CallNews => ({
  call: { externalId, direction: 'in', startedAt: new Date(0) },
  signals,
});
const ring = (code: string): CallSignal => ({ type: 'in', codes: [code] });

/** Lets what waits for it store one after the other. */
function gate(): { kept: CallNews[]; keep: (one: CallNews) => Promise<void>; open: () => void } {
  const kept: CallNews[] = [];
  const waiting: (() => void)[] = [];
  let isOpen = false;
  return {
    kept,
    keep: async (one) => {
      if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
      kept.push(one);
    },
    open: () => {
      isOpen = true;
      for (const go of waiting) go();
    },
  };
}

describe('news on their way into the database', () => {
  it('of one call are kept in order, what comes meanwhile together; calls side by side', async () => {
    const { kept, keep, open } = gate();
    const inbox = new CallInbox(keep, () => undefined);
    inbox.take(news('a', ring('101')));
    inbox.take(news('a', ring('102')));
    inbox.take(news('a', ring('103'), { type: 'hangup', codes: ['101'], outcome: 'busy' }));
    inbox.take(news('a', { type: 'hangup', codes: ['102'], outcome: 'busy' }, { type: 'hangup', codes: ['103'], outcome: 'answered' }));
    inbox.take(news('b', ring('104')));
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

  it('are kept again while the database is away', async () => {
    const kept: CallNews[] = [];
    let failures = 2;
    const inbox = new CallInbox(
      (one) => (failures-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve(void kept.push(one))),
      () => undefined,
    );
    inbox.take(news('a', ring('101')));
    await inbox.settle(5_000);
    expect(kept.map((one) => one.signals)).toEqual([[{ type: 'in', codes: ['101'] }]]);
  });

  it('are dropped once another process listens', async () => {
    let lost = 0;
    const inbox = new CallInbox(
      () => Promise.reject(new ListenerLost()),
      () => lost++,
    );
    inbox.take(news('a', ring('101')));
    await inbox.settle(5_000);
    inbox.take(news('b', ring('102')));
    expect(lost).toBe(1);
  });
});

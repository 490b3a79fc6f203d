import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CallUpdate, TrackedCall } from '#telephony/port';
import { providerContext } from '#testing';
import type { Notice } from './notice.js';
import { track } from './track.js';
import { ZadarmaSettings } from './zadarma.settings.js';

const NOON = new Date('2026-11-24T12:00:00.000Z');
const settings = Object.assign(new ZadarmaSettings(), { extensions: [{ code: '101' }] });
const context = providerContext(settings, { memory: { offset: '330', extensions: '101,102,103' } });
const after = (seconds: number): Date => new Date(NOON.getTime() + seconds * 1000);

const incoming: Notice = { pbx_call_id: 'in_1', caller_id: '+79161234567', called_did: '74950000000', startedAt: after(0).toISOString() };
const outgoing: Notice = {
  pbx_call_id: 'out_1',
  destination: '79161234567',
  caller_id: '0',
  internal: '101',
  startedAt: after(0).toISOString(),
};
const START: Notice = { ...incoming, event: 'NOTIFY_START' };
const ring = (internal: string): Notice => ({ ...incoming, event: 'NOTIFY_INTERNAL', internal });
const take = (internal: string | undefined, destination = internal ?? ''): Notice => ({
  ...{ event: 'NOTIFY_ANSWER', pbx_call_id: 'in_1', caller_id: '+79161234567', destination },
  ...{ startedAt: after(0).toISOString(), ...(internal !== undefined && { internal }) },
});
const end = (disposition: string, duration: number, more: Notice = {}): Notice => ({
  ...{ ...incoming, event: 'NOTIFY_END', disposition, duration: String(duration), is_recorded: '0', ...more },
});
const outEnd = (disposition: string, duration: number): Notice => ({
  ...{ ...outgoing, event: 'NOTIFY_OUT_END', disposition, duration: String(duration) },
});

/**
 * The updates that a call's notices make. Each notice comes the given number of seconds after noon. An end
 * that waits is applied again after the last notice, and its second update replaces the first.
 */
function play(...notices: [seconds: number, notice: Notice][]): (CallUpdate | undefined)[] {
  let call: TrackedCall | undefined;
  const apply = ([seconds, data]: [number, Notice], hasWaited = false): CallUpdate | undefined => {
    const id = data.pbx_call_id ?? '';
    const update = track({ id: String(seconds), call: id, data, hasWaited }, call, after(seconds), context);
    if (update)
      call = {
        externalId: id,
        ...(update.memory && { memory: JSON.parse(JSON.stringify(update.memory)) as object }),
        ...(update.call.endedAt && { endedAt: update.call.endedAt }),
      };
    return update;
  };
  const played = notices.map((notice) => apply(notice));
  const waited = played.findIndex((update) => update?.waitS !== undefined);
  const [notice] = notices.slice(waited, waited + 1);
  if (waited >= 0 && notice) played[waited] = apply(notice, true);
  return played;
}
const signalsOf = (updates: (CallUpdate | undefined)[]): unknown[] => updates.map((one) => one?.signals);

describe('a call from outside', () => {
  it('that one of two phones takes', () => {
    const updates = play(
      [0, START],
      [1, ring('101')],
      [2, ring('499499-102')],
      [5, take('101')],
      [30, end('answered', 25, { internal: '101' })],
    );
    expect(signalsOf(updates)).toEqual([
      [],
      [{ type: 'in', codes: ['101'] }],
      [{ type: 'in', codes: ['102'] }],
      [{ type: 'hangup', codes: ['102'], outcome: 'cancelled' }],
      [{ type: 'hangup', codes: ['101'], outcome: 'answered' }],
    ]);
    expect(updates[0]?.call).toEqual({
      ...{ externalId: 'in_1', direction: 'in', phone: '+79161234567', externalPhone: '74950000000', startedAt: NOON },
    });
    expect(updates.at(-1)?.call).toEqual({
      ...{ externalId: 'in_1', direction: 'in', phone: '+79161234567', externalPhone: '74950000000', code: '101' },
      ...{ startedAt: NOON, answeredAt: after(5), endedAt: after(30), outcome: 'answered' },
    });
    expect(updates.at(-1)?.memory).toBeUndefined();
  });

  it.each([
    ['no answer', 'no-answer'],
    ['cancel', 'cancelled'],
    ['busy', 'busy'],
    ['Something new', 'unknown'],
  ])('that rings in vain: %s', (disposition, outcome) => {
    const updates = play([0, START], [1, ring('101')], [1, ring('102')], [20, end(disposition, 0)]);
    expect(updates.at(-1)).toMatchObject({
      call: { code: '101', outcome, endedAt: after(20) },
      signals: [{ type: 'hangup', codes: ['101', '102'], outcome }],
    });
    expect(updates.at(-1)?.call).not.toHaveProperty('answeredAt');
  });

  it('that rings nowhere belongs to no one', () => {
    const updates = play([0, START], [9, end('cancel', 0)]);
    expect(updates.at(-1)).toMatchObject({ call: { outcome: 'cancelled' }, signals: [] });
    expect(updates.at(-1)?.call).not.toHaveProperty('code');
  });

  it.each<[string, [number, Notice][], string | undefined]>([
    ['a menu', [[0, START]], undefined],
    [
      'a menu that rang a phone in vain',
      [
        [0, START],
        [1, ring('101')],
      ],
      '101',
    ],
    [
      'a menu that is told as taking it',
      [
        [0, START],
        [1, take(undefined, '74950000000')],
      ],
      undefined,
    ],
  ])('that %s answers does not count as a talk', (_who, before, code) => {
    const end_ = play(...before, [40, end('answered', 30, { is_recorded: '1' })]).at(-1);
    expect(end_?.call).toMatchObject({ outcome: 'no-answer', record: expect.stringMatching(/^pbx\/in_1@\d+\.mp3$/) });
    expect(end_?.call).not.toHaveProperty('answeredAt');
    expect(end_?.call.code).toBe(code);
  });

  it('that is put through to another belongs to who had the customer last', () => {
    const updates = play(
      ...([
        [0, START],
        [1, ring('101')],
        [3, take('101')],
        [10, ring('102')],
        [12, take('102')],
      ] as [number, Notice][]),
      [60, end('answered', 57, { internal: '101', last_internal: '102' })],
    );
    expect(signalsOf(updates).slice(2)).toEqual([
      [],
      [{ type: 'in', codes: ['102'] }],
      [{ type: 'hangup', codes: ['101'], outcome: 'answered' }],
      [{ type: 'hangup', codes: ['102'], outcome: 'answered' }],
    ]);
    expect(updates.at(-1)?.call).toMatchObject({ code: '102', answeredAt: after(3), endedAt: after(60) });
  });

  it('that is forwarded outside is a talk of the phone that rang', () => {
    const updates = play([0, START], [1, ring('101')], [8, take(undefined, '34600000001')], [30, end('answered', 22)]);
    expect(updates.at(-1)).toMatchObject({
      call: { code: '101', outcome: 'answered', answeredAt: after(8) },
      signals: [{ type: 'hangup', codes: ['101'], outcome: 'answered' }],
    });
  });

  it.each<[string, Notice[], string | undefined]>([
    ['taken by one of two phones', [START, ring('101'), ring('102'), take('102'), end('answered', 25)], '102'],
    ['forwarded outside', [START, ring('101'), take(undefined, '34600000001'), end('answered', 25)], '101'],
    ['taken by a menu', [START, end('answered', 25)], undefined],
    ['missed', [START, ring('101'), end('no answer', 0)], '101'],
  ])('%s has one outcome in any order of its notices', (_what, notices, code) => {
    const settle = (order: readonly Notice[]): object => {
      const updates = play(...order.map((notice): [number, Notice] => [30, notice])).flatMap((one) => one ?? []);
      const open = new Set<string>();
      for (const { signals } of updates)
        for (const { type, codes } of signals)
          for (const one of codes)
            if (type === 'hangup') open.delete(one);
            else open.add(one);
      const ended = updates.find(({ call }) => call.endedAt)?.call;
      return { ...ended, open: [...open] };
    };
    const inOrder = settle(notices);
    expect(inOrder).toMatchObject({ ...(code !== undefined && { code }), open: [] });
    fc.assert(
      fc.property(fc.shuffledSubarray(notices, { minLength: notices.length }), (order) => {
        // All notices come at one moment here: the times of a talk follow from how long it took.
        expect({ ...settle(order), answeredAt: undefined, endedAt: undefined }).toEqual({
          ...{ ...inOrder, answeredAt: undefined, endedAt: undefined },
        });
      }),
    );
  });

  it('that ends before its answer was answered as long before as the talk took', () => {
    const updates = play([0, START], [1, ring('101')], [30, end('answered', 20)], [31, take(undefined, '34600000001')]);
    expect(updates[2]?.call).toMatchObject({ outcome: 'answered', code: '101', answeredAt: after(10), endedAt: after(30) });
  });

  it('whose end arrives without other notices is complete', () => {
    const [update] = play([
      30,
      end('answered', 10, { internal: '499499-101', last_internal: '102', is_recorded: '1', call_id_with_rec: '1585913205.75283' }),
    ]);
    expect(update).toEqual({
      call: {
        ...{ externalId: 'in_1', direction: 'in', phone: '+79161234567', externalPhone: '74950000000', code: '102' },
        ...{ startedAt: NOON, answeredAt: after(20), endedAt: after(30), outcome: 'answered' },
        record: `pbx/in_1/1585913205.75283@${after(30).getTime() / 1000}.mp3`,
      },
      signals: [],
    });
  });

  it('whose answer was lost is over for the others before the end', () => {
    const updates = play([0, START], [1, ring('101')], [1, ring('102')], [30, end('answered', 10, { internal: '102' })]);
    expect(updates.at(-1)?.signals).toEqual([
      { type: 'hangup', codes: ['101'], outcome: 'cancelled' },
      { type: 'hangup', codes: ['102'], outcome: 'answered' },
    ]);
  });

  it('whose answer arrives before the ring is shown once', () => {
    expect(signalsOf(play([0, START], [5, take('101')], [6, ring('101')], [7, take('101')]))).toEqual([
      [],
      [{ type: 'in', codes: ['101'] }],
      [],
      [],
    ]);
  });

  it('accepts no updates once it has ended, and starts at the time of its first notice', () => {
    const late = { ...ring('101'), startedAt: after(4).toISOString() };
    const updates = play([6, late], [7, START], [20, end('no answer', 0)], [21, ring('102')], [22, end('answered', 9)]);
    expect(updates.map((one) => one?.call.startedAt)).toEqual([after(4), NOON, NOON, undefined, undefined]);
  });

  it.each<[string, [number, Notice][], number, Date]>([
    [
      'a talk',
      [
        [0, START],
        [5, take('101')],
      ],
      900,
      after(30),
    ],
    ['a call that nobody was seen to take', [[0, START]], 7_200, after(25)],
  ])('whose end was held up ended when it did: %s', (_what, before, received, endedAt) => {
    expect(play(...before, [received, end('answered', 25, { internal: '101' })]).at(-1)?.call.endedAt).toEqual(endedAt);
  });

  it('hides nothing but the number of a caller who hides it', () => {
    for (const caller_id of ['anonymous', undefined]) {
      const { caller_id: _shown, ...rest } = START;
      const [update] = play([0, { ...rest, ...(caller_id !== undefined && { caller_id }) }]);
      expect(update?.call).toEqual({ externalId: 'in_1', direction: 'in', externalPhone: '74950000000', startedAt: NOON });
    }
  });

  it.each([
    ['back', -3_600],
    ['forward', 3_600],
  ])('starts at the time of its first notice, although the clock of the others was set %s', (_how, shift) => {
    const shifted = (notice: Notice): Notice => ({ ...notice, startedAt: after(shift).toISOString() });
    const others: [number, Notice][] = [
      [1, shifted(ring('101'))],
      [5, shifted(take('101'))],
    ];
    const last: [number, Notice] = [30, shifted(end('answered', 25))];
    for (const updates of [play([0, START], ...others, last), play(others[0]!, [2, START], others[1]!, last)])
      expect(updates.at(-1)?.call).toMatchObject({ startedAt: NOON, answeredAt: after(5), endedAt: after(30) });
  });

  it('never starts after its first notice arrives', () => {
    const [update] = play([0, { ...START, startedAt: after(900).toISOString() }]);
    expect(update?.call.startedAt).toEqual(NOON);
  });
});

describe('a call to outside', () => {
  it('that is taken', () => {
    const updates = play([0, { ...outgoing, event: 'NOTIFY_OUT_START' }], [30, outEnd('answered', 20)]);
    expect(signalsOf(updates)).toEqual([[{ type: 'out', codes: ['101'] }], [{ type: 'hangup', codes: ['101'], outcome: 'answered' }]]);
    expect(updates.at(-1)?.call).toEqual({
      ...{ externalId: 'out_1', direction: 'out', phone: '79161234567', code: '101' },
      ...{ startedAt: NOON, answeredAt: after(10), endedAt: after(30), outcome: 'answered' },
    });
  });

  it('whose answer is reported', () => {
    const answer = { ...outgoing, event: 'NOTIFY_ANSWER', caller_id: '74950000000' };
    const updates = play([0, { ...outgoing, event: 'NOTIFY_OUT_START' }], [4, answer], [30, outEnd('answered', 26)]);
    expect(updates.at(-1)?.call).toMatchObject({ answeredAt: after(4), externalPhone: '74950000000', code: '101' });
    expect(signalsOf(updates)[1]).toEqual([]);
  });

  it.each([
    ['busy', 'busy'],
    ['cancel', 'cancelled'],
    ['failed', 'failed'],
    ['call failed', 'failed'],
    ['unallocated number', 'failed'],
    ['no money', 'not-allowed'],
    ['no money, no limit', 'not-allowed'],
    ['line limit', 'not-allowed'],
    ['No day limit', 'not-allowed'],
    ['no limit', 'not-allowed'],
  ])('that fails: %s', (disposition, outcome) => {
    const updates = play(
      [0, { ...outgoing, event: 'NOTIFY_OUT_START' }],
      [9, { ...outEnd(disposition, 0), is_recorded: '1', call_id_with_rec: '1.2' }],
    );
    expect(updates.at(-1)).toMatchObject({
      call: { outcome, record: expect.stringMatching(/^pbx\/out_1\/1\.2@/) },
      signals: [{ outcome }],
    });
    expect(updates.at(-1)?.call).not.toHaveProperty('answeredAt');
  });

  it.each(['102', '499499-102'])('to the PBX’s own phone %s is not a call for the CRM', (destination) => {
    expect(play([0, { ...outgoing, event: 'NOTIFY_OUT_START', destination }], [5, { ...outEnd('answered', 3), destination }])).toEqual([
      undefined,
      undefined,
    ]);
    expect(play([0, { ...START, caller_id: destination }])).toEqual([undefined]);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { getParser } from '#platform';
import type { CallUpdate, CallSignal } from '#telephony/port';
import { AmiParser } from './ami.message.js';
import { AsteriskNumbers } from './asterisk.numbers.js';
import { AsteriskSettings } from './asterisk.settings.js';
import { SETTLE_MS } from './call-registry.js';
import { CallTracker } from './call-tracker.js';
import type { ListedChannel } from './channel-list.js';

/** A channel as events show it. */
interface Channel {
  name: string;
  id: string;
  call: string;
  state?: string;
  from?: string;
  to?: string;
  exten?: string;
}

const STATES: Readonly<Record<string, number>> = { Down: 0, Ring: 4, Ringing: 5, Up: 6 };

/** All headers of a channel's snapshot, in the order of Asterisk 16 to 22. */
function headers({ name, id, call, state = 'Up', from, to, exten = '' }: Channel, prefix = ''): string {
  return [
    ['Channel', name],
    ['ChannelState', STATES[state]],
    ['ChannelStateDesc', state],
    ['CallerIDNum', from ?? '<unknown>'],
    ['CallerIDName', '<unknown>'],
    ['ConnectedLineNum', to ?? '<unknown>'],
    ['ConnectedLineName', '<unknown>'],
    ['Language', 'en'],
    ['AccountCode', ''],
    ['Context', 'from-internal'],
    ['Exten', exten],
    ['Priority', 1],
    ['Uniqueid', id],
    ['Linkedid', call],
  ]
    .map(([header, value]) => `${prefix}${header}: ${value}\r\n`)
    .join('');
}

const event = (name: string, ...parts: string[]): string => `Event: ${name}\r\nPrivilege: call,all\r\n${parts.join('')}\r\n`;
const born = (channel: Channel): string => event('Newchannel', headers({ state: 'Down', ...channel }));
const dialBegin = (by: Channel | undefined, to: Channel, dialString: string): string =>
  event('DialBegin', by ? headers(by) : '', headers({ state: 'Down', ...to }, 'Dest'), `DialString: ${dialString}\r\n`);
const dialEnd = (by: Channel | undefined, to: Channel, status: string, more = ''): string =>
  event('DialEnd', by ? headers(by) : '', headers(to, 'Dest'), `DialStatus: ${status}\r\n${more}`);
const hangup = (channel: Channel, cause = 16): string => event('Hangup', headers(channel), `Cause: ${cause}\r\nCause-txt: Whatever\r\n`);
const enters = (channel: Channel): string =>
  event(
    'BridgeEnter',
    'BridgeUniqueid: b1\r\nBridgeType: basic\r\nBridgeTechnology: simple_bridge\r\nBridgeNumChannels: 1\r\n',
    headers(channel),
  );

const inBridge = (bridge: string, channel: Channel): string =>
  event('BridgeEnter', `BridgeUniqueid: ${bridge}\r\nBridgeType: basic\r\n`, headers(channel));
const leaves = (bridge: string, channel: Channel): string =>
  event('BridgeLeave', `BridgeUniqueid: ${bridge}\r\nBridgeType: basic\r\n`, headers(channel));

let tracker: CallTracker;
let at: number;

beforeEach(() => {
  tracker = tracking();
  at = 0;
});

function tracking(changes: Partial<AsteriskSettings> = {}, most?: number): CallTracker {
  const settings = getParser(AsteriskSettings).parse({
    ...{ host: 'pbx', username: 'u', secret: 's', extensions: [{ code: '101', userId: 1 }, { code: '102' }], ...changes },
  });
  return new CallTracker(new AsteriskNumbers(settings), most);
}

/** Plays events, one per second. Returns the signals, in short, the ended calls, and the last memory. */
function play(...events: string[]): { signals: string[]; ended: CallUpdate['call'][]; memory: object } {
  const { messages } = new AmiParser().push(Buffer.from(`Asterisk Call Manager/9.0.0\r\n${events.join('')}`));
  const updates = messages.flatMap((message) => tracker.apply(message, new Date((at += 1000))));
  // An end waits for late events while channels of the call remain.
  updates.push(...tracker.settle(new Date(at + SETTLE_MS)));
  return {
    signals: updates.flatMap((one) => one.signals).map(short),
    ended: updates.filter((one) => one.call.endedAt).map((one) => one.call),
    memory: updates.at(-1)?.memory ?? {},
  };
}

function short(signal: CallSignal): string {
  return [signal.type, ...signal.codes, ...(signal.type === 'hangup' ? [signal.outcome] : [])].join(' ');
}

const trunk: Channel = {
  name: 'PJSIP/trunk-out-0000001b',
  id: '1700.1',
  call: '1700.1',
  state: 'Ring',
  from: '79161234567',
  exten: '74950000000',
};
const phone101: Channel = { name: 'PJSIP/101-0000001c', id: '1700.2', call: '1700.1', to: '79161234567', exten: '101' };

describe('calls as an Asterisk tells them', () => {
  it('a queue whose members are Local channels, without and with their being optimised away', () => {
    const member = (code: string, n: number): { one: Channel; two: Channel; phone: Channel } => {
      const name = `Local/${code}@from-queue-0000000${n}`;
      return {
        one: { name: `${name};1`, id: `1700.${n}1`, call: '1700.1', exten: code },
        two: { name: `${name};2`, id: `1700.${n}2`, call: '1700.1', exten: code },
        phone: { name: `PJSIP/${code}-0000002${n}`, id: `1700.${n}3`, call: '1700.1', exten: code },
      };
    };
    const [a, b] = [member('101', 1), member('102', 2)];
    const ring = (m: ReturnType<typeof member>, code: string): string =>
      born(m.one) +
      born(m.two) +
      event('AgentCalled', headers(trunk), headers(m.one, 'Dest'), 'Queue: sales\r\nInterface: Local/x\r\n') +
      dialBegin(trunk, m.one, `Local/${code}@from-queue/n`) +
      born(m.phone) +
      dialBegin(m.two, m.phone, code);
    const { signals, ended } = play(
      born(trunk),
      ring(a, '101'),
      ring(b, '102'),
      dialEnd(b.two, b.phone, 'ANSWER'),
      dialEnd(trunk, a.one, 'CANCEL'),
      hangup(a.one, 26),
      dialEnd(a.two, a.phone, 'CANCEL'),
      hangup(a.phone, 26),
      hangup(a.two, 26),
      dialEnd(trunk, b.one, 'ANSWER'),
      event('AgentConnect', headers(trunk), headers(b.one, 'Dest'), 'Queue: sales\r\n'),
      hangup(b.one),
      hangup(b.two),
      hangup(b.phone),
      hangup(trunk),
    );
    expect(signals).toEqual(['in 101', 'in 102', 'hangup 101 cancelled', 'hangup 102 answered']);
    expect(ended).toMatchObject([
      { direction: 'in', phone: '79161234567', externalPhone: '74950000000', code: '102', outcome: 'answered' },
    ]);
  });

  it('no phone can be rung: no leg at all, and a cause', () => {
    const { signals, ended } = play(born(trunk), hangup(trunk, 20));
    expect(signals).toEqual([]);
    expect(ended).toMatchObject([{ direction: 'in', outcome: 'no-answer' }]);
  });

  it('attended transfer: the other phone joins the call without its own event', () => {
    const asks: Channel = { name: 'PJSIP/101-00000040', id: '1700.7', call: '1700.7', state: 'Ring', from: '101', exten: '102' };
    const asked: Channel = { name: 'PJSIP/102-00000041', id: '1700.8', call: '1700.7', exten: '102' };
    const { signals, ended } = play(
      born(trunk),
      born(phone101),
      dialBegin(trunk, phone101, '101'),
      dialEnd(trunk, phone101, 'ANSWER'),
      enters(phone101),
      enters(trunk),
      born(asks),
      born(asked),
      dialBegin(asks, asked, '102'),
      dialEnd(asks, asked, 'ANSWER'),
      enters(asked),
      enters(asks),
      event(
        'AttendedTransfer',
        'Result: Success\r\n',
        headers(phone101, 'OrigTransferer'),
        'OrigBridgeUniqueid: b1\r\n',
        headers(asks, 'SecondTransferer'),
        'SecondBridgeUniqueid: b2\r\n',
        headers(trunk, 'Transferee'),
        headers(asked, 'TransferTarget'),
        'IsExternal: Yes\r\nDestType: Bridge\r\nDestBridgeUniqueid: b2\r\n',
      ),
      enters(trunk),
      hangup(phone101),
      hangup(asks),
      hangup({ ...asked, call: '1700.1' }),
      hangup(trunk),
    );
    expect(signals).toEqual(['in 101', 'in 102', 'hangup 101 answered', 'hangup 102 answered']);
    expect(ended).toMatchObject([{ code: '102', outcome: 'answered' }]);
  });

  it('attended transfer to a colleague who was called before the customer called: the older call becomes the customer’s, also over a restart', () => {
    const asks: Channel = { name: 'PJSIP/101-00000010', id: '1600.1', call: '1600.1', state: 'Ring', from: '101', exten: '102' };
    const asked: Channel = { name: 'PJSIP/102-00000011', id: '1600.2', call: '1600.1', exten: '102' };
    const before = play(
      born(asks),
      born(asked),
      dialBegin(asks, asked, '102'),
      dialEnd(asks, asked, 'ANSWER'),
      enters(asked),
      enters(asks),
      born(trunk),
      born(phone101),
      dialBegin(trunk, phone101, '101'),
      dialEnd(trunk, phone101, 'ANSWER'),
      enters(phone101),
      enters(trunk),
      enters({ ...trunk, call: '1600.1' }),
      hangup(phone101),
      hangup(asks),
    );
    expect(before.signals).toEqual(['in 101', 'in 102', 'hangup 101 answered']);
    expect(before.ended).toEqual([]);
    tracker = tracking();
    tracker.restore([before.memory]);
    const channels = [trunk, asked].map(({ name, id }) => ({ name, id, call: '1600.1', state: 'Up', bridge: 'b2', seconds: 9 }));
    expect(tracker.reconcile(channels, new Date(at), new Date(at)).flatMap((one) => one.signals)).toEqual([]);
    const { signals, ended } = play(hangup(asked), hangup({ ...trunk, call: '1600.1' }));
    expect(signals).toEqual(['hangup 102 answered']);
    expect(ended).toMatchObject([{ externalId: '1700.1', code: '102', outcome: 'answered' }]);
  });

  it('click-to-call through a Local channel, optimised away once all talk', () => {
    tracker = tracking({ extensions: [{ code: '101', channel: 'Local/manager@from-internal' }] });
    const one: Channel = { name: 'Local/manager@from-internal-00000001;1', id: 'crossdock-1', call: 'crossdock-1', exten: 's' };
    const two: Channel = { name: 'Local/manager@from-internal-00000001;2', id: 'crossdock-1;2', call: 'crossdock-1', exten: '101' };
    const own: Channel = { name: 'PJSIP/555-00000050', id: '1700.5', call: 'crossdock-1', exten: '101' };
    const line: Channel = { name: 'PJSIP/trunk-00000051', id: '1700.6', call: 'crossdock-1' };
    const { signals, ended } = play(
      born(one),
      born(two),
      born(own),
      dialBegin(two, own, '555'),
      dialBegin(undefined, one, 'manager@from-internal'),
      dialEnd(two, own, 'ANSWER'),
      dialEnd(undefined, one, 'ANSWER'),
      born(line),
      dialBegin({ ...one, exten: '79161234567' }, line, '79161234567@trunk'),
      dialEnd(one, line, 'ANSWER'),
      hangup(one),
      hangup(two),
      hangup(line),
      hangup(own),
    );
    expect(signals).toEqual(['out 101', 'hangup 101 answered']);
    expect(ended).toMatchObject([{ externalId: 'crossdock-1', direction: 'out', phone: '79161234567', code: '101', outcome: 'answered' }]);
  });

  it('click-to-call goes to a customer, also if the number looks like an extension', () => {
    const own: Channel = { name: 'PJSIP/101-00000050', id: 'crossdock-2', call: 'crossdock-2', exten: 's' };
    const line: Channel = { name: 'PJSIP/2001-00000051', id: '1700.6', call: 'crossdock-2' };
    const { signals, ended } = play(
      born(own),
      dialBegin(undefined, own, '101'),
      dialEnd(undefined, own, 'ANSWER'),
      born(line),
      dialBegin({ ...own, exten: '2001' }, line, '2001'),
      dialEnd(own, line, 'NOANSWER'),
      hangup(line, 19),
      hangup(own),
    );
    expect(signals).toEqual(['out 101', 'hangup 101 no-answer']);
    expect(ended).toMatchObject([{ direction: 'out', code: '101', outcome: 'no-answer' }]);
  });

  it('a call that something else orders, the customer first, goes out', () => {
    const line: Channel = { name: 'PJSIP/trunk-00000060', id: '1700.1', call: '1700.1', exten: 's' };
    const own: Channel = { name: 'PJSIP/101-00000061', id: '1700.2', call: '1700.1', exten: '101' };
    const { signals, ended } = play(
      born(line),
      dialBegin(undefined, line, '79161234567@trunk'),
      dialEnd(undefined, line, 'ANSWER'),
      born(own),
      dialBegin({ ...line, exten: '101' }, own, '101'),
      dialEnd(line, own, 'ANSWER'),
      hangup(own),
      hangup(line),
    );
    expect(signals).toEqual(['out 101', 'hangup 101 answered']);
    expect(ended).toMatchObject([{ direction: 'out', phone: '79161234567', code: '101', outcome: 'answered' }]);
  });

  it('a line whose name is a short number is a phone only if its technology is that of phones', () => {
    const line: Channel = { name: 'DAHDI/4-1', id: '1700.1', call: '1700.1', state: 'Ring', from: '79161234567', exten: 's' };
    const { signals, ended } = play(
      born(line),
      born(phone101),
      dialBegin(line, phone101, '101'),
      dialEnd(line, phone101, 'ANSWER'),
      hangup(phone101),
      hangup(line),
    );
    expect(signals).toEqual(['in 101', 'hangup 101 answered']);
    expect(ended).toMatchObject([{ direction: 'in', phone: '79161234567' }]);
  });

  it('outgoing: caller id, hidden own number, number with the prefix for outside', () => {
    const own: Channel = { name: 'PJSIP/101-00000001', id: '1700.1', call: '1700.1', state: 'Ring', from: '101', exten: '989161234567' };
    const line: Channel = { name: 'PJSIP/trunk-out-00000002', id: '1700.2', call: '1700.1', from: '989161234567', to: '74950000000' };
    const { signals, ended } = play(
      born(own),
      born(line),
      dialBegin(own, line, '89161234567@trunk-out'),
      dialEnd(own, line, 'CONGESTION'),
      hangup(line, 34),
      hangup(own, 34),
    );
    expect(signals).toEqual(['out 101', 'hangup 101 failed']);
    expect(ended).toMatchObject([{ direction: 'out', phone: '89161234567', externalPhone: '74950000000', outcome: 'failed' }]);
  });

  it('the customer of an outgoing call is handed on to another manager, both ways', () => {
    const own: Channel = { name: 'PJSIP/101-00000001', id: '1700.1', call: '1700.1', state: 'Ring', from: '101', exten: '79161234567' };
    const line: Channel = { name: 'PJSIP/trunk-00000002', id: '1700.2', call: '1700.1' };
    const other: Channel = { name: 'PJSIP/102-00000003', id: '1700.3', call: '1700.1' };
    const { signals, ended } = play(
      born(own),
      born(line),
      dialBegin(own, line, '79161234567@trunk'),
      dialEnd(own, line, 'ANSWER'),
      enters(line),
      enters(own),
      event(
        'BlindTransfer',
        'Result: Success\r\n',
        headers(own, 'Transferer'),
        headers(line, 'Transferee'),
        'IsExternal: Yes\r\nContext: from-internal\r\nExtension: 102\r\n',
      ),
      hangup(own),
      born(other),
      dialBegin({ ...line, exten: '102' }, other, '102'),
      dialEnd(line, other, 'ANSWER'),
      hangup(other),
      hangup(line),
    );
    expect(signals).toEqual(['out 101', 'hangup 101 answered', 'out 102', 'hangup 102 answered']);
    expect(ended).toMatchObject([{ direction: 'out', code: '102', outcome: 'answered' }]);
  });

  it('a queue member who is busy, in any order of cause and end, while the queue keeps ringing', () => {
    for (const causeFirst of [true, false]) {
      tracker = tracking();
      const cause = event('HangupRequest', headers(phone101), 'Cause: 17\r\n');
      const { signals, ended } = play(
        born(trunk),
        born(phone101),
        dialBegin(trunk, phone101, 'PJSIP/101'),
        causeFirst ? cause : '',
        dialEnd(trunk, phone101, 'NOANSWER'),
        hangup(phone101, 17),
        hangup(trunk),
      );
      expect(signals).toEqual(['in 101', causeFirst ? 'hangup 101 busy' : 'hangup 101 no-answer']);
      expect(ended).toMatchObject([{ code: '101', outcome: 'busy' }]);
    }
  });

  it('picked up out of a queue by a phone without a number, so that the member’s Local channel and the other members stop', () => {
    const one: Channel = { name: 'Local/101@from-queue-00000001;1', id: '1700.3', call: '1700.1', exten: '101' };
    const two: Channel = { name: 'Local/101@from-queue-00000001;2', id: '1700.4', call: '1700.1', exten: '101' };
    const phone102: Channel = { name: 'PJSIP/102-00000021', id: '1700.5', call: '1700.1', exten: '102' };
    const picker: Channel = {
      name: 'PJSIP/reception-00000030',
      id: '1700.9',
      call: '1700.9',
      state: 'Ring',
      from: 'reception',
      exten: '*8',
    };
    const { signals, ended } = play(
      born(trunk),
      born(one),
      born(two),
      dialBegin(trunk, one, '101@from-queue/n'),
      born(phone102),
      dialBegin(trunk, phone102, '102'),
      born(phone101),
      dialBegin(two, phone101, '101'),
      born(picker),
      event('Pickup', headers(picker), headers(phone101, 'Target')),
      dialEnd(two, picker, 'ANSWER'),
      hangup(phone101, 26),
      dialEnd(trunk, phone102, 'CANCEL'),
      hangup(phone102, 26),
      dialEnd(trunk, one, 'ANSWER'),
      inBridge('b1', picker),
      inBridge('b1', two),
      inBridge('b2', one),
      inBridge('b2', trunk),
      hangup(trunk),
    );
    expect(signals.filter((one) => one.startsWith('hangup'))).toEqual([
      'hangup 102 cancelled',
      'hangup 101 cancelled',
      'hangup reception answered',
    ]);
    expect(ended).toMatchObject([{ direction: 'in', phone: '79161234567', code: 'reception', outcome: 'answered' }]);
  });

  it('parked by one and taken by another, who dials the place where it is parked', () => {
    const taker: Channel = { name: 'PJSIP/102-00000030', id: '1700.9', call: '1700.9', state: 'Ring', from: '102', exten: '701' };
    const other: Channel = {
      name: 'PJSIP/trunk-out-0000002b',
      id: '1700.11',
      call: '1700.11',
      state: 'Ring',
      from: '79160000000',
      exten: '74950000000',
    };
    const parked = (channel: Channel): string => event('BridgeEnter', 'BridgeUniqueid: lot\r\nBridgeType: parking\r\n', headers(channel));
    const taken = play(
      born(trunk),
      born(phone101),
      dialBegin(trunk, phone101, '101'),
      dialEnd(trunk, phone101, 'ANSWER'),
      inBridge('b1', phone101),
      inBridge('b1', trunk),
      leaves('b1', trunk),
      parked(trunk),
      leaves('b1', phone101),
      hangup(phone101),
      // Another caller waits in the same place.
      born(other),
      parked(other),
      born(taker),
      leaves('lot', trunk),
      inBridge('b3', taker),
      inBridge('b3', trunk),
    );
    expect(taken.signals).toEqual(['in 101', 'hangup 101 answered', 'in 102']);
    const { signals, ended } = play(
      leaves('b3', trunk),
      leaves('b3', { ...taker, call: '1700.1' }),
      hangup(trunk),
      hangup({ ...taker, call: '1700.1' }),
      hangup(other),
    );
    expect(signals).toEqual(['hangup 102 answered']);
    expect(ended).toMatchObject([
      { externalId: '1700.1', code: '102', outcome: 'answered' },
      { externalId: '1700.11', outcome: 'no-answer' },
    ]);
  });

  it('a question within the call, given up: the customer stays with who asked', () => {
    const one: Channel = { name: 'Local/102@from-internal-00000001;1', id: '1700.3', call: '1700.1', exten: '102' };
    const two: Channel = { name: 'Local/102@from-internal-00000001;2', id: '1700.4', call: '1700.1', exten: '102' };
    const phone102: Channel = { name: 'PJSIP/102-00000021', id: '1700.5', call: '1700.1', exten: '102' };
    const { ended } = play(
      born(trunk),
      born(phone101),
      dialBegin(trunk, phone101, '101'),
      dialEnd(trunk, phone101, 'ANSWER'),
      inBridge('b1', phone101),
      inBridge('b1', trunk),
      leaves('b1', phone101),
      born(one),
      born(two),
      dialBegin(phone101, one, '102@from-internal'),
      born(phone102),
      dialBegin(two, phone102, '102'),
      dialEnd(two, phone102, 'ANSWER'),
      dialEnd(phone101, one, 'ANSWER'),
      inBridge('b2', phone101),
      inBridge('b2', one),
      inBridge('b3', phone102),
      inBridge('b3', two),
      hangup(phone102),
      hangup(two),
      hangup(one),
      leaves('b2', phone101),
      inBridge('b1', phone101),
      hangup(trunk),
    );
    expect(ended).toMatchObject([{ code: '101', outcome: 'answered' }]);
  });

  it('the customer of a click-to-call is busy: reported immediately, and the PBX’s tone afterwards does not belong to the call', () => {
    const own: Channel = { name: 'PJSIP/101-00000050', id: 'crossdock-1', call: 'crossdock-1', exten: 's' };
    const line: Channel = { name: 'PJSIP/trunk-00000051', id: '1700.6', call: 'crossdock-1' };
    const spare: Channel = { name: 'PJSIP/spare-00000052', id: '1700.7', call: 'crossdock-1' };
    const before = [born(own), dialBegin(undefined, own, '101'), dialEnd(undefined, own, 'ANSWER'), born(line)];
    const busy = [dialBegin({ ...own, exten: '79161234567' }, line, '79161234567@trunk'), dialEnd(own, line, 'BUSY')];
    expect(play(...before, ...busy).signals).toEqual(['out 101', 'hangup 101 busy']);
    const refusedAt = at;
    at += 20_000;
    const { signals, ended } = play(hangup(line, 17), hangup(own));
    expect(signals).toEqual([]);
    expect(ended).toMatchObject([{ direction: 'out', code: '101', outcome: 'busy', endedAt: new Date(refusedAt) }]);
    // If the dial plan tries again anyway, the call continues.
    tracker = tracking();
    const again = play(
      ...before,
      ...busy,
      born(spare),
      dialBegin({ ...own, exten: '79161234567' }, spare, '79161234567@spare'),
      dialEnd(own, spare, 'ANSWER'),
      hangup(spare),
    );
    expect(again.signals).toEqual(['out 101', 'hangup 101 busy', 'out 101', 'hangup 101 answered']);
    expect(again.ended).toMatchObject([{ code: '101', outcome: 'answered' }]);
  });

  it.each([
    [17, 'NOANSWER', 'busy'],
    [21, 'NOANSWER', 'busy'],
    [19, 'NOANSWER', 'no-answer'],
    [1, 'CHANUNAVAIL', 'failed'],
    [34, 'CONGESTION', 'failed'],
    [21, undefined, 'busy'],
  ] as const)('the manager’s own phone, cause %s and %s: %s', (cause, status, outcome) => {
    const own: Channel = { name: 'PJSIP/101-00000050', id: 'crossdock-1', call: 'crossdock-1', exten: 's' };
    const { signals, ended } = play(
      born(own),
      dialBegin(undefined, own, '101'),
      event('HangupRequest', headers(own), `Cause: ${cause}\r\n`),
      status ? dialEnd(undefined, own, status) : '',
      hangup(own, cause),
    );
    expect(signals).toEqual([]);
    expect(ended).toMatchObject([{ externalId: 'crossdock-1', direction: 'out', code: '101', outcome }]);
  });

  it('a customer who is called first and waits in vain for a manager has not talked to anyone', () => {
    const line: Channel = { name: 'PJSIP/trunk-00000060', id: '1700.1', call: '1700.1', exten: 's' };
    const own: Channel = { name: 'PJSIP/101-00000061', id: '1700.2', call: '1700.1', exten: '101' };
    const { signals, ended } = play(
      born(line),
      dialBegin(undefined, line, '79161234567@trunk'),
      dialEnd(undefined, line, 'ANSWER'),
      born(own),
      dialBegin({ ...line, exten: '101' }, own, '101'),
      dialEnd(line, own, 'NOANSWER'),
      hangup(own),
      hangup(line),
    );
    expect(signals).toEqual(['out 101', 'hangup 101 no-answer']);
    expect(ended).toMatchObject([{ direction: 'out', code: '101', outcome: 'no-answer' }]);
  });
});

/** Steps of a PBX that does anything: an event, and one of the existing channels. */
const anything = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.nat(7), fc.nat(7), fc.nat(5)), { maxLength: 60 });
const NAMES = ['PJSIP/101', 'PJSIP/102', 'PJSIP/trunk', 'PJSIP/trunk', 'Local/101@ctx', 'Local/x@ctx'];
const STATUSES = ['ANSWER', 'BUSY', 'NOANSWER', 'CANCEL', 'CHANUNAVAIL', 'ANSWER'];

describe('whatever happens', () => {
  it('who received the start of a call receives its end once, and nothing remains in memory', () => {
    fc.assert(
      fc.property(anything, fc.nat(60), (steps, lostAt) => {
        tracker = tracking();
        const alive: Channel[] = [];
        const told = new Map<string, string[]>();
        const memories = new Map<string, object>();
        const ended = new Set<string>();
        const take = (updates: CallUpdate[]): void => {
          for (const { call, signals, memory } of updates) {
            expect(ended.has(call.externalId)).toBe(false);
            if (call.endedAt) ended.add(call.externalId);
            if (memory) memories.set(call.externalId, JSON.parse(JSON.stringify(memory)) as object);
            else memories.delete(call.externalId);
            const codes = told.get(call.externalId) ?? [];
            for (const signal of signals)
              for (const code of signal.codes) {
                expect(codes.includes(code)).toBe(signal.type === 'hangup');
                if (signal.type === 'hangup') codes.splice(codes.indexOf(code), 1);
                else codes.push(code);
              }
            told.set(call.externalId, codes);
          }
        };
        const happens = (text: string): void => {
          const { messages } = new AmiParser().push(Buffer.from(`Asterisk Call Manager/9.0.0\r\n${text}`));
          for (const message of messages) take(tracker.apply(message, new Date((at += 1000))));
          take(tracker.settle(new Date((at += SETTLE_MS))));
        };
        // The rest of an ended call disappears immediately.
        const listed = (): ListedChannel[] =>
          alive
            .filter(({ call }) => !ended.has(call))
            .map(({ name, id, call }) => ({ id, call, name, state: 'Up', bridge: 'b', seconds: 1 }));
        let born1 = 0;
        for (const [index, [what, a, b, c]] of steps.entries()) {
          if (index === lostAt) {
            tracker = tracking();
            tracker.restore([...memories.values()]);
            take(tracker.reconcile(listed(), new Date((at += 1000)), new Date(at)));
          }
          const [one, other] = [alive[a % alive.length], alive[b % alive.length]];
          if (what <= 2 || !one || !other) {
            const id = `${index}.${born1++}`;
            const mother = what === 0 || !one || ended.has(one.call) ? undefined : one;
            const channel: Channel = {
              name: `${NAMES[c] ?? ''}-0000${index}`,
              id,
              call: mother?.call ?? id,
              from: '79161234567',
              exten: '79161234568',
            };
            alive.push(channel);
            happens(
              born(channel) +
                (mother ? dialBegin(mother, channel, '79161234568@trunk') : what === 1 ? dialBegin(undefined, channel, '1') : ''),
            );
          } else if (what <= 5) happens(dialEnd(undefined, one, STATUSES[c] ?? ''));
          else if (what === 6) {
            if (!ended.has(other.call)) one.call = other.call;
            happens(enters(one));
          } else if (what === 7 && !ended.has(one.call)) {
            happens(event('AttendedTransfer', 'Result: Success\r\n', headers(one, 'Transferee'), headers(other, 'TransferTarget')));
            other.call = one.call;
          } else {
            alive.splice(alive.indexOf(one), 1);
            happens(hangup(one, [16, 17, 19, 26, 34, 0][c]));
          }
        }
        for (const channel of alive.splice(0)) happens(hangup(channel));
        expect([...told.values()].flat()).toEqual([]);
        expect([...memories.keys()]).toEqual([]);
        expect(tracker.reconcile([], new Date(at), new Date(at))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('more calls than are followed', () => {
  const customer = (n: number): Channel => ({
    name: `PJSIP/trunk-${n}`,
    id: `${n}.1`,
    call: `${n}.1`,
    state: 'Ring',
    from: `7916000000${n}`,
  });
  const phone = (n: number): Channel => ({ name: `PJSIP/101-${n}`, id: `${n}.2`, call: `${n}.1` });
  const rings = (n: number): string => born(customer(n)) + born(phone(n)) + dialBegin(customer(n), phone(n), '101');

  it('are counted and not reported, while followed calls are reported to their end, which makes room', () => {
    tracker = tracking({}, 2);
    expect(play(rings(1), rings(2), rings(3)).signals).toHaveLength(2);
    expect([tracker.takeRefused(), tracker.isFull]).toEqual([1, true]);
    const { ended } = play(hangup(phone(3)), hangup(customer(3)), hangup(phone(1)), hangup(customer(1)));
    expect(ended.map((call) => call.externalId)).toEqual(['1.1']);
    expect(play(rings(4)).signals).toHaveLength(1);
    expect(tracker.takeRefused()).toBe(0);
  });
});

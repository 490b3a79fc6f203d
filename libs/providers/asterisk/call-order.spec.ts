import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Played, play, short, summarize } from './test-support/play.js';
import { reorder } from './test-support/reorder.js';
import { Script, type ScriptedChannel } from './test-support/scripted-scenes.js';

const CUSTOMER = '79160000017';
const COMPANY = '74995550001';

/** A customer who calls the company. */
const calls = (pbx: Script, from = CUSTOMER): ScriptedChannel => pbx.channel('PJSIP/trunk', { from, exten: COMPANY });
const phone = (pbx: Script, of: ScriptedChannel, code: string): ScriptedChannel => pbx.channel(`PJSIP/${code}`, { of, from: code });

/** Rings a phone for a call. */
function ring(pbx: Script, by: ScriptedChannel, code: string): ScriptedChannel {
  const rung = phone(pbx, by, code);
  pbx.dial(by, rung, code);
  return rung;
}

/** Rings a phone through a Local channel, as queues do. */
function ringThrough(
  pbx: Script,
  by: ScriptedChannel,
  code: string,
): { one: ScriptedChannel; two: ScriptedChannel; phone: ScriptedChannel } {
  const [one, two] = pbx.local(code, by);
  pbx.dial(by, one, `${code}@from-internal/n`);
  return { one, two, phone: ring(pbx, two, code) };
}

/** A call that 101 has answered, and talks in a bridge. */
function talks(pbx: Script): { customer: ScriptedChannel; first: ScriptedChannel; bridge: string } {
  const customer = calls(pbx);
  const first = ring(pbx, customer, '101');
  pbx.wait(600).answer(customer, first);
  return { customer, first, bridge: pbx.bridge(first, customer) };
}

/** Another phone picks up, which dials `exten` for it. */
function pickUp(pbx: Script, peer: string, exten: string, orderOfEnd: 'before' | 'after', from = peer): void {
  const customer = calls(pbx);
  const rang = ring(pbx, customer, '101');
  pbx.wait(1000);
  const picker = pbx.channel(`PJSIP/${peer}`, { from, exten });
  pbx.state(picker, 'Up');
  if (orderOfEnd === 'after') pbx.pickup(picker, rang);
  pbx.answer(customer, picker);
  if (orderOfEnd === 'before') pbx.pickup(picker, rang);
  pbx.hangup(16, rang);
  const bridge = pbx.bridge(picker, customer);
  pbx.wait(2000).leave(bridge, customer, picker);
  pbx.hangup(16, customer, picker);
}

/** 101 calls a customer outside. */
function dialsOut(pbx: Script): { own: ScriptedChannel; line: ScriptedChannel } {
  const own = pbx.channel('PJSIP/101', { from: '101', exten: CUSTOMER });
  const line = pbx.channel('PJSIP/trunk', { of: own, exten: CUSTOMER });
  pbx.dial(own, line, `${CUSTOMER}@trunk`);
  return { own, line };
}

/** A click-to-call whose phone is taken, so that the customer is dialled. */
function clicks(pbx: Script): { own: ScriptedChannel; line: ScriptedChannel } {
  const own = pbx.channel('PJSIP/101', { id: 'crossdock-1', from: '101', state: 'Down' });
  pbx.dial(undefined, own, '101');
  pbx.wait(500).answer(undefined, own);
  own.exten = CUSTOMER;
  const line = pbx.channel('PJSIP/trunk', { of: own, exten: CUSTOMER });
  pbx.dial(own, line, `${CUSTOMER}@trunk`);
  return { own, line };
}

/** The PBX's events, the signals of each phone, and the calls that end. */
const SCENES: Record<string, [(pbx: Script) => void, Record<string, string[]>, string[]]> = {
  'a pickup whose answer comes before it': [
    (pbx) => pickUp(pbx, '102', '*8', 'before'),
    { 101: ['in 101', 'hangup 101 cancelled'], 102: ['in 102', 'hangup 102 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 102 answered 1.0+2.0`],
  ],
  'a pickup whose answer comes after it': [
    (pbx) => pickUp(pbx, '102', '*8', 'after'),
    { 101: ['in 101', 'hangup 101 cancelled'], 102: ['in 102', 'hangup 102 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 102 answered 1.0+2.0`],
  ],
  'a pickup by a phone that no setting lists': [
    (pbx) => pickUp(pbx, 'reception', '*8', 'before'),
    { 101: ['in 101', 'hangup 101 cancelled'], reception: ['in reception', 'hangup reception answered'] },
    [`in ${CUSTOMER} ${COMPANY} reception answered 1.0+2.0`],
  ],
  'a pickup by a number of the dial plan': [
    (pbx) => pickUp(pbx, '102', '8101', 'before'),
    { 101: ['in 101', 'hangup 101 cancelled'], 102: ['in 102', 'hangup 102 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 102 answered 1.0+2.0`],
  ],
  'a pickup out of a queue of Local channels': [
    (pbx) => {
      const customer = calls(pbx);
      const one = ringThrough(pbx, customer, '101');
      const other = ringThrough(pbx, customer, '102');
      pbx.wait(1000);
      const picker = pbx.channel('PJSIP/103', { from: '103', exten: '*8' });
      pbx.answer(one.two, picker);
      pbx.pickup(picker, one.phone);
      pbx.hangup(16, one.phone);
      pbx.end(customer, other.one, 'CANCEL');
      pbx.answer(customer, one.one);
      pbx.end(other.two, other.phone, 'CANCEL');
      pbx.hangup(26, other.one, other.phone, other.two);
      const [left, right] = [pbx.bridge(picker, one.two), pbx.bridge(one.one, customer)];
      pbx.wait(2000).leave(right, customer, one.one);
      pbx.leave(left, one.two, picker);
      pbx.hangup(16, customer, one.one, one.two, picker);
    },
    {
      101: ['in 101', 'hangup 101 cancelled'],
      102: ['in 102', 'hangup 102 cancelled'],
      103: ['in 103', 'hangup 103 answered'],
    },
    [`in ${CUSTOMER} ${COMPANY} 103 answered 1.0+2.0`],
  ],
  'a queue whose first member declines; the second answers': [
    (pbx) => {
      const customer = calls(pbx);
      const [one, other] = [ring(pbx, customer, '101'), ring(pbx, customer, '102')];
      pbx.wait(700).end(customer, one, 'NOANSWER', 17);
      pbx.hangup(17, one);
      pbx.wait(300).answer(customer, other);
      const bridge = pbx.bridge(other, customer);
      pbx.wait(2000).leave(bridge, customer, other);
      pbx.hangup(16, customer, other);
    },
    { 101: ['in 101', 'hangup 101 busy'], 102: ['in 102', 'hangup 102 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 102 answered 1.0+2.0`],
  ],
  'a queue of two that rings twice in vain until the caller gives up': [
    (pbx) => {
      const customer = calls(pbx);
      for (const round of [1, 2]) {
        const members = [ring(pbx, customer, '101'), ring(pbx, customer, '102')];
        pbx.wait(3000);
        for (const member of members) pbx.end(customer, member, round === 1 ? 'NOANSWER' : 'CANCEL');
        pbx.hangup(round === 1 ? 19 : 26, ...members);
        pbx.wait(1000);
      }
      pbx.hangup(16, customer);
    },
    {
      101: ['in 101', 'hangup 101 no-answer', 'in 101', 'hangup 101 cancelled'],
      102: ['in 102', 'hangup 102 no-answer', 'in 102', 'hangup 102 cancelled'],
    },
    [`in ${CUSTOMER} ${COMPANY} 101 cancelled 8.0`],
  ],
  'a queue of Local channels that times out': [
    (pbx) => {
      const customer = calls(pbx);
      const members = [ringThrough(pbx, customer, '102'), ringThrough(pbx, customer, '101')];
      pbx.wait(8000);
      for (const { one, two, phone: rung } of members) {
        pbx.end(customer, one, 'NOANSWER');
        pbx.hangup(16, one);
        pbx.end(two, rung, 'CANCEL');
        pbx.hangup(16, two, rung);
      }
      pbx.hangup(16, customer);
    },
    { 101: ['in 101', 'hangup 101 no-answer'], 102: ['in 102', 'hangup 102 no-answer'] },
    [`in ${CUSTOMER} ${COMPANY} 102 no-answer 8.0`],
  ],
  'a queue of Local channels that the caller leaves': [
    (pbx) => {
      const customer = calls(pbx);
      const members = [ringThrough(pbx, customer, '102'), ringThrough(pbx, customer, '101')];
      pbx.wait(4000);
      for (const { one, two, phone: rung } of members) {
        pbx.end(customer, one, 'CANCEL');
        pbx.hangup(16, one);
        pbx.end(two, rung, 'CANCEL');
        pbx.hangup(16, two, rung);
      }
      pbx.hangup(16, customer);
    },
    { 101: ['in 101', 'hangup 101 cancelled'], 102: ['in 102', 'hangup 102 cancelled'] },
    [`in ${CUSTOMER} ${COMPANY} 102 cancelled 4.0`],
  ],
  'a phone behind a Local channel is busy': [
    (pbx) => {
      const customer = calls(pbx);
      const { one, two, phone: rung } = ringThrough(pbx, customer, '101');
      pbx.wait(300).end(two, rung, 'BUSY', 17);
      pbx.hangup(17, rung, two);
      pbx.end(customer, one, 'NOANSWER', 17);
      pbx.hangup(17, one, customer);
    },
    { 101: ['in 101', 'hangup 101 busy'] },
    [`in ${CUSTOMER} ${COMPANY} 101 busy 0.3`],
  ],
  'a talk of 200 ms through Local channels': [
    (pbx) => {
      const customer = calls(pbx);
      const { one, two, phone: rung } = ringThrough(pbx, customer, '101');
      pbx.wait(600).answer(two, rung);
      pbx.answer(customer, one);
      const [left, right] = [pbx.bridge(rung, two), pbx.bridge(one, customer)];
      pbx.wait(200).leave(right, customer, one);
      pbx.hangup(16, customer, one);
      pbx.leave(left, two, rung);
      pbx.hangup(16, two, rung);
    },
    { 101: ['in 101', 'hangup 101 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 101 answered 0.6+0.2`],
  ],
  'a caller who gives up after 100 ms, behind Local channels': [
    (pbx) => {
      const customer = calls(pbx);
      const { one, two, phone: rung } = ringThrough(pbx, customer, '101');
      pbx.wait(100).end(customer, one, 'CANCEL');
      pbx.hangup(16, one, customer);
      pbx.end(two, rung, 'CANCEL');
      pbx.hangup(16, two, rung);
    },
    { 101: ['in 101', 'hangup 101 cancelled'] },
    [`in ${CUSTOMER} ${COMPANY} 101 cancelled 0.1`],
  ],
  'busy, so that another phone rings': [
    (pbx) => {
      const customer = calls(pbx);
      const one = ring(pbx, customer, '101');
      pbx.wait(50).end(customer, one, 'BUSY', 17);
      pbx.hangup(17, one);
      const other = ring(pbx, customer, '102');
      pbx.wait(900).answer(customer, other);
      const bridge = pbx.bridge(other, customer);
      pbx.wait(1000).leave(bridge, other, customer);
      pbx.hangup(16, other, customer);
    },
    { 101: ['in 101', 'hangup 101 busy'], 102: ['in 102', 'hangup 102 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 102 answered 1.0+1.0`],
  ],
  'declined, then a voicemail takes the call': [
    (pbx) => {
      const customer = calls(pbx);
      const one = ring(pbx, customer, '101');
      pbx.wait(900).end(customer, one, 'BUSY', 21);
      pbx.hangup(21, one);
      pbx.state(customer, 'Up');
      pbx.wait(5000).hangup(16, customer);
    },
    { 101: ['in 101', 'hangup 101 busy'] },
    [`in ${CUSTOMER} ${COMPANY} 101 busy 5.9`],
  ],
  'a blind transfer': [
    (pbx) => {
      const { customer, first, bridge } = talks(pbx);
      pbx.wait(1500).leave(bridge, customer, first);
      pbx.hangup(16, first);
      const other = ring(pbx, customer, '102');
      pbx.wait(800).answer(customer, other);
      const second = pbx.bridge(other, customer);
      pbx.wait(2000).leave(second, customer, other);
      pbx.hangup(16, customer, other);
    },
    { 101: ['in 101', 'hangup 101 answered'], 102: ['in 102', 'hangup 102 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 102 answered 0.6+4.3`],
  ],
  'a blind transfer that nobody takes': [
    (pbx) => {
      const { customer, first, bridge } = talks(pbx);
      pbx.wait(1500).leave(bridge, customer, first);
      pbx.hangup(16, first);
      const other = ring(pbx, customer, '102');
      pbx.wait(3000).end(customer, other, 'NOANSWER');
      pbx.hangup(19, other, customer);
    },
    { 101: ['in 101', 'hangup 101 answered'], 102: ['in 102', 'hangup 102 no-answer'] },
    [`in ${CUSTOMER} ${COMPANY} 101 answered 0.6+4.5`],
  ],
  'a blind transfer of a customer who was called': [
    (pbx) => {
      const { own, line } = dialsOut(pbx);
      pbx.wait(1000).answer(own, line);
      const bridge = pbx.bridge(line, own);
      pbx.wait(1000).leave(bridge, line, own);
      pbx.hangup(16, own);
      line.exten = '102';
      const other = ring(pbx, line, '102');
      pbx.wait(800).answer(line, other);
      const second = pbx.bridge(other, line);
      pbx.wait(1000).leave(second, line, other);
      pbx.hangup(16, line, other);
    },
    { 101: ['out 101', 'hangup 101 answered'], 102: ['out 102', 'hangup 102 answered'] },
    [`out ${CUSTOMER} - 102 answered 1.0+2.8`],
  ],
  'an attended transfer to another manager': [
    (pbx) => {
      const { customer, first, bridge } = talks(pbx);
      pbx.wait(500);
      const asks = pbx.channel('PJSIP/101', { from: '101', exten: '102' });
      const asked = ring(pbx, asks, '102');
      pbx.wait(1000).answer(asks, asked);
      const second = pbx.bridge(asked, asks);
      pbx.wait(700).leave(bridge, customer);
      pbx.leave(second, asks);
      pbx.enter(second, customer);
      const target = { ...asked };
      asked.call = customer.call;
      pbx.state(asked, 'Up');
      pbx.attendedTransfer(first, asks, customer, target);
      pbx.leave(bridge, first);
      pbx.hangup(16, first, asks);
      pbx.wait(2000).leave(second, customer, asked);
      pbx.hangup(16, customer, asked);
    },
    { 101: ['in 101', 'hangup 101 answered'], 102: ['in 102', 'hangup 102 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 102 answered 0.6+4.2`],
  ],
  'parked by one and taken by another': [
    (pbx) => {
      const { customer, first, bridge } = talks(pbx);
      pbx.wait(1000).leave(bridge, customer);
      pbx.enter('lot', customer);
      pbx.leave(bridge, first);
      pbx.hangup(16, first);
      pbx.wait(3000);
      const taker = pbx.channel('PJSIP/102', { from: '102', exten: '701' });
      pbx.state(taker, 'Up');
      pbx.leave('lot', customer);
      const second = pbx.bridge(taker, customer);
      taker.call = customer.call;
      pbx.wait(2000).leave(second, customer, taker);
      pbx.hangup(16, customer, taker);
    },
    { 101: ['in 101', 'hangup 101 answered'], 102: ['in 102', 'hangup 102 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 102 answered 0.6+6.0`],
  ],
  'the phone of a click-to-call is not taken': [
    (pbx) => {
      const own = pbx.channel('PJSIP/101', { id: 'crossdock-1', from: '101', state: 'Down' });
      pbx.dial(undefined, own, '101');
      pbx.wait(9000).end(undefined, own, 'NOANSWER');
      pbx.hangup(16, own);
    },
    {},
    ['out ? - 101 no-answer 9.0'],
  ],
  'the customer of a click-to-call does not answer': [
    (pbx) => {
      const { own, line } = clicks(pbx);
      pbx.wait(6000).end(own, line, 'NOANSWER');
      pbx.hangup(16, line, own);
    },
    { 101: ['out 101', 'hangup 101 no-answer'] },
    [`out ${CUSTOMER} - 101 no-answer 6.5`],
  ],
  'the manager of a click-to-call gives up': [
    (pbx) => {
      const { own, line } = clicks(pbx);
      pbx.wait(3000).end(own, line, 'CANCEL');
      pbx.hangup(16, own, line);
    },
    { 101: ['out 101', 'hangup 101 cancelled'] },
    [`out ${CUSTOMER} - 101 cancelled 3.5`],
  ],
  'the customer of a click-to-call is busy, and a tone plays': [
    (pbx) => {
      const { own, line } = clicks(pbx);
      pbx.wait(1000).end(own, line, 'BUSY', 17);
      pbx.hangup(17, line);
      pbx.wait(8000).hangup(16, own);
    },
    { 101: ['out 101', 'hangup 101 busy'] },
    [`out ${CUSTOMER} - 101 busy 1.5`],
  ],
  'an outgoing call by a spare line after the first failed': [
    (pbx) => {
      const { own, line } = dialsOut(pbx);
      pbx.wait(100).end(own, line, 'CONGESTION', 34);
      pbx.hangup(34, line);
      const spare = pbx.channel('PJSIP/spare', { of: own, exten: CUSTOMER });
      pbx.dial(own, spare, `${CUSTOMER}@spare`);
      pbx.wait(1900).answer(own, spare);
      const bridge = pbx.bridge(spare, own);
      pbx.wait(1000).leave(bridge, own, spare);
      pbx.hangup(16, own, spare);
    },
    { 101: ['out 101', 'hangup 101 answered'] },
    [`out ${CUSTOMER} - 101 answered 2.0+1.0`],
  ],
  'a customer whom the PBX calls, and a manager who does not answer': [
    (pbx) => {
      const line = pbx.channel('PJSIP/trunk', { state: 'Down' });
      pbx.dial(undefined, line, `${CUSTOMER}@trunk`);
      pbx.wait(1000).answer(undefined, line);
      const own = ring(pbx, line, '101');
      pbx.wait(3000).end(line, own, 'NOANSWER');
      pbx.hangup(19, own, line);
    },
    { 101: ['out 101', 'hangup 101 no-answer'] },
    [`out ${CUSTOMER} - 101 no-answer 4.0`],
  ],
  'a survey of the manager after the customer has left': [
    (pbx) => {
      const { customer, first, bridge } = talks(pbx);
      pbx.wait(1000).leave(bridge, customer, first);
      pbx.hangup(16, customer);
      pbx.wait(5000).hangup(16, first);
    },
    { 101: ['in 101', 'hangup 101 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 101 answered 0.6+1.0`],
  ],
  'taken by who has parked it': [
    (pbx) => {
      const { customer, first, bridge } = talks(pbx);
      pbx.wait(1000).leave(bridge, customer);
      pbx.enter('lot', customer);
      pbx.leave(bridge, first);
      pbx.hangup(16, first);
      pbx.wait(3000);
      const taker = pbx.channel('PJSIP/101', { from: '101', exten: '701' });
      pbx.state(taker, 'Up');
      pbx.leave('lot', customer);
      const second = pbx.bridge(taker, customer);
      pbx.wait(2000).leave(second, customer, taker);
      pbx.hangup(16, customer, taker);
    },
    { 101: ['in 101', 'hangup 101 answered', 'in 101', 'hangup 101 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 101 answered 0.6+6.0`],
  ],
  'a conference of three': [
    (pbx) => {
      const { customer, first, bridge } = talks(pbx);
      const other = ring(pbx, first, '102');
      pbx.wait(700).answer(first, other);
      pbx.enter(bridge, other);
      pbx.wait(1000).leave(bridge, first);
      pbx.hangup(16, first);
      pbx.wait(1000).leave(bridge, customer, other);
      pbx.hangup(16, customer, other);
    },
    { 101: ['in 101', 'hangup 101 answered'], 102: ['in 102', 'hangup 102 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 102 answered 0.6+2.7`],
  ],
  'two callers at once for two phones': [
    (pbx) => {
      const [one, other] = [calls(pbx), calls(pbx, '79160000018')];
      const [first, second] = [ring(pbx, one, '101'), ring(pbx, other, '102')];
      pbx.wait(600).answer(one, first);
      pbx.answer(other, second);
      const [left, right] = [pbx.bridge(first, one), pbx.bridge(second, other)];
      pbx.wait(1000).leave(left, one, first);
      pbx.leave(right, second, other);
      pbx.hangup(16, one, first, second, other);
    },
    { 101: ['in 101', 'hangup 101 answered'], 102: ['in 102', 'hangup 102 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 101 answered 0.6+1.0`, `in 79160000018 ${COMPANY} 102 answered 0.6+1.0`],
  ],
  'forwarded to a mobile through a Local channel': [
    (pbx) => {
      const customer = calls(pbx);
      const one = ring(pbx, customer, '101');
      const [first, second] = pbx.local('79160000099', customer);
      pbx.end(customer, one, 'CANCEL', 23);
      pbx.dial(customer, first, '79160000099@from-internal');
      pbx.hangup(23, one);
      const mobile = pbx.channel('PJSIP/trunk', { of: customer, exten: '79160000099' });
      pbx.dial(second, mobile, '79160000099@trunk');
      pbx.wait(1000).answer(second, mobile);
      pbx.answer(customer, first);
      const [left, right] = [pbx.bridge(first, customer), pbx.bridge(mobile, second)];
      pbx.wait(2000).leave(left, customer, first);
      pbx.leave(right, second, mobile);
      pbx.hangup(16, customer, first, second, mobile);
    },
    { 101: ['in 101', 'hangup 101 cancelled'] },
    [`in ${CUSTOMER} ${COMPANY} 101 cancelled 1.0`],
  ],
  'an optimized Local channel, taken out of the call': [
    (pbx) => {
      const customer = calls(pbx);
      const { one, two, phone: rung } = ringThrough(pbx, customer, '101');
      pbx.wait(600).answer(two, rung);
      pbx.answer(customer, one);
      const [left, right] = [pbx.bridge(rung, two), pbx.bridge(one, customer)];
      pbx.wait(100).leave(left, rung);
      pbx.enter(right, rung);
      pbx.leave(right, one);
      pbx.leave(left, two);
      pbx.hangup(16, one, two);
      pbx.wait(2000).leave(right, customer, rung);
      pbx.hangup(16, customer, rung);
    },
    { 101: ['in 101', 'hangup 101 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 101 answered 0.6+2.1`],
  ],
  'a queue that tries one phone after the other': [
    (pbx) => {
      const customer = calls(pbx);
      pbx.state(customer, 'Up');
      const one = ring(pbx, customer, '101');
      pbx.wait(5000).end(customer, one, 'NOANSWER');
      pbx.hangup(19, one);
      pbx.wait(1000);
      const other = ring(pbx, customer, '102');
      pbx.wait(30).end(customer, other, 'NOANSWER', 17);
      pbx.hangup(17, other);
      pbx.wait(900);
      const third = ring(pbx, customer, '103');
      pbx.wait(1000).answer(customer, third);
      const bridge = pbx.bridge(third, customer);
      pbx.wait(2000).leave(bridge, customer, third);
      pbx.hangup(16, customer, third);
    },
    { 101: ['in 101', 'hangup 101 no-answer'], 102: ['in 102', 'hangup 102 busy'], 103: ['in 103', 'hangup 103 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 103 answered 7.9+2.0`],
  ],
  'a colleague who is sent outside, as the first manager hangs up': [
    (pbx) => {
      const first = pbx.channel('PJSIP/101', { from: '101', exten: '102' });
      const other = ring(pbx, first, '102');
      pbx.wait(800).answer(first, other);
      const bridge = pbx.bridge(other, first);
      pbx.wait(1000).leave(bridge, first, other);
      pbx.hangup(16, first);
      other.exten = CUSTOMER;
      const line = pbx.channel('PJSIP/trunk', { of: other, exten: CUSTOMER });
      pbx.dial(other, line, `${CUSTOMER}@trunk`);
      pbx.wait(1000).answer(other, line);
      const second = pbx.bridge(line, other);
      pbx.wait(1000).leave(second, line, other);
      pbx.hangup(16, line, other);
    },
    { 101: ['out 101', 'hangup 101 answered'], 102: ['out 102', 'hangup 102 answered'] },
    [`out ${CUSTOMER} - 102 answered 2.8+1.0`],
  ],
  'a conference room that the customer leaves first': [
    (pbx) => {
      const customer = calls(pbx);
      pbx.state(customer, 'Up');
      const room = pbx.bridge(customer);
      pbx.wait(500);
      const [first, other] = ['101', '102'].map((code) => pbx.channel(`PJSIP/${code}`, { from: code, exten: '800' })) as [
        ScriptedChannel,
        ScriptedChannel,
      ];
      pbx.enter(room, first);
      pbx.wait(600).enter(room, other);
      pbx.wait(2000).leave(room, customer, first, other);
      pbx.hangup(16, customer, first, other);
    },
    { 101: ['in 101', 'hangup 101 answered'], 102: ['in 102', 'hangup 102 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 101 answered 0.5+2.6`],
  ],
  'parked, and rung back when nobody takes it': [
    (pbx) => {
      const { customer, first, bridge } = talks(pbx);
      pbx.wait(1000).leave(bridge, customer);
      pbx.enter('lot', customer);
      pbx.leave(bridge, first);
      pbx.hangup(16, first);
      pbx.wait(5000).leave('lot', customer);
      const back = ring(pbx, customer, '101');
      pbx.wait(1000).answer(customer, back);
      const second = pbx.bridge(back, customer);
      pbx.wait(1000).leave(second, customer, back);
      pbx.hangup(16, customer, back);
    },
    { 101: ['in 101', 'hangup 101 answered', 'in 101', 'hangup 101 answered'] },
    [`in ${CUSTOMER} ${COMPANY} 101 answered 0.6+8.0`],
  ],
  'a click through a Local channel whose phone refuses': [
    (pbx) => {
      const one = pbx.channel('Local/101@from-internal-00000001;1', { id: 'crossdock-1', from: '101', state: 'Down' });
      const two = pbx.channel('Local/101@from-internal-00000001;2', { of: one, state: 'Ring' });
      pbx.dial(undefined, one, '101@from-internal');
      const own = ring(pbx, two, '101');
      pbx.wait(3000).end(two, own, 'BUSY', 21);
      pbx.hangup(21, own, two);
      pbx.end(undefined, one, 'BUSY', 17);
      pbx.hangup(17, one);
    },
    {},
    ['out ? - 101 busy 3.0'],
  ],
};

describe.each(Object.entries(SCENES))('%s', (_name, [write, phones, ended]) => {
  const pbx = new Script();
  write(pbx);
  const inOrder: Played = play(pbx.events);

  it('is reported', () => {
    expect(summarize(inOrder, short)).toEqual({ phones, ended, isOpen: false });
  });

  it('is the same in any order of a burst', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99), { minLength: pbx.events.length, maxLength: pbx.events.length }), (priorities) => {
        expect(summarize(play(reorder(pbx.events, priorities)))).toEqual(summarize(inOrder));
      }),
      { numRuns: 30 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import type { CallNews } from '#telephony/port';
import { AmiParser } from './ami.message.js';
import { AsteriskNumbers } from './asterisk.numbers.js';
import { AsteriskSettings } from './asterisk.settings.js';
import { CallTracker } from './call-tracker.js';
import { scenes } from './test-support/recorded-scenes.js';

const settings = getParser(AsteriskSettings).parse({
  ...{ host: 'pbx', username: 'u', secret: 's' },
  extensions: [
    { code: '101', userId: 1 },
    { code: '102', userId: 2 },
    { code: '103', userId: 3 },
    { code: '201', userId: 6, channel: 'PJSIP/alice' },
  ],
});

/** A scene's signals for the CRM with their second, and the calls that ended. */
function play(scene: string): { signals: string[]; ended: string[] } {
  const tracker = new CallTracker(new AsteriskNumbers(settings));
  const signals: string[] = [];
  const ended: string[] = [];
  for (const { scene: _scene, ms, ...fields } of scenes.get(scene) ?? []) {
    const text = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    const { messages } = new AmiParser().push(Buffer.from(`Asterisk Call Manager/11.0.0\r\n${text.join('')}\r\n`));
    for (const { call, signals: told } of messages.flatMap((message) => tracker.apply(message, new Date(ms)))) {
      for (const signal of told)
        signals.push([signal.type, ...signal.codes, ...(signal.type === 'hangup' ? [signal.outcome] : [])].join(' '));
      if (call.endedAt) ended.push(short(call));
    }
  }
  expect(tracker.reconcile([], new Date(0), new Date(0))).toEqual([]);
  return { signals, ended };
}

/** Direction, numbers, who had it, how it ended, and its wait and talk in tenths of a second. */
function short({ direction, phone, externalPhone, code, outcome, startedAt, answeredAt, endedAt }: CallNews['call']): string {
  const tenths = (from: Date, to: Date | undefined): string => (((to ?? from).getTime() - from.getTime()) / 1000).toFixed(1);
  const times = answeredAt ? `${tenths(startedAt, answeredAt)}+${tenths(answeredAt, endedAt)}` : tenths(startedAt, endedAt);
  return [direction, phone ?? '?', externalPhone ?? '-', code ?? 'nobody', outcome, times].join(' ');
}

const IN = '79160000017 74995550001';
const OUT = '79160000099 -';

describe('calls as a real Asterisk tells them', () => {
  it.each([
    ['caller-ends', ['in 101', 'hangup 101 answered'], [`in ${IN} 101 answered 0.6+2.0`]],
    ['manager-ends', ['in 101', 'hangup 101 answered'], [`in ${IN} 101 answered 0.6+1.2`]],
    ['caller-gives-up', ['in 101', 'hangup 101 cancelled'], [`in ${IN} 101 cancelled 3.0`]],
    ['dial-time-out', ['in 101', 'hangup 101 no-answer'], [`in ${IN} 101 no-answer 8.0`]],
    ['busy-at-once', ['in 101', 'hangup 101 busy'], [`in ${IN} 101 busy 0.0`]],
    ['declined', ['in 101', 'hangup 101 busy'], [`in ${IN} 101 busy 1.1`]],
    ['unavailable', ['in 101', 'hangup 101 no-answer'], [`in ${IN} 101 no-answer 0.0`]],
    [
      'ring-group',
      ['in 101', 'in 102', 'hangup 101 cancelled', 'hangup 102 answered'],
      ['in 79160000017 74995550002 102 answered 0.6+1.0'],
    ],
    ['hidden-number', ['in 101', 'hangup 101 answered'], ['in anonymous 74995550001 101 answered 0.6+1.0']],
    ['plus-in-number', ['in 101', 'hangup 101 answered'], ['in +79160000018 74995550001 101 answered 0.6+1.0']],
    ['menu-only', [], ['in 79160000017 74995550006 nobody no-answer 2.0']],
    ['voicemail', ['in 101', 'hangup 101 no-answer'], ['in 79160000017 74995550007 101 no-answer 6.0']],
    [
      'answer-first',
      ['in 101', 'hangup 101 no-answer', 'in 102', 'hangup 102 answered'],
      ['in 79160000017 74995550008 102 answered 4.6+2.4'],
    ],
    [
      'group-of-locals',
      ['in 101', 'in 102', 'hangup 101 cancelled', 'hangup 102 answered'],
      ['in 79160000017 74995550009 102 answered 0.6+1.5'],
    ],
    // No extension had the talk.
    ['forwarded-outside', [], ['in 79160000017 74995550010 nobody answered 1.0+1.0']],
    ['302-to-mobile', ['in 101', 'hangup 101 cancelled'], [`in ${IN} 101 cancelled 1.0`]],
    ['302-to-extension', ['in 101', 'hangup 101 cancelled', 'in 103', 'hangup 103 answered'], [`in ${IN} 103 answered 0.6+1.0`]],
    ['internal', [], []],
    [
      'asks-for-manager',
      ['in 101', 'in 102', 'hangup 102 cancelled', 'hangup 101 answered'],
      ['in 79160000017 74995550005 101 answered 0.7+1.0'],
    ],
    ['click-from-company-number', ['out 101', 'hangup 101 answered'], ['out 79160000099 74995550001 101 answered 1.6+1.0']],
    // Whom these called knows the click.
    ['click-to-extension', ['out 101', 'hangup 101 answered'], ['out ? - 101 answered 1.2+1.4']],
    ['click-to-112', ['out 101', 'hangup 101 answered'], ['out ? - 101 answered 1.6+1.0']],
    ['click', ['out 101', 'hangup 101 answered'], [`out ${OUT} 101 answered 1.6+1.0`]],
    ['in-to-named-phone', ['in 201', 'hangup 201 answered'], ['in 79160000017 74995550201 201 answered 0.6+1.0']],
    ['click-from-named-phone', ['out 201', 'hangup 201 answered'], [`out ${OUT} 201 answered 1.6+1.0`]],
    ['named-phone-out', ['out 201', 'hangup 201 answered'], [`out ${OUT} 201 answered 1.0+1.0`]],
    ['unlisted-phone-out', ['out 104', 'hangup 104 answered'], [`out ${OUT} 104 answered 1.0+1.0`]],
    ['picked-up-by-unlisted', ['in 101', 'hangup 101 cancelled', 'in 104', 'hangup 104 answered'], [`in ${IN} 104 answered 0.9+1.5`]],
    ['picked-up', ['in 101', 'hangup 101 cancelled', 'in 102', 'hangup 102 answered'], [`in ${IN} 102 answered 1.0+1.5`]],
    ['parked', ['in 101', 'hangup 101 answered'], [`in ${IN} 101 answered 0.6+9.1`]],
    [
      'two-at-once',
      ['in 101', 'in 101', 'hangup 101 answered', 'hangup 101 answered'],
      ['in 79160000021 74995550001 101 answered 0.7+1.6', 'in 79160000022 74995550001 101 answered 0.6+1.5'],
    ],
    [
      'attended-to-mobile',
      ['in 101', 'out 101', 'hangup 101 answered', 'hangup 101 answered'],
      [`out ${OUT} 101 answered 1.0+0.7`, `in ${IN} 101 answered 0.6+4.3`],
    ],
    ['attended-given-up', ['in 101', 'hangup 101 answered'], [`in ${IN} 101 answered 0.6+3.5`]],
    ['pbx-originates', ['out 101', 'hangup 101 answered'], [`out ${OUT} 101 answered 1.6+1.4`]],
    ['national-number', ['in 101', 'hangup 101 answered'], ['in 89160000017 74995550001 101 answered 0.6+0.7']],
    ['short-number', ['in 101', 'hangup 101 answered'], ['in 900 74995550001 101 answered 0.6+0.7']],
  ] as [string, string[], string[]][])('%s', (scene, signals, ended) => {
    expect(play(scene)).toEqual({ signals, ended });
  });

  it('every scene is played above', () => {
    expect(scenes.size).toBe(36);
  });
});

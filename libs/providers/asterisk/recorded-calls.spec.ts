import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { play, short, summarize } from './test-support/play.js';
import { scenes } from './test-support/recorded-scenes.js';
import { reorder } from './test-support/reorder.js';

const IN = '79160000017 74995550001';
const OUT = '79160000099 -';

/** The scenes, the signals for the CRM that they make, and the calls that end. */
const OUTCOMES: readonly [string, string[], string[]][] = [
  ['caller-ends', ['in 101', 'hangup 101 answered'], [`in ${IN} 101 answered 0.6+2.0`]],
  ['manager-ends', ['in 101', 'hangup 101 answered'], [`in ${IN} 101 answered 0.6+1.2`]],
  ['caller-gives-up', ['in 101', 'hangup 101 cancelled'], [`in ${IN} 101 cancelled 3.0`]],
  ['dial-time-out', ['in 101', 'hangup 101 no-answer'], [`in ${IN} 101 no-answer 8.0`]],
  ['busy-at-once', ['in 101', 'hangup 101 busy'], [`in ${IN} 101 busy 0.0`]],
  ['declined', ['in 101', 'hangup 101 busy'], [`in ${IN} 101 busy 1.1`]],
  ['unavailable', ['in 101', 'hangup 101 no-answer'], [`in ${IN} 101 no-answer 0.0`]],
  ['ring-group', ['in 101', 'in 102', 'hangup 101 cancelled', 'hangup 102 answered'], ['in 79160000017 74995550002 102 answered 0.6+1.0']],
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
    ['in 102', 'in 101', 'hangup 101 cancelled', 'hangup 102 answered'],
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
  // Only the click contains the called number.
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
];

describe('calls as a real Asterisk sends them', () => {
  it.each(OUTCOMES)('%s', (scene, signals, ended) => {
    const played = play(scenes.get(scene) ?? []);
    expect({ ...played, ended: played.ended.map(short) }).toEqual({ signals, ended, isOpen: false });
  });

  it('every scene is played above', () => {
    expect(OUTCOMES.map(([scene]) => scene).sort()).toEqual([...scenes.keys()].sort());
  });
});

describe('events of different channels arrive in any order within a burst', () => {
  it.each(OUTCOMES)('%s', (scene) => {
    const events = scenes.get(scene) ?? [];
    const recorded = play(events);
    fc.assert(
      fc.property(fc.array(fc.nat(99), { minLength: events.length, maxLength: events.length }), (priorities) => {
        const played = play(reorder(events, priorities));
        expect(summarize(played)).toEqual(summarize(recorded));
        for (const call of played.ended) {
          const same = recorded.ended.find((one) => one.externalId === call.externalId);
          for (const moment of ['startedAt', 'answeredAt', 'endedAt'] as const)
            expect(Math.abs(Number(call[moment] ?? 0) - Number(same?.[moment] ?? 0))).toBeLessThan(500);
        }
      }),
      { numRuns: 30 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import type { CallDirection, CallEvent, CallSignal } from '#telephony/port';
import { checkUpdate, checkRecord, checkTimes } from './checks.js';
import { type TelephonySuite, isOf } from './suite.js';

/** Tests that every call is one call, from its start to its end. */
export function testPlayedCalls<S extends object>(suite: TelephonySuite<S>): void {
  describe.each<[string, CallDirection, boolean, boolean?]>([
    ['an incoming call that is answered', 'in', true],
    ['an incoming call that rings in vain', 'in', false],
    ['an outgoing call that is answered', 'out', true],
    ['an outgoing call that rings in vain', 'out', false],
    ['an outgoing call to a busy line', 'out', false, true],
  ])('%s', (_, direction, isAnswered, isBusy = false) => {
    testReports(suite, direction, isAnswered, isBusy);
    if (suite.has('webhook') && !isBusy) testOrders(suite, direction, isAnswered);
  });
}

function testReports<S extends object>(suite: TelephonySuite<S>, direction: CallDirection, isAnswered: boolean, isBusy: boolean): void {
  it('is reported from its start to its end', async () => {
    const scene = suite.newScene(direction, isAnswered, isBusy);
    const updates = await suite.playUpdates(scene);
    if (isBusy && !suite.played.isBusy)
      return suite.unproven.add('a busy line does not count as answered', 'isBusy of scenes to play(), which returns it');
    const call = checkUpdate(scene, updates);
    checkTimes(suite, call, { isWhole: false });
    await checkRecord(suite, call);
    expect(findUnended(updates.flatMap(({ signals }) => signals))).toEqual([]);
    const [first] = updates.flatMap(({ signals }) => signals);
    expect(first).toMatchObject({ type: direction, codes: [scene.code] });
  });
}

/** Tests events that arrive twice, late or not at all. */
function testOrders<S extends object>(suite: TelephonySuite<S>, direction: CallDirection, isAnswered: boolean): void {
  it.each<[string, (events: CallEvent[]) => CallEvent[]]>([
    ['each event twice', (events) => events.flatMap((event) => [event, event])],
    ['the whole twice', (events) => [...events, ...events]],
    ['the first two swapped', ([first, second, ...others]) => [second, first, ...others].filter((event) => event !== undefined)],
    ['the last two swapped', (events) => [...events.slice(0, -2), ...events.slice(-2).reverse()]],
    ['backwards', (events) => events.toReversed()],
    ['without its beginning', (events) => events.slice(1)],
    ['its end alone', (events) => events.slice(-1)],
  ])('is one call and ends once: %s', async (order, arrange) => {
    const scene = suite.newScene(direction, isAnswered);
    const events = await suite.playEvents(scene);
    const updates = suite.follow(arrange(events)).filter(({ call }) => isOf(scene, call));
    const whole = checkUpdate(
      scene,
      suite.follow(events).filter(({ call }) => isOf(scene, call)),
    );
    const ends = updates.filter(({ call }) => call.endedAt !== undefined);
    expect(ends).toHaveLength(1);
    if (order === 'its end alone' && isAnswered && ends[0]) checkTimes(suite, ends[0].call, { isWhole: true });
    expect(ends[0]?.call).toMatchObject({
      ...{ externalId: whole.externalId, direction: whole.direction, outcome: whole.outcome },
      ...(whole.phone !== undefined && { phone: whole.phone }),
    });
    // No manager keeps an ended call on the screen.
    expect(findUnended(updates.flatMap(({ signals }) => signals))).toEqual([]);
  });
}

/** Phones that were notified of a call's start but not of its end, and ends without a start. */
function findUnended(signals: readonly CallSignal[]): string[] {
  const told = new Set<string>();
  const untold: string[] = [];
  for (const { type, codes } of signals)
    for (const code of codes)
      if (type !== 'hangup') told.add(code);
      else if (!told.delete(code)) untold.push(`${code} was never told`);
  return [...untold, ...told];
}

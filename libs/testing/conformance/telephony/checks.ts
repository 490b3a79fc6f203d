import { buffer } from 'node:stream/consumers';
import { expect } from '@jest/globals';
import type { CallUpdate, CallSnapshot } from '#telephony/port';
import type { CallScene } from './subject.js';
import type { TelephonySuite } from './suite.js';

/** How far a time may be from the PBX's, which may be in whole seconds. */
export const CLOCK_MS = 2_500;

/** Checks the updates of a call, and returns its end. */
export function checkUpdate(scene: CallScene, updates: readonly CallUpdate[]): CallSnapshot {
  expect(updates.length).toBeGreaterThan(0);
  for (const { call, memory } of updates) {
    expect(call.externalId).toMatch(/^\S{1,500}$/);
    expect(call.direction).toBe(scene.direction);
    expect(call.endedAt === undefined).toBe(call.outcome === undefined);
    // The memory holds the data needed after a restart, and is empty once the call has ended.
    expect(memory === undefined).toBe(call.endedAt !== undefined);
    if (call.answeredAt) expect(call.answeredAt.getTime()).toBeGreaterThanOrEqual(call.startedAt.getTime());
    if (call.endedAt) expect(call.endedAt.getTime()).toBeGreaterThanOrEqual((call.answeredAt ?? call.startedAt).getTime());
  }
  expect(new Set(updates.map(({ call }) => call.externalId)).size).toBe(1);
  const ends = updates.filter(({ call }) => call.endedAt !== undefined);
  expect(ends).toHaveLength(1);
  const [{ call }] = ends as [CallUpdate];
  expect(updates.at(-1)?.call).toBe(call);
  if (scene.isAnswered) expect([call.outcome, call.code, call.answeredAt !== undefined]).toEqual(['answered', scene.code, true]);
  else {
    expect(['no-answer', 'cancelled', 'busy', 'failed']).toContain(call.outcome);
    expect(call.answeredAt).toBeUndefined();
  }
  return call;
}

/** Checks a call's times against the PBX's. `isWhole`: the talk is known from one report. */
export function checkTimes<S extends object>(
  suite: TelephonySuite<S>,
  { startedAt, answeredAt, endedAt }: CallSnapshot,
  { isWhole }: { isWhole: boolean },
): void {
  if (!suite.played.startedAt) return suite.unproven.add('times and recordings of calls', 'play(), which returns them');
  expect(Math.abs(startedAt.getTime() - suite.played.startedAt.getTime())).toBeLessThanOrEqual(CLOCK_MS);
  if (!isWhole || suite.played.talkSeconds === undefined) return;
  const talked = ((endedAt?.getTime() ?? NaN) - (answeredAt?.getTime() ?? NaN)) / 1_000;
  expect(Math.abs(talked - suite.played.talkSeconds)).toBeLessThanOrEqual(CLOCK_MS / 1_000);
}

/** Checks that a call's recording is its own. */
export async function checkRecord<S extends object>(suite: TelephonySuite<S>, { record }: CallSnapshot): Promise<void> {
  if (!suite.played.record) return;
  const file = record === undefined ? undefined : await suite.provider.findRecord?.(record, { ...suite.context, now: new Date() });
  expect(Buffer.compare(file ? await buffer(await file.open()) : new Uint8Array(), suite.played.record)).toBe(0);
}

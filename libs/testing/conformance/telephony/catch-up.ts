import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { CallEvent, CallUpdate } from '#telephony/port';
import { MemoryCache } from '../../memory-cache.js';
import { checkProviderError } from '../provider/index.js';
import { CLOCK_MS, checkTimes } from './checks.js';
import { Recorder, until } from './recorder.js';
import type { PlayedCall } from './subject.js';
import { type TelephonySuite, isOf } from './suite.js';

/** Seconds since a call without events began. */
const UNHEARD_S = 90;
/** More than services answer within a minute. */
const MANY_QUESTIONS = 8;
const SECOND_MS = 1_100;

/** Tests that ended calls are caught up on. */
export function testCatchUp<S extends object>(suite: TelephonySuite<S>): void {
  if (suite.has('catchUp'))
    it('catchUp returns ended calls whole, under the same ids', async () => {
      const since = new Date(Date.now() - 3_600_000);
      const scenes = [suite.newScene('in', true), suite.newScene('out', false)];
      const calls: PlayedCall[] = [];
      for (const scene of scenes) calls.push((await suite.subject.play(scene)) ?? {});
      await suite.subject.takeWebhooks?.();
      const ask = async (): Promise<CallEvent[]> => (await suite.provider.catchUp?.(since, { ...suite.context, now: new Date() })) ?? [];
      const events = await ask();
      expect((await ask()).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      const updates = suite.follow(events);
      for (const [at, scene] of scenes.entries()) {
        suite.played = calls[at] ?? {};
        const ends = updates.filter(({ call }) => call.endedAt && isOf(scene, call));
        expect(ends).toHaveLength(1);
        expect(ends[0]?.call).toMatchObject({ direction: scene.direction, code: scene.code });
        expect(ends[0]?.call.outcome === 'answered').toBe(scene.isAnswered);
        expect(ends[0]?.call.startedAt.getTime()).toBeGreaterThan(since.getTime());
        if (ends[0]) checkTimes(suite, ends[0].call, { isWhole: scene.isAnswered });
      }
    });
}

/** Tests calls without events. */
export function testUnheard<S extends object>(suite: TelephonySuite<S>): void {
  if (suite.has('listen'))
    it('listen catches up on a call whose start and end had no event', async () => {
      const { beginUnheard } = suite.subject;
      if (!beginUnheard || !suite.provider.listen) return suite.unproven.add('calls whose start or end had no event', 'beginUnheard');
      const scene = suite.newScene('in', true);
      const begun = Date.now() - UNHEARD_S * 1_000;
      const end = beginUnheard.call(suite.subject, scene, UNHEARD_S);
      const listenAgain = async (
        open: readonly object[],
        lastSeen: Date,
        isDone: (updates: CallUpdate[]) => boolean,
      ): Promise<CallUpdate[]> => {
        const late = Object.assign(new Recorder(), { open, lastSeen, identify: () => Promise.resolve(undefined) });
        const listening = await suite.provider.listen?.(suite.context, late);
        const own = (): CallUpdate[] => late.updates.filter(({ call }) => isOf(scene, call));
        await until('the call is caught up on', () => isDone(own())).finally(() => listening?.close());
        return own();
      };
      const isTaken = (own: CallUpdate[]): boolean => own.some(({ call }) => call.answeredAt !== undefined);
      const updates = await listenAgain([], new Date(begun - 60_000), isTaken).finally(end);
      const { call, memory } = updates.at(-1) as CallUpdate;
      for (const at of [call.startedAt, call.answeredAt ?? new Date(0)])
        expect(Math.abs(at.getTime() - begun)).toBeLessThanOrEqual(CLOCK_MS);
      const lastSeen = new Date(Date.now() - 60_000);
      const ends = await listenAgain([memory ?? {}], lastSeen, (own) => own.some((one) => one.call.endedAt !== undefined));
      expect(ends.map((one) => one.call.outcome)).toEqual(['answered']);
      expect(ends[0]?.call.endedAt?.getTime()).toBeGreaterThanOrEqual(lastSeen.getTime());
    });
}

/** Tests that every page of calls is read. */
export function testPages<S extends object>(suite: TelephonySuite<S>): void {
  if (suite.has('catchUp'))
    it('catchUp reads every page, within the rate limit of the service', async () => {
      const calls = suite.subject.fillPage?.();
      if (calls === undefined) return suite.unproven.add('every page of missed calls is read', 'fillPage');
      const since = new Date(Date.now() - 3_600_000);
      // Another cache, because earlier questions count for the limit.
      const given = { ...suite.context, now: new Date(), cache: new MemoryCache() };
      const ask = async (): Promise<CallEvent[]> => (await suite.provider.catchUp?.(since, given)) ?? [];
      expect((await ask()).length).toBeGreaterThanOrEqual(calls);
      const { countRefused } = suite.subject;
      if (!countRefused) return suite.unproven.add('queries for missed calls stay within the rate limit of the service', 'countRefused');
      const before = countRefused.call(suite.subject);
      for (let n = 0; n < MANY_QUESTIONS; n++) {
        // A limit covers a second or more.
        if (n === MANY_QUESTIONS / 2) await sleep(SECOND_MS);
        const [asked] = await Promise.allSettled([ask()]);
        if (asked.status === 'rejected')
          expect(checkProviderError(asked.reason, suite.provider, suite.context.settings).kind).toBe('rate_limited');
      }
      expect(countRefused.call(suite.subject)).toBe(before);
    });
}

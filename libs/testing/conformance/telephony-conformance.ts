import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProviderContext, ProviderError, WebhookRequest } from '#provider-kit';
import type {
  CallDirection,
  CallEvent,
  CallListener,
  CallUpdate,
  CallSignal,
  CallSnapshot,
  Closeable,
  Identify,
  LineState,
  PlacedCall,
  TelephonyProvider,
  TrackedCall,
} from '#telephony/port';
import { MemoryCache } from '../memory-cache.js';
import { type Effect, STAYS_UNKNOWN, Unproven } from './lost-calls.js';
import {
  catchError,
  checkProviderError,
  type ExpectedFailure,
  isProviderMethod,
  type ProviderMethod,
  type ProviderSubject,
  testEffects,
  testFailures,
  testProvider,
  type ConformanceOptions,
} from './provider-conformance.js';
import { testWebhook } from './webhook-conformance.js';

/** Methods a telephony provider may lack. */
export type OptionalTelephonyMethod = Exclude<keyof TelephonyProvider, 'manifest'>;

/** Facts that the suite needs before it runs. */
export type TelephonyConformanceOptions<S extends object> = ConformanceOptions<OptionalTelephonyMethod, TelephonySubject<S>>;

/** A call to be played at the PBX: a customer and one manager's phone. */
export interface CallScene {
  direction: CallDirection;
  /** The manager's extension. */
  code: string;
  /** The customer's number, digits. */
  phone: string;
  /** Whether the called party takes the call. Otherwise it rings in vain. */
  isAnswered: boolean;
  /** The called party is busy. */
  isBusy?: boolean;
}

/** The data that a PBX has of a played call. */
export interface PlayedCall {
  startedAt?: Date;
  /** Seconds that the two talked. */
  talkSeconds?: number | undefined;
  /** The recording of this call. */
  record?: Uint8Array | undefined;
  /** The called party was busy, as in the scene. */
  isBusy?: boolean;
}

/** A call as the PBX was requested to make it. */
export interface DialledCall {
  /** With its country. */
  phone: string | undefined;
  /** The number that the customer sees. Missing if the PBX chooses it. */
  shown?: string | undefined;
  /** How long the manager's phone rings. Missing if the PBX chooses it. */
  ringSeconds?: number | undefined;
}

/** The provider under test, and the PBX behind it. */
export interface TelephonySubject<S extends object> extends ProviderSubject<S> {
  readonly provider: TelephonyProvider<S>;
  /** Two extensions that the settings have. */
  readonly codes: readonly [string, string];
  /** Plays a call to its end. Resolves once the PBX has reported all of it, with its own data of the call. */
  play(scene: CallScene): Promise<PlayedCall | void>;
  /** Webhooks that the PBX posted since the last call of this method, in order. Needed with `webhook`. */
  takeWebhooks?(): Promise<WebhookRequest[]>;
  /** Is the time of its webhooks signed? */
  readonly dated?: boolean;
  /** Plays the next requested call: both sides take it, and it ends. Needed with `call`. */
  playPlaced?(): Promise<void>;
  /** The last call that the PBX was requested to make, or only the number, with its country. */
  dialled?(): DialledCall | string | undefined;
  /** Whether the PBX keeps queues' calls from a manager's phone. Needed with `setUserStatus`. */
  isPaused?(code: string): boolean;
  /** A customer calls, whose manager `identify` knows. Returns the extension that the PBX is to ring. */
  putThrough?(phone: string, identify: Identify): Promise<string | undefined>;
  /** How many questions for missed calls the service refused because they came too often. */
  countRefused?(): number;
  /** Plays a call that was answered so many seconds ago, without events. Returns a function that ends it. */
  beginUnheard?(scene: CallScene, seconds: number): () => void;
  /** Customers call in vain, more often than the service lists on a page. Returns the number of calls. */
  fillPage?(): number;
  /** A recording that exists. Needed with `findRecord`. */
  readonly record?: { readonly reference: string; readonly bytes: Uint8Array };
  /** At least wrong credentials and an outage. */
  readonly failures?: readonly ExpectedFailure<S>[];
  close?(): Promise<void>;
}

/** The optional methods of the port itself. */
const METHODS: readonly OptionalTelephonyMethod[] = [
  ...(['call', 'findCall', 'setUserStatus', 'listen', 'webhook', 'track', 'catchUp', 'findRecord'] as const),
];
const WAIT_MS = 10_000;
/** How far a time may be from the PBX's, which may be in whole seconds. */
const CLOCK_MS = 2_500;
/** Seconds since a call without events began. */
const UNHEARD_S = 90;
/** More than services answer within a minute. */
const MANY_QUESTIONS = 8;
const SECOND_MS = 1_100;
const ODD_RECORDS = ['', ' ', '../../etc/passwd', '/etc/passwd', 'no such record', 'http://127.0.0.1:1/x', '..%2f..%2fetc', 'a\nb'];

/** A listener that keeps the reported calls. */
class Recorder implements CallListener {
  open: readonly object[] = [];
  lastSeen?: Date;
  readonly updates: CallUpdate[] = [];
  line: LineState | undefined;
  /** The extension of each caller's manager. */
  manager: string | undefined;

  now(): Date {
    return new Date();
  }

  emit(update: CallUpdate): void {
    this.updates.push(update);
  }

  reportDropped(): void {
    throw new Error('too many calls');
  }

  route(): Promise<string | undefined> {
    return Promise.resolve(this.manager);
  }

  reportLine(state: LineState): void {
    this.line = state;
  }
}

/**
 * Tests the requirements for every telephony provider. Run it in the provider's spec. Absent methods make no
 * tests. It really places calls, so run it against a double.
 */
export function runTelephonyConformance<S extends object>(name: string, options: TelephonyConformanceOptions<S>): void {
  const has = (method: OptionalTelephonyMethod): boolean => options.methods.includes(method);

  describe(`${name} as a telephony provider`, () => {
    const unproven = new Unproven(name);
    let subject: TelephonySubject<S>;
    let provider: TelephonyProvider<S>;
    let context: ProviderContext<S>;
    let recorder: Recorder;
    let line: Closeable | undefined;
    let count = 0;
    let played: PlayedCall = {};

    beforeAll(async () => {
      subject = await options.start();
      ({ provider, context } = subject);
      recorder = new Recorder();
      const identify: Identify = () => Promise.resolve(undefined);
      line = await provider.listen?.(context, Object.assign(recorder, { identify }));
      if (line) await until('the line is there', () => recorder.line?.connected === true);
    });
    afterAll(async () => {
      unproven.print();
      await line?.close();
      await subject?.close?.();
    });
    const catchFailure = (call: Promise<unknown>): Promise<ProviderError> => catchError(() => call, subject);

    const newScene = (direction: CallDirection, isAnswered: boolean, isBusy = false): CallScene => ({
      ...{ direction, isAnswered, code: subject.codes[0], ...(isBusy && { isBusy }) },
      phone: `7916${String(1_000_000 + ++count)}`,
    });
    const isOf = (scene: CallScene, { phone = '' }: CallSnapshot): boolean => scene.phone.endsWith(phone.replace(/\D/g, '').slice(-7));

    /** The events of a call that is played, of a PBX with a webhook. */
    async function playEvents(scene: CallScene): Promise<CallEvent[]> {
      const { webhook } = provider;
      if (!webhook || !subject.takeWebhooks) throw new Error('the subject needs takeWebhooks()');
      await subject.takeWebhooks();
      played = (await subject.play(scene)) ?? {};
      const events: CallEvent[] = [];
      for (const request of await subject.takeWebhooks()) {
        expect(await webhook.verify(request, context)).toBe(true);
        events.push(...webhook.parse(request, context));
      }
      return events;
    }

    /** Applies events to their calls and keeps the result like the integration: nothing follows an end. */
    function follow(events: readonly CallEvent[]): CallUpdate[] {
      const calls = new Map<string, TrackedCall>();
      const updates: CallUpdate[] = [];
      // An event that waits for late ones is applied again after all others.
      const queue = [...events];
      for (const event of queue) {
        const stored = JSON.parse(JSON.stringify(event)) as CallEvent;
        const call = calls.get(event.call);
        const before = JSON.stringify(call);
        const receivedAt = new Date();
        const made = provider.track?.(stored, call, receivedAt, context);
        expect(provider.track?.(stored, call, receivedAt, context)).toEqual(made);
        expect(JSON.stringify(call)).toBe(before);
        if (!made || call?.endedAt) continue;
        if (made.memory) expect(JSON.parse(JSON.stringify(made.memory))).toEqual(made.memory);
        calls.set(event.call, {
          externalId: made.call.externalId,
          ...(made.memory && { memory: made.memory }),
          ...(made.call.endedAt && { endedAt: made.call.endedAt }),
        });
        updates.push(made);
        if (made.waitS !== undefined) {
          expect(event.hasWaited).not.toBe(true);
          queue.push({ ...event, hasWaited: true });
        }
      }
      return updates;
    }

    /** Returns the updates of a played call, on any channel. */
    async function playUpdates(scene: CallScene): Promise<CallUpdate[]> {
      if (provider.webhook) return follow(await playEvents(scene)).filter(({ call }) => isOf(scene, call));
      const own = (): CallUpdate[] => recorder.updates.filter(({ call }) => isOf(scene, call));
      played = (await subject.play(scene)) ?? {};
      await until('the call has ended', () => own().some(({ call }) => call.endedAt !== undefined));
      return own();
    }

    function checkUpdate(scene: CallScene, updates: readonly CallUpdate[]): CallSnapshot {
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
    function checkTimes({ startedAt, answeredAt, endedAt }: CallSnapshot, { isWhole }: { isWhole: boolean }): void {
      if (!played.startedAt) return unproven.add('times and recordings of calls', 'play(), which returns them');
      expect(Math.abs(startedAt.getTime() - played.startedAt.getTime())).toBeLessThanOrEqual(CLOCK_MS);
      if (!isWhole || played.talkSeconds === undefined) return;
      const talked = ((endedAt?.getTime() ?? NaN) - (answeredAt?.getTime() ?? NaN)) / 1_000;
      expect(Math.abs(talked - played.talkSeconds)).toBeLessThanOrEqual(CLOCK_MS / 1_000);
    }

    /** Checks that a call's recording is its own. */
    async function checkRecord({ record }: CallSnapshot): Promise<void> {
      if (!played.record) return;
      const file = record === undefined ? undefined : await provider.findRecord?.(record, { ...context, now: new Date() });
      expect(Buffer.compare(file ? await buffer(await file.open()) : new Uint8Array(), played.record)).toBe(0);
    }

    it('has the methods of its port that it is said to have', () => {
      expect(METHODS.filter((method) => provider[method] !== undefined)).toEqual(METHODS.filter(has));
      expect(options.methods.filter((method) => !isProviderMethod(method) && !METHODS.includes(method))).toEqual([]);
      expect(has('track')).toBe(has('webhook'));
      if (provider.manifest.recovery.kind === 'find' && has('call')) expect(has('findCall')).toBe(true);
    });

    it('names extensions, numbers and a country that follow from the settings', () => {
      const { manifest } = provider;
      expect(manifest.isConfigured(context.settings)).toBe(true);
      const codes = manifest.listExtensions(context.settings).map(({ code }) => code);
      expect(codes).toEqual(expect.arrayContaining([...subject.codes]));
      expect(new Set(codes).size).toBe(codes.length);
      for (const { siteCode, phone } of manifest.listExternalPhones(context.settings))
        for (const text of [siteCode, phone]) expect(text).toMatch(/\S/);
      expect(manifest.readCountry(context.settings)).toMatch(/^[A-Z]{2}$/);
      expect(() => manifest.listExtensions(manifest.createDefaultSettings())).not.toThrow();
      expect(manifest.isConfigured(manifest.createDefaultSettings())).toBe(false);
    });

    if (has('listen') || has('webhook'))
      describe.each<[string, CallDirection, boolean, boolean?]>([
        ['an incoming call that is answered', 'in', true],
        ['an incoming call that rings in vain', 'in', false],
        ['an outgoing call that is answered', 'out', true],
        ['an outgoing call that rings in vain', 'out', false],
        ['an outgoing call to a busy line', 'out', false, true],
      ])('%s', (_, direction, isAnswered, isBusy) => {
        it('is reported from its beginning to its end', async () => {
          const scene = newScene(direction, isAnswered, isBusy);
          const updates = await playUpdates(scene);
          if (isBusy && !played.isBusy) return unproven.add('a busy line is no answer', 'isBusy of scenes to play(), which returns it');
          const call = checkUpdate(scene, updates);
          checkTimes(call, { isWhole: false });
          await checkRecord(call);
          expect(findUnended(updates.flatMap(({ signals }) => signals))).toEqual([]);
          const [first] = updates.flatMap(({ signals }) => signals);
          expect(first).toMatchObject({ type: direction, codes: [scene.code] });
        });

        if (has('webhook') && !isBusy)
          it.each<[string, (events: CallEvent[]) => CallEvent[]]>([
            ['each event twice', (events) => events.flatMap((event) => [event, event])],
            ['the whole twice', (events) => [...events, ...events]],
            ['the first two swapped', ([first, second, ...others]) => [second, first, ...others].filter((event) => event !== undefined)],
            ['the last two swapped', (events) => [...events.slice(0, -2), ...events.slice(-2).reverse()]],
            ['backwards', (events) => events.toReversed()],
            ['without its beginning', (events) => events.slice(1)],
            ['its end alone', (events) => events.slice(-1)],
          ])('is one call and ends once: %s', async (order, arrange) => {
            const scene = newScene(direction, isAnswered);
            const events = await playEvents(scene);
            const updates = follow(arrange(events)).filter(({ call }) => isOf(scene, call));
            const whole = checkUpdate(
              scene,
              follow(events).filter(({ call }) => isOf(scene, call)),
            );
            const ends = updates.filter(({ call }) => call.endedAt !== undefined);
            expect(ends).toHaveLength(1);
            if (order === 'its end alone' && isAnswered && ends[0]) checkTimes(ends[0].call, { isWhole: true });
            expect(ends[0]?.call).toMatchObject({
              ...{ externalId: whole.externalId, direction: whole.direction, outcome: whole.outcome },
              ...(whole.phone !== undefined && { phone: whole.phone }),
            });
            // No manager keeps an ended call on the screen.
            expect(findUnended(updates.flatMap(({ signals }) => signals))).toEqual([]);
          });
      });

    if (has('webhook'))
      describe('webhook', () => {
        testWebhook(
          () => subject,
          () => {
            if (!provider.webhook) throw new Error('the provider has no webhook');
            return provider.webhook;
          },
          async () => {
            await subject.takeWebhooks?.();
            await subject.play(newScene('in', true));
            const [request] = (await subject.takeWebhooks?.()) ?? [];
            if (!request) throw new Error('the PBX posted nothing');
            return { request, signed: true, dated: subject.dated ?? false };
          },
          unproven,
        );

        it('has ids of their own for the events of a call', async () => {
          const events = await playEvents(newScene('in', true));
          expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
          for (const { call } of events) expect(call).toMatch(/^\S{1,500}$/);
        });
      });

    if (has('call'))
      describe('call', () => {
        it('is placed, and known again in the updates', async () => {
          if (!subject.playPlaced) throw new Error('the subject needs playPlaced()');
          const scene = newScene('out', true);
          const reference = `crossdock-${randomUUID()}`;
          await subject.takeWebhooks?.();
          const played = subject.playPlaced();
          const numbers = { phone: `+${scene.phone}`, externalPhone: '+74951110000' };
          const placed = await provider.call?.({ reference, code: scene.code, ...numbers }, context);
          await played;
          const call = provider.webhook ? checkUpdate(scene, await readPosted(scene)) : await findEnded(scene);
          checkPlaced(reference, placed ?? {}, call);
          if (!subject.dialled) return unproven.add('the dialled number', 'dialled');
          const told = subject.dialled();
          const { phone = '', ...more } = typeof told === 'string' ? { phone: told } : (told ?? {});
          expect(phone.replace(/\D/g, '')).toBe(scene.phone);
          if ('shown' in more) expect(`+${more.shown?.replace(/\D/g, '')}`).toBe(numbers.externalPhone);
          // As long as people take to reach a phone.
          if ('ringSeconds' in more)
            expect([more.ringSeconds, (more.ringSeconds ?? 0) >= 5 && (more.ringSeconds ?? 0) <= 300]).toEqual([more.ringSeconds, true]);
        });

        it('keeps to a signal that has ended', async () => {
          const gone = { ...context, signal: AbortSignal.abort() };
          const { code, phone } = newScene('out', true);
          const call = Promise.resolve(provider.call?.({ reference: `crossdock-${randomUUID()}`, code, phone: `+${phone}` }, gone));
          expect((await catchFailure(call)).kind).toBe('unavailable');
        });

        if (has('findCall'))
          it('is not found when it was never placed', async () => {
            expect(await provider.findCall?.(`crossdock-${randomUUID()}`, context)).toBe(false);
          });
      });

    if (has('setUserStatus'))
      it('takes a status as often as it comes', async () => {
        const [code] = subject.codes;
        for (const status of ['busy', 'busy', 'free'] as const) {
          await provider.setUserStatus?.({ code, status }, context);
          if (subject.isPaused) expect([status, subject.isPaused(code)]).toEqual([status, status === 'busy']);
        }
        if (!subject.isPaused) unproven.add('only a free manager is rung', 'isPaused');
      });

    if (has('listen') || has('webhook'))
      it('has a caller put through to their manager', async () => {
        const { putThrough, codes } = subject;
        if (!putThrough) return unproven.add('callers are put through to their managers', 'putThrough');
        const [, manager] = codes;
        recorder.manager = manager;
        expect(await putThrough.call(subject, '79160001122', () => Promise.resolve({ code: manager }))).toBe(manager);
        recorder.manager = undefined;
      });

    if (has('catchUp'))
      it('catches up on calls that are over, each of them whole, under the same ids', async () => {
        const since = new Date(Date.now() - 3_600_000);
        const scenes = [newScene('in', true), newScene('out', false)];
        const calls: PlayedCall[] = [];
        for (const scene of scenes) calls.push((await subject.play(scene)) ?? {});
        await subject.takeWebhooks?.();
        const ask = async (): Promise<CallEvent[]> => (await provider.catchUp?.(since, { ...context, now: new Date() })) ?? [];
        const events = await ask();
        expect((await ask()).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
        expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
        const updates = follow(events);
        for (const [at, scene] of scenes.entries()) {
          played = calls[at] ?? {};
          const ends = updates.filter(({ call }) => call.endedAt && isOf(scene, call));
          expect(ends).toHaveLength(1);
          expect(ends[0]?.call).toMatchObject({ direction: scene.direction, code: scene.code });
          expect(ends[0]?.call.outcome === 'answered').toBe(scene.isAnswered);
          expect(ends[0]?.call.startedAt.getTime()).toBeGreaterThan(since.getTime());
          if (ends[0]) checkTimes(ends[0].call, { isWhole: scene.isAnswered });
        }
      });

    if (has('listen'))
      it('catches up on a call that began unheard, and on its end', async () => {
        const { beginUnheard } = subject;
        if (!beginUnheard || !provider.listen) return unproven.add('calls that began or ended unheard', 'beginUnheard');
        const scene = newScene('in', true);
        const begun = Date.now() - UNHEARD_S * 1_000;
        const end = beginUnheard.call(subject, scene, UNHEARD_S);
        const listenAgain = async (
          open: readonly object[],
          lastSeen: Date,
          isDone: (updates: CallUpdate[]) => boolean,
        ): Promise<CallUpdate[]> => {
          const late = Object.assign(new Recorder(), { open, lastSeen, identify: () => Promise.resolve(undefined) });
          const listening = await provider.listen?.(context, late);
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

    if (has('catchUp'))
      it('catches up on more calls than a page has, no faster than the service allows', async () => {
        const calls = subject.fillPage?.();
        if (calls === undefined) return unproven.add('no page of missed calls is left out', 'fillPage');
        const since = new Date(Date.now() - 3_600_000);
        // Another cache, because earlier questions count for the limit.
        const given = { ...context, now: new Date(), cache: new MemoryCache() };
        const ask = async (): Promise<CallEvent[]> => (await provider.catchUp?.(since, given)) ?? [];
        expect((await ask()).length).toBeGreaterThanOrEqual(calls);
        const { countRefused } = subject;
        if (!countRefused) return unproven.add('questions for missed calls keep to the limit of the service', 'countRefused');
        const before = countRefused.call(subject);
        for (let n = 0; n < MANY_QUESTIONS; n++) {
          // A limit covers a second or more.
          if (n === MANY_QUESTIONS / 2) await sleep(SECOND_MS);
          const [asked] = await Promise.allSettled([ask()]);
          if (asked.status === 'rejected') expect(checkProviderError(asked.reason, provider, context.settings).kind).toBe('rate_limited');
        }
        expect(countRefused.call(subject)).toBe(before);
      });

    if (has('findRecord'))
      describe('findRecord', () => {
        it('finds the whole recording, and a part of it', async () => {
          const { record } = subject;
          if (!record) throw new Error('the subject needs a record');
          const open = async (): Promise<NonNullable<Awaited<ReturnType<NonNullable<TelephonyProvider['findRecord']>>>>> => {
            const file = await provider.findRecord?.(record.reference, context);
            if (!file) throw new Error('the recording is not found');
            return file;
          };
          const file = await open();
          expect(['audio/wav', 'audio/mpeg']).toContain(file.type);
          expect(file.name).toMatch(/^[^/\\]{1,255}$/);
          if (file.size !== undefined) expect(file.size).toBe(record.bytes.length);
          expect(Buffer.compare(await buffer(await file.open()), record.bytes)).toBe(0);
          // Also of a service without ranges, which sends all.
          expect(Buffer.compare(await buffer(await (await open()).open({ start: 1, end: 4 })), record.bytes.subarray(1, 5))).toBe(0);
        });

        it('finds nothing outside the recordings', async () => {
          for (const reference of ODD_RECORDS)
            try {
              expect([reference, await provider.findRecord?.(reference, context)]).toEqual([reference, undefined]);
            } catch (error) {
              expect(['invalid', 'not_found', 'rejected']).toContain(checkProviderError(error, provider, context.settings).kind);
            }
        });
      });

    if (has('call')) testEffects([placing()], () => subject, { isLocal: () => false, unproven });

    /** A requested call, recovered as `CallOperations` does. */
    function placing(): Effect<S> {
      return {
        ...{ name: 'call', makes: 1, isOnce: true },
        prepare: () => {
          const { code, phone } = newScene('out', true);
          let reference = `crossdock-${randomUUID()}`;
          const act = async (given: ProviderContext<S>): Promise<string> => (
            await provider.call?.({ reference, code, phone: `+${phone}` }, given),
            reference
          );
          const renew = (): void => {
            reference = `crossdock-${randomUUID()}`;
          };
          return Promise.resolve({
            ...{ act, renew, repeat: () => act(context) },
            recover: async () => {
              if (provider.manifest.recovery.kind !== 'find') return STAYS_UNKNOWN;
              if (await provider.findCall?.(reference, context)) return reference;
              renew();
              return undefined;
            },
          });
        },
      };
    }

    // Runs last, because the PBX goes down in it and its listener has to come back.
    testProvider(
      (method: ProviderMethod) => has(method),
      () => subject,
      { ...options, unproven },
    );

    if (has('call')) testFailures(() => ({ ...subject, isLocal: false }));

    async function readPosted(scene: CallScene): Promise<CallUpdate[]> {
      const requests = (await subject.takeWebhooks?.()) ?? [];
      const events = requests.flatMap((request) => provider.webhook?.parse(request, context) ?? []);
      return follow(events).filter(({ call }) => isOf(scene, call));
    }

    async function findEnded(scene: CallScene): Promise<CallSnapshot> {
      const find = (): CallUpdate | undefined => recorder.updates.find(({ call }) => call.endedAt && isOf(scene, call));
      await until('the call has ended', () => find() !== undefined);
      return (find() as CallUpdate).call;
    }

    function checkPlaced(reference: string, placed: PlacedCall, call: CallSnapshot): void {
      const how = provider.manifest.bySettings?.(context.settings) as { placedCalls?: string } | undefined;
      switch (how?.placedCalls ?? provider.manifest.placedCalls ?? 'reference') {
        case 'reference':
          return expect(call.externalId).toBe(reference);
        case 'returned':
          return expect(call.externalId).toBe(placed.externalId);
        default:
          // Matched by extension, digits and time.
          expect(call).toMatchObject({ direction: 'out', code: subject.codes[0] });
      }
    }
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

async function until(what: string, look: () => boolean): Promise<void> {
  for (const deadline = Date.now() + WAIT_MS; !look();) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getParser, Reach, buildSettingsForm, textFor } from '#platform';
import { type ProviderContext, ProviderError } from '#provider-kit';
import { AsteriskDouble, MemoryCache, tone } from '#testing';
import type { CallListener, CallUpdate, CallSignal, Closeable, LineState } from '#telephony/port';
import { AsteriskProvider } from './asterisk.provider.js';
import { AsteriskSettings, checkAsteriskSettings } from './asterisk.settings.js';
import { type Refusal, explainRefusal } from './call-refusal.js';
import { scenes } from './test-support/recorded-scenes.js';

const provider = new AsteriskProvider();
let pbx: AsteriskDouble;
let open: Closeable[];

beforeEach(async () => {
  pbx = await AsteriskDouble.start();
  open = [];
});

afterEach(async () => {
  for (const one of open) await one.close();
  await pbx.close();
});

function makeContext(changes: Partial<AsteriskSettings> = {}, budgetMs = 5_000): ProviderContext<AsteriskSettings> {
  const settings = getParser(AsteriskSettings).parse({
    ...pbx.settings,
    extensions: [{ code: '101', userId: 1 }, { code: '102', userId: 2 }, { code: '103' }],
    ...changes,
  });
  return {
    connectionId: '01900000-0000-7000-8000-000000000001',
    settings,
    account: { timeZone: 'Europe/Moscow', language: 'ru', workTimes: [], nonWorkingDays: [] },
    now: new Date(),
    signal: AbortSignal.timeout(budgetMs),
    cache: new MemoryCache(),
    reach: new Reach(['127.0.0.0/8']),
    webhookUrl: 'http://127.0.0.1/',
    memory: {},
  };
}

/** A listener that records the updates it receives. */
class Ears implements CallListener {
  readonly updates: CallUpdate[] = [];
  readonly lines: LineState[] = [];
  manager: string | undefined = '102';
  asked: string[] = [];
  refused = 0;
  at = Date.parse('2026-01-10T10:00:00Z');

  constructor(
    readonly open: readonly object[] = [],
    readonly lastSeen?: Date,
  ) {}

  now(): Date {
    return new Date(this.at);
  }

  emit(update: CallUpdate): void {
    this.updates.push(update);
  }

  reportDropped(calls: number): void {
    this.refused += calls;
  }

  route(phone: string): Promise<string | undefined> {
    this.asked.push(phone);
    return Promise.resolve(this.manager);
  }

  reportLine(state: LineState): void {
    this.lines.push(state);
  }

  get signals(): CallSignal[] {
    return this.updates.flatMap((one) => one.signals);
  }

  get ended(): CallUpdate['call'][] {
    return this.updates.filter((one) => one.call.endedAt).map((one) => one.call);
  }
}

async function until(what: string, look: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !look();) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function listening(ears = new Ears(), changes: Partial<AsteriskSettings> = {}): Promise<Ears> {
  open.push(await provider.listen(makeContext(changes), ears));
  await until('the line is there', () => ears.lines.at(-1)?.connected === true);
  return ears;
}

/** Waits until all sent events have arrived: the reply to the double's own query comes after them. */
const heard = (ears: Ears, calls: number): Promise<void> => until(`${calls} calls ended`, () => ears.ended.length >= calls);

describe('calls', () => {
  it('incoming: rings, is answered and ends, once each', async () => {
    const ears = await listening();
    const call = pbx.incoming('79161234567', '74950000000').ring('101');
    await until('it rings', () => ears.signals.length === 1);
    ears.at += 5_000;
    call.answer('101');
    await until('it is answered', () => ears.updates.some((one) => one.call.answeredAt));
    ears.at += 20_000;
    call.hangup();
    await heard(ears, 1);
    expect(ears.signals).toEqual([
      { type: 'in', codes: ['101'] },
      { type: 'hangup', codes: ['101'], outcome: 'answered' },
    ]);
    expect(ears.ended[0]).toEqual({
      externalId: call.id,
      direction: 'in',
      phone: '79161234567',
      externalPhone: '74950000000',
      code: '101',
      startedAt: new Date('2026-01-10T10:00:00Z'),
      answeredAt: new Date('2026-01-10T10:00:05Z'),
      endedAt: new Date('2026-01-10T10:00:25Z'),
      outcome: 'answered',
    });
  });

  it.each([
    ['BUSY', 'busy'],
    ['NOANSWER', 'no-answer'],
    ['CONGESTION', 'failed'],
    ['CHANUNAVAIL', 'failed'],
    ['DONTCALL', 'not-allowed'],
    ['TORTURE', 'not-allowed'],
    ['ABORT', 'failed'],
  ] as const)('incoming, %s: %s', async (status, outcome) => {
    const ears = await listening();
    const call = pbx.incoming('79161234567', '74950000000').ring('101').refuse('101', status);
    call.hangup();
    await heard(ears, 1);
    expect(ears.signals).toEqual([
      { type: 'in', codes: ['101'] },
      { type: 'hangup', codes: ['101'], outcome },
    ]);
    expect(ears.ended[0]).toMatchObject({ code: '101', outcome });
    expect(ears.ended[0]).not.toHaveProperty('answeredAt');
  });

  it('the caller gives up: canceled, and an Up channel is not an answer', async () => {
    const ears = await listening();
    const call = pbx.incoming('79161234567', '74950000000');
    call.root.state = 'Up';
    pbx.emit('Newstate', { Channel: call.root.name, ChannelState: '6', ChannelStateDesc: 'Up', Uniqueid: call.id, Linkedid: call.id });
    call.ring('101', '102').hangup();
    await heard(ears, 1);
    expect(ears.ended[0]).toMatchObject({ outcome: 'cancelled' });
    expect(ears.signals.filter((one) => one.type === 'hangup').flatMap((one) => one.codes)).toEqual(['101', '102']);
  });

  it('a ring group: the first who answers has the call, and the others get a hangup immediately', async () => {
    const ears = await listening();
    const call = pbx.incoming('79161234567', '74950000000').ring('101', '102', '103').answer('102');
    await until('the others stop', () => ears.signals.length === 5);
    expect(ears.signals.slice(3)).toEqual([
      { type: 'hangup', codes: ['101'], outcome: 'cancelled' },
      { type: 'hangup', codes: ['103'], outcome: 'cancelled' },
    ]);
    call.hangup();
    await heard(ears, 1);
    expect(ears.signals.at(-1)).toEqual({ type: 'hangup', codes: ['102'], outcome: 'answered' });
    expect(ears.ended[0]).toMatchObject({ code: '102', outcome: 'answered' });
  });

  it('picked up by another phone, which has the call, while the ringing one gets a hangup', async () => {
    const ears = await listening();
    pbx.incoming('79161234567', '74950000000').ring('101').pickUp('104', '101').hangup();
    await heard(ears, 1);
    expect(ears.signals).toEqual([
      { type: 'in', codes: ['101'] },
      { type: 'hangup', codes: ['101'], outcome: 'cancelled' },
      { type: 'in', codes: ['104'] },
      { type: 'hangup', codes: ['104'], outcome: 'answered' },
    ]);
    expect(ears.ended[0]).toMatchObject({ code: '104', outcome: 'answered' });
  });

  it('a member of a queue is busy', async () => {
    const ears = await listening();
    pbx.incoming('79161234567', '74950000000').ring('101').refuse('101', 'NOANSWER', 17).hangup();
    await heard(ears, 1);
    expect(ears.signals.at(-1)).toEqual({ type: 'hangup', codes: ['101'], outcome: 'busy' });
    expect(ears.ended[0]).toMatchObject({ code: '101', outcome: 'busy' });
  });

  it('end soon after the customer has left, though the manager’s phone stays on the line', async () => {
    const ears = await listening();
    const [customer, phone] = [
      { Channel: 'PJSIP/trunk-00000001', Uniqueid: '1700.1', Linkedid: '1700.1', CallerIDNum: '79161234567' },
      { Channel: 'PJSIP/101-00000002', Uniqueid: '1700.2', Linkedid: '1700.1', CallerIDNum: '101' },
    ];
    const dest = Object.fromEntries(Object.entries(phone).map(([name, value]) => [`Dest${name}`, value]));
    pbx.emit('Newchannel', { ...customer, ChannelStateDesc: 'Ring' });
    pbx.emit('Newchannel', { ...phone, ChannelStateDesc: 'Down' });
    pbx.emit('DialBegin', { ...customer, ...dest });
    pbx.emit('DialEnd', { ...customer, ...dest, DialStatus: 'ANSWER' });
    pbx.emit('Hangup', { ...customer, Cause: '16' });
    pbx.emit('VarSet', { ...phone, Variable: 'MIXMONITOR_FILENAME', Value: 'last.wav' });
    await until('the customer has left', () => ears.updates.some((one) => one.call.record === 'last.wav'));
    const endedAt = new Date(ears.at);
    ears.at += 1_000;
    await heard(ears, 1);
    expect(ears.ended).toMatchObject([{ code: '101', outcome: 'answered', endedAt }]);
  });

  it('as recorded come through the line: pickups, forwards, transfers', async () => {
    const ears = await listening();
    for (const scene of ['picked-up', '302-to-mobile', 'busy-at-once', 'attended-to-mobile'])
      for (const { scene: _scene, ms: _ms, Event, ...fields } of scenes.get(scene) ?? [])
        pbx.emit(String(Event), fields as Record<string, string>);
    await heard(ears, 5);
    expect(ears.ended.map(({ direction, code, outcome }) => [direction, code, outcome].join(' '))).toEqual([
      'in 102 answered',
      'in 101 cancelled',
      'in 101 busy',
      'out 101 answered',
      'in 101 answered',
    ]);
  });

  it('one after the other: a queue that asks the next', async () => {
    const ears = await listening();
    const call = pbx.incoming('79161234567', '74950000000').ring('101').refuse('101', 'NOANSWER').ring('102').answer('102');
    call.hangup();
    await heard(ears, 1);
    expect(ears.signals).toEqual([
      { type: 'in', codes: ['101'] },
      { type: 'hangup', codes: ['101'], outcome: 'no-answer' },
      { type: 'in', codes: ['102'] },
      { type: 'hangup', codes: ['102'], outcome: 'answered' },
    ]);
    expect(ears.ended[0]).toMatchObject({ code: '102', outcome: 'answered' });
  });

  it('outgoing from the phone, over a second trunk when the first is down', async () => {
    const ears = await listening();
    const call = pbx.outgoing('101', '89161234567').dialOut('89161234567').refuse('89161234567', 'CHANUNAVAIL');
    call.dialOut('89161234567', 'spare').answer('89161234567').hangup();
    await heard(ears, 1);
    expect(ears.signals).toEqual([
      { type: 'out', codes: ['101'] },
      { type: 'hangup', codes: ['101'], outcome: 'answered' },
    ]);
    expect(ears.ended[0]).toMatchObject({ direction: 'out', phone: '89161234567', code: '101', outcome: 'answered' });
  });

  it('outgoing, the customer is busy', async () => {
    const ears = await listening();
    pbx.outgoing('101', '89161234567').dialOut('89161234567').refuse('89161234567', 'BUSY').hangup();
    await heard(ears, 1);
    expect(ears.signals.at(-1)).toEqual({ type: 'hangup', codes: ['101'], outcome: 'busy' });
  });

  it('click-to-call: only the customer’s phone counts as an answer, not the manager’s', async () => {
    const ears = await listening();
    const placed = pbx.placed();
    await provider.call({ reference: 'crossdock-1', code: '101', phone: '+79161234567', externalPhone: '+74950000000' }, makeContext());
    const call = await placed;
    expect(call.id).toBe('crossdock-1');
    expect(ears.signals).toEqual([]);
    call.dialOut('79161234567');
    await until('it goes out', () => ears.signals.length === 1);
    call.refuse('79161234567', 'NOANSWER').hangup();
    await heard(ears, 1);
    expect(ears.signals).toEqual([
      { type: 'out', codes: ['101'] },
      { type: 'hangup', codes: ['101'], outcome: 'no-answer' },
    ]);
    expect(ears.ended[0]).toMatchObject({
      externalId: 'crossdock-1',
      direction: 'out',
      phone: '79161234567',
      code: '101',
      outcome: 'no-answer',
    });
    const [originate] = pbx.listActions('Originate');
    expect(originate?.fields).toMatchObject({
      ...{ Channel: 'PJSIP/101', Exten: '79161234567', Context: 'from-internal', ChannelId: 'crossdock-1', Async: 'true' },
      CallerID: '"+79161234567" <74950000000>',
    });
  });

  it('click-to-call whose manager does not answer never reached the customer', async () => {
    const ears = await listening();
    pbx.operator = 'busy';
    await expect(provider.call({ reference: 'crossdock-2', code: '101', phone: '+79161234567' }, makeContext())).rejects.toThrow();
    await heard(ears, 1);
    expect(ears.signals).toEqual([]);
    expect(ears.ended[0]).toMatchObject({ direction: 'out', code: '101', outcome: 'busy' });
  });

  it('among managers is not reported', async () => {
    const ears = await listening();
    pbx.outgoing('101', '102').ring('102').answer('102').hangup();
    pbx.incoming('79161234567', '74950000000').ring('101').answer('101').hangup();
    await heard(ears, 1);
    expect(new Set(ears.updates.map((one) => one.call.direction))).toEqual(new Set(['in']));
  });

  it('handed on blindly: the second manager sees it come in, the first is rid of it', async () => {
    const ears = await listening();
    const call = pbx.incoming('79161234567', '74950000000').ring('101').answer('101').blindTransfer('101', '102').answer('102');
    call.hangup();
    await heard(ears, 1);
    expect(ears.signals).toEqual([
      { type: 'in', codes: ['101'] },
      { type: 'hangup', codes: ['101'], outcome: 'answered' },
      { type: 'in', codes: ['102'] },
      { type: 'hangup', codes: ['102'], outcome: 'answered' },
    ]);
    expect(ears.ended[0]).toMatchObject({ code: '102', outcome: 'answered' });
  });

  it('handed on after asking', async () => {
    const ears = await listening();
    const call = pbx.incoming('79161234567', '74950000000').ring('101').answer('101');
    const question = pbx.outgoing('101', '102').ring('102').answer('102');
    call.attendedTransfer('101', question, '102').hangup();
    await heard(ears, 1);
    expect(ears.signals).toEqual([
      { type: 'in', codes: ['101'] },
      { type: 'in', codes: ['102'] },
      { type: 'hangup', codes: ['101'], outcome: 'answered' },
      { type: 'hangup', codes: ['102'], outcome: 'answered' },
    ]);
    expect(ears.ended).toHaveLength(1);
  });

  it('that rang no phone was not answered, also with a hidden number', async () => {
    const ears = await listening();
    pbx.incoming('anonymous', '74950000000').hangup();
    await heard(ears, 1);
    expect(ears.ended[0]).toMatchObject({ direction: 'in', outcome: 'no-answer' });
    expect(ears.ended[0]).not.toHaveProperty('code');
  });

  it.each([false, true])('are recorded, both if the PBX reports the file and if it must be queried (%s)', async (silent) => {
    const ears = await listening();
    const call = pbx
      .incoming('79161234567', '74950000000')
      .ring('101')
      .answer('101')
      .record('/var/spool/asterisk/monitor/a.wav', { silent });
    await until('the file is known', () => ears.updates.some((one) => one.call.record));
    call.hangup();
    await heard(ears, 1);
    expect(ears.ended[0]?.record).toBe('/var/spool/asterisk/monitor/a.wav');
  });

  it('come through whatever pieces the bytes arrive in', async () => {
    pbx.faults.splitBytes = 7;
    const ears = await listening();
    pbx.incoming('79161234567', '74950000000').ring('101', '102').answer('101').hangup();
    await heard(ears, 1);
    expect(ears.ended[0]).toMatchObject({ code: '101', outcome: 'answered' });
  });
});

describe('a time without a listener', () => {
  it('what went on is gone on with, without a word twice', async () => {
    const first = await listening();
    const call = pbx.incoming('79161234567', '74950000000').ring('101');
    await until('it rings', () => first.signals.length === 1);
    await open.pop()?.close();
    call.answer('101');
    const memory = first.updates.at(-1)?.memory ?? {};
    const second = await listening(new Ears([memory], first.now()));
    call.hangup();
    await heard(second, 1);
    expect(second.signals).toEqual([{ type: 'hangup', codes: ['101'], outcome: 'answered' }]);
    expect(second.ended[0]).toMatchObject({ externalId: call.id, code: '101', outcome: 'answered' });
  });

  it.each([
    [60, 'answered', 60],
    [3600, 'unknown', 0],
  ] as const)('a talk that ended within %s s unheard: %s', async (gap, outcome, seconds) => {
    const first = await listening();
    const call = pbx.incoming('79161234567', '74950000000').ring('101').answer('101');
    await until('it is answered', () => first.updates.some((one) => one.call.answeredAt));
    await open.pop()?.close();
    call.vanish();
    const seen = new Date(first.at + 1_000);
    const second = new Ears([first.updates.at(-1)?.memory ?? {}], seen);
    second.at = seen.getTime() + gap * 1000;
    await listening(second);
    expect(second.ended[0]).toMatchObject({ endedAt: new Date(seen.getTime() + seconds * 1000), outcome });
    expect(second.signals).toEqual([{ type: 'hangup', codes: ['101'], outcome }]);
  });

  it.each([
    ['of a talk of 45 s', 45, 60, 45],
    ['that goes on after all that could have been heard', 90, 60, 60],
    ['of a talk that ended hours before somebody looked', 45, 7200, 45],
  ])('a recording %s shows when it ended', async (_what, seconds, gap, expected) => {
    const root = await mkdtemp(join(tmpdir(), 'recordings-'));
    await mkdir(join(root, 'shop'));
    await writeFile(join(root, 'shop/a.wav'), tone(seconds));
    const here = new AsteriskProvider(root);
    const listen = async (ears: Ears): Promise<Ears> => {
      open.push(await here.listen(makeContext({ recordingsFolder: 'shop' }), ears));
      await until('the line is there', () => ears.lines.at(-1)?.connected === true);
      return ears;
    };
    const first = await listen(new Ears());
    const call = pbx.incoming('79161234567', '74950000000').ring('101').record('/var/spool/asterisk/monitor/a.wav').answer('101');
    await until('it is answered', () => first.updates.some((one) => one.call.answeredAt));
    const answeredAt = first.at;
    await open.pop()?.close();
    call.vanish();
    const second = new Ears([first.updates.at(-1)?.memory ?? {}], new Date(first.at + 1_000));
    second.at = answeredAt + gap * 1000;
    await listen(second);
    await heard(second, 1);
    await rm(root, { recursive: true });
    expect(second.ended[0]).toMatchObject({ endedAt: new Date(answeredAt + expected * 1000), outcome: 'answered' });
    expect(second.signals).toEqual([{ type: 'hangup', codes: ['101'], outcome: 'answered' }]);
  });

  it('a click-to-call that was lost before the customer was called is not reported', async () => {
    const first = await listening();
    const placed = pbx.placed();
    await provider.call({ reference: 'crossdock-7', code: '101', phone: '+79161234567' }, makeContext());
    const call = await placed;
    await pbx.goAway();
    call.vanish();
    await pbx.comeBack();
    await heard(first, 1);
    expect(first.ended[0]).toMatchObject({ externalId: 'crossdock-7', direction: 'out', outcome: 'unknown' });
  });

  it('who was handed the call meanwhile has it', async () => {
    const first = await listening();
    const call = pbx.incoming('79161234567', '74950000000').ring('101').answer('101');
    await until('it is answered', () => first.updates.some((one) => one.call.answeredAt));
    await pbx.goAway();
    call.blindTransfer('101', '102').answer('102');
    await pbx.comeBack();
    await until('102 sees it', () => first.signals.some((one) => one.codes.includes('102')));
    call.hangup();
    await heard(first, 1);
    expect(first.signals).toHaveLength(4);
    expect(first.signals).toEqual(
      expect.arrayContaining([
        { type: 'hangup', codes: ['101'], outcome: 'answered' },
        { type: 'hangup', codes: ['102'], outcome: 'answered' },
      ]),
    );
    expect(first.ended[0]).toMatchObject({ code: '102', outcome: 'answered' });
  });

  it.each([
    ['the last event', 90, 0],
    ['its channel, if that is younger', 20, 40],
  ])('a call that was answered meanwhile is answered since %s', async (_since, rangS, answeredS) => {
    const ears = await listening();
    const call = pbx.incoming('79161234567', '74950000000').ring('101');
    await until('it rings', () => ears.signals.length === 1);
    await pbx.goAway();
    await until('the line is lost', () => ears.lines.at(-1)?.connected === false);
    for (const channel of pbx.channels.values()) channel.since -= rangS * 1_000;
    call.answer('101');
    const lastHeard = ears.at;
    ears.at += 60_000;
    await pbx.comeBack();
    await until('it is answered', () => ears.updates.some((one) => one.call.answeredAt));
    const answeredAt = ears.updates.at(-1)?.call.answeredAt?.getTime() ?? 0;
    // The double's channels age by the real clock.
    expect(Math.abs(answeredAt - lastHeard - answeredS * 1_000)).toBeLessThan(10_000);
  });

  it('the customer of a click-to-call who was reached meanwhile is reported', async () => {
    const ears = await listening();
    const placed = pbx.placed();
    await provider.call({ reference: 'crossdock-8', code: '101', phone: '+79161234567' }, makeContext());
    const call = await placed;
    await pbx.goAway();
    call.dialOut('79161234567').answer('79161234567');
    await pbx.comeBack();
    await until('it goes out', () => ears.signals.length === 1);
    call.hangup();
    await heard(ears, 1);
    expect(ears.signals).toEqual([
      { type: 'out', codes: ['101'] },
      { type: 'hangup', codes: ['101'], outcome: 'answered' },
    ]);
    expect(ears.ended[0]).toMatchObject({ direction: 'out', code: '101', outcome: 'answered' });
  });

  it('what began meanwhile is taken up', async () => {
    const call = pbx.incoming('79161234567', '74950000000').ring('102');
    const ears = await listening();
    expect(ears.signals).toEqual([{ type: 'in', codes: ['102'] }]);
    call.answer('102').hangup();
    await heard(ears, 1);
    expect(ears.ended[0]).toMatchObject({ phone: '79161234567', code: '102', outcome: 'answered' });
  });

  it('a call that starts at the moment of the query does not count as ended', async () => {
    pbx.faults.afterList = () => {
      pbx.faults.afterList = undefined;
      pbx.incoming('79161234567', '74950000000').ring('101').answer('101').hangup();
    };
    const ears = await listening();
    await heard(ears, 1);
    expect(ears.ended).toHaveLength(1);
    expect(ears.ended[0]).toMatchObject({ code: '101', outcome: 'answered' });
  });

  it('the line reconnects automatically', async () => {
    const ears = await listening();
    pbx.dropAll();
    await until('it is told', () => ears.lines.some((line) => !line.connected));
    await until('it is back', () => ears.lines.at(-1)?.connected === true);
    expect(pbx.listeners).toBe(1);
  });
});

describe('the manager of a caller', () => {
  it('is given to the dial plan that asks', async () => {
    const ears = await listening();
    await expect(pbx.incoming('79161234567', '74950000000').route()).resolves.toBe('102');
    expect(ears.asked).toEqual(['79161234567']);
    ears.manager = undefined;
    await expect(pbx.incoming('79161234568', '74950000000').route()).resolves.toBe('none');
  });
});

describe('what goes wrong', () => {
  const call = (changes: Partial<AsteriskSettings> = {}, budgetMs = 5_000): Promise<void> =>
    provider.call({ reference: 'crossdock-3', code: '101', phone: '+79161234567' }, makeContext(changes, budgetMs));
  const getKind = async (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'done',
      (error: unknown) => (error instanceof ProviderError ? error.kind : String(error)),
    );

  it('wrong secret', async () => {
    const error = await call({ secret: 'another-secret' }).catch((reason: unknown) => reason as ProviderError);
    expect(error).toMatchObject({ kind: 'auth' });
    expect(String((error as Error).message)).not.toContain('another-secret');
  });

  it('no server at the address', async () => {
    await pbx.goAway();
    expect(await getKind(call())).toBe('unavailable');
    await pbx.comeBack();
  });

  it('no manager interface', async () => {
    pbx.faults.banner = 'SSH-2.0-OpenSSH_9.6';
    expect(await getKind(call())).toBe('unavailable');
  });

  it('sends nothing', async () => {
    pbx.faults.mute = true;
    expect(await getKind(call({}, 200))).toBe('unavailable');
  });

  it.each([
    ['busy', 'Телефон 101 занят.', 'busy'],
    ['declines', 'Телефон 101 отклонил вызов.', 'busy'],
    ['unavailable', 'Телефон 101 сейчас не принимает вызовы: он выключен или в режиме «не беспокоить».', 'no-answer'],
    ['unknown', 'АТС не знает телефона 101.', 'failed'],
    ['overloaded', 'Телефон 101 вызвать нельзя: АТС или её линия перегружена. Повторите чуть позже.', 'failed'],
    ['unregistered', 'Телефон 101 вызвать нельзя: он не зарегистрирован на АТС или его нет.', undefined],
  ] as const)('the manager’s phone, %s: nothing was done, in plain words, and its own result', async (mood, message, outcome) => {
    const ears = await listening();
    pbx.operator = mood;
    await expect(call()).rejects.toMatchObject({ kind: 'rejected', localText: { ru: message } });
    if (outcome === undefined) return;
    await heard(ears, 1);
    expect(ears.signals).toEqual([]);
    expect(ears.ended[0]).toMatchObject({ direction: 'out', code: '101', outcome });
  });

  it('has words in three languages for every refusal', () => {
    const refusals: Refusal[] = ['busy', 'declined', 'unavailable', 'unregistered', 'unknown', 'overloaded', 'unanswered', 'other'];
    const words = refusals.flatMap((refusal) =>
      (['en', 'es', 'ru'] as const).map((language) => textFor(explainRefusal(refusal, '101'), language)),
    );
    expect(new Set(words).size).toBe(refusals.length * 3);
  });

  it('a phone that rings on is called, though the reply waits a moment for a refusal', async () => {
    pbx.operator = 'rings';
    expect(await getKind(call())).toBe('done');
  });

  it.each([
    ['drop-before', false],
    ['drop-after', true],
  ] as const)('the answer is lost (%s): it may have been done, and can be found out', async (fault, isDone) => {
    pbx.faults.originate = fault;
    expect(await getKind(call())).toBe('unknown_outcome');
    expect(await provider.findCall('crossdock-3', makeContext())).toBe(isDone);
    expect(await provider.findCall('crossdock-4', makeContext())).toBe(false);
  });

  it('the same again while it lasts', async () => {
    await call();
    expect(await getKind(call())).toBe('rejected');
    expect(pbx.originated).toBe(1);
  });

  it('a phone that would be another action', async () => {
    const sent = provider.call({ reference: 'crossdock-5', code: '101', phone: '1\r\nAction: Command' }, makeContext());
    expect(await getKind(sent)).toBe('invalid');
    expect(pbx.listActions('Command')).toEqual([]);
  });

  it.each(['101@another-trunk', '101&PJSIP/102', '', 'x'.repeat(41)])('a code that would call another person: %j', async (code) => {
    expect(await getKind(provider.call({ reference: 'crossdock-6', code, phone: '+79161234567' }, makeContext()))).toBe('rejected');
    expect(await getKind(provider.setUserStatus({ code, status: 'busy' }, makeContext()))).toBe('rejected');
    expect(pbx.actions).toEqual([]);
  });

  it('answers to the actions of other sessions are not taken for its own', async () => {
    await Promise.all([call(), provider.setUserStatus({ code: '101', status: 'busy' }, makeContext())]);
    const ids = pbx.actions.flatMap(({ fields }) => fields['ActionID'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('the secret is not sent to an Asterisk that issues a challenge', async () => {
    await call();
    expect(pbx.listActions('Challenge').map(({ fields }) => fields['AuthType'])).toEqual(['MD5']);
    const [login] = pbx.listActions('Login');
    expect(login?.fields).toMatchObject({ AuthType: 'MD5', Key: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(JSON.stringify(pbx.actions)).not.toContain(pbx.secret);
  });

  it('a challenge is answered with a wrong secret', async () => {
    const settings = { ...makeContext().settings, secret: 'another-one' };
    expect(await getKind(provider.findCall('crossdock-7', { ...makeContext(), settings }))).toBe('auth');
    expect(pbx.listActions('Login')).toHaveLength(1);
  });

  it('the secret is sent over the same session if the challenge is rejected', async () => {
    pbx.faults.noChallenge = true;
    await call();
    const [challenge, login] = pbx.actions;
    expect([challenge?.name, login?.name, login?.fields['Secret']]).toEqual(['Challenge', 'Login', pbx.secret]);
    expect(login?.session).toBe(challenge?.session);
  });

  it('no session remains', async () => {
    await call();
    await until('all are gone', () => pbx.sessionsNow === 0);
  });
});

describe('a manager’s status', () => {
  it('is where the dial plan reads it', async () => {
    await provider.setUserStatus({ code: '101', status: 'dinner' }, makeContext());
    expect(pbx.database.get('crossdock/status-101')).toBe('dinner');
    expect(pbx.listActions('QueuePause')[0]?.fields).toMatchObject({ Interface: 'PJSIP/101', Paused: 'true' });
  });
});

describe('recordings', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recordings-'));
    await mkdir(join(folder, 'monitor/2026'), { recursive: true });
    await writeFile(join(folder, 'monitor/2026/a.wav'), '0123456789');
    await writeFile(join(folder, 'secret.wav'), 'secret');
    await writeFile(join(folder, 'monitor/notes.txt'), 'notes');
    await symlink(join(folder, 'secret.wav'), join(folder, 'monitor/link.wav'));
    await symlink(folder, join(folder, 'monitor/up'));
    await symlink(join(folder, 'monitor'), join(folder, 'same'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const find = (name: string): ReturnType<AsteriskProvider['findRecord']> =>
    new AsteriskProvider(folder).findRecord(name, makeContext({ recordingsFolder: 'monitor' }));

  it('are given whole or in part', async () => {
    for (const name of ['/var/spool/asterisk/monitor/2026/a.wav', '2026/a.wav', '/var/spool/asterisk/monitor/./2026/a.wav']) {
      const file = await find(name);
      expect(file).toMatchObject({ type: 'audio/wav', name: 'a.wav', size: 10 });
      if (!file) throw new Error('is not found');
      expect(await text(await file.open())).toBe('0123456789');
      expect(await text(await file.open({ start: 2, end: 4 }))).toBe('234');
    }
  });

  it('have the reported length although they grow meanwhile, and a vanished one cannot be read', async () => {
    const name = '2026/a.wav';
    const file = await find(name);
    const read = async (one: typeof file): Promise<string | undefined> => one && text(await one.open());
    await appendFile(join(folder, 'monitor', name), 'more');
    expect(await read(file)).toBe('0123456789');
    await writeFile(join(folder, 'monitor', name), '');
    const empty = await find(name);
    await appendFile(join(folder, 'monitor', name), 'more');
    expect([empty?.size, await read(empty)]).toEqual([0, '']);
    await rm(join(folder, 'monitor', name));
    await expect(file?.open()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    '../secret.wav',
    '/var/spool/asterisk/monitor/../../secret.wav',
    '/etc/passwd',
    '/etc/a.wav',
    'link.wav',
    'notes.txt',
    '2026',
    '2026/b.wav',
    '2026/a.wav\0.mp3',
    '..\\secret.wav',
    '',
  ])('nothing else is: %j', async (name) => {
    expect(await find(name)).toBeUndefined();
  });

  it('are beneath the folder of the operator, whatever the settings say', async () => {
    const root = basename(folder);
    const within = (recordingsFolder: string, name = '2026/a.wav'): ReturnType<AsteriskProvider['findRecord']> =>
      new AsteriskProvider(folder).findRecord(name, makeContext({ recordingsFolder }));
    expect(await within('same')).toMatchObject({ name: 'a.wav' });
    for (const beyond of ['..', `../${root}/monitor`, join(folder, 'monitor'), './monitor', 'monitor/', 'monitor/..', 'nosuch'])
      expect(await within(beyond)).toBeUndefined();
    expect(await within('.', 'secret.wav')).toBeUndefined();
    const narrower = new AsteriskProvider(join(folder, 'monitor'));
    expect(await narrower.findRecord('secret.wav', makeContext({ recordingsFolder: 'up' }))).toBeUndefined();
    expect(await narrower.findRecord('a.wav', makeContext({ recordingsFolder: '2026' }))).toMatchObject({ size: 10 });
    // Without such a folder there are none, and none are offered.
    expect(await provider.findRecord('2026/a.wav', makeContext({ recordingsFolder: 'monitor' }))).toBeUndefined();
    const { settings } = makeContext({ recordingsFolder: 'monitor' });
    expect(provider.manifest.readRecordDays(settings)).toBeUndefined();
    expect(new AsteriskProvider(folder).manifest.readRecordDays(settings)).toBe(365);
    expect(new AsteriskProvider(folder).manifest.readRecordDays(makeContext().settings)).toBeUndefined();
    expect(provider.manifest.readRecordDays(makeContext({ recordingsUrl: 'http://pbx/records' }).settings)).toBe(365);
  });

  it.each([true, false])('come from a web server, which knows ranges or does not (%s)', async (ranges) => {
    let body = '0123456789';
    const asked: string[] = [];
    const server = createServer((request, reply) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.url === '/records/keys.wav')
        return reply.writeHead(200, { 'content-length': 2, 'content-type': 'application/json' }).end(request.method === 'HEAD' ? '' : '{}');
      if (request.url !== '/records/2026/a%20b.wav') return reply.writeHead(request.url === '/records/broken.wav' ? 500 : 404).end();
      const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
      const part = range && ranges ? body.slice(Number(range[1]), Number(range[2]) + 1) : body;
      const partial = range && ranges && { 'content-range': `bytes ${range[1]}-${Number(range[1]) + part.length - 1}/${body.length}` };
      const headers = { 'content-length': part.length, 'content-type': 'audio/x-wav', ...partial };
      return reply.writeHead(partial ? 206 : 200, headers).end(part);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const recordingsUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/records/`;
      const context = makeContext({ recordingsUrl });
      const file = await provider.findRecord('/var/spool/asterisk/monitor/2026/a b.wav', context);
      expect(file).toMatchObject({ type: 'audio/wav', name: 'a b.wav', size: 10 });
      body += 'more';
      expect(file && (await text(await file.open()))).toBe('0123456789');
      expect(file && (await text(await file.open({ start: 2, end: 4 })))).toBe('234');
      expect(await provider.findRecord('2026/b.wav', context)).toBeUndefined();
      await expect(provider.findRecord('broken.wav', context)).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(provider.findRecord('keys.wav', context)).rejects.toMatchObject({ kind: 'unavailable' });
      expect(await provider.findRecord('../secret.wav', context)).toBeUndefined();
      expect(asked.join()).not.toContain('secret');
      for (const url of [`${recordingsUrl}?name=`, `${recordingsUrl}#`, 'file:///srv'])
        expect(() => makeContext({ recordingsUrl: url })).toThrow();
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('of a missing folder of the operator are reported as unavailable', async () => {
    const away = new AsteriskProvider(join(folder, 'unmounted'));
    await expect(away.findRecord('2026/a.wav', makeContext({ recordingsFolder: 'monitor' }))).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });
});

describe('settings', () => {
  it('make a form, and are checked together', () => {
    expect(buildSettingsForm(AsteriskSettings)).toBeDefined();
    const settings = getParser(AsteriskSettings).parse({
      host: 'pbx',
      extensions: [{ code: '1' }, { code: '1', userId: 2 }, { code: '3', userId: 2 }],
    });
    expect(checkAsteriskSettings(settings, 'en')).toEqual({
      'extensions[1].code': 'is listed twice',
      'extensions[2].userId': 'has two extensions',
      username: 'is required if a host is set',
      secret: 'is required if a host is set',
    });
    expect(checkAsteriskSettings(new AsteriskSettings(), 'en')).toEqual({});
    const withFolder = (recordingsFolder: string): AsteriskSettings => Object.assign(new AsteriskSettings(), { recordingsFolder });
    expect(checkAsteriskSettings(withFolder('shop-7'), 'en').recordingsFolder).toMatch(/RECORDINGS_ROOT/);
    expect(checkAsteriskSettings(withFolder('shop-7/2026'), 'en', '/srv')).toEqual({});
    for (const folder of ['/srv/shop-7', '..', '.', 'a/../b', 'a//b', 'a/', 'a\\b'])
      expect(Object.keys(checkAsteriskSettings(withFolder(folder), 'en', '/srv'))).toEqual(['recordingsFolder']);
  });
});

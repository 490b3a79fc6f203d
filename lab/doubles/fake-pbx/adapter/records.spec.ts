import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderError } from '#provider-kit';
import type { CallEvent, CallUpdate, RecordFile } from '#telephony/port';
import { providerContext } from '../../../../libs/testing/builders.js';
import { FakePbx } from '../index.js';
import type { FakePbxContext } from './fake-pbx.settings.js';
import { FakePbxProvider, FakePbxSettings } from './index.js';

const ZONE = 'Asia/Kolkata';
const TALK = Buffer.from('0123456789');
const provider = new FakePbxProvider();
let pbx: FakePbx;

beforeAll(async () => {
  pbx = await FakePbx.start({ zone: ZONE });
});
afterAll(() => pbx.close());
beforeEach(() => pbx.reset());

const makeContext = (more: { now?: Date } = {}): FakePbxContext => {
  const { url: baseUrl, key, secret } = pbx;
  const settings = Object.assign(new FakePbxSettings(), {
    baseUrl,
    key,
    secret,
    zone: ZONE,
    extensions: [{ code: '101' }, { code: '102' }],
  });
  return providerContext(settings, { now: new Date(), ...more });
};
/** Returns the record's name for the notice of a call's end. */
const nameOf = (end: Record<string, string>): string => {
  const event: CallEvent = { id: '1', call: end['pbx_call_id'] ?? '', data: end };
  return provider.track(event, undefined, new Date(), makeContext())?.call.record ?? '';
};
const end = (id: string, record?: string): Record<string, string> => ({
  ...{ event: 'NOTIFY_END', pbx_call_id: id, call_start: '2026-11-24 10:15:00', caller_id: '79161234567', called_did: '7495' },
  ...{
    duration: '5',
    disposition: 'answered',
    internal: '101',
    is_recorded: '1',
    ...(record !== undefined && { call_id_with_rec: record }),
  },
});
const find = (reference: string, context = makeContext()): Promise<RecordFile | undefined> => provider.findRecord(reference, context);
const read = async (file: RecordFile | undefined, start?: number, last = 0): Promise<string> =>
  file ? (await buffer(await file.open(start === undefined ? undefined : { start, end: last }))).toString() : '';

describe('a recording', () => {
  const record = (): { call: string; id: string } => {
    const { id: call } = pbx.incoming('79161234567', '74950000000').answer('101').record(TALK).end();
    return { call, id: pbx.records.find('pbx_call_id', call, true)[0]?.id ?? '' };
  };

  it.each([
    ['its own id', true, true],
    ['its call, of a PBX that keeps to ranges', false, true],
    ['its call, of one that does not say how long it is', false, false],
  ])('is found by %s, whole and in parts', async (_by, isNamed, sizes) => {
    Object.assign(pbx.modes, { ranges: !isNamed, sizes });
    const { call, id } = record();
    const file = await find(nameOf(end(call, isNamed ? id : undefined)));
    expect(file).toMatchObject({ type: 'audio/mpeg', name: expect.stringMatching(/^[\w.]+\.mp3$/) });
    expect([await read(file), await read(file, 2, 4)]).toEqual(['0123456789', '234']);
    // A PBX that supports ranges returns the whole length with the first byte.
    expect(file?.size).toBe(10);
  });

  it('has no size if neither range nor length is sent', async () => {
    pbx.modes.sizes = false;
    const file = await find(nameOf(end(record().call)));
    expect(file).not.toHaveProperty('size');
    expect(await read(file)).toBe('0123456789');
  });

  it.each([true, false])('is initially not ready, and gone after ten minutes (links early: %s)', async (linksEarly) => {
    Object.assign(pbx.modes, { recordReadyMs: 60_000, linksEarly });
    const reference = nameOf(end(record().call));
    const error = await find(reference).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ kind: 'unavailable', retryAfterMs: 30_000, message: expect.stringContaining('not ready yet') });
    expect(await find(reference, makeContext({ now: new Date(Date.now() + 601_000) }))).toBeUndefined();
  });

  it('that does not exist is not requested, and a link to another host is not opened', async () => {
    for (const reference of ['call/../../x@1.mp3', 'pbx/in_1.mp3', 'call/1.1@1.wav', '']) expect(await find(reference)).toBeUndefined();
    expect(pbx.calls).toEqual([]);
    pbx.modes.foreignLinks = true;
    await expect(find(nameOf(end(record().call)))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(pbx.countCalls('download')).toBe(0);
  });
});

describe('what was missed', () => {
  const at = (seconds: number): Date => new Date(Date.now() + seconds * 1000);
  const catchUp = async (since: Date): Promise<CallUpdate[]> => {
    const context = makeContext();
    const events = await provider.catchUp(since, context);
    return events.flatMap((event) => provider.track(event, undefined, new Date(), context) ?? []);
  };

  it('is reported once per call, with the data of its notices', async () => {
    const answered = pbx.incoming('79161234567', '74950000000', at(-600)).ring('101').answer('101', at(-580)).record(TALK);
    answered.answer('102', at(-560)).end('answered', at(-500));
    const out = pbx.outgoing('101', '79161234568', '0', at(-300)).answer(at(-290)).end('answered', at(-280));
    const missed = pbx.incoming('', '74950000000', at(-200)).end();
    pbx.outgoing('101', '102');
    const updates = await catchUp(at(-3600));
    const second = (date: Date | undefined): number => Math.round(((date?.getTime() ?? 0) - Date.now()) / 1000);
    expect(updates.map(({ call, signals, memory }) => ({ ...call, signals, memory }))).toMatchObject([
      {
        ...{ externalId: answered.id, direction: 'in', phone: '79161234567', externalPhone: '74950000000', code: '102' },
        ...{ outcome: 'answered', record: expect.stringMatching(/^pbx\/in_/), signals: [] },
      },
      { externalId: out.id, direction: 'out', phone: '79161234568', code: '101', outcome: 'answered' },
      { externalId: missed.id, direction: 'in', outcome: 'cancelled' },
    ]);
    expect(updates[0]?.memory).toBeUndefined();
    expect(updates[2]?.call).not.toHaveProperty('phone');
    // It ends when its talk ends, not when the records were read.
    expect(Math.abs(second(updates[0]?.call.startedAt) + 600)).toBeLessThan(3);
    expect(Math.abs(second(updates[0]?.call.endedAt) + 520)).toBeLessThan(3);
  });

  it('is read page by page, for a month at most, and its events have their own ids', async () => {
    for (let count = 0; count < 1_001; count++) pbx.incoming('79161234567', '74950000000', at(-60)).end();
    const first = await provider.catchUp(at(-86_400 * 90), makeContext());
    expect([first.length, new Set(first.map(({ id }) => id)).size, pbx.countCalls('statistics')]).toEqual([1_001, 1_001, 2]);
    const again = await provider.catchUp(at(-3600), makeContext()).catch((error: unknown) => error);
    expect(again).toMatchObject({ kind: 'rate_limited' });
  });
});

import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderError } from '#provider-kit';
import type { RecordFile } from '#telephony/port';
import { providerContext, ZadarmaDouble } from '#testing';
import { nameRecord } from './records.js';
import { ZadarmaProvider } from './zadarma.provider.js';
import { type ZadarmaContext, ZadarmaSettings } from './zadarma.settings.js';

const TALK = Buffer.from('0123456789');
let double: ZadarmaDouble;
let provider: ZadarmaProvider;

beforeAll(async () => {
  double = await ZadarmaDouble.start();
  provider = new ZadarmaProvider(double.url);
});
afterAll(() => double.close());
beforeEach(() => double.reset());

const makeContext = (changes: Partial<ZadarmaContext> = {}): ZadarmaContext => {
  const { key, secret } = double.account.settings;
  return providerContext(Object.assign(new ZadarmaSettings(), { key, secret }), { now: new Date(), ...changes });
};
/** A recorded call that has just ended. The end may contain the recording's id. */
const record = (isNamed = true): string => {
  const call = double.account.incoming('79161234567').answer('101').record(TALK).end();
  return nameRecord({ call: call.id, ...(isNamed && { record: call.records[0] }) }, new Date());
};
const find = (reference: string, context = makeContext()): Promise<RecordFile | undefined> => provider.findRecord(reference, context);
const read = async (file: RecordFile | undefined, start?: number, end = 0): Promise<string> =>
  file ? (await buffer(await file.open(start === undefined ? undefined : { start, end }))).toString() : '';

describe('a recording', () => {
  it.each([
    ['a service that ignores ranges', true, true],
    ['one that keeps to them', false, true],
    ['one that does not say how long it is', false, false],
  ])('of %s is found, whole and in parts', async (_by, isNamed, sizes) => {
    Object.assign(double.modes, { ranges: !isNamed, sizes });
    const file = await find(record(isNamed));
    expect(file).toMatchObject({ type: 'audio/mpeg', size: 10, name: expect.stringMatching(/^[\w.]+\.mp3$/) });
    expect([await read(file), await read(file, 2, 4)]).toEqual(['0123456789', '234']);
  });

  it.each([true, false])('of a call that was put through is heard from its beginning to its end (sizes: %s)', async (sizes) => {
    Object.assign(double.modes, { ranges: sizes, sizes });
    const call = double.account.incoming('79161234567').answer('101').record(Buffer.from('0123'));
    call.answer('102').record(Buffer.from('456')).answer('103').record(Buffer.from('789')).end();
    const reference = nameRecord({ call: call.id, record: call.records.at(-1) }, new Date());
    const file = await find(reference);
    expect([file?.size, await read(file)]).toEqual([sizes ? 10 : undefined, '0123456789']);
    if (sizes)
      for (const [start, end, part] of [
        [2, 5, '2345'],
        [4, 6, '456'],
        [9, 9, '9'],
        [3, 9, '3456789'],
      ] as const)
        expect(await read(file, start, end)).toBe(part);
    // A listener who leaves keeps nothing open.
    (await file?.open())?.destroy();
    expect(double.received.filter(({ call: name }) => name === 'requestRecord').map(({ parameters }) => parameters['pbx_call_id'])).toEqual(
      [call.id],
    );
  });

  it('of a transferred call is not ready before its last part, and later has the remaining parts', async () => {
    const call = double.account.incoming('79161234567').answer('101').record(Buffer.from('0123'));
    double.account.storage.finish(call.records[0] ?? '', 0);
    double.modes.recordReadyMs = 60_000;
    call.answer('102').record(Buffer.from('456')).end();
    double.account.storage.finish(call.records[0] ?? '', -1);
    const reference = nameRecord({ call: call.id, record: call.records.at(-1) }, new Date());
    const context = makeContext();
    await expect(find(reference, context)).rejects.toMatchObject({ kind: 'unavailable', retryAfterMs: 30_000 });
    expect(await read(await find(reference, { ...context, now: new Date(Date.now() + 601_000) }))).toBe('0123');
    double.account.storage.finish(call.records[1] ?? '', -1);
    expect(await read(await find(reference))).toBe('0123456');
  });

  it('that an earlier version named is found by its own id', async () => {
    const call = double.account.incoming('79161234567').answer('101').record(TALK).end();
    expect(await read(await find(`call/${call.records[0]}@${Math.floor(Date.now() / 1000)}.mp3`))).toBe('0123456789');
  });

  it('has no size if neither range nor length is sent', async () => {
    double.modes.sizes = false;
    const file = await find(record());
    expect(file).not.toHaveProperty('size');
    expect(await read(file)).toBe('0123456789');
  });

  it('that a player reads piece by piece is asked for once', async () => {
    const [reference, context] = [record(), makeContext()];
    for (let piece = 0; piece < 3; piece++) expect(await read(await find(reference, context), piece, piece)).toBe(String(piece));
    expect(double.received.filter(({ call }) => call === 'requestRecord').map(({ parameters }) => parameters['lifetime'])).toEqual([
      '1800',
    ]);
  });

  it.each([
    ['no address', false, 400],
    ['no address, by a refusal with 200', false, 200],
    ['an address where nothing is', true, 400],
  ] as const)('is initially not ready, and gone after ten minutes: %s', async (_how, linksEarly, refusalStatus) => {
    Object.assign(double.modes, { recordReadyMs: 60_000, linksEarly, refusalStatus });
    const [reference, context] = [record(), makeContext()];
    const error: unknown = await find(reference, context).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ kind: 'unavailable', retryAfterMs: 30_000 });
    // A premature result is not kept.
    double.account.storage.finish(/\/([\d.]+)@/.exec(reference)?.[1] ?? '', -1);
    expect(await read(await find(reference, context))).toBe('0123456789');
    double.account.storage.forget();
    expect(await find(reference, makeContext({ now: new Date(Date.now() + 601_000) }))).toBeUndefined();
  });

  it('whose address is known and gone is looked for again', async () => {
    const [reference, context] = [record(), makeContext()];
    await find(reference, context);
    double.account.storage.forget();
    const later = { ...context, now: new Date(Date.now() + 601_000) };
    expect(await find(reference, later)).toBeUndefined();
    expect(await find(reference, later)).toBeUndefined();
    expect(double.countCalls('requestRecord')).toBe(2);
  });

  it('that does not exist is not requested, and a link to another host is not opened', async () => {
    for (const reference of ['call/../../x@1.mp3', 'pbx/in_1.mp3', 'pbx/in_1/../x@1.mp3', 'call/1.1@1.wav', ''])
      expect(await find(reference)).toBeUndefined();
    expect(double.calls).toEqual([]);
    double.modes.foreignLinks = true;
    const [foreign, context] = [record(), makeContext()];
    await expect(find(foreign, context)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(double.countCalls('download')).toBe(0);
    double.modes.foreignLinks = false;
    expect(await read(await find(foreign, context))).toBe('0123456789');
  });

  it('is distinguished from an outage, and from rejected credentials', async () => {
    const reference = record();
    double.fail('requestRecord', { kind: 'unauthorized' });
    await expect(find(reference)).rejects.toMatchObject({ kind: 'auth' });
    double.fail('requestRecord', { kind: 'error-before' }, 3);
    await expect(find(reference)).rejects.toMatchObject({ kind: 'unavailable' });
    double.fail('requestRecord', { kind: 'too-many' });
    await expect(find(reference)).rejects.toMatchObject({ kind: 'rate_limited' });
  });
});

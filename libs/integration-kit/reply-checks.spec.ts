import { describe, expect, it } from '@jest/globals';
import { MoneyError, ProviderError, type ProviderManifest } from '#provider-kit';
import {
  checkDay,
  checkId,
  checkList,
  checkMap,
  checkMoment,
  checkMoney,
  checkOneOf,
  checkOptional,
  checkDocument,
  checkReply,
  checkShape,
  checkText,
  checkWebAddress,
  readThrown,
  type ReplyCheck,
  type ReplyFacts,
} from './reply-checks.js';

const manifest = {} as ProviderManifest<object>;
const find = (check: ReplyCheck, value: unknown, facts: ReplyFacts = {}): string[] =>
  checkReply({ check, readFacts: () => facts }, value, [], manifest).problems.map(({ field, problem }) => `${field} ${problem}`.trim());

describe('a check of a reply', () => {
  it.each<[string, ReplyCheck, unknown[], unknown[]]>([
    ['a text', checkText, ['a'], ['', ' ', 1, null, undefined, 'a\0', '\ud800', 'a'.repeat(10_001)]],
    ['an id', checkId, ['a', 'я'.repeat(500)], ['', ' ', 'a'.repeat(501), 'a\0', 7]],
    ['one of', checkOneOf('a', 'b'), ['a'], ['c', 'toString', undefined]],
    ['a moment', checkMoment, [new Date(0)], [new Date(NaN), new Date(-8.64e15), new Date('2201-01-01'), '2026-11-30', 0]],
    ['a day', checkDay, ['2026-02-28'], ['2026-02-30', '2026-2-3', '2026-02-28T00:00:00Z', new Date()]],
    ['an address', checkWebAddress, ['https://pay.example/1', 'http://x'], ['javascript:alert(1)', '/pay', '', undefined]],
    [
      'a PDF',
      checkDocument,
      [Buffer.from('%PDF-1.7'), Buffer.from('\n%PDF-1.4')],
      [Buffer.from('<html>'), new Uint8Array(), '%PDF-1.7', undefined],
    ],
    ['a missing value', checkOptional(checkText), ['a', undefined], [null, '']],
    ['a list', checkList(checkText, 1), [['a']], [[], ['a', 1], Array(2), Array(100_001).fill('a'), {}, 'a', undefined]],
    ['a map', checkMap(checkText), [{}, { a: 'b' }], [[], { a: 1 }, null]],
    [
      'money',
      checkMoney,
      [
        { minor: 0, currency: 'RUB' },
        { minor: 7, currency: 'EUR' },
      ],
      [
        ...[{ minor: -1, currency: 'RUB' }, { minor: 1.5, currency: 'RUB' }, { currency: 'RUB' }, { minor: '1', currency: 'RUB' }],
        ...[{ minor: 1, currency: 'rub' }, { minor: NaN, currency: 'RUB' }, {}, 1, null],
      ],
    ],
  ])('takes %s, and nothing else', (_what, check, sound, wrong) => {
    expect(sound.filter((value) => find(check, value).length > 0)).toEqual([]);
    expect(wrong.filter((value) => find(check, value).length === 0)).toEqual([]);
  });

  it('names the field, however deep', () => {
    const check = checkShape<{ list: { cost: object }[] }>({ list: checkList(checkShape<{ cost: object }>({ cost: checkMoney })) });
    const cost = { minor: 1, currency: 'RUB' };
    expect(find(check, { list: [{ cost }, { cost: { ...cost, minor: 0.5 } }, {}] })).toEqual([
      'list[1].cost.minor must be a whole number, at least 0',
      'list[2].cost must be an object',
    ]);
    expect(find(check, { list: [{ cost }] }, { currency: 'KZT' })).toEqual(['list[0].cost.currency must be KZT, not RUB']);
  });

  it('builds no paths for a sound reply, and looks at each of its values once', () => {
    const fields: string[] = [];
    const note: ReplyCheck = (value, field, found) => {
      fields.push(field);
      if (value !== 'a') found.push({ field, problem: 'must be a' });
    };
    const check = checkShape<{ list: string[]; map: object }>({ list: checkList(note), map: checkMap(note) });
    const sound = { list: ['a', 'a'], map: { b: 'a' } };
    for (const wrongItems of [undefined, 'leave-out'] as const) {
      fields.length = 0;
      checkReply({ check, ...(wrongItems && { wrongItems }) }, wrongItems ? [sound] : sound, [], manifest);
      expect(fields).toHaveLength(3);
      expect(new Set(fields).size).toBe(1);
    }
    expect(find(check, { ...sound, map: { b: 'c' } })).toEqual(['map[b] must be a']);
  });

  it('takes wrong items out of a list, or blanks them, and leaves a sound list itself', () => {
    const use = (wrongItems: 'leave-out' | 'blank', reply: unknown): unknown =>
      checkReply({ check: checkText, wrongItems }, reply, [], manifest).usable?.reply;
    const sound = ['a', 'b'];
    expect(use('leave-out', sound)).toBe(sound);
    expect(use('leave-out', ['a', 1, 'b'])).toEqual(['a', 'b']);
    expect(use('blank', ['a', 1, 'b'])).toEqual(['a', undefined, 'b']);
    expect(use('leave-out', [])).toEqual([]);
    expect(use('leave-out', [1, 2])).toBeUndefined();
    expect(use('leave-out', 'a')).toBeUndefined();
    expect(use('leave-out', Array(2))).toBeUndefined();
    expect(use('leave-out', Array(4e9))).toBeUndefined();
  });

  it('reports a member that throws, and reads the others', () => {
    const check = checkShape<{ one: string; other: string }>({ one: checkText, other: checkText });
    const value = {
      get one(): string {
        throw new Error('not loaded\0');
      },
      other: 1,
    };
    expect(find(check, value)).toEqual(['one cannot be read (not loaded)', expect.stringContaining('other must be')]);
  });
});

describe('a thrown value', () => {
  it.each<[unknown, string]>([
    ['out of paper', 'string out of paper'],
    [undefined, 'undefined'],
    [Object.create(null), 'a value that cannot be read'],
    [new TypeError('x is undefined'), 'x is undefined'],
    [new Error('a'.repeat(1e6)), 'aaaa'],
    [Object.assign(new ProviderError('rejected', 'late'), { kind: 'timeout' }), 'late'],
  ])('becomes a ProviderError of the call: %s', (thrown, words) => {
    const { error, problem } = readThrown(thrown, 'unknown_outcome');
    expect([error instanceof ProviderError, error.kind]).toEqual([true, 'unknown_outcome']);
    expect(problem?.problem).toContain(words);
    expect(error.message.length).toBeLessThan(400);
  });

  it('is a wrong reply if an adapter read an amount that its currency does not have', () => {
    const { error, problem } = readThrown(new MoneyError('"12.345" is not an amount in USD'), 'unavailable');
    expect([error instanceof ProviderError, error.kind]).toEqual([true, 'unavailable']);
    expect(problem).toEqual({ field: '', problem: 'has an amount that cannot be used: "12.345" is not an amount in USD' });
  });

  it('stays unchanged if the port allows it, and loses the unusable fields', () => {
    const sound = new ProviderError('rejected', 'The street is not served', { fields: { city: 'unknown' }, retryAfterMs: 5 });
    expect(readThrown(sound, 'unavailable')).toEqual({ error: sound });
    for (const details of [{ retryAfterMs: NaN }, { fields: 'city' as never }, { localText: { en: 7 } as never }]) {
      const { error, problem } = readThrown(new ProviderError('rejected', 'Not\0 served', details), 'unavailable');
      expect([error.kind, error.message, error.retryAfterMs, error.fields]).toEqual(['rejected', 'Not served', undefined, undefined]);
      expect(problem?.problem).toContain('of a thrown error');
    }
  });
});

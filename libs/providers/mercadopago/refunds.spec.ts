import { describe, expect, it } from '@jest/globals';
import type { RefundState } from '#payment/port';
import { toMoney } from '#provider-kit';
import { MemoryCache } from '../../testing/memory-cache.js';
import { attribute, forgetRefund, listNotes, noteRefund, type RefundNote } from './refunds.js';

const ORDER = 'ORD01JQ4S4KY8HWQ6NA5PXB65B3D3';
const refund = (externalId: string, minor: number): RefundState => ({ externalId, amount: toMoney(minor, 'ARS'), status: 'succeeded' });
const note = (key: string, minor: number, ...known: string[]): RefundNote => ({ key, minor, known });
const name = (refunds: RefundState[], known: [string, string][], ...notes: RefundNote[]): (string | undefined)[] =>
  attribute(refunds, new Map(known), notes).map(({ reference }) => reference);

describe('whose a refund is', () => {
  it('is ours when it has the amount that was asked for, and was not there before', () => {
    const refunds = [refund('R1', 30_00), refund('R2', 20_50), refund('R3', 30_00)];
    expect(name(refunds, [], note('a', 30_00), note('b', 20_50, 'R1'), note('c', 30_00, 'R1', 'R2'))).toEqual(['a', 'b', 'c']);
    // A refund made in the panel meanwhile matches no note.
    expect(name(refunds, [], note('b', 20_50, 'R1'))).toEqual([undefined, 'b', undefined]);
    expect(name(refunds, [], note('a', 30_00), note('x', 99, 'R1'))).toEqual(['a', undefined, undefined]);
  });

  it('stays as the integration stored it', () => {
    const refunds = [refund('R1', 30_00), refund('R2', 30_00)];
    expect(name(refunds, [['R1', 'elsewhere']], note('a', 30_00))).toEqual(['elsewhere', 'a']);
    expect(name(refunds, [['R1', 'a']], note('a', 30_00))).toEqual(['a', undefined]);
  });
});

describe('a note of a refund', () => {
  it('is found by all until it is refused, and replaces one of a call that was', async () => {
    const context = { cache: new MemoryCache() };
    expect(await listNotes(ORDER, 3, context)).toEqual([]);
    await noteRefund(ORDER, note('a', 1), context);
    await noteRefund(ORDER, note('b', 2, 'R1'), context);
    expect(await listNotes(ORDER, 2, context)).toEqual([note('a', 1), note('b', 2, 'R1')]);
    await forgetRefund(ORDER, note('b', 2, 'R1'), context);
    await noteRefund(ORDER, note('c', 1), context);
    expect(await listNotes(ORDER, 2, context)).toEqual([note('c', 1)]);
  });

  it('is kept although others look for it at the same moment', async () => {
    const context = { cache: new MemoryCache() };
    const looking = [listNotes(ORDER, 1, context), listNotes(ORDER, 1, context)];
    await noteRefund(ORDER, note('a', 1), context);
    await Promise.all(looking);
    expect(await listNotes(ORDER, 1, context)).toEqual([note('a', 1)]);
  });
});

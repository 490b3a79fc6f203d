import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sendInParts, split } from './bisect.js';
import type { Verdict } from './rejection.js';

interface Row {
  readonly id: number;
  readonly subject: string;
  readonly poison: boolean;
}

const batches = fc
  .array(fc.record({ subject: fc.constantFrom(...'abcdefgh'), poison: fc.boolean() }), { minLength: 2, maxLength: 60 })
  .map((rows) => rows.map((row, id): Row => ({ id, ...row })));
const REFUSED = new Error('refused');

/**
 * Sends rows to a CRM that rejects poisoned ones. Returns the calls, the passed rows and the rows rejected on
 * their own.
 */
async function send(rows: readonly Row[], verdict: Verdict): Promise<{ calls: Row[][]; passed: Row[]; refused: Row[] }> {
  const [calls, passed, refused]: [Row[][], Row[], Row[]] = [[], [], []];
  await sendInParts(rows, {
    call: (part) => {
      calls.push(part);
      if (part.some(({ poison }) => poison)) return Promise.resolve(REFUSED);
      passed.push(...part);
      return Promise.resolve(undefined);
    },
    reject: (row) => {
      refused.push(row);
      return Promise.resolve(verdict);
    },
  });
  return { calls, passed, refused };
}

const makeRows = (length: number, isPoison: (id: number) => boolean = () => false): Row[] =>
  Array.from({ length }, (_, id) => ({ id, subject: `s${id}`, poison: isPoison(id) }));

describe('a batch', () => {
  it('that passes is one call', async () => {
    const rows = makeRows(100);
    expect(await send(rows, 'wait')).toEqual({ calls: [rows], passed: rows, refused: [] });
  });

  it('with a poisoned row costs about twice as many calls as it can be halved', async () => {
    for (let poisoned = 0; poisoned < 100; poisoned++) {
      const { calls, passed, refused } = await send(
        makeRows(100, (id) => id === poisoned),
        'wait',
      );
      expect([passed.length, refused.map(({ id }) => id)]).toEqual([99, [poisoned]]);
      expect(calls.length).toBeLessThanOrEqual(16);
    }
  });

  it('whose poisoned rows all fail sends every other row once, in the order of its subject', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (rows) => {
        const { passed, refused } = await send(rows, 'set-aside');
        const byId = (a: Row, b: Row): number => a.id - b.id;
        expect([...passed].sort(byId)).toEqual(rows.filter(({ poison }) => !poison));
        expect([...refused].sort(byId)).toEqual(rows.filter(({ poison }) => poison));
        for (const subject of 'abcdefgh') {
          const told = passed.filter((row) => row.subject === subject);
          expect(told).toEqual([...told].sort(byId));
        }
      }),
    );
  });

  it('with a rejected row sends no later row about the same subject', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (rows) => {
        const { passed, refused } = await send(rows, 'wait');
        for (const subject of 'abcdefgh') {
          const own = rows.filter((row) => row.subject === subject);
          const poisoned = own.findIndex(({ poison }) => poison);
          expect(passed.filter((row) => row.subject === subject)).toEqual(poisoned === -1 ? own : own.slice(0, poisoned));
          expect(refused.filter((row) => row.subject === subject)).toHaveLength(poisoned === -1 ? 0 : 1);
        }
      }),
    );
  });

  it('ends with the refusal if everything is rejected, after one row sent separately', async () => {
    const calls: number[] = [];
    const sending = sendInParts(makeRows(100), {
      call: (part) => {
        calls.push(part.length);
        return Promise.resolve(REFUSED);
      },
      reject: () => Promise.resolve('pause'),
    });
    await expect(sending).rejects.toBe(REFUSED);
    expect(calls).toEqual([100, 1]);
  });

  it('ends immediately with any other failure', async () => {
    let calls = 0;
    const sending = sendInParts(makeRows(100), {
      call: () => Promise.reject(new Error(`away ${++calls}`)),
      reject: () => Promise.resolve('wait'),
    });
    await expect(sending).rejects.toThrow('away 1');
    expect(calls).toBe(1);
  });
});

describe('parts of a refused batch', () => {
  it.each([true, false])('contain every row once, are smaller, and keep the order of each subject: %s', (passing) => {
    fc.assert(
      fc.property(batches, (batch) => {
        const parts = split(batch, passing);
        const select = (rows: Row[], subject: string): Row[] => rows.filter((row) => row.subject === subject);
        expect(parts.flat()).toHaveLength(batch.length);
        for (const part of parts) {
          expect(part.length).toBeGreaterThan(0);
          expect(part.length).toBeLessThan(batch.length);
        }
        for (const { subject } of batch) expect(select(parts.flat(), subject)).toEqual(select(batch, subject));
        if (!passing) expect(parts[0]).toEqual([batch[0]]);
      }),
    );
  });
});

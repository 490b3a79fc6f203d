import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import type { Providers } from '#integration-kit';
import type { OperationLists } from '#operations';
import type { Transaction } from '#platform';
import { Extensions } from './extensions.js';
import { type HeardCall, PlacedCalls } from './placed-calls.js';
import type { CallSnapshot, TelephonyProvider } from './port/index.js';

const HEARD = new Date('2026-11-30T12:00:00Z');
const connection = { id: 'c-1', settings: {} } as Connection;

interface Begun {
  reference: string;
  input: { request: { code: string; phone: string; reference: string } };
  result: { externalId?: string } | null;
}

/** Clicks of the last two minutes, oldest first. */
let begun: Begun[];
/** References that calls already have. */
let used: string[];
/** Time spans in which clicks were searched. */
let spans: Date[][];

const click = (reference: string, phone = '+79990001122', code = '101', externalId?: string): Begun => ({
  ...{ reference, input: { request: { code, phone, reference } }, result: externalId === undefined ? null : { externalId } },
});
const heard = (externalId: string, call: Partial<CallSnapshot> = {}): HeardCall => ({
  call: { externalId, direction: 'out', startedAt: HEARD, phone: '+79990001122', code: '101', ...call },
  ...{ reference: null, heardAt: HEARD },
});
const find = async (...calls: HeardCall[]): Promise<Record<string, string>> => {
  const manifest = { placedCalls: 'search', readCountry: () => 'RU' };
  const providers = { getManifest: () => manifest } as unknown as Providers<TelephonyProvider>;
  const operations = {
    findInputs: () => Promise.resolve(new Map()),
    findBegun: (_tx: unknown, _connection: unknown, _kind: string, { after, until }: { after: Date; until: Date }) => {
      spans.push([after, until]);
      return Promise.resolve(begun);
    },
  } as unknown as OperationLists;
  const tx = {
    query: () => Promise.resolve([]),
    getRepository: () => ({ find: () => Promise.resolve(used.map((reference) => ({ reference }))) }),
  } as unknown as Transaction;
  const clicks = await new PlacedCalls(providers, operations, new Extensions(providers)).find(tx, connection, calls);
  return Object.fromEntries([...clicks].map(([externalId, { reference }]) => [externalId, reference]));
};

beforeEach(() => {
  [begun, used, spans] = [[], [], []];
});

describe('the click behind a call', () => {
  it('is the oldest to this customer by this extension of the last two minutes', async () => {
    begun = [click('other extension', undefined, '102'), click('other customer', '+79990003344'), click('first'), click('second')];
    expect(await find(heard('a'))).toEqual({ a: 'first' });
    expect(spans[0]).toEqual([new Date(HEARD.getTime() - 120_000), new Date(HEARD.getTime() + 1_000)]);
  });

  it('belongs to only one call, of calls found together and of a call stored before', async () => {
    begun = [click('first'), click('second')];
    expect(await find(heard('a'), heard('b'), heard('c'))).toEqual({ a: 'first', b: 'second' });
    used = ['first'];
    expect(await find(heard('d'), heard('e'))).toEqual({ d: 'second' });
  });

  it('is the one whose id the PBX returned, whatever else fits, and none that has another id', async () => {
    begun = [click('first', undefined, undefined, 'x'), click('second', '+79990003344', '102', 'a')];
    expect(await find(heard('a'), heard('b'))).toEqual({ a: 'second' });
  });

  it('does not belong to an incoming call', async () => {
    begun = [click('first')];
    expect(await find(heard('a', { direction: 'in' }))).toEqual({});
  });
});

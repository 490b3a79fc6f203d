import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toMoney } from '#provider-kit';
import { advance, type Advance, type DeliveryFacts, findProblem, isAhead, isSettled, withStatus } from './delivery-state.js';
import type { DeliveryStatus, StatusReport } from './port/index.js';

const name = { en: 'A status', es: 'Un estado', ru: 'Статус' };
const statuses: DeliveryStatus[] = [
  { code: 'registering', name, isPreprocessing: true },
  { code: 'created', name, isEditable: true },
  { code: 'sorting', name },
  { code: 'in-transit', name },
  { code: 'delivered', name, isFinal: true },
];
const manifest = { statuses };
const codes = statuses.map(({ code }) => code);
const START = Date.UTC(2026, 2, 1, 10);
const at = (seconds: number): Date => new Date(START + seconds * 1000);
const NOW = at(10_000);

const made: DeliveryFacts = {
  status: 'created',
  statusAt: at(0),
  extraData: {},
  history: [{ code: 'created', updatedAt: at(0), moved: true }],
};

const tell = (before: DeliveryFacts, report: StatusReport, now = NOW): Advance =>
  advance(before, withStatus(report, before), manifest, now);

function tellAll(reports: readonly StatusReport[], from = made): { facts: DeliveryFacts; advances: Advance[] } {
  const advances: Advance[] = [];
  const facts = reports.reduce((before, report) => {
    const next = tell(before, report);
    advances.push(next);
    return next.facts;
  }, from);
  return { facts, advances };
}

describe('a final status dated before the save', () => {
  it('counts within five minutes, dated as the save', () => {
    const { facts, push } = tell(made, { code: 'delivered', updatedAt: at(-300) });
    expect([facts.status, facts.statusAt, push?.code]).toEqual(['delivered', at(0), 'delivered']);
  });

  it('does not count when it is older, not final, or the delivery has moved since', () => {
    expect(tell(made, { code: 'delivered', updatedAt: at(-301) }).facts.status).toBe('created');
    expect(tell(made, { code: 'in-transit', updatedAt: at(-60) }).facts.status).toBe('created');
    const moved = tell(made, { code: 'sorting', updatedAt: at(10) }).facts;
    expect(tell(moved, { code: 'delivered', updatedAt: at(-60) }).facts.status).toBe('sorting');
  });
});

describe('money and parcels in a report', () => {
  const collected = { currency: 'KZT', total: 500_00 };

  it('count with a known status and with a late one, without a new entry for the CRM', () => {
    const moved = tell(made, { code: 'in-transit', updatedAt: at(10) }).facts;
    const known = tell(moved, { code: 'in-transit', updatedAt: at(10), collected });
    expect([known.facts.collected, known.entry, known.push]).toEqual([collected, undefined, undefined]);
    const late = tell(moved, { code: 'sorting', updatedAt: at(5), collected });
    expect([late.facts.collected, late.entry?.moved, late.push]).toEqual([collected, false, undefined]);
  });

  it('are stored with a new status, and not sent to the CRM', () => {
    const { facts, push } = tell(made, { code: 'delivered', updatedAt: at(10), collected });
    expect([facts.status, facts.collected, push]).toEqual(['delivered', collected, { code: 'delivered', updatedAt: at(10) }]);
  });

  it('change nothing when they were reported before', () => {
    const { facts } = tell(made, { code: 'delivered', updatedAt: at(10), collected });
    expect(tell(facts, { code: 'delivered', updatedAt: at(10), collected: { ...collected } }).facts).toBe(facts);
  });
});

describe('a delivery with a final status', () => {
  const flags = {
    statuses: [
      ...statuses,
      { code: 'back', name, isFinal: true, isReturning: true },
      { code: 'part', name, isFinal: true, isPartial: true },
    ],
  };
  const settled = (status: string, ...states: ('going' | 'back' | 'lost')[]): boolean =>
    isSettled(flags, {
      status,
      ...(states.length > 0 && { related: states.map((state) => ({ kind: 'return', externalId: 'R', state })) }),
    });

  it('is settled unless a parcel comes back', () => {
    expect([settled('in-transit'), settled('delivered'), settled('delivered', 'going'), settled('delivered', 'back', 'lost')]).toEqual([
      ...[false, true, false, true],
    ]);
  });

  it('that means a return is settled once the parcel is back', () => {
    expect([settled('back'), settled('back', 'going'), settled('back', 'back'), settled('part'), settled('part', 'lost')]).toEqual([
      ...[false, false, true, false, true],
    ]);
  });
});

/**
 * Reports around the delivery's making, some in the same second, some in the future, some without a time.
 */
const anyReport: fc.Arbitrary<StatusReport> = fc
  .record({
    code: fc.constantFrom(...codes),
    updatedAt: fc.option(
      fc.integer({ min: -20_000, max: 12_000_000 }).map((ms) => new Date(START + ms)),
      { nil: undefined },
    ),
    comment: fc.option(fc.string({ maxLength: 5 }), { nil: undefined }),
    trackNumber: fc.option(fc.constantFrom('T-1', 'T-2'), { nil: undefined }),
    cost: fc.option(
      fc.nat(1000).map((minor) => toMoney(minor, 'EUR')),
      { nil: undefined },
    ),
    extraData: fc.option(fc.dictionary(fc.constantFrom('a', 'b'), fc.nat(9)), { nil: undefined }),
  })
  .map((report) => Object.fromEntries(Object.entries(report).filter(([, value]) => value !== undefined)) as unknown as StatusReport);
const anyReports = fc.array(anyReport, { maxLength: 12 });

describe('advance', () => {
  it('moves to a later status with all reported values, and sends them to the CRM', () => {
    const report = { code: 'sorting', updatedAt: at(5), comment: 'left', trackNumber: 'T', cost: toMoney(5, 'EUR'), extraData: { a: 1 } };
    const { facts, entry, push, notSent } = tell({ ...made, extraData: { b: 2 } }, report);
    expect(facts).toMatchObject({
      ...{ status: 'sorting', statusAt: at(5), statusComment: 'left', trackNumber: 'T', cost: toMoney(5, 'EUR') },
      extraData: { a: 1, b: 2 },
    });
    expect(entry).toEqual({ code: 'sorting', updatedAt: at(5), comment: 'left', moved: true });
    expect([push, notSent]).toEqual([report, undefined]);
    expect(tell(facts, { code: 'in-transit', updatedAt: at(6) }).facts).not.toHaveProperty('statusComment');
  });

  it('also sends unknown statuses to the CRM', () => {
    const report = { code: 'sorting', updatedAt: at(5), lockerCode: '1234' };
    expect(tell(made, report).push).toEqual(report);
  });

  it('keeps a late status and tells only its track number, with the status that holds', () => {
    const { facts } = tell(made, { code: 'in-transit', updatedAt: at(10) });
    const late = tell(facts, { code: 'sorting', updatedAt: at(5), trackNumber: 'T' });
    expect(late.facts).toMatchObject({ status: 'in-transit', statusAt: at(10), trackNumber: 'T' });
    expect(late.entry).toEqual({ code: 'sorting', updatedAt: at(5), moved: false });
    expect(late.push).toEqual({ code: 'in-transit', updatedAt: at(10), trackNumber: 'T' });
    expect(late.notSent).toMatch(/^the delivery has the later status in-transit of .*; only the track number is sent$/);
    expect(tell(late.facts, { code: 'created', updatedAt: at(1), trackNumber: 'OTHER' }).push).toBeUndefined();
  });

  it('follows the usual order within one second, unless the report is the current state', () => {
    const { facts } = tell(made, { code: 'in-transit', updatedAt: at(5) });
    expect(tell(facts, { code: 'sorting', updatedAt: new Date(at(5).getTime() + 999) }).facts.status).toBe('in-transit');
    expect(tell(facts, { code: 'delivered', updatedAt: at(5) }).facts.status).toBe('delivered');
    expect(tell(facts, { code: 'sorting' }, at(5)).facts.status).toBe('sorting');
  });

  it('counts a report without a moment as now, and never as earlier than the status', () => {
    expect(tell(made, { code: 'sorting' }, new Date(at(7).getTime() + 500)).facts).toMatchObject({ status: 'sorting', statusAt: at(7) });
    expect(tell(made, { code: 'sorting' }, at(-3)).facts).toMatchObject({ status: 'sorting', statusAt: at(0) });
  });

  it('counts a report dated ahead as now, and knows it again', () => {
    const ahead = { code: 'delivered', updatedAt: at(7200) };
    const first = tell(made, ahead, at(60));
    expect(first.entry).toEqual({ code: 'delivered', updatedAt: at(60), reportedAt: at(7200), moved: true });
    expect(tell(first.facts, ahead, at(90))).toEqual({ facts: first.facts, notSent: 'it was reported before' });
    expect([isAhead(ahead, at(7080)), isAhead(ahead, at(7079)), isAhead({ code: 'x' }, at(0))]).toEqual([false, true, false]);
  });

  it('ends a registration also with a status that is older than the stored one', () => {
    const registering = { ...made, status: 'registering', statusAt: at(5) };
    expect(tell(registering, { code: 'created', updatedAt: at(2) }).facts).toMatchObject({ status: 'created', statusAt: at(5) });
    expect(tell({ ...registering, status: 'sorting' }, { code: 'created', updatedAt: at(2) }).facts.status).toBe('sorting');
  });

  it('takes another track number or cost of the status that holds, and nothing else', () => {
    const report = { code: 'sorting', updatedAt: at(5), trackNumber: 'T-1', cost: toMoney(100, 'EUR') };
    const { facts } = tell(made, report);
    expect(tell(facts, { ...report, trackNumber: 'T-2' }).facts.trackNumber).toBe('T-2');
    expect(tell(facts, { ...report, cost: toMoney(200, 'EUR') }).facts.cost).toEqual(toMoney(200, 'EUR'));
    expect(tell(facts, { ...report, cost: toMoney(100, 'USD') }).push).toBeDefined();
    expect(tell(facts, { ...report, comment: 'other' })).toEqual({ facts, notSent: 'it was reported before' });
  });

  it('takes a track number that is reported later, also of a status that has passed', () => {
    const { facts } = tellAll([
      { code: 'sorting', updatedAt: at(5) },
      { code: 'in-transit', updatedAt: at(9) },
    ]);
    const { facts: numbered, push } = tell(facts, { code: 'sorting', updatedAt: at(5), trackNumber: 'T-1' });
    expect([numbered.status, numbered.trackNumber]).toEqual(['in-transit', 'T-1']);
    expect(push).toEqual({ code: 'in-transit', updatedAt: at(9), trackNumber: 'T-1' });
  });

  it('never goes back, whatever is reported', () => {
    fc.assert(
      fc.property(anyReports, (reports) => {
        let before = made;
        for (const { facts, push } of tellAll(reports).advances) {
          expect(facts.statusAt.getTime()).toBeGreaterThanOrEqual(before.statusAt.getTime());
          if (push) expect([push.code, push.updatedAt]).toEqual([facts.status, facts.statusAt]);
          before = facts;
        }
      }),
    );
  });

  it('changes nothing when the same is reported again', () => {
    fc.assert(
      fc.property(anyReports, anyReport, (reports, last) => {
        fc.pre(last.updatedAt !== undefined);
        const { facts } = tellAll([...reports, last]);
        expect(tell(facts, last)).toEqual({ facts, notSent: 'it was reported before' });
      }),
    );
  });

  it('ends in the same status whatever the order of reports that are dated, and keeps all of them', () => {
    // A carrier registers before all else. A report that ends the registration counts even when it is older.
    const dated = fc.uniqueArray(
      fc.record({ code: fc.constantFrom(...codes.slice(1)), updatedAt: fc.integer({ min: -5, max: 5 }).map(at) }),
      {
        maxLength: 12,
        selector: ({ code, updatedAt }) => `${code} ${updatedAt.getTime()}`,
      },
    );
    const sorted = ({ history }: DeliveryFacts): string[] => history.map((one) => `${one.code} ${one.updatedAt.getTime()}`).sort();
    fc.assert(
      fc.property(
        dated.chain((reports) => fc.tuple(fc.constant(reports), fc.shuffledSubarray(reports, { minLength: reports.length }))),
        ([reports, shuffled]) => {
          const [one, other] = [tellAll(reports).facts, tellAll(shuffled).facts];
          expect([other.status, other.statusAt, sorted(other)]).toEqual([one.status, one.statusAt, sorted(one)]);
        },
      ),
    );
  });

  it('gives a report one entry or a reason, and never changes what it was given', () => {
    fc.assert(
      fc.property(anyReports, (reports) => {
        let before = made;
        for (const { facts, entry, push, notSent } of tellAll(reports).advances) {
          expect(facts.history).toEqual(entry ? [...before.history, entry] : before.history);
          expect(notSent === undefined).toBe(push !== undefined && entry?.moved === true);
          before = facts;
        }
        expect(made.history).toHaveLength(1);
      }),
    );
  });
});

describe('a report', () => {
  it('has a code of the list', () => {
    expect(findProblem({ code: 'sorting' }, manifest)).toBeUndefined();
    expect(findProblem({ code: 'teleported' }, manifest)).toBe(`code must be one of: ${codes.join(', ')}`);
  });
});

describe('a report without a status', () => {
  const cost = { minor: 700, currency: 'RUB' };

  it('sends a new cost with the current status, once', () => {
    const { facts, push, entry } = tell(made, { cost, updatedAt: at(50), comment: 'Overweight' });
    expect(facts).toMatchObject({ status: 'created', statusAt: at(0), cost });
    expect(push).toMatchObject({ code: 'created', updatedAt: at(0), cost });
    expect(entry).toMatchObject({ code: 'created', comment: 'Overweight', moved: true });
    expect(tell(facts, { cost, updatedAt: at(60) })).toEqual({ facts, notSent: 'it was reported before' });
  });
});

import { expect, it } from '@jest/globals';
import type { Decision, ExistingDelivery } from '#delivery/port';
import type { DeliverySuite } from './suite.js';

/** A day on which every service can still act, and the decisions about it. */
export const DECISION_DAY = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
const DECISIONS: Readonly<Record<Decision['kind'], Decision>> = {
  deliver: { kind: 'deliver', date: DECISION_DAY, time: { from: '09:00', to: '18:00' } },
  keep: { kind: 'keep', until: DECISION_DAY },
  return: { kind: 'return' },
  clientReturn: { kind: 'clientReturn' },
};

/** Tests the decisions of a shop about deliveries that the service has. */
export function testDecide<S extends object>(suite: DeliverySuite<S>): void {
  it('acts on each kind of decision of the manifest, and a repeat succeeds', async () => {
    const { decisions = [] } = suite.manifest;
    expect(decisions).not.toEqual([]);
    for (const kind of decisions.filter((one) => one !== 'clientReturn')) {
      const existing = await registerMoving(suite);
      for (const _ of [1, 2]) await suite.provider.decide?.(existing, DECISIONS[kind], suite.context);
      if (kind === 'deliver' && suite.subject.decided) expect(await suite.subject.decided(existing)).toBe(DECISION_DAY);
    }
    if (!suite.subject.decided) suite.leaveOpen('the day of a decision reaches the service', 'decided');
  });

  it('makes one return from the buyer, and none before the delivery', async () => {
    if (!suite.manifest.decisions?.includes('clientReturn')) return;
    const { handOver } = suite.subject.outcomes ?? {};
    if (!handOver) return suite.leaveOpen('a return from the buyer is made once', 'outcomes.handOver');
    const existing = await registerMoving(suite);
    const act = async (): Promise<void> => suite.provider.decide?.(existing, DECISIONS.clientReturn, suite.context);
    expect((await suite.catchFailure(act())).kind).toBe('rejected');
    await handOver(existing);
    for (const _ of [1, 2]) await act();
    const [report] = (await suite.provider.track?.([existing], suite.context)) ?? [];
    expect(report?.related).toEqual([expect.objectContaining({ kind: 'clientReturn', state: 'going' })]);
  });

  it('a decision about a withdrawn delivery is rejected', async () => {
    if (!suite.has('cancel')) return;
    const existing = await suite.register();
    await suite.provider.cancel?.(existing, suite.context);
    await suite.settle();
    const error = await suite.catchFailure(suite.provider.decide?.(existing, DECISIONS.deliver, suite.context));
    expect(['rejected', 'invalid']).toContain(error.kind);
  });

  if (suite.has('listDeliveryDays')) {
    it('the days to deliver are dates with hours, earliest first', async () => {
      const days = (await suite.provider.listDeliveryDays?.(await registerMoving(suite), suite.context)) ?? [];
      expect(days.map(({ date }) => date)).toEqual(days.map(({ date }) => date).toSorted());
      for (const { date, times } of days) {
        expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
        expect({ date, backwards: times.filter(({ from = '', to = '' }) => from >= to) }).toEqual({ date, backwards: [] });
      }
    });
  }
}

/** Registers a delivery that is on its way. */
export async function registerMoving<S extends object>(suite: DeliverySuite<S>): Promise<ExistingDelivery> {
  const existing = await suite.register();
  await suite.subject.webhook?.make(existing);
  return existing;
}

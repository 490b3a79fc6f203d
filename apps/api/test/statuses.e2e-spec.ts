import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Account } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { backends } from './support/test-servers.js';
import { until } from './support/until.js';

interface Outcome {
  accepted: number;
  rejected: { index: number; error: string }[];
}

interface Report {
  deliveryId: string;
  code: string;
  updatedAt?: string;
  comment?: string;
  cost?: number;
  trackNumber?: string;
}

/** A moment `seconds` after the deliveries of this spec were made. */
const later = (seconds: number): string => new Date(Date.now() + 60_000 + seconds * 1000).toISOString();

describe.each(backends)('statuses on %s', (backend) => {
  let deployment: Deployment;

  beforeAll(async () => {
    deployment = await Deployment.start({ backend, accounts: 8, workers: 2 });
  }, START_MS);
  afterAll(() => deployment?.stop());
  afterEach(() => expect(deployment.complaints()).toEqual([]));

  const report = (reports: Report[]): Promise<Outcome> => deployment.operator('POST', '/deliveries/statuses', reports);
  const shipMany = async (account: Account, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let from = 0; from < count; from += 20)
      ids.push(
        ...(
          await Promise.all(Array.from({ length: Math.min(20, count - from) }, (_, index) => account.ship(String(from + index + 1))))
        ).map((saved) => saved.deliveryId),
      );
    return ids;
  };
  const nothingWaits = (): Promise<true> =>
    until(
      'the outbox is empty',
      async () => (await deployment.operator<{ total: number }>('GET', '/outbox?state=pending')).total === 0,
      60_000,
    );

  it('sends what waits together in as few calls as the limit allows, each delivery oldest first', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const ids = await shipMany(account, 205);
    account.crm.clear();
    const codes = ['accepted', 'sorting', 'in-transit'];
    // Frozen, so that all of it waits for the same moment.
    await account.activity(true, true);
    for (const code of codes)
      expect(await report(ids.map((deliveryId) => ({ deliveryId, code, updatedAt: later(codes.indexOf(code)) })))).toEqual({
        accepted: 205,
        rejected: [],
      });
    expect(account.crm.tracking).toHaveLength(0);
    await account.activity(true, false);
    await nothingWaits();
    expect(account.crm.tracking.map((call) => call.statusUpdate?.length)).toEqual([100, 100, 5]);
    for (const id of ids) expect(account.crm.codesOf(id)).toEqual(codes);
    expect(account.crm.wentBack()).toEqual([]);
  }, 90_000);

  it('takes a thousand reports in one call and names those it cannot take', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const [id = ''] = await shipMany(account, 1);
    const reports = Array.from({ length: 1000 }, (_, index) => ({ deliveryId: id, code: 'in-transit', updatedAt: later(index) }));
    reports[1] = { deliveryId: 'nope', code: 'in-transit', updatedAt: later(1) };
    reports[2] = { deliveryId: id, code: 'teleported', updatedAt: later(2) };
    const odd: unknown[] = [
      ...['yesterday', '2026-02-30T10:00:00Z', '2026-W12-3T10:00:00Z', '0000-01-01T00:00:00Z', '1999-12-31T00:00:00Z', '9999-12-31T23:59:59Z', '', 5].map(
        (updatedAt) => ({ deliveryId: id, code: 'in-transit', updatedAt }),
      ),
      ...[1e300, -1, 'much', {}].map((cost) => ({ deliveryId: id, code: 'in-transit', cost })),
      ...[null, 5, 'text', [], {}, { deliveryId: id }, { deliveryId: [id], code: 'in-transit' }, { code: 'in-transit', deliveryId: '\0' }],
    ];
    odd.forEach((item, index) => (reports[10 + index] = item as Report));
    const outcome = await report(reports);
    const bad = [1, 2, ...odd.map((_, index) => 10 + index)];
    expect(outcome.rejected.map((refusal) => refusal.index)).toEqual(bad);
    expect(outcome.rejected.filter((refusal) => refusal.error === '')).toEqual([]);
    expect(outcome.accepted).toBe(1000 - bad.length);
    expect((await deployment.askOperator('POST', '/deliveries/statuses', [...reports, ...reports])).status).toBe(400);
    await nothingWaits();
  }, 60_000);

  it('keeps a late status in the history and does not send it', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const [id = ''] = await shipMany(account, 1);
    await report([{ deliveryId: id, code: 'in-transit', updatedAt: later(10), comment: 'left', cost: 333.5, trackNumber: 'T-1' }]);
    await report([{ deliveryId: id, code: 'accepted', updatedAt: later(5) }]);
    await nothingWaits();
    expect(account.crm.codesOf(id)).toEqual(['in-transit']);
    expect(account.crm.deliveries.get(id)).toMatchObject({
      cost: 333.5,
      trackNumber: 'T-1',
      history: [{ code: 'in-transit', comment: 'left' }],
    });
    const kept = await deployment.operator<{ status: string; history: { code: string; moved: boolean }[] }>('GET', `/deliveries/${id}`);
    expect(kept.status).toBe('in-transit');
    expect(kept.history.map((status) => [status.code, status.moved])).toEqual([
      ['created', true],
      ['accepted', false],
      ['in-transit', true],
    ]);
  }, 60_000);

  it('sets a refused item aside, sends the rest, and sends it when it is replayed', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const ids = await shipMany(account, 12);
    const [bad = ''] = ids.slice(5);
    account.crm.poisoned.add(bad);
    await report(ids.map((deliveryId) => ({ deliveryId, code: 'accepted', updatedAt: later(1) })));
    await nothingWaits();
    for (const id of ids.filter((one) => one !== bad)) expect(account.crm.codesOf(id)).toEqual(['accepted']);
    const failed = await deployment.operator<{ items: { id: string; subject: string; lastError: string }[] }>(
      'GET',
      '/outbox?state=failed',
    );
    expect(failed.items.map((row) => row.subject)).toEqual([bad]);
    expect(failed.items[0]?.lastError).not.toBe('');
    account.crm.recover();
    expect(await deployment.operator('POST', `/outbox/${failed.items[0]?.id}/replay`)).toEqual({ replayed: 1 });
    await until('the replayed one has arrived', () => account.crm.codesOf(bad).length > 0);
    expect((await deployment.askOperator('POST', `/outbox/${failed.items[0]?.id}/replay`)).status).toBe(409);
  }, 60_000);

  it("lets one account's trouble delay nobody else", async () => {
    const ill = await Account.connect(deployment, deployment.nextCrm());
    const well = await Account.connect(deployment, deployment.nextCrm());
    const [illId = ''] = await shipMany(ill, 1);
    const [wellId = ''] = await shipMany(well, 1);
    ill.crm.fail(/tracking/, { kind: 'answer', status: 500 }, 2);
    await report([
      { deliveryId: illId, code: 'accepted', updatedAt: later(1) },
      { deliveryId: wellId, code: 'accepted', updatedAt: later(1) },
    ]);
    await until('the healthy one has it', () => well.crm.codesOf(wellId).length > 0);
    await until('the other has it too', () => ill.crm.codesOf(illId).length > 0, 60_000);
    expect(ill.crm.tracking.map((call) => call.status)).toEqual([500, 500, 200]);
  }, 90_000);

  it('stays within ten calls a second, all workers together, and obeys Retry-After', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const ids = await shipMany(account, 40);
    account.crm.clear();
    // A report each, a while apart, so that each may be a call of its own.
    for (const [index, deliveryId] of ids.entries()) await report([{ deliveryId, code: 'accepted', updatedAt: later(index) }]);
    account.crm.fail(/tracking/, { kind: 'answer', status: 429, retryAfter: 2 });
    await report(ids.map((deliveryId) => ({ deliveryId, code: 'sorting', updatedAt: later(100) })));
    await nothingWaits();
    for (const id of ids) expect(account.crm.codesOf(id)).toEqual(['accepted', 'sorting']);
    expect(account.crm.mostInASecond()).toBeLessThanOrEqual(10);
    const calls = account.crm.tracking;
    const refused = calls.findIndex((call) => call.status === 429);
    const next = calls[refused + 1];
    expect(refused).toBeGreaterThanOrEqual(0);
    expect((next?.at ?? 0) - (calls[refused]?.at ?? 0)).toBeGreaterThanOrEqual(1900);
  }, 90_000);

  it('sends nothing for a connection that is switched off, and all of it when it is back', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const [id = ''] = await shipMany(account, 1);
    await account.activity(false, false);
    account.crm.clear();
    await report([{ deliveryId: id, code: 'accepted', updatedAt: later(1) }]);
    await report([{ deliveryId: id, code: 'sorting', updatedAt: later(2) }]);
    expect(account.crm.tracking).toHaveLength(0);
    await account.activity(true, false);
    await until('both have arrived', () => account.crm.codesOf(id).length === 2);
    expect(account.crm.codesOf(id)).toEqual(['accepted', 'sorting']);
  }, 60_000);
});

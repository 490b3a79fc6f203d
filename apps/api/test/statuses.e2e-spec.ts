import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Account } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { anyBackend, backends } from './support/test-servers.js';
import { until } from './support/until.js';

interface Outcome {
  accepted: number;
  rejected: { index: number; error: string }[];
  notSent: { index: number; reason: string }[];
}

interface Report {
  deliveryId: string;
  code: string;
  updatedAt?: string;
  comment?: string;
  cost?: number;
  trackNumber?: string;
}

/** Modules in one account, so that it has many lanes. */
const MODULES = Array.from({ length: 12 }, (_, index) => `courier-${index + 1}`);

/** A moment `seconds` after the deliveries of this spec were made. */
const later = (seconds: number): string => new Date(Date.now() + 60_000 + seconds * 1000).toISOString();

describe.each(backends)('statuses on %s', (backend) => {
  let deployment: Deployment;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crossdock-statuses-'));
    const modulesFile = join(folder, 'modules.json');
    await writeFile(modulesFile, JSON.stringify({ modules: ['courier', ...MODULES].map((code) => ({ code, provider: 'courier' })) }));
    deployment = await Deployment.start({ backend, accounts: 16, workers: 2, variables: { MODULES_FILE: modulesFile } });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await rm(folder, { recursive: true });
  });
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
    const ids = await shipMany(account, 105);
    account.crm.clear();
    const codes = ['accepted', 'sorting', 'in-transit'];
    // Frozen, so that all of it waits for the same moment.
    await account.activity(true, true);
    for (const code of codes)
      expect(await report(ids.map((deliveryId) => ({ deliveryId, code, updatedAt: later(codes.indexOf(code)) })))).toEqual({
        accepted: 105,
        rejected: [],
        notSent: [],
      });
    expect(account.crm.tracking).toHaveLength(0);
    await account.activity(true, false);
    await nothingWaits();
    expect(account.crm.listCarriedOut<object[]>('delivery.tracking', 'statusUpdate').map(({ value }) => value.length)).toEqual([100, 5]);
    for (const id of ids) expect(account.crm.listCodes(id)).toEqual(codes);
    expect(account.crm.listBackwardDeliveries()).toEqual([]);
  });

  it("delays no other account if one account's CRM fails", async () => {
    const ill = await Account.connect(deployment, deployment.nextCrm());
    const well = await Account.connect(deployment, deployment.nextCrm());
    const [illId = ''] = await shipMany(ill, 1);
    const [wellId = ''] = await shipMany(well, 1);
    ill.crm.fail('*/tracking', { kind: 'error-before', status: 500 }, 2);
    await report([
      { deliveryId: illId, code: 'accepted', updatedAt: later(1) },
      { deliveryId: wellId, code: 'accepted', updatedAt: later(1) },
    ]);
    await until('the healthy one has it', () => well.crm.listCodes(wellId).length > 0);
    await until('the other has it too', () => ill.crm.listCodes(illId).length > 0, 60_000);
    expect(ill.crm.tracking.map((call) => call.status)).toEqual([500, 500, 200]);
  });

  it('stays within ten calls a second for an account, all its modules and both workers together', async () => {
    const crm = deployment.nextCrm();
    const accounts: { account: Account; id: string }[] = [];
    for (const module of MODULES) {
      const account = await Account.connect(deployment, crm, module);
      accounts.push({ account, id: (await account.ship('1')).deliveryId });
    }
    crm.clear();
    const codes = ['accepted', 'sorting', 'in-transit', 'out-for-delivery', 'delivered'];
    for (const [index, code] of codes.entries()) {
      const before = crm.tracking.length;
      await report(accounts.map(({ id }) => ({ deliveryId: id, code, updatedAt: later(index) })));
      await until('some of it is on its way', () => crm.tracking.length > before);
    }
    await nothingWaits();
    for (const { id } of accounts) expect(crm.listCodes(id)).toEqual(codes);
    expect(crm.tracking.length).toBeGreaterThan(10);
    expect(crm.tracking.filter((call) => call.status !== 200)).toEqual([]);
    expect(crm.countMostInASecond()).toBeLessThanOrEqual(10);
  });

  it('waits for the time in Retry-After', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const { deliveryId } = await account.ship('1');
    account.crm.clear();
    account.crm.fail('*/tracking', { kind: 'error-before', status: 429, retryAfter: 2 });
    await report([{ deliveryId, code: 'sorting', updatedAt: later(1) }]);
    await until('it has arrived', () => account.crm.listCodes(deliveryId).length > 0);
    const [refused, taken] = account.crm.tracking;
    expect([refused?.status, taken?.status]).toEqual([429, 200]);
    // By the CRM's clock. A call that left earlier would have arrived earlier.
    expect((taken?.arrival.at ?? 0) - (refused?.arrival.at ?? 0)).toBeGreaterThanOrEqual(1990);
  });

  it('sends nothing for a connection that is switched off, and all of it when it is back', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const [id = ''] = await shipMany(account, 1);
    await account.activity(false, false);
    account.crm.clear();
    await report([{ deliveryId: id, code: 'accepted', updatedAt: later(1) }]);
    await report([{ deliveryId: id, code: 'sorting', updatedAt: later(2) }]);
    expect(account.crm.tracking).toHaveLength(0);
    await account.activity(true, false);
    await until('both have arrived', () => account.crm.listCodes(id).length === 2);
    expect(account.crm.listCodes(id)).toEqual(['accepted', 'sorting']);
  });

  // To the rest the queue is only what wakes a worker.
  if (backend !== anyBackend[0]) return;

  it.each([
    ['400', { kind: 'error-before', status: 400, errorMsg: 'No' }],
    ['200 and success: false', { kind: 'error-before', status: 200, errorMsg: 'No' }],
  ] as const)(
    'loses nothing when the CRM refuses everything for 12 s (%s), with few calls',
    async (_how, fault) => {
      const account = await Account.connect(deployment, deployment.nextCrm());
      const ids = await shipMany(account, 110);
      account.crm.clear();
      account.crm.fail('*/tracking', fault, 10_000);
      const refusedUntil = Date.now() + 12_000;
      const codes = ['accepted', 'sorting', 'in-transit'];
      for (const code of codes) await report(ids.map((deliveryId) => ({ deliveryId, code, updatedAt: later(codes.indexOf(code)) })));
      await until('the CRM is well again', () => Date.now() > refusedUntil);
      const { id: connection } = await deployment.getConnection(account.crm);
      const aside = (): Promise<{ total: number }> => deployment.operator('GET', `/outbox?state=failed&connection=${connection}`);
      const refusals = account.crm.tracking.length;
      expect([refusals > 2 && refusals <= 16, (await aside()).total]).toEqual([true, 0]);
      account.crm.recover();
      await nothingWaits();
      expect((await aside()).total).toBe(0);
      for (const id of ids) expect(account.crm.listCodes(id)).toEqual(codes);
      expect(account.crm.listBackwardDeliveries()).toEqual([]);
      expect(account.crm.tracking.length - refusals).toBeLessThanOrEqual(12);
    },
    120_000,
  );

  it('takes a thousand reports in one call and names those it cannot take', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const [id = ''] = await shipMany(account, 1);
    const reports: Report[] = Array.from({ length: 1000 }, (_, index) => ({
      deliveryId: id,
      code: 'in-transit',
      updatedAt: later(index / 20),
    }));
    reports[1] = { deliveryId: 'nope', code: 'in-transit', updatedAt: later(1) };
    reports[2] = { deliveryId: id, code: 'teleported', updatedAt: later(2) };
    const odd: unknown[] = [
      ...[
        'yesterday',
        '2026-02-30T10:00:00Z',
        '2026-W12-3T10:00:00Z',
        '0000-01-01T00:00:00Z',
        '1999-12-31T00:00:00Z',
        '9999-12-31T23:59:59Z',
        '',
        5,
      ].map((updatedAt) => ({ deliveryId: id, code: 'in-transit', updatedAt })),
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
  });

  it('keeps a late status in the history and does not send it', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const [id = ''] = await shipMany(account, 1);
    await report([{ deliveryId: id, code: 'in-transit', updatedAt: later(10), comment: 'left', cost: 333.5, trackNumber: 'T-1' }]);
    const late = { deliveryId: id, code: 'accepted', updatedAt: later(5) };
    expect(await report([late])).toEqual({
      accepted: 1,
      rejected: [],
      notSent: [{ index: 0, reason: expect.stringMatching(/later status in-transit of 20/) }],
    });
    const repeated = await report([{ deliveryId: 'nope', code: 'accepted' }, late]);
    expect(repeated).toMatchObject({ accepted: 1, notSent: [{ index: 1, reason: 'it was reported before' }] });
    await nothingWaits();
    expect(account.crm.listCodes(id)).toEqual(['in-transit']);
    expect(account.crm.findDelivery(id)).toMatchObject({
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
  });

  it('applies each of the simultaneous reports about one delivery to the result of the others', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const [id = ''] = await shipMany(account, 1);
    const moments = Array.from({ length: 10 }, (_, index) => later(index));
    const thrice = [...moments, ...moments, ...moments];
    const outcomes = await Promise.all(thrice.map((updatedAt) => report([{ deliveryId: id, code: 'in-transit', updatedAt }])));
    expect(outcomes.map(({ accepted }) => accepted)).toEqual(thrice.map(() => 1));
    const repeats = outcomes.flatMap(({ notSent }) => notSent).filter(({ reason }) => reason === 'it was reported before');
    expect(repeats).toHaveLength(20);
    const kept = await deployment.operator<{ history: { code: string }[] }>('GET', `/deliveries/${id}`);
    expect(kept.history).toHaveLength(1 + moments.length);
    await nothingWaits();
    expect(account.crm.listBackwardDeliveries()).toEqual([]);
  });

  it('rejects a status dated ahead of now, and continues with the others', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const [id = ''] = await shipMany(account, 1);
    const ahead = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
    const outcome = await report([
      { deliveryId: id, code: 'delivered', updatedAt: ahead(80) },
      { deliveryId: id, code: 'sorting', updatedAt: ahead(1) },
      { deliveryId: id, code: 'in-transit' },
    ]);
    expect(outcome).toEqual({ accepted: 2, rejected: [{ index: 0, error: expect.stringContaining('updatedAt') }], notSent: [] });
    await until('both have arrived', () => account.crm.listCodes(id).length === 2);
    expect(account.crm.listCodes(id)).toEqual(['sorting', 'in-transit']);
  });

  it('sets a refused item aside, sends the rest, and sends it when it is replayed', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const ids = await shipMany(account, 12);
    const [bad = ''] = ids.slice(5);
    account.crm.refuse('*/tracking', `"${bad}"`);
    await report(ids.map((deliveryId) => ({ deliveryId, code: 'accepted', updatedAt: later(1) })));
    await nothingWaits();
    for (const id of ids.filter((one) => one !== bad)) expect(account.crm.listCodes(id)).toEqual(['accepted']);
    const failed = await deployment.operator<{ items: { id: string; subject: string; lastError: string }[] }>(
      'GET',
      '/outbox?state=failed',
    );
    expect(failed.items.map((row) => row.subject)).toEqual([bad]);
    expect(failed.items[0]?.lastError).not.toBe('');
    account.crm.recover();
    const id = failed.items[0]?.id;
    expect(await deployment.operator('POST', `/outbox/${id}/replay`)).toEqual({ replayed: 1, items: [{ id, outcome: 'queued' }] });
    await until('the replayed one has arrived', () => account.crm.listCodes(bad).length > 0);
    expect((await deployment.askOperator('POST', `/outbox/${failed.items[0]?.id}/replay`)).status).toBe(409);
  });

  it('keeps what waited for a week through the first failures', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const { deliveryId } = await account.ship('1');
    await account.activity(true, true);
    await report([{ deliveryId, code: 'accepted', updatedAt: later(1) }]);
    const { id: connection } = await deployment.getConnection(account.crm);
    await deployment.stores.query(
      `UPDATE outbox SET created_at = now() - interval '8 days' WHERE connection_id = $1 AND state = 'pending'`,
      [connection],
    );
    account.crm.fail('*/tracking', { kind: 'error-before', status: 503 }, 2);
    await account.activity(true, false);
    await until('it has arrived', () => account.crm.listCodes(deliveryId).includes('accepted'), 60_000);
    expect(account.crm.tracking.map((call) => call.status)).toEqual([503, 503, 200]);
  });

  it('drops a row that is replayed too late: the CRM has received a newer one', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const [deliveryId = '', other = ''] = await shipMany(account, 2);
    account.crm.refuse('*/tracking', `"${deliveryId}"`);
    // A passing row shows which one is at fault.
    await report([deliveryId, other].map((id) => ({ deliveryId: id, code: 'accepted', updatedAt: later(1) })));
    const row = await until(
      'it is set aside',
      async () => (await deployment.operator<{ items: { id: string }[] }>('GET', `/outbox?state=failed&subject=${deliveryId}`)).items[0],
    );
    account.crm.recover();
    await report([{ deliveryId, code: 'delivered', updatedAt: later(2) }]);
    await until('the newer one has arrived', () => account.crm.listCodes(deliveryId).includes('delivered'));
    // The CRM has the message a moment before the outbox has marked it as accepted.
    await nothingWaits();
    const reply = await deployment.askOperator('POST', `/outbox/${row.id}/replay`);
    expect([reply.status, reply.json]).toEqual([
      409,
      expect.objectContaining({
        errorMsg: expect.stringMatching(/dropped instead of replayed: the newer entry \d+ about the same subject/),
      }),
    ]);
    expect(await deployment.operator('POST', '/outbox/replay', { ids: [row.id] })).toEqual({
      replayed: 0,
      items: [{ id: row.id, outcome: 'not-failed', reason: 'it is dropped' }],
    });
    await nothingWaits();
    expect(account.crm.listCodes(deliveryId)).toEqual(['delivered']);
  });

  it('waits for a new key when the old one is rejected, and continues immediately when it arrives', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const { deliveryId } = await account.ship('1');
    account.crm.revokeKeys();
    await report([{ deliveryId, code: 'sorting', updatedAt: later(1) }]);
    await until('the key is refused', () => account.crm.tracking.some((call) => call.status === 403));
    const { id } = await deployment.getConnection(account.crm);
    await until('the operator sees why', async () => {
      const { lanes } = await deployment.operator<{ lanes: { lastError?: string }[] }>('GET', `/connections/${id}`);
      return lanes.some((lane) => lane.lastError?.includes('key'));
    });
    await Account.connect(deployment, account.crm);
    await until('it has arrived', () => account.crm.listCodes(deliveryId).includes('sorting'));
  });
});

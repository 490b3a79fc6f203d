import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { Database } from '../database/index.js';
import { queueSchema } from './index.js';
import { RecurringRuns } from './recurring-runs.js';

let spec: SpecDatabase | undefined;
let database: Database;

beforeAll(async () => {
  spec = await createSpecDatabase([queueSchema]);
  database = new Database(spec.source);
}, 60_000);
afterAll(() => spec?.remove());

describe('runs of recurring work', () => {
  it('are kept by name, the last of all workers, with the last that failed', async () => {
    const [one, other] = [new RecurringRuns(database), new RecurringRuns(database)];
    one.note('outbox.sweep', 4.4, new Error('the database is away'));
    one.note('outbox.sweep', 3);
    one.note('inbox.clean', 20);
    await one.flush();
    other.note('inbox.clean', 30, new Error('no'));
    await other.flush();
    const runs = await one.list();
    expect(runs).toMatchObject([
      { name: 'inbox.clean', ms: 30, problem: 'no', failure: 'no' },
      { name: 'outbox.sweep', ms: 3, problem: null, failure: 'the database is away' },
    ]);
    expect(runs[0]?.failedAt).toEqual(runs[0]?.endedAt);
    expect(runs[1]?.failedAt?.getTime()).toBeLessThanOrEqual(runs[1]?.endedAt.getTime() ?? 0);
  });

  it('that an older one is written after stay', async () => {
    const [one, other] = [new RecurringRuns(database), new RecurringRuns(database)];
    one.note('audit.clean', 1, new Error('older'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    other.note('audit.clean', 2);
    await other.flush();
    await one.flush();
    expect((await one.list()).find(({ name }) => name === 'audit.clean')).toMatchObject({ ms: 2, problem: null });
  });

  it('that cannot be written are written the next time', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const runs = new RecurringRuns(database);
    runs.note('journal.keep', 7);
    const query = jest.spyOn(database, 'query').mockRejectedValueOnce(new Error('away'));
    await runs.flush();
    query.mockRestore();
    await runs.onApplicationShutdown();
    expect((await runs.list()).map(({ name }) => name)).toContain('journal.keep');
  });
});

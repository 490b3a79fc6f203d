import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Account } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

/** Milliseconds that a test which waits until a module is retired may take. */
const RETIRED_MS = 240_000;

let deployment: Deployment;
/** A second api on the same stores, which serves the other module. */
let other: Deployment;
let accounts: Account[];

const ids = new Map<Account, string>();
const idOf = (account: Account | undefined): string => ids.get(account as Account) ?? '';
const readState = async (account: Account | undefined): Promise<string> => {
  const { health } = await deployment.operator<{ health: { state: string } }>('GET', `/connections/${idOf(account)}`);
  return health.state;
};
/** Lets each process that is gone count as gone. */
const forgetProcesses = (): Promise<object[]> =>
  deployment.stores.query(`UPDATE serving_process SET seen_at = now() - interval '1 minute'`);

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 3, workers: 0, variables: { MODULES: 'courier,testpay' } });
  accounts = [];
  for (const module of ['courier', 'testpay', 'testpay']) {
    const account = await Account.connect(deployment, deployment.nextCrm(), module);
    ids.set(account, (await deployment.getConnection(account.crm)).id);
    accounts.push(account);
  }
}, START_MS);
afterAll(async () => {
  await other?.stop();
  await deployment?.stop();
});

describe('a module', () => {
  it(
    'that another process serves is not retired, and can be left from any',
    async () => {
      await deployment.stopApi();
      deployment.variables.MODULES = 'courier';
      await deployment.startApi();
      const { stores, crms } = deployment;
      other = await Deployment.start({ stores, crms, workers: 0, variables: { MODULES: 'testpay' } });
      await forgetProcesses();
      deployment.variables.MODULES = 'courier,testpay';
      await deployment.startWorker();
      deployment.variables.MODULES = 'courier';
      const ranAt = async (): Promise<unknown> =>
        (await stores.query<{ ended_at: Date }>(`SELECT ended_at FROM recurring_run WHERE name = 'modules.retire'`))[0]?.ended_at;
      await until('the worker has looked', async () => (await ranAt()) !== undefined, RETIRED_MS);
      expect([await readState(accounts[0]), await readState(accounts[1])]).toEqual(['ok', 'ok']);
      await deployment.operator('POST', `/connections/${idOf(accounts[1])}/freeze`);
      expect(await readState(accounts[1])).toBe('frozen');
      await deployment.operator('POST', `/connections/${idOf(accounts[1])}/unfreeze`);
      expect(await readState(accounts[1])).toBe('ok');
    },
    RETIRED_MS,
  );

  it(
    'that no process serves is retired, as health shows, and can be left, as the CRM is notified',
    async () => {
      await other.stop();
      await deployment.stopWorkers();
      await forgetProcesses();
      await deployment.startWorker();
      await until('health says so', async () => (await readState(accounts[1])) === 'retired', RETIRED_MS);
      expect(await readState(accounts[0])).toBe('ok');
      const { items } = await deployment.operator<{ items: { id: string }[] }>('GET', '/connections?health=retired');
      expect(items.map(({ id }) => id).sort()).toEqual([idOf(accounts[1]), idOf(accounts[2])].sort());
      const isActive = (account: Account | undefined): unknown => account?.crm.registrations.at(-1)?.active;
      expect([isActive(accounts[1]), isActive(accounts[2])]).toEqual([true, true]);
      await deployment.operator('POST', `/connections/${idOf(accounts[1])}/disconnect`);
      await deployment.operator('POST', `/connections/${idOf(accounts[2])}/freeze`);
      await until('the CRMs are told', () => isActive(accounts[1]) === false && isActive(accounts[2]) === false, RETIRED_MS);
      expect([await readState(accounts[1]), await readState(accounts[2])]).toEqual(['off', 'frozen']);
      expect(deployment.complaints()).toEqual([]);
    },
    RETIRED_MS,
  );

  it(
    'is no longer retired when a process serves it again',
    async () => {
      await deployment.operator('POST', `/connections/${idOf(accounts[2])}/unfreeze`);
      expect(await readState(accounts[2])).toBe('retired');
      // A worker that does not know the module could take the check of registrations.
      await deployment.stopWorkers();
      await deployment.stopApi();
      deployment.variables.MODULES = 'courier,testpay';
      await deployment.startApi();
      await deployment.startWorker();
      await until('health says so', async () => (await readState(accounts[2])) !== 'retired', RETIRED_MS);
      await until('it is registered again', () => accounts[2]?.crm.registrations.at(-1)?.active === true, RETIRED_MS);
    },
    RETIRED_MS,
  );
});

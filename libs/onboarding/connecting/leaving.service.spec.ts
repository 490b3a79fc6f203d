import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ActivationStore, ConnectionStore, ErasureStore } from '#connections';
import type { OutboxService } from '#outbox';
import type { Database, Transaction } from '#platform';
import type { AccountErasure } from '../erasure/account-erasure.js';
import { LeavingService } from './leaving.service.js';
import type { RegistrationContributors } from '../registration/registration-contributors.js';
import type { RegistrationService } from '../registration/registration.service.js';
import type { RetiredConnections } from '../registration/retired-connections.js';
import type { ProviderSetups } from '../provider-setup/provider-setups.js';

/** Effects, in order. */
let log: string[];
/** Whether there is anything to change, and whether the module is retired. */
let [isNew, isRetired] = [true, false];
let leaving: LeavingService;

beforeEach(() => {
  [log, isNew, isRetired] = [[], true, false];
  jest.spyOn(Logger.prototype, 'log').mockReturnValue(undefined);
  const note = (what: string) => () => Promise.resolve(void log.push(what));
  const afterCommit: (() => void)[] = [];
  const tx = { afterCommit: (work: () => void) => afterCommit.push(work) } as unknown as Transaction;
  const transaction = async <T>(work: (of: Transaction) => Promise<T>): Promise<T> => {
    const result = await work(tx);
    log.push('commit');
    for (const next of afterCommit.splice(0)) next();
    return result;
  };
  leaving = new LeavingService(
    {
      findById: () => Promise.resolve({ id: 'c-1' }),
    } as unknown as ConnectionStore,
    {
      disconnect: () => Promise.resolve(isNew),
      setFrozenByOperator: () => Promise.resolve(isNew),
      isRetired: () => Promise.resolve(isRetired),
    } as unknown as ActivationStore,
    { schedule: note('the CRM is told') } as unknown as RegistrationService,
    { noteChange: note('noted') } as unknown as RegistrationContributors,
    { wake: () => void log.push('services') } as unknown as ProviderSetups,
    { wake: () => void log.push('retired') } as unknown as RetiredConnections,
    { resume: note('resumed') } as unknown as OutboxService,
    { request: () => Promise.resolve(isNew) } as unknown as ErasureStore,
    { wake: () => void log.push('erasing') } as unknown as AccountErasure,
    { transaction } as unknown as Database,
  );
});

describe('a connection that the account leaves', () => {
  it('is reported to the CRM in the transaction that switches it off, and removed from its services afterwards', async () => {
    await leaving.disconnect({ id: 'c-1' });
    expect(log).toEqual(['the CRM is told', 'noted', 'commit', 'services']);
  });

  it('of a retired module is reported by any worker', async () => {
    isRetired = true;
    await leaving.disconnect({ id: 'c-1' });
    expect(log).toEqual(['noted', 'commit', 'retired', 'services']);
  });

  it('stays when the check before refuses it', async () => {
    await expect(leaving.disconnect({ id: 'c-1' }, () => Promise.reject(new Error('it is the last')))).rejects.toThrow('the last');
    expect(log).toEqual([]);
  });

  it('is not reported a second time', async () => {
    isNew = false;
    for (const leave of ['disconnect', 'freeze', 'unfreeze'] as const) await leaving[leave]({ id: 'c-1' });
    expect(log).toEqual(['commit', 'commit', 'commit']);
  });

  it('that is frozen no longer sends what waited', async () => {
    await leaving.freeze({ id: 'c-1' });
    expect(log.splice(0)).toEqual(['noted', 'commit', 'retired']);
    await leaving.unfreeze({ id: 'c-1' });
    expect(log).toEqual(['noted', 'commit', 'resumed']);
  });

  it('and erases is reported first', async () => {
    await leaving.erase('c-1');
    expect(log).toEqual(['the CRM is told', 'noted', 'commit', 'services', 'erasing']);
  });
});

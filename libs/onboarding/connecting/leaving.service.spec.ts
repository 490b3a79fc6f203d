import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ActivationStore, ConnectionStore, ErasureStore } from '#connections';
import type { Database, Transaction } from '#platform';
import type { AccountChange, AccountChanges } from '../changes/account-changes.js';
import { LeavingService } from './leaving.service.js';

/** Noted changes and commits, in order. */
let log: unknown[];
/** Whether there is anything to change. */
let isNew: boolean;
let leaving: LeavingService;

const connection = { id: 'c-1' };

beforeEach(() => {
  [log, isNew] = [[], true];
  jest.spyOn(Logger.prototype, 'log').mockReturnValue(undefined);
  const answer = (): Promise<boolean> => Promise.resolve(isNew);
  leaving = new LeavingService(
    { findById: () => Promise.resolve(undefined) } as unknown as ConnectionStore,
    { disconnect: answer, setFrozenByOperator: answer } as unknown as ActivationStore,
    { request: answer } as unknown as ErasureStore,
    { note: (_tx: Transaction, change: AccountChange) => Promise.resolve(void log.push(change)) } as unknown as AccountChanges,
    {
      transaction: async <T>(work: (of: Transaction) => Promise<T>): Promise<T> => {
        const result = await work({} as Transaction);
        log.push('commit');
        return result;
      },
    } as unknown as Database,
  );
});

describe('a connection that the account leaves', () => {
  it('is noted in the transaction that switches it off', async () => {
    await leaving.disconnect(connection);
    expect(log).toEqual([{ kind: 'left', connection, isErased: false }, 'commit']);
  });

  it('stays when the check before refuses it', async () => {
    await expect(leaving.disconnect(connection, () => Promise.reject(new Error('it is the last')))).rejects.toThrow('the last');
    expect(log).toEqual([]);
  });

  it('is not noted a second time', async () => {
    isNew = false;
    for (const leave of ['disconnect', 'freeze', 'unfreeze'] as const) await leaving[leave](connection);
    await leaving.erase('c-1');
    expect(log).toEqual(['commit', 'commit', 'commit', 'commit']);
  });

  it('works again once it is no longer frozen', async () => {
    await leaving.freeze(connection);
    await leaving.unfreeze(connection);
    expect(log).toEqual([{ kind: 'frozen', connection }, 'commit', { kind: 'activity', connection, isLive: true }, 'commit']);
  });

  it('is erased, even if no process serves its module', async () => {
    await leaving.erase('c-1', 'r-1');
    expect(log).toEqual([{ kind: 'left', connection: { id: 'c-1', request: 'r-1' }, isErased: true }, 'commit']);
  });
});

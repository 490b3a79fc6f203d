import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ActivationStore, Connection } from '#connections';
import type { OutboxService } from '#outbox';
import type { JobQueue, Transaction } from '#platform';
import type { RegistrationContributors } from './contributors/registration-contributors.js';
import { AccountErasure } from './erasure/account-erasure.js';
import type { ProviderSetups } from './provider-setup/provider-setups.js';
import type { ProviderWatch } from './provider-setup/provider-watch.js';
import { SetupChanges } from './provider-setup/setup-changes.js';
import { RegistrationChanges } from './registration/registration-changes.js';
import type { RegistrationService } from './registration/registration.service.js';
import type { RetiredConnections } from './registration/retired-connections.js';
import { type AccountChange, AccountChanges } from './changes/account-changes.js';
import { WaitingRows } from './changes/waiting-rows.js';

/** Effects, in order. */
let log: string[];
/** Work that the transaction runs after its commit. */
let afterCommit: (() => void)[];
let isRetired: boolean;
let changes: AccountChanges;

const connection = { id: 'c-1' } as Connection;
const none = {} as never;
const tx = { afterCommit: (work: () => void) => afterCommit.push(work) } as unknown as Transaction;
const effect = (name: string) => () => Promise.resolve(void log.push(name));
const wake = (name: string) => () => void log.push(`wake ${name}`);

/** Notes a change and commits. Returns the effects. */
async function note(change: AccountChange): Promise<string[]> {
  await changes.note(tx, change);
  log.push('commit');
  for (const work of afterCommit) work();
  return log;
}

beforeEach(() => {
  [log, afterCommit, isRetired] = [[], [], false];
  changes = new AccountChanges();
  changes.add(
    new SetupChanges(
      { schedule: effect('set up'), scheduleDefaults: effect('set up defaults'), wake: wake('setups') } as unknown as ProviderSetups,
      { forget: effect('forget') } as unknown as ProviderWatch,
    ),
    new RegistrationChanges(
      { schedule: effect('register') } as unknown as RegistrationService,
      { noteSettings: effect('integration'), noteChange: effect('integrations') } as unknown as RegistrationContributors,
      { wake: wake('retired') } as unknown as RetiredConnections,
      { isRetired: () => Promise.resolve(isRetired) } as unknown as ActivationStore,
    ),
    new WaitingRows({ resume: effect('resume') } as unknown as OutboxService),
    new AccountErasure(none, none, none, none, none, none, none, none, { wake: wake('erasure') } as unknown as JobQueue),
  );
});

describe('a change of an account', () => {
  it.each<[AccountChange, string[]]>([
    [{ kind: 'connected', connection, isNew: true, hasSettings: true }, ['set up', 'integration', 'commit', 'wake setups']],
    [{ kind: 'connected', connection, isNew: true, hasSettings: false }, ['set up defaults', 'commit', 'wake setups']],
    [{ kind: 'connected', connection, isNew: false, hasSettings: false }, ['commit', 'wake setups']],
    [{ kind: 'settings', connection, check: undefined }, ['forget', 'set up', 'register', 'integration', 'commit']],
    [{ kind: 'rules', connection }, ['forget', 'commit']],
    [{ kind: 'activity', connection, isLive: true }, ['integrations', 'commit', 'wake setups', 'resume']],
    [{ kind: 'activity', connection, isLive: false }, ['integrations', 'commit', 'wake setups']],
    [{ kind: 'frozen', connection }, ['integrations', 'commit', 'wake retired']],
    [{ kind: 'left', connection, isErased: false }, ['register', 'integrations', 'commit', 'wake setups']],
    [{ kind: 'left', connection, isErased: true }, ['register', 'integrations', 'commit', 'wake setups', 'wake erasure']],
  ])('%j has its consequences stored before the commit, and only wake-ups afterwards', async (change, effects) => {
    expect(await note(change)).toEqual(effects);
  });

  it('that leaves a retired module is reported by any worker', async () => {
    isRetired = true;
    expect(await note({ kind: 'left', connection, isErased: false })).toEqual(['integrations', 'commit', 'wake setups', 'wake retired']);
  });

  it('is rolled back if a consequence cannot be stored', async () => {
    const follow = jest.fn<() => Promise<void>>().mockRejectedValue(new Error('no'));
    changes.add({ follow });
    await expect(changes.note(tx, { kind: 'rules', connection })).rejects.toThrow('no');
  });

  it('lets rows wait for their pause if they cannot be resumed', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const rows = new WaitingRows({ resume: () => Promise.reject(new Error('down')) } as unknown as OutboxService);
    await rows.follow(tx, { kind: 'activity', connection, isLive: true });
    for (const work of afterCommit) work();
    await new Promise((resolve) => setImmediate(resolve));
    expect(warn).toHaveBeenCalledWith('the waiting rows of connection c-1 are sent later: down');
  });
});

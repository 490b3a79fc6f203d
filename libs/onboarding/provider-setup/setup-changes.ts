import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform';
import type { AccountChange, AccountListener } from '../changes/account-changes.js';
import { ProviderSetups } from './provider-setups.js';
import { ProviderWatch } from './provider-watch.js';

/** Sets a changed account up at its services, and forgets that they rejected the previous credentials. */
@Injectable()
export class SetupChanges implements AccountListener {
  constructor(
    private readonly setups: ProviderSetups,
    private readonly watch: ProviderWatch,
  ) {}

  async follow(tx: Transaction, change: AccountChange): Promise<void> {
    switch (change.kind) {
      case 'connected':
        if (change.hasSettings) await this.setups.schedule(tx, change.connection, undefined);
        else if (change.isNew) await this.setups.scheduleDefaults(tx, change.connection);
        break;
      case 'settings':
        await this.watch.forget(change.connection, tx, change.check);
        // Not woken: the page sets the connection up while its user waits.
        return this.setups.schedule(tx, change.connection, change.check);
      case 'rules':
        return this.watch.forget(change.connection, tx);
      case 'frozen':
        // The set-up stays at the services.
        return;
      case 'activity':
      case 'left':
    }
    tx.afterCommit(() => this.setups.wake());
  }
}

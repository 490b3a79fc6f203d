import { Injectable } from '@nestjs/common';
import { ActivationStore } from '#connections';
import type { Transaction } from '#platform';
import type { AccountChange, AccountListener } from '../changes/account-changes.js';
import { RegistrationContributors } from '../contributors/registration-contributors.js';
import { RegistrationService } from './registration.service.js';
import { RetiredConnections } from './retired-connections.js';

/** Registers a changed account again, and notifies the integrations of its providers. */
@Injectable()
export class RegistrationChanges implements AccountListener {
  constructor(
    private readonly registration: RegistrationService,
    private readonly contributors: RegistrationContributors,
    private readonly retired: RetiredConnections,
    private readonly activation: ActivationStore,
  ) {}

  async follow(tx: Transaction, change: AccountChange): Promise<void> {
    switch (change.kind) {
      case 'connected':
        // The caller registers the connection, and reports the CRM's rejection.
        return change.hasSettings ? this.contributors.noteSettings(tx, change.connection) : undefined;
      case 'settings':
        await this.registration.schedule(tx, change.connection.id);
        return this.contributors.noteSettings(tx, change.connection);
      case 'rules':
        return;
      case 'frozen':
        tx.afterCommit(() => this.retired.wake());
        break;
      case 'left':
        await this.reportLeaving(tx, change.connection.id);
        break;
      case 'activity':
    }
    return this.contributors.noteChange(tx, change.connection);
  }

  /** Notifies the CRM that the module is off. No process sends outbox rows of a retired module. */
  private async reportLeaving(tx: Transaction, id: string): Promise<void> {
    if (await this.activation.isRetired(id, tx)) tx.afterCommit(() => this.retired.wake());
    else await this.registration.schedule(tx, id);
  }
}

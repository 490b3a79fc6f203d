import { Injectable, Logger } from '@nestjs/common';
import { ConnectionStore, type ErasureClaim, ErasureStore } from '#connections';
import { OutboxService } from '#outbox';
import { AllAccountData, Database, defineJob, errorText, HandleJob, JobQueue, Retention, type Transaction } from '#platform';
import type { AccountChange, AccountListener } from '../changes/account-changes.js';
import { RegistrationContributors } from '../contributors/registration-contributors.js';
import { REGISTRATION } from '../registration/registration.service.js';
import { ProviderSetups } from '../provider-setup/provider-setups.js';

/** Continues the erasures that are due. */
const eraseAccounts = defineJob<Record<string, never>>('housekeeping', 'accounts.erase');

const EVERY_MS = 5_000;
const BATCH = 4;
/** Seconds until the next check whether the CRM and the service were notified. */
const LOOK_AGAIN_S = 2;
/** Seconds after which work that was running when the connection was deleted has ended. */
const LATE_S = 60;

/**
 * Erases accounts that left, in the background. Once the CRM and the service were notified, or had their
 * time, the connection is deleted, and then all its records in the libraries. An interrupted erasure
 * continues where it stopped.
 */
@Injectable()
export class AccountErasure implements AccountListener {
  private readonly logger = new Logger(AccountErasure.name);

  constructor(
    private readonly store: ErasureStore,
    private readonly connections: ConnectionStore,
    private readonly accountData: AllAccountData,
    private readonly retention: Retention,
    private readonly outbox: OutboxService,
    private readonly setups: ProviderSetups,
    private readonly contributors: RegistrationContributors,
    private readonly database: Database,
    private readonly queue: JobQueue,
  ) {}

  /** Starts early. The caller has stored the erasure. */
  follow(tx: Transaction, change: AccountChange): Promise<void> {
    if (change.kind === 'left' && change.isErased)
      tx.afterCommit(() => this.queue.wake(eraseAccounts, {}, { deduplicationId: eraseAccounts.name }));
    return Promise.resolve();
  }

  @HandleJob(eraseAccounts, { everyMs: EVERY_MS })
  async eraseDue(_data: object, stopping: AbortSignal): Promise<void> {
    for (;;) {
      const due = await this.store.claim(BATCH);
      await Promise.all(due.map((claim) => this.work(claim, stopping)));
      if (due.length < BATCH || stopping.aborted) return;
    }
  }

  /** Never throws. Unfinished work continues once the claim has expired. */
  private async work(claim: ErasureClaim, stopping: AbortSignal): Promise<void> {
    try {
      await this.goOn(claim, stopping);
    } catch (error) {
      this.logger.error(`connection ${claim.id} cannot be erased yet: ${errorText(error)}`);
    }
  }

  private async goOn({ id, state, overdue }: ErasureClaim, stopping: AbortSignal): Promise<void> {
    if (state === 'leaving') {
      const hasLeft = await this.hasLeft(id);
      if (!hasLeft && !overdue) return this.store.release(id, LOOK_AGAIN_S);
      if (!hasLeft) this.logger.warn(`connection ${id} is erased although its CRM or its service could not be notified for a day`);
      await this.store.begin(id);
    }
    for (const { name, tables } of this.accountData.all)
      for (const table of tables) await this.retention.deleteHeld(table, id, (rows) => this.store.note(id, name, rows), stopping);
    if (stopping.aborted) return this.store.release(id, 0);
    if (state !== 'erased') return this.store.release(id, LATE_S, 'erased');
    await this.store.end(id);
    this.logger.log(`connection ${id} is erased`);
  }

  /** Whether the CRM was notified, or rejected the notice, and nothing remains set up at the service. */
  private async hasLeft(id: string): Promise<boolean> {
    const waiting = await this.database.transaction((tx) => this.outbox.findWaiting(tx, REGISTRATION, [id]));
    if (waiting.size > 0 || !(await this.setups.isDown(id))) return false;
    const connection = await this.connections.findById(id);
    return !connection || (await this.contributors.isDown(connection));
  }
}

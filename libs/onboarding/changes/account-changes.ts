import { Injectable } from '@nestjs/common';
import type { CheckOutcome, Connection } from '#connections';
import type { Transaction } from '#platform';

/** A changed connection. `views` are missing if this process does not serve its module. */
export type ChangedConnection = Pick<Connection, 'id' | 'request'> & Partial<Pick<Connection, 'views'>>;

/** A change of an account's connection. */
export type AccountChange =
  /** It was connected, renewed or added as an instance. `hasSettings`: with new settings. */
  | { readonly kind: 'connected'; readonly connection: Connection; readonly isNew: boolean; readonly hasSettings: boolean }
  /** A provider has new settings. `check`: their result at the service. */
  | { readonly kind: 'settings'; readonly connection: Connection; readonly check: CheckOutcome | undefined }
  /** The account has new rules. */
  | { readonly kind: 'rules'; readonly connection: Connection }
  /** It was switched on or off, frozen by the CRM, unfrozen, or its trial ended. `isLive`: now it works. */
  | { readonly kind: 'activity'; readonly connection: ChangedConnection; readonly isLive: boolean }
  /** The operator froze it. */
  | { readonly kind: 'frozen'; readonly connection: ChangedConnection }
  /** It was disconnected. `isErased`: and its data will be erased. */
  | { readonly kind: 'left'; readonly connection: ChangedConnection; readonly isErased: boolean };

/** Acts on changes of accounts. */
export interface AccountListener {
  /**
   * Stores the consequences of a change in its transaction. Only wake-ups may wait for the commit
   * (`tx.afterCommit`), because they can be lost.
   */
  follow(tx: Transaction, change: AccountChange): Promise<void>;
}

/** Notifies the listeners of changes. `OnboardingModule` adds them at start. */
@Injectable()
export class AccountChanges {
  private readonly listeners: AccountListener[] = [];

  /** Adds listeners, in the order in which they store. */
  add(...listeners: AccountListener[]): void {
    this.listeners.push(...listeners);
  }

  /** Stores the consequences of a change in its transaction. An error of a listener rolls the change back. */
  async note(tx: Transaction, change: AccountChange): Promise<void> {
    for (const listener of this.listeners) await listener.follow(tx, change);
  }
}

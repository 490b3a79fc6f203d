import { DoubleControl } from '../double-control.js';
import { PlannedFaults } from '../../double/faults.js';
import { ZadarmaAccount, type ZadarmaAccountSettings } from './zadarma-account.js';
import { ZADARMA_CALLS, ZADARMA_FAULT_NEEDS, type ZadarmaCallName, type ZadarmaOwnFault } from './zadarma-faults.js';
import { FIRST_MODES, type ZadarmaModes } from './zadarma-modes.js';
import { type ZadarmaFlush, ZadarmaWebhooks } from './zadarma-webhooks.js';

/** A request as it was received. */
export interface ZadarmaReceived {
  call: ZadarmaCallName;
  /** The key it came with; empty for a download. */
  key: string;
  parameters: Readonly<Record<string, string>>;
}

/** The double without its HTTP: accounts, how the service is to behave, and the test's hold on both. */
export class ZadarmaControl extends DoubleControl<ZadarmaCallName, ZadarmaOwnFault> {
  readonly modes: ZadarmaModes = { ...FIRST_MODES };
  readonly webhooks = new ZadarmaWebhooks(this.modes);
  /** All received calls, in order, refused ones included. */
  readonly calls: ZadarmaReceived[] = [];
  readonly accounts: ZadarmaAccount[] = [];

  constructor(first: ZadarmaAccountSettings) {
    super(new PlannedFaults<ZadarmaCallName, ZadarmaOwnFault>(ZADARMA_CALLS, ZADARMA_FAULT_NEEDS));
    this.addAccount(first);
  }

  /** The first account. */
  get account(): ZadarmaAccount {
    const [first] = this.accounts;
    if (!first) throw new Error('there is no account');
    return first;
  }

  /** Adds an account; what is left out is as in the first. Throws when its key is known. */
  addAccount(settings: Partial<ZadarmaAccountSettings> & { key: string; secret: string }): ZadarmaAccount {
    if (this.findAccount(settings.key)) throw new Error(`there is an account of the key ${settings.key} already`);
    const account = new ZadarmaAccount({ ...this.accounts[0]?.settings, ...settings } as ZadarmaAccountSettings, this);
    this.accounts.push(account);
    return account;
  }

  findAccount(key: string): ZadarmaAccount | undefined {
    return this.accounts.find(({ settings }) => settings.key === key);
  }

  /** How often a call was received, of one account or of all. */
  countCalls(call: ZadarmaCallName, account?: ZadarmaAccount): number {
    return this.calls.filter((one) => one.call === call && (account === undefined || one.key === account.settings.key)).length;
  }

  setModes(modes: Partial<ZadarmaModes>): void {
    Object.assign(this.modes, modes);
  }

  /** Posts the notices held (`webhooks.mode = 'hold'`), and waits for their answers. */
  flush(options: ZadarmaFlush = {}): Promise<void> {
    return this.webhooks.flush(options);
  }

  /** Forgets calls, notices and faults; accounts and their addresses stay, modes are as at first. */
  reset(): void {
    this.forgetWhatIsDue();
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.calls.length = 0;
    for (const account of this.accounts) account.reset();
    this.setModes(FIRST_MODES);
  }
}

import { randomUUID } from 'node:crypto';
import { DoubleControl } from '../double-control.js';
import { PlannedFaults } from '../../double/faults.js';
import { MoySkladAccount, type MoySkladUser } from './moysklad-account.js';
import { FIRST_BOOK_MODES, type MoySkladBook, type MoySkladBookModes } from './moysklad-book.js';
import { MOYSKLAD_CALLS, type MoySkladCall, type MoySkladOwnFault } from './moysklad-faults.js';
import { FIRST_LIMITS, type MoySkladLimitModes } from './moysklad-limits.js';
import type { MoySkladHook, MoySkladOrder } from './moysklad-objects.js';
import { writeMoment } from './moysklad-units.js';
import { type MoySkladNotice, MoySkladWebhooks } from './moysklad-webhooks.js';

/** Standing behaviour of the service. */
export interface MoySkladModes extends MoySkladBookModes, MoySkladLimitModes {
  /** Milliseconds every call takes. 0 at first. */
  latencyMs: number;
  /** Whether replies are packed; rarely they are not. On at first. */
  gzip: boolean;
  /** Rows of a current-stock report beyond which it answers 13005; undefined: none. */
  currentRowsMost: number | undefined;
  /** Milliseconds that changes of stock are gathered; 1 to 5 minutes there, 100 here at first. */
  stockWebhookMs: number;
  /** How often each notice is posted. 1 at first. */
  webhookCopies: number;
  /** Whether `X-Lognex-WebHook-DisableByPrefix` also silences `webhookstock`; not at first. */
  prefixSilencesStock: boolean;
}

const FIRST_MODES: MoySkladModes = {
  ...FIRST_BOOK_MODES,
  ...FIRST_LIMITS,
  ...{ latencyMs: 0, gzip: true, currentRowsMost: undefined, stockWebhookMs: 100, webhookCopies: 1, prefixSilencesStock: false },
};
const DAY_MS = 86_400_000;

/** A request as it was received. */
export interface MoySkladReceived {
  call: MoySkladCall | 'unknown';
  method: string;
  /** With the query, decoded. */
  url: string;
  body?: unknown;
  /** Login of who called; undefined: nobody known. */
  by?: string;
  /** When it came, milliseconds since 1970. */
  at: number;
  /** What was answered; 0: nothing yet, or nothing that could be read. */
  status: number;
  /** The code of a refusal. */
  code?: number;
}

/** The double without its HTTP: the accounts, how they are to behave, and the test's hold on both. */
export class MoySkladControl extends DoubleControl<MoySkladCall, MoySkladOwnFault> {
  readonly webhooks = new MoySkladWebhooks();
  readonly modes: MoySkladModes = { ...FIRST_MODES };
  /** All received calls, in order, failed ones included. */
  readonly calls: MoySkladReceived[] = [];
  readonly accounts: MoySkladAccount[] = [];
  /** Prefixes of addresses that hear nothing of the write that is being made. */
  silentPrefixes: readonly string[] = [];
  private readonly gathering = new Set<MoySkladHook>();

  constructor(
    private readonly baseUrl: () => string,
    token: string,
  ) {
    super(
      new PlannedFaults<MoySkladCall, MoySkladOwnFault>(MOYSKLAD_CALLS, {
        ...{ refuse: ['code'], 'too-many-at-once': [], 'html-before': [], 'html-after': [], bomb: [], 'broken-gzip': [] },
      }),
    );
    this.addAccount().addUser('admin@lavka', { token });
    this.webhooks.onEnd = (notice, isTaken) => this.conclude(notice, isTaken);
  }

  /** The first account. */
  get account(): MoySkladAccount {
    const [first] = this.accounts;
    if (!first) throw new Error('there is no account');
    return first;
  }

  /** Goods, stores, figures and orders of the first account. */
  get book(): MoySkladBook {
    return this.account.book;
  }

  /** Who calls in the first account at first: an administrator. */
  get user(): MoySkladUser {
    const [first] = this.account.users;
    if (!first) throw new Error('there is no user');
    return first;
  }

  addAccount(): MoySkladAccount {
    const account = new MoySkladAccount(randomUUID(), this.modes, this.modes);
    account.listen(
      (since) => this.tellOfStock(account, since),
      (action, order, fields) => this.tellOfOrder(account, action, order, fields),
    );
    this.accounts.push(account);
    return account;
  }

  /** The address that hrefs begin with. */
  get base(): string {
    return `${this.baseUrl()}/api/remap/1.2`;
  }

  setModes(modes: Partial<MoySkladModes>): void {
    Object.assign(this.modes, modes);
  }

  countCalls(call: MoySkladCall): number {
    return this.calls.filter((one) => one.call === call).length;
  }

  /** The calls that were refused for a limit: code 1049 or 1073. */
  countRefusedForLimits(): number {
    return this.calls.filter(({ status }) => status === 429).length;
  }

  /**
   * Forgets goods, orders, subscriptions, faults, calls and bans; modes and rights are as at first. Accounts,
   * users, tokens, stores, organizations and counterparties stay.
   */
  reset(): void {
    this.forgetWhatIsDue();
    this.gathering.clear();
    this.setModes(FIRST_MODES);
    for (const { book, hooks, users } of this.accounts) {
      book.clear();
      hooks.clear();
      for (const { lacks, hidden, limits } of users) {
        lacks.clear();
        hidden.clear();
        limits.clear();
      }
    }
    for (const account of this.accounts) account.tariff = 'paid';
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.calls.length = 0;
  }

  /** Subscribers hear that something changed, once for all that is gathered. */
  private tellOfStock(account: MoySkladAccount, since: number): void {
    for (const hook of account.hooks.values()) {
      if (hook.family !== 'webhookstock' || this.gathering.has(hook)) continue;
      if (this.modes.prefixSilencesStock && this.isSilent(hook)) continue;
      this.gathering.add(hook);
      this.later(this.modes.stockWebhookMs, () => {
        this.gathering.delete(hook);
        const { stockType, reportType } = hook;
        const changedSince = encodeURIComponent(writeMoment(since).slice(0, 19));
        const reportUrl = `${this.base}/report/stock/${reportType}/current?changedSince=${changedSince}&stockType=${stockType}`;
        this.post(account, hook, { accountId: account.id, stockType, reportType, reportUrl });
      });
    }
  }

  private tellOfOrder(
    account: MoySkladAccount,
    action: 'CREATE' | 'UPDATE' | 'DELETE',
    order: MoySkladOrder,
    fields: readonly string[],
  ): void {
    for (const hook of account.hooks.values()) {
      if (hook.entityType !== 'customerorder' || hook.action !== action || this.isSilent(hook)) continue;
      const meta = { type: 'customerorder', href: `${this.base}/entity/customerorder/${order.id}` };
      const updatedFields = action === 'UPDATE' && hook.diffType === 'FIELDS' ? { updatedFields: fields } : {};
      this.post(account, hook, {
        auditContext: {
          meta: { type: 'audit', href: `${this.base}/audit/${randomUUID()}` },
          ...{ uid: 'admin@lavka', moment: writeMoment(account.book.now).slice(0, 19) },
        },
        events: [{ meta, action, accountId: account.id, ...updatedFields }],
      });
    }
  }

  private isSilent({ url }: MoySkladHook): boolean {
    return this.silentPrefixes.some((prefix) => url.startsWith(prefix));
  }

  private post(account: MoySkladAccount, hook: MoySkladHook, body: MoySkladNotice['body']): void {
    const present = account.hooks.get(hook.id);
    if (!present?.enabled || account.tariff === 'free') return;
    const notice = { hook: present, requestId: randomUUID(), accountId: account.id, body };
    for (let copy = 0; copy < this.modes.webhookCopies; copy++) this.webhooks.add(notice);
  }

  /** Ten days with failures on more than seven and no success switch a subscription off. */
  private conclude({ hook: { id }, accountId }: MoySkladNotice, isTaken: boolean): void {
    const account = this.accounts.find((one) => one.id === accountId);
    const hook = account?.hooks.get(id);
    if (!account || !hook) return;
    const today = Math.floor(account.book.now / DAY_MS);
    if (isTaken) hook.failedDays.clear();
    else hook.failedDays.add(today);
    for (const day of hook.failedDays) if (day <= today - 10) hook.failedDays.delete(day);
    if (hook.failedDays.size > 7) hook.enabled = false;
  }
}

import { randomBytes, randomUUID } from 'node:crypto';
import { MoySkladBook, type MoySkladBookModes, type MoySkladOrderEvent } from './moysklad-book.js';
import { type MoySkladCaller, MoySkladLimits } from './moysklad-limits.js';
import type { MoySkladHook } from './moysklad-objects.js';
import { MoySkladRefusal } from './moysklad-refusal.js';

/** Rights, with the code of the rejection without one. Without `seeBuyPrice` the price is omitted. */
const RIGHTS = {
  ...{ see: 1016, edit: 1017, delete: 1018, create: 1045, reserve: 1075, post: 1092 },
  ...{ seeStockReports: 13003, seeCurrentStock: 13004, ownWebhooks: 30004, seeBuyPrice: 1016 },
};
export type MoySkladRight = keyof typeof RIGHTS;
export const MOYSKLAD_RIGHTS = Object.keys(RIGHTS) as MoySkladRight[];

/** A user of an account, or an app in it. */
export class MoySkladUser {
  readonly id = randomUUID();
  /** Missing rights. Initially a user has all. */
  readonly lacks = new Set<MoySkladRight>();
  /** Ids of goods and stores that the user's rights hide. */
  readonly hidden = new Set<string>();
  readonly limits: MoySkladLimits;
  /** The Bearer token. */
  token: string;

  constructor(
    readonly login: string,
    readonly password: string,
    readonly caller: MoySkladCaller,
    modes: { readonly basketUnits: number },
    token?: string,
  ) {
    this.limits = new MoySkladLimits(caller, modes);
    this.token = token ?? randomBytes(20).toString('hex');
  }

  /** The id of the app. Undefined for a person. */
  get app(): string | undefined {
    return this.caller === 'user' ? undefined : this.id;
  }

  /** Throws the refusal of a right that is missing. */
  need(...rights: readonly MoySkladRight[]): void {
    const missing = rights.find((right) => this.lacks.has(right));
    if (missing !== undefined) throw new MoySkladRefusal(RIGHTS[missing]);
  }

  /** All earlier tokens end. */
  renewToken(): string {
    this.token = randomBytes(20).toString('hex');
    return this.token;
  }
}

/** An account: its callers, its contents, and the listeners for its changes. */
export class MoySkladAccount {
  readonly id = randomUUID();
  readonly hooks = new Map<string, MoySkladHook>();
  readonly book: MoySkladBook;
  /** The free tariff has no webhooks, and existing ones are silent. */
  tariff: 'paid' | 'free' = 'paid';

  constructor(
    readonly users: MoySkladUser[],
    private readonly modes: MoySkladBookModes & { readonly basketUnits: number },
  ) {
    this.book = new MoySkladBook(modes);
    this.book.add('organization', 'ООО «Лавка»');
    this.book.add('counterparty', 'Розничный покупатель');
    this.book.currency('RUB').name = 'руб';
    this.book.addStore('Основной склад', { code: 'main' });
    this.book.addStore('Магазин', { code: 'shop' });
  }

  /** Adds a user (`login@account`), or an app. Its token is made up when left out. */
  addUser(login: string, { caller = 'user', token }: { caller?: MoySkladCaller; token?: string } = {}): MoySkladUser {
    const user = new MoySkladUser(login, `${login}-password`, caller, this.modes, token);
    this.users.push(user);
    return user;
  }

  /** Calls of all its users that are being answered. */
  get running(): number {
    return this.users.reduce((sum, { limits }) => sum + limits.running, 0);
  }

  /** Forgets goods, orders, subscriptions, bans and missing rights. */
  clear(): void {
    this.book.clear();
    this.hooks.clear();
    this.tariff = 'paid';
    for (const { lacks, hidden, limits } of this.users) for (const one of [lacks, hidden, limits]) one.clear();
  }

  /** Reports changes in its book to `stock` and `order`. */
  listen(stock: (since: number) => void, order: MoySkladOrderEvent): void {
    this.book.onStock = stock;
    this.book.onOrder = order;
  }
}

import type { ApiShipBook } from './apiship-book.js';
import { type ApiShipConnection, FIRST_CONNECTIONS } from './apiship-network.js';
import { refuse } from './apiship-objects.js';

/** How a client shows who it is. */
export interface ApiShipCredentials {
  login: string;
  password: string;
  /** The token copied from the cabinet, which does not end. */
  token: string;
}

/** Calculations of a month that cost nothing, and more of them for each order that a carrier accepted. */
const FREE = 10_000;
const FREE_BY_ORDER = 1_000;

/** An account: its contracts with carriers, orders, subscriptions and debts for calculations. */
export class ApiShipAccount {
  readonly subscriptions: { uuid: string; url: string; type: string }[] = [];
  connections: ApiShipConnection[] = [...FIRST_CONNECTIONS];
  /** Calculations of this month. */
  calculations = 0;
  /** Kopecks to pay for calculations that are not free. */
  money = 10_000;
  /** Whether each token of the login is still valid. */
  readonly tokens = new Map<string, boolean>();

  constructor(
    readonly credentials: ApiShipCredentials,
    readonly book: ApiShipBook,
  ) {}

  /** Free calculations that remain. */
  get free(): number {
    const handed = this.book.orders.filter(({ providerNumber }) => providerNumber !== '').length;
    return Math.max(0, FREE + FREE_BY_ORDER * handed - this.calculations);
  }

  /** Counts a calculation, a kopeck each beyond the free ones. Throws Refusal 402 without money. */
  payCalculation(): void {
    if (this.free === 0 && this.money === 0) throw refuse(402, '060001', 'Недостаточно средств на балансе калькулятора');
    if (this.free === 0) this.money--;
    this.calculations++;
  }
}

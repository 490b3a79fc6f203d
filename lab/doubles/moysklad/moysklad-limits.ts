/** Milliseconds that a basket counts. */
const BASKET_MS = 3_000;
/** A user's call has this weight since 2026-12-01. A heavy report has its own. */
const OF_USER = 4;
const HEAVY = 5;
const MINUTE_MS = 60_000;
/** Limits of a user per minute: the same failing call, calls above the limit, changes of one object. */
const MOST_FAILING = 200;
const MOST_TOO_MANY = 200;
const MOST_PUTS = 100;

/** Who calls. */
export type MoySkladCaller = 'user' | 'app' | 'draft-app';

/** The limits of one user or app. */
export class MoySkladLimits {
  /** Calls that are being answered. */
  running = 0;
  /** Maximum number of calls that were answered at the same time. */
  mostRunning = 0;
  /** Why the API is switched off for this user. Only support switches it on. */
  ban: string | undefined;
  private spent: { at: number; units: number }[] = [];
  private minute: { at: number; key: string }[] = [];

  constructor(
    private readonly caller: MoySkladCaller,
    private readonly modes: { readonly basketUnits: number },
  ) {}

  /**
   * Takes a call's weight from the basket. Returns undefined, or milliseconds until there is enough in it.
   */
  spend(isHeavy: boolean): number | undefined {
    const now = Date.now();
    this.forgetOld(now);
    const units = this.weigh(isHeavy);
    if (this.left >= units) {
      this.spent.push({ at: now, units });
      return undefined;
    }
    let free = this.left;
    const freed = this.spent.find((one) => (free += one.units) >= units);
    return Math.max(1, (freed?.at ?? now) + BASKET_MS - now);
  }

  /** The headers of every reply. */
  get headers(): Record<string, string> {
    const now = Date.now();
    this.forgetOld(now);
    const [oldest] = this.spent;
    return {
      'x-ratelimit-limit': String(this.modes.basketUnits),
      'x-ratelimit-remaining': String(Math.max(0, this.left)),
      'x-lognex-retry-timeinterval': String(BASKET_MS),
      'x-lognex-reset': String(oldest === undefined ? 0 : oldest.at + BASKET_MS - now),
    };
  }

  /** A call has come. */
  begin(): void {
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
  }

  /** A call has been answered. */
  end(): void {
    this.running--;
  }

  /** Counts the reasons for a ban: a rejection, or a change of one object. */
  count(method: string, url: string, status: number): void {
    if (status >= 400) this.add(`${status} ${method} ${url}`, MOST_FAILING);
    if (status === 429) this.add('429', MOST_TOO_MANY);
    if (method === 'PUT') this.add(`PUT ${url.split('?')[0]}`, MOST_PUTS);
  }

  /** The ban is lifted, as support does it, and everything counted is forgotten. */
  clear(): void {
    this.ban = undefined;
    this.spent = [];
    this.minute = [];
    this.mostRunning = this.running;
  }

  private get left(): number {
    return this.modes.basketUnits - this.spent.reduce((sum, { units }) => sum + units, 0);
  }

  private weigh(isHeavy: boolean): number {
    return isHeavy ? HEAVY : this.caller === 'app' ? 1 : OF_USER;
  }

  private forgetOld(now: number): void {
    this.spent = this.spent.filter(({ at }) => at > now - BASKET_MS);
  }

  private add(key: string, most: number): void {
    const now = Date.now();
    this.minute = this.minute.filter(({ at }) => at > now - MINUTE_MS);
    this.minute.push({ at: now, key });
    if (this.minute.filter((one) => one.key === key).length > most) this.ban ??= `more than ${most} a minute: ${key}`;
  }
}

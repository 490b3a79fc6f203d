import { formatPhpDate, parsePhpDate } from '../contract/php-date.js';
import { type JsonObject, asText, at } from '../json.js';
import { type Account, type Delivery } from './state.js';

/** The API's format for moments. */
export const MOMENT = 'Y-m-d H:i:s';

/** One account for the API's methods: its records, ids and clock. */
export class AccountContext {
  /** Takes the account, its base URL, a function to call after a change, and the clock. */
  constructor(
    readonly account: Account,
    readonly url: string,
    readonly changed: () => void,
    private readonly clock: () => Date,
  ) {}

  /** The account's time zone (IANA name). */
  get zone(): string {
    return asText(at(this.account.settings, 'timezone.value')) ?? 'UTC';
  }

  /** The account's default currency, ISO 4217. */
  get currency(): string {
    return asText(at(this.account.settings, 'default_currency.value')) ?? 'USD';
  }

  /** The account's language, or English if modules have no texts in it. */
  get language(): 'en' | 'es' | 'ru' {
    const language = asText(at(this.account.settings, 'system_language.value'))?.slice(0, 2).toLowerCase();
    return language === 'es' || language === 'ru' ? language : 'en';
  }

  /** Returns the current time in the API's format: `Y-m-d H:i:s` in the account's zone. */
  now(): string {
    return this.format(MOMENT);
  }

  /** Returns today's date in the account's zone, `Y-m-d`. */
  today(): string {
    return this.format('Y-m-d');
  }

  /** Returns the current time in a PHP format, in the account's zone. */
  format(format: string): string {
    return formatPhpDate(this.clock(), format, this.zone);
  }

  /** Returns the current time as an instant. */
  instant(): Date {
    return this.clock();
  }

  /** Returns the milliseconds since 1970 of a date in the API's format. Undefined if it is not a date. */
  millis(text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    for (const format of [MOMENT, 'Y-m-d H:i', 'Y-m-d']) {
      const date = parsePhpDate(text, format, this.zone);
      if (date) return date.toMillis();
    }
    const parsed = Date.parse(text);
    return Number.isNaN(parsed) ? undefined : parsed;
  }

  /** Returns the records of a collection, oldest first. It is the list itself, so that it can be changed. */
  rows(collection: string): JsonObject[] {
    return (this.account.records[collection] ??= []);
  }

  /** Returns the next id of a collection, from 1. */
  nextId(collection: string): number {
    const id = (this.account.ids[collection] ?? 0) + 1;
    this.account.ids[collection] = id;
    return id;
  }

  /** Adds a record under the next id and returns it. */
  insert(collection: string, row: JsonObject): JsonObject {
    const added: JsonObject = { ...row, id: this.nextId(collection) };
    this.rows(collection).push(added);
    this.changed();
    return added;
  }

  /** Returns the record whose field has this value (compared as text), if any. */
  find(collection: string, field: string, value: string | number | undefined): JsonObject | undefined {
    if (value === undefined) return undefined;
    return this.rows(collection).find((row) => asText(row[field]) === String(value));
  }

  /** Removes a record. Returns false if it does not exist. */
  remove(collection: string, row: JsonObject): boolean {
    const rows = this.rows(collection);
    const index = rows.indexOf(row);
    if (index < 0) return false;
    rows.splice(index, 1);
    this.changed();
    return true;
  }

  /** Adds a history entry. `key`: the API key of the change. Changes made in the CRM have no key. */
  log(collection: string, entry: JsonObject, key?: string): void {
    this.insert(collection, {
      createdAt: this.now(),
      source: key === undefined ? 'user' : 'api',
      ...entry,
      ...(key === undefined ? { user: { id: 1 } } : { key }),
    });
  }

  /** Returns the delivery with this id that a module created, unless it is deleted. */
  delivery(module: string, deliveryId: string): Delivery | undefined {
    return this.account.deliveries.findLast((one) => one.module === module && one.deliveryId === deliveryId && !one.deleted);
  }

  /** Returns the live delivery of an order, if it has one. */
  findDelivery(orderId: number, module: string): Delivery | undefined {
    return this.account.deliveries.findLast((one) => one.module === module && one.orderId === orderId && !one.deleted);
  }
}

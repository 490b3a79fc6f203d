import type { Connection } from '#connections';
import type { Money, Register } from '#provider-kit';

/** The money of one delivery or payment, as Crossdock and the service know it. */
export interface MoneyFacts {
  /** `delivery:<uuid>` or `payment:<uuid>`. */
  readonly subject: string;
  readonly externalId?: string;
  readonly trackNumber?: string;
  readonly reference?: string;
  /** The order's id and number in the CRM. */
  readonly order?: string;
  readonly orderNumber?: string;
  /** Code of the provider. */
  readonly service: string;
  /** `YYYY-MM-DD` in the account's time zone: day of the end, or of the beginning while it has not ended. */
  readonly day: string;
  /** The amount to collect, or of the invoice. */
  readonly owed?: Money;
  /** The amount that the service reported as collected. */
  readonly collected?: Money;
  readonly refunded?: Money;
  /** The price that the service promised. */
  readonly quoted?: Money;
  /** Whether nothing more is to be collected. */
  readonly ended: boolean;
  readonly endedAt?: Date;
}

/** A page of the subjects changed since `from` in their order, or the subjects with any of these keys. */
export type MoneyQuery =
  | { readonly from: Date; readonly after?: string; readonly limit: number }
  | { readonly externalIds: readonly string[]; readonly trackNumbers: readonly string[]; readonly references: readonly string[] };

/** An integration's money, in its definition. */
export interface MoneySource {
  /** The same as `HostedModule.integration`. */
  readonly integration: string;
  listFacts(connection: Connection, query: MoneyQuery): Promise<MoneyFacts[]>;
  /** Whether the provider lists its registers. Otherwise the shop uploads them as CSV files. */
  canListRegisters(connection: Connection): boolean;
  /**
   * Lists the registers of a day (`YYYY-MM-DD`) at the service.
   * @throws ProviderError
   */
  listRegisters(connection: Connection, day: string): Promise<Register[]>;
}

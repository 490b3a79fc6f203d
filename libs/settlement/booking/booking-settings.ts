import { Injectable } from '@nestjs/common';
import { IsBoolean, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { type Connection, ConnectionStore, CrmClients } from '#connections';
import { CRM_LISTS, type CrmListName, RegistrationService } from '#onboarding';
import { OutboxService } from '#outbox';
import { BadInputError, Clock, Database, JobQueue, type Transaction } from '#platform';
import type { LookupItem } from '#provider-kit';
import { toDay } from '../money.comparison.js';
import { BookingSettingEntity } from './booking.entity.js';
import { book, COST, PAYMENT } from './kinds.js';

/** Milliseconds of each call for a list of choices. */
const LIST_MS = 5_000;

/** Choices of entries in the CRM. */
export class BookingSettingsDto {
  /** Code of the CRM's item of costs for fees. It has to refer to orders. Missing: no costs are entered. */
  @IsOptional() @IsString() @MaxLength(255) costItem?: string;
  /** Code of the CRM's payment type for collected cash. Missing: no payments are entered. */
  @IsOptional() @IsString() @MaxLength(255) paymentType?: string;
  /** Code of the status of these payments. Missing: the CRM's default. */
  @IsOptional() @IsString() @MaxLength(255) paymentStatus?: string;
  /** Whether a person may enter payments that a gateway got outside the CRM. */
  @IsOptional() @IsBoolean() invoices?: boolean;
  /** First day (`YYYY-MM-DD`). Default: today, in the account's time zone. */
  @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'must be a date (YYYY-MM-DD)' }) since?: string;
}

/** The choices of a shop, and the lists of its CRM to choose from. */
export interface BookingSettingsView extends BookingSettingsDto {
  since: string;
  /** Whether the module has a gateway, so that `invoices` has a meaning. */
  hasGateway: boolean;
  /** Items of costs that refer to orders. Empty if the CRM could not be read. */
  costItems: LookupItem[];
  paymentTypes: LookupItem[];
  paymentStatuses: LookupItem[];
  /** Scopes that the key still lacks. The CRM gets a request for them when the choices are saved. */
  missingScopes: string[];
}

/** The shop's choices as stored. Null: not chosen. */
export type BookingChoices = Pick<BookingSettingEntity, 'costItem' | 'paymentType' | 'paymentStatus' | 'invoices' | 'since'>;

/** The shops' choices of entries in their CRM. Nothing is entered until a shop switches it on. */
@Injectable()
export class BookingSettings {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly crmClients: CrmClients,
    private readonly registrations: RegistrationService,
    private readonly clock: Clock,
    private readonly queue: JobQueue,
    private readonly outbox: OutboxService,
  ) {}

  /** Returns the stored choices of a connection. */
  async read(connectionId: string): Promise<BookingChoices> {
    const row = await this.database.dataSource.getRepository(BookingSettingEntity).findOneBy({ connectionId });
    return row ?? { costItem: null, paymentType: null, paymentStatus: null, invoices: false, since: '' };
  }

  /** Returns the connections that have anything entered. */
  async listOn(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT connection_id AS id FROM booking_setting WHERE cost_item IS NOT NULL OR payment_type IS NOT NULL`,
    );
    return rows.map(({ id }) => id);
  }

  /** Returns the choices and the lists of the CRM to choose from. */
  async show(connection: Connection): Promise<BookingSettingsView> {
    const { costItem, paymentType, paymentStatus, invoices, since } = await this.read(connection.id);
    const [costItems, paymentTypes, paymentStatuses] = await Promise.all([
      this.list(connection, 'costItems'),
      this.list(connection, 'paymentTypes'),
      this.list(connection, 'paymentStatuses'),
    ]);
    return {
      ...(costItem !== null && { costItem }),
      ...(paymentType !== null && { paymentType }),
      ...(paymentStatus !== null && { paymentStatus }),
      ...{ invoices, since: since || toDay(this.clock.now().getTime(), connection), costItems, paymentTypes, paymentStatuses },
      hasGateway: connection.views.some(({ module }) => module.kind === 'adapter' && module.integration === 'payment'),
      missingScopes: await this.listMissingScopes(connection, listScopes({ costItem, paymentType, invoices })),
    };
  }

  /** Stores the choices, and registers the connection again if it needs more scopes for them. */
  async save(connection: Connection, given: BookingSettingsDto): Promise<BookingSettingsView> {
    const today = toDay(this.clock.now().getTime(), connection);
    const since = given.since ?? today;
    if (since > today) throw new BadInputError({ since: 'must not be in the future' });
    const chosen = { costItem: given.costItem || null, paymentType: given.paymentType || null, invoices: given.invoices ?? false };
    const scopes = listScopes(chosen);
    const { costItem, paymentType } = await this.read(connection.id);
    await this.database.transaction(async (tx) => {
      if (chosen.costItem !== null && costItem === null) await this.resume(tx, connection, 'cost', COST);
      if (chosen.paymentType !== null && paymentType === null) await this.resume(tx, connection, 'payment', PAYMENT);
      await tx.getRepository(BookingSettingEntity).save({
        ...{ connectionId: connection.id, ...chosen, since },
        paymentStatus: given.paymentStatus || null,
      });
      if (!chosen.invoices)
        await tx.query(`DELETE FROM booking WHERE connection_id = $1 AND kind = 'invoice' AND called_at IS NULL AND sent_at IS NULL`, [
          connection.id,
        ]);
      await this.connections.update(connection.id, { chosenScopes: scopes }, tx);
      if ((await this.listMissingScopes(connection, scopes)).length > 0) await this.registrations.schedule(tx, connection.id);
    }, connection.request);
    this.queue.wake(book, {}, { deduplicationId: book.name });
    return this.show(connection);
  }

  /** Lists the given scopes that a connection's key lacks. */
  async listMissingScopes({ id }: Connection, scopes: readonly string[]): Promise<string[]> {
    const row = await this.connections.findRow(id);
    return scopes.filter((scope) => !row?.scopes.includes(scope));
  }

  /** Schedules the calls again that were dropped while their kind was switched off. */
  private async resume(tx: Transaction, { id: connectionId }: Connection, line: 'cost' | 'payment', kind: string): Promise<void> {
    const waiting = await tx.query<{ id: string }[]>(`SELECT id FROM booking WHERE connection_id = $1 AND kind = $2 AND sent_at IS NULL`, [
      connectionId,
      line,
    ]);
    await this.outbox.add(
      tx,
      waiting.map(({ id: subject }) => ({ connectionId, kind, subject, payload: {} })),
    );
  }

  private async list({ id, request }: Connection, name: CrmListName): Promise<LookupItem[]> {
    try {
      const crm = await this.crmClients.crmFor(id, 'interactive', { request });
      return await CRM_LISTS[name].load(crm, { signal: AbortSignal.timeout(LIST_MS) });
    } catch {
      // The page takes a code without a list, too.
      return [];
    }
  }
}

/** Lists the scopes that choices need. */
export function listScopes({ costItem, paymentType, invoices }: Pick<BookingChoices, 'costItem' | 'paymentType' | 'invoices'>): string[] {
  const scopes = [
    ...(costItem === null ? [] : ['cost_read', 'cost_write']),
    ...(paymentType === null ? [] : ['order_read', 'order_write']),
    ...(invoices ? ['order_read', 'reference_read', 'payments_write'] : []),
  ];
  return [...new Set(scopes)];
}

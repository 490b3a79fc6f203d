import { Injectable } from '@nestjs/common';
import { IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { type Connection, CrmClients, refuseForShadow } from '#connections';
import type { CrmClient, exact } from '#crm-client';
import { OutboxService } from '#outbox';
import { CallbackError, Clock, Database, isUuid, type LocalText, newId, notFound, textFor, toRows } from '#platform';
import { toMoney, toWireAmount } from '#provider-kit';
import { DifferenceStore } from '#reconciliation';
import { compareMoney } from '../find-money-differences.js';
import { RegisterStore } from '../register-store.js';
import { texts } from '../settlement.texts.js';
import { BookingEntity } from './booking.entity.js';
import { BookingSettings, listScopes } from './booking-settings.js';
import { INVOICE } from './kinds.js';

/** Milliseconds of the calls for an order and its payments. */
const READ_MS = 10_000;
/** Minutes after which a call without a reply has ended, so that a person may choose again. */
const CALL_MINUTES = 5;

/** Chooses the payment of an order that was paid at the gateway, outside the CRM. */
export class InvoiceDto {
  /** Number of the order in the CRM. */
  @IsString() @IsNotEmpty() @MaxLength(50) order!: string;
  /** Id of the payment in the CRM. Missing: its choices are returned, and nothing is entered. */
  @IsOptional() @IsInt() @Min(1) @Max(2_147_483_647) payment?: number;
}

/** A payment of an order in the CRM. */
export interface CrmPayment {
  id: number;
  /** Name of its type in the CRM. */
  type: string;
  /** Missing: the CRM does not have it. */
  amount?: number;
  /** Currency of its order. */
  currency: string;
  /** Name of its status in the CRM. */
  status: string;
  isPaid: boolean;
  /** Whether it is unpaid and in the currency of the invoice. */
  canEnter: boolean;
}

/** The invoice that is entered, and the payments of the order to choose from. */
export interface InvoiceOffer {
  /** Number of the payment at the gateway. */
  externalId: string;
  day: string;
  amount: number;
  currency: string;
  payments: CrmPayment[];
  /** `offered`: nothing was entered. `waiting`: it is being sent. `booked`: the CRM has it. */
  state: 'offered' | 'waiting' | 'booked';
}

/** Whether an unknown payment can be entered, or was. */
export interface InvoiceState {
  /** `unclear`: the CRM did not reply, and did not show the payment as paid. */
  state: 'offered' | 'waiting' | 'rejected' | 'unclear';
  /** Why the CRM rejected it, in the CRM's words. */
  problem?: string;
}

/** A payment in a gateway's registers that is unknown here. `minor` is the sum of its sales. */
interface UnknownPayment {
  number: string;
  service: string;
  currency: string;
  day: string;
  minor: string;
}

/** The state of an invoice's line `b`. It is unclear only when a person may choose again. */
export const INVOICE_STATE = `CASE WHEN b.sent_at IS NOT NULL THEN 'booked' WHEN b.problem IS NOT NULL THEN 'rejected'
  WHEN b.called_at < now() - interval '${CALL_MINUTES} minutes' THEN 'unclear' ELSE 'waiting' END`;
/** Sales in payouts of gateways that no known payment explains. $1: connection. */
const UNKNOWN = `register_row w JOIN register g ON g.id = w.register_id AND g.kind = 'payout'
  WHERE w.connection_id = $1 AND w.integration = 'payment' AND w.kind = 'sale' AND w.gross > 0 AND w.external_id IS NOT NULL
    AND w.subject IS NULL AND w.replaced_at IS NULL`;

/** Payments that a gateway got outside the CRM, and that a person enters there (`payment/invoice/import`). */
@Injectable()
export class Invoices {
  constructor(
    private readonly database: Database,
    private readonly settings: BookingSettings,
    private readonly store: RegisterStore,
    private readonly differences: DifferenceStore,
    private readonly crmClients: CrmClients,
    private readonly outbox: OutboxService,
    private readonly clock: Clock,
  ) {}

  /** Returns the states of differences that can be entered, by their subjects. Empty unless switched on. */
  async listStates(connectionId: string, subjects: readonly string[]): Promise<ReadonlyMap<string, InvoiceState>> {
    const rows = subjects.flatMap((subject) => toRowId(subject) ?? []);
    if (rows.length === 0 || !(await this.settings.read(connectionId)).invoices) return new Map();
    const states = await this.database.query<InvoiceState & { id: string; problem: string | null }>(
      `SELECT w.id, CASE WHEN b.id IS NULL THEN 'offered' ELSE ${INVOICE_STATE} END AS state, b.problem
       FROM (SELECT w.id, concat_ws(':', 'invoice', g.service, w.external_id) AS key FROM ${UNKNOWN} AND w.id = ANY ($2::uuid[])) w
         LEFT JOIN booking b ON b.connection_id = $1 AND b.key = w.key
       WHERE b.sent_at IS NULL`,
      [connectionId, rows],
    );
    return new Map(states.map(({ id, state, problem }) => [`${ROW}${id}`, { state, ...(problem !== null && { problem }) }]));
  }

  /**
   * Shows the payments of an order, or schedules the invoice of the chosen one. If the reply of an earlier
   * call was lost, the payment of that call is read first.
   * @throws CallbackError 404, 409 if it is switched off, is being sent, or is no such row, 400 for an
   * unknown order, or a payment that is not the order's, is paid, or in another currency
   */
  async enter(connection: Connection, difference: string, dto: InvoiceDto): Promise<InvoiceOffer> {
    const choices = await this.settings.read(connection.id);
    if (!choices.invoices || (await this.settings.listMissingScopes(connection, listScopes(choices))).length > 0)
      throw new CallbackError(409, texts.invoice.off);
    const found = await this.findUnknown(connection, difference);
    const { number: externalId, day, minor, currency } = found;
    const offer = { externalId, day, amount: toWireAmount(toMoney(Number(minor), currency)), currency };
    const crm = await this.crmClients.crmFor(connection.id, 'interactive', { request: connection.request });
    const signal = AbortSignal.timeout(READ_MS);
    const line = await this.database.dataSource.getRepository(BookingEntity).findOneBy({ connectionId: connection.id, key: toKey(found) });
    if (line?.calledAt && (await this.isPaid(crm, line, signal))) {
      await this.complete(connection, line);
      return { ...offer, payments: [], state: 'booked' };
    }
    const { orders } = await crm.exact.orders.list({ filter: { numbers: [dto.order] } }, { signal });
    if (!orders?.length) throw refuse(connection, 'order', texts.invoice.noOrder);
    const payments = (await readPayments(crm, orders, signal)).map(({ order, ...payment }) => {
      const isIn = order.currency?.toUpperCase() ?? connection.account.currency ?? '';
      return { order, view: { ...payment, currency: isIn, canEnter: !payment.isPaid && isIn === currency } };
    });
    const views = payments.map(({ view }) => view);
    if (dto.payment === undefined) return { ...offer, payments: views, state: 'offered' };
    refuseForShadow(connection);
    const chosen = payments.find(({ view }) => view.id === dto.payment);
    if (!chosen) throw refuse(connection, 'payment', texts.invoice.notOfOrder);
    if (chosen.view.isPaid) throw refuse(connection, 'payment', texts.invoice.isPaid);
    if (!chosen.view.canEnter) throw refuse(connection, 'payment', texts.invoice.otherCurrency);
    await this.schedule(connection, found, chosen.order, dto.payment);
    return { ...offer, payments: views, state: 'waiting' };
  }

  /** Notes that the CRM is called for this line. Returns false after an earlier call or a change. */
  async markCalled({ id, code, amountMinor }: BookingEntity): Promise<boolean> {
    const sql = `UPDATE booking SET called_at = now() WHERE id = $1 AND code = $2 AND amount_minor = $3
      AND called_at IS NULL AND problem IS NULL AND sent_at IS NULL RETURNING 1`;
    return (await this.database.query(sql, [id, code, amountMinor])).length > 0;
  }

  /** Notes that the CRM did not take this line. With a problem it waits until a person chooses again. */
  async forgetCall({ id }: BookingEntity, problem: string | null): Promise<void> {
    await this.database.query(`UPDATE booking SET called_at = NULL, problem = $2 WHERE id = $1`, [id, problem]);
  }

  /** Whether the CRM has the payment of this line as paid. */
  async isPaid(crm: CrmClient, { order, code }: BookingEntity, signal: AbortSignal): Promise<boolean> {
    const { order: present } = await crm.exact.orders.get(Number(order), { by: 'id' }, { signal });
    const payments = present ? await readPayments(crm, [present], signal) : [];
    return payments.some(({ id, isPaid }) => id === Number(code) && isPaid);
  }

  /** Notes that the CRM has the invoice, whose rows are known from now on. Safe to repeat. */
  async complete({ id: connectionId }: Connection, line: BookingEntity): Promise<void> {
    const { subject, provider: service, currency, day, order, orderNumber } = line;
    const externalId = toExternalId(line);
    const rows = await this.database.query<{ id: string }>(
      `UPDATE register_row w SET subject = $2 FROM register g WHERE g.id = w.register_id AND w.connection_id = $1 AND w.integration = 'payment'
         AND w.subject IS NULL AND w.replaced_at IS NULL AND w.external_id = $3 AND g.service = $4 RETURNING w.id`,
      [connectionId, subject, externalId, service],
    );
    const owed = toMoney(Number(line.amountMinor), currency);
    const facts = {
      ...{ subject, externalId, order, ...(orderNumber !== null && { orderNumber }), service, day },
      ...{ owed, collected: owed, ended: true, endedAt: new Date(day) },
    };
    const rules = { now: this.clock.now(), ...(await this.store.readRules(connectionId, service)) };
    const { sums } = compareMoney(facts, (await this.store.listRows(connectionId, [subject])).get(subject) ?? [], rules);
    // The next comparison compares it again.
    await this.store.keep({ connectionId, integration: 'payment' }, [{ facts, sums, differs: true }]);
    const subjects = rows.map(({ id }) => `${ROW}${id}`);
    for (const { id } of await this.differences.listOf(connectionId, subjects, subjects.length)) await this.differences.close(id, 'mended');
    await this.database.query(`UPDATE booking SET sent_at = now() WHERE id = $1`, [line.id]);
  }

  private async findUnknown({ id, account }: Connection, difference: string): Promise<UnknownPayment> {
    const row = isUuid(difference) ? await this.differences.load(difference) : undefined;
    if (row?.connectionId !== id) throw notFound('difference', difference);
    const [found] = await this.database.query<UnknownPayment>(
      `SELECT w.external_id AS number, g.service, g.currency, sum(w.gross)::text AS minor,
         min(coalesce((w.at AT TIME ZONE $3)::date, g.date))::text AS day
       FROM ${UNKNOWN} AND (w.external_id, g.service, g.currency) = (SELECT w.external_id, g.service, g.currency FROM ${UNKNOWN} AND w.id = $2)
       GROUP BY 1, 2, 3`,
      [id, toRowId(row.subject) ?? null, account.timeZone],
    );
    if (!found) throw new CallbackError(409, texts.invoice.notUnknown);
    return found;
  }

  private async schedule(connection: Connection, found: UnknownPayment, order: exact.Order, payment: number): Promise<void> {
    const { service, currency, day, minor } = found;
    const id = newId();
    await this.database.transaction(async (tx) => {
      const [line] = toRows<{ id: string }>(
        await tx.query(
          `INSERT INTO booking (id, connection_id, kind, key, subject, order_ref, order_number, provider, code, day, amount_minor, currency)
             VALUES ($1, $2, 'invoice', $3, $4, $5, $6, $7, $8, $9, $10, $11)
           ON CONFLICT (connection_id, key) DO UPDATE SET order_ref = EXCLUDED.order_ref, order_number = EXCLUDED.order_number,
             code = EXCLUDED.code, day = EXCLUDED.day, amount_minor = EXCLUDED.amount_minor, called_at = NULL, problem = NULL
             WHERE booking.sent_at IS NULL AND coalesce(booking.called_at, '-infinity') < now() - interval '${CALL_MINUTES} minutes'
           RETURNING id`,
          [id, connection.id, toKey(found), `invoice:${id}`, order.id, order.number ?? null, service, payment, day, minor, currency],
        ),
      );
      if (!line) throw new CallbackError(409, texts.invoice.busy);
      await this.outbox.add(tx, [{ connectionId: connection.id, kind: INVOICE, subject: line.id, payload: {} }]);
    }, connection.request);
  }
}

const ROW = 'register-row:';

function toRowId(subject: string): string | undefined {
  const id = subject.startsWith(ROW) ? subject.slice(ROW.length) : '';
  return isUuid(id) ? id : undefined;
}

function toKey({ service, number }: Pick<UnknownPayment, 'service' | 'number'>): string {
  return `invoice:${service}:${number}`;
}

/** Returns the number of an invoice's payment at the gateway. */
export function toExternalId({ provider, key }: BookingEntity): string {
  return key.slice(toKey({ service: provider, number: '' }).length);
}

function refuse({ account }: Connection, field: keyof InvoiceDto, text: LocalText): CallbackError {
  return new CallbackError(400, text, { [field]: textFor(text, account.language) });
}

type FoundPayment = Omit<CrmPayment, 'currency' | 'canEnter'> & { order: exact.Order };

/** Reads the payments of orders, with the names of their types and statuses. */
async function readPayments(crm: CrmClient, orders: readonly exact.Order[], signal: AbortSignal): Promise<FoundPayment[]> {
  const [{ paymentStatuses }, { paymentTypes }] = await Promise.all([
    crm.exact.references.paymentStatuses({ signal }),
    crm.exact.references.paymentTypes({ signal }),
  ]);
  const statuses = new Map(Object.values(paymentStatuses ?? {}).map((one) => [one?.code, one]));
  const types = new Map(Object.values(paymentTypes ?? {}).map((one) => [one?.code, one?.name]));
  return orders.flatMap((order) =>
    Object.values(order.payments ?? {}).flatMap((one) => {
      if (one?.id == null || order.id == null) return [];
      const { id, type, amount } = one;
      const status = statuses.get(one.status);
      return {
        ...{ order, id, type: types.get(type) ?? type ?? '', ...(amount != null && { amount }) },
        ...{ status: status?.name ?? one.status ?? '', isPaid: status?.paymentComplete === true },
      };
    }),
  );
}

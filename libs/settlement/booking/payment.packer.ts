import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { CrmClient } from '#crm-client';
import type { OutboxEntry, OutboxPacker, WaitingEntry } from '#outbox';
import { fillIn, textFor } from '#platform';
import { toMoney, toWireAmount } from '#provider-kit';
import { texts } from '../settlement.texts.js';
import { BookingSettings } from './booking-settings.js';
import { Bookings, nameService } from './bookings.js';
import { PAYMENT } from './kinds.js';

/**
 * Enters cash that a carrier collected as a payment of the order (`orders/payments/create`). The order is
 * read before: a payment with the line's id as `externalId` is edited if its amount differs.
 */
@Injectable()
export class PaymentPacker implements OutboxPacker<object> {
  readonly kind = PAYMENT;
  readonly maxSubjects = 1;
  readonly lingerMs = 0;
  readonly sendsPresent = true;

  constructor(
    private readonly bookings: Bookings,
    private readonly settings: BookingSettings,
  ) {}

  async overdue(connection: Connection, entries: WaitingEntry<object>[]): Promise<ReadonlySet<string>> {
    const { paymentType } = await this.settings.read(connection.id);
    return new Set(paymentType === null ? entries.map(({ id }) => id) : []);
  }

  async send(crm: CrmClient, connection: Connection, entries: OutboxEntry<object>[], signal: AbortSignal): Promise<void> {
    const { paymentType: type, paymentStatus: status } = await this.settings.read(connection.id);
    const [line] = await this.bookings.load(connection.id, entries);
    if (type === null || !line) return;
    const { id, order, day, provider } = line;
    const amount = toWireAmount(toMoney(Number(line.amountMinor), line.currency));
    const { order: present } = await crm.exact.orders.get(Number(order), { by: 'id' }, { signal });
    const known = Object.values(present?.payments ?? {}).find((payment) => payment?.externalId === id);
    if (!known) {
      const comment = textFor(fillIn(texts.collectedBy, { service: nameService(connection, provider) }), connection.account.language);
      const payment = { externalId: id, amount, type, ...(status !== null && { status }), paidAt: `${day} 00:00:00`, comment };
      await crm.orders.paymentsCreate({ payment: { ...payment, order: { id: Number(order) } } }, { signal });
    } else if (known.amount !== amount) await crm.orders.paymentsEdit(id, { by: 'externalId', payment: { amount } }, { signal });
    await this.bookings.markSent([line]);
  }
}

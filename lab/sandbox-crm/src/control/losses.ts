import { type Json, type JsonObject, asText } from '../json.js';
import type { AccountContext } from '../store/account-context.js';
import type { Delivery } from '../store/state.js';
import type { LossView } from './control-types.js';

/** The CRM's data of a delivery or invoice, by field. */
interface Known {
  readonly kind: 'delivery' | 'invoice';
  /** The module's id of the delivery, or the invoice's id. */
  readonly subject: string;
  /** Id of the order. */
  readonly order: number;
  readonly fields: JsonObject;
}

interface Loss extends Omit<Known, 'fields'> {
  readonly account: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly field: string;
  readonly had: Json;
}

/** Returns the CRM's data of a delivery. For a deleted delivery, the field `delivery` is missing. */
export function knowDelivery({ deliveryId, orderId, status, trackNumber, cost, deleted }: Delivery): Known {
  const fields = { status, trackNumber, cost, delivery: deleted ? undefined : deliveryId };
  return { kind: 'delivery', subject: deliveryId, order: orderId, fields };
}

/** Returns the CRM's data of an invoice. */
export function knowInvoice(invoice: JsonObject): Known {
  const { invoiceUuid, orderId, status, amount } = invoice;
  return { kind: 'invoice', subject: asText(invoiceUuid) ?? '', order: Number(orderId), fields: { status, amount } };
}

/** Data that was lost on purpose since the start, and whether modules restored it. */
export class Losses {
  private losses: Loss[] = [];

  /** Records the fields that differ from before. */
  note(crm: AccountContext, before: Known, after: Known): void {
    const { fields, ...subject } = before;
    for (const [field, had] of Object.entries(fields))
      if (had !== undefined && had !== after.fields[field])
        this.losses.push({ ...subject, account: crm.account.code, at: crm.instant().toISOString(), field, had });
  }

  /** Lists the losses of an account with the current values, the latest first. */
  list(crm: AccountContext): LossView[] {
    return this.losses
      .filter(({ account }) => account === crm.account.code)
      .map(({ account: _account, subject, ...loss }) => {
        const now = findKnown(crm, loss.kind, subject)?.fields[loss.field];
        return { ...loss, isBack: now === loss.had, ...(now !== undefined && { now }) };
      })
      .reverse();
  }

  /** Removes all losses. */
  clear(): void {
    this.losses = [];
  }
}

function findKnown(crm: AccountContext, kind: Known['kind'], subject: string): Known | undefined {
  if (kind === 'invoice') {
    const invoice = crm.find('invoices', 'invoiceUuid', subject);
    return invoice && knowInvoice(invoice);
  }
  const delivery = crm.account.deliveries.find(({ deliveryId }) => deliveryId === subject);
  return delivery && knowDelivery(delivery);
}

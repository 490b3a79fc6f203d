import { Injectable } from '@nestjs/common';
import { type Connection, CrmClients } from '#connections';
import type { CrmClient } from '#crm-client';
import { InjectProviders, type Providers } from '#integration-kit';
import { OperationLists } from '#operations';
import { OutboxService } from '#outbox';
import { CallbackError, Clock, Database, toFirstId } from '#platform';
import { type Money, ProviderError, sayError } from '#provider-kit';
import type { ComparedPage, Comparison, FoundDifference, StoredDifference } from '#reconciliation';
import { fetchCrmInvoice } from './crm-invoice.js';
import { type CrmInvoice, type EarlierPayment, findPaymentDifferences, listEarlier, PAYMENT_DIFFERENCES } from './payment-differences.js';
import { PaymentLookup, type ReadPayment } from './payment-lookup.js';
import { PaymentOperations } from './payment-operations.js';
import { PaymentReader } from './payment-reader.js';
import { type StoredPayment, toFacts } from './payment-rows.js';
import { INVOICE, type InvoicePayload } from './payment-states.service.js';
import { isPaid } from './payment-facts.js';
import { PaymentStore } from './payment-store.js';
import type { PaymentProvider } from './port/index.js';
import { toInvoiceUpdate } from './reply-mapper.js';

/** Number of payments per page, and of payments compared at the same time. */
const PAGE = 20;
const AT_ONCE = 5;
/** Days for which a settled payment or a refund is compared, and days for an unpaid payment. */
const DAYS = { settled: 7, pending: 60 };
/** Payments older than this are not compared, in milliseconds. */
const OLDEST_MS = 180 * 86_400_000;
/** Timeout of a call in milliseconds. */
const GATEWAY_MS = 8_000;

/** Differences of one payment. Undefined if the payment changed or one of its operations is running. */
type Compared = FoundDifference[] | undefined;

/** Compares payments with the CRM's invoices and the gateway's payments. */
@Injectable()
export class PaymentComparison implements Comparison {
  readonly integration = 'payment';
  static readonly kinds = PAYMENT_DIFFERENCES;
  readonly kinds = PaymentComparison.kinds;

  constructor(
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
    private readonly database: Database,
    private readonly crmClients: CrmClients,
    private readonly store: PaymentStore,
    private readonly lookup: PaymentLookup,
    private readonly reader: PaymentReader,
    private readonly payments: PaymentOperations,
    private readonly operations: OperationLists,
    private readonly outbox: OutboxService,
    private readonly clock: Clock,
  ) {}

  async comparePage(connection: Connection, place: string | undefined): Promise<ComparedPage> {
    const after = place ?? toFirstId(new Date(this.clock.now().getTime() - OLDEST_MS));
    const ids = await this.store.listToCompare(connection, { after, limit: PAGE, ...DAYS });
    const crm = await this.crmClients.crmFor(connection.id);
    const differences: FoundDifference[] = [];
    const undecided: string[] = [];
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE);
      const compared = await Promise.all(some.map((id) => this.compare(connection, crm, id)));
      compared.forEach((found, index) => {
        if (found) differences.push(...found);
        else undecided.push(some[index] ?? '');
      });
    }
    return {
      ...{ differences, undecided, checked: ids.length - undecided.length },
      differed: new Set(differences.map(({ subject }) => subject)).size,
      ...(ids.length === PAGE && { next: ids.at(-1) ?? '' }),
    };
  }

  /** Throws CallbackError 409 while an operation of the payment is running. */
  async compareOne(connection: Connection, subject: string): Promise<FoundDifference[]> {
    const found = await this.compare(connection, await this.crmClients.crmFor(connection.id, 'interactive', connection), subject);
    if (!found) throw new CallbackError(409, 'Another operation on this payment is running. Try again in a moment.');
    return found;
  }

  async mend(connection: Connection, { id, kind, subject: paymentId, facts }: StoredDifference): Promise<void> {
    if (kind === 'payment.crm-status') {
      const { row } = await this.store.load(connection, paymentId);
      const { refunds = [] } = facts as { refunds?: string[] };
      const payloads: InvoicePayload[] =
        refunds.length === 0 ? [{ status: row.status }] : refunds.map((refundId) => ({ status: row.status, refundId }));
      const rows = payloads.map((payload) => ({ connectionId: connection.id, kind: INVOICE, subject: paymentId, payload }));
      return this.database.transaction((tx) => this.outbox.add(tx, rows), connection.request);
    }
    // Money captured since then counts for a refund, too.
    await this.reader.read(connection, paymentId);
    if (kind !== 'payment.paid-twice') return;
    this.providers.assertHas(connection, 'refund');
    const { refund } = facts as { refund: Money };
    await this.payments.change(this.payments.refund, connection, { paymentId, refundId: id, amount: refund });
  }

  private async compare(connection: Connection, crm: CrmClient, id: string): Promise<Compared> {
    const known = await this.store.load(connection, id);
    const gateway = await this.readGateway(connection, known);
    // Otherwise the buyer's next visit would open a second page.
    const isNewThere = typeof gateway !== 'string' && gateway.isFound && gateway.state.externalId !== (known.row.externalId ?? undefined);
    const stored = isNewThere ? await this.reader.read(connection, id, GATEWAY_MS) : known;
    const { row } = stored;
    const pending = await this.outbox.listPending({ connectionId: connection.id, kind: INVOICE }, [id]);
    const invoice = await fetchCrmInvoice(crm, row.invoiceUuid);
    const others = await this.listOthers(connection, crm, stored, invoice);
    const present = await this.store.load(connection, id);
    const open = await this.operations.listOpen(connection, [`payment:${id}`]);
    if (pending.size > 0 || open.size > 0 || present.row.updatedAt.getTime() !== row.updatedAt.getTime()) return undefined;
    const { status = row.status, amount = 0 } = toInvoiceUpdate(stored, this.store.buildView(connection, stored));
    const held = {
      id,
      name: row.orderNumber ?? row.invoiceUuid,
      facts: toFacts(stored),
      refundsOfBefore: listRefundsOfBefore(stored),
      status: status ?? row.status,
      amount: amount ?? 0,
    };
    const isLost = await this.lookup.isLost(connection, row);
    const state = typeof gateway === 'string' ? gateway : gateway.state;
    return findPaymentDifferences(held, { crm: invoice ?? null, gateway: state, others, isLost, now: this.clock.now() });
  }

  /** Returns the payment at the gateway, or the gateway's error message if it does not have the payment. */
  private async readGateway(connection: Connection, stored: StoredPayment): Promise<ReadPayment | string> {
    try {
      return await this.lookup.read(connection, stored, { budgetMs: GATEWAY_MS });
    } catch (error) {
      if (error instanceof ProviderError && (error.kind === 'rejected' || error.kind === 'invalid'))
        return sayError(error, connection.account.language);
      throw error;
    }
  }

  /** Lists other invoices for the same payment of the order that were paid earlier. */
  private async listOthers(
    connection: Connection,
    crm: CrmClient,
    { row }: StoredPayment,
    invoice: CrmInvoice | undefined,
  ): Promise<EarlierPayment[]> {
    const { orderId } = row.request;
    if (!isPaid(row.status) || orderId === undefined || invoice?.orderPayment === undefined) return [];
    const paid = await this.store.listPaid(connection, orderId);
    const earlier = listEarlier(
      { id: row.id, paidAt: row.paidAt ?? undefined },
      paid.filter(({ id }) => id !== row.id),
    );
    const same: EarlierPayment[] = [];
    for (const one of earlier)
      if ((await fetchCrmInvoice(crm, one.invoiceUuid))?.orderPayment === invoice.orderPayment)
        same.push({ id: one.id, paidAt: one.paidAt });
    return same;
  }
}

/**
 * Lists refunds that another module made before the payment was imported. The CRM has them under other ids.
 */
function listRefundsOfBefore({ row, refunds }: StoredPayment): string[] {
  if (row.crmId === null) return [];
  return refunds.filter(({ createdAt }) => createdAt.getTime() === row.createdAt.getTime()).map(({ id }) => id);
}

import { Clock, Database, type Language, preferredLanguage, toLogLine, textFor } from '#platform';
import { PaymentShops } from '../payment-shops.js';
import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable, Logger } from '@nestjs/common';
import { bindToRequest, type Connection, ConnectionStore, isLive, SystemUrls } from '#connections';
import { type Money, toMoney, ProviderError } from '#provider-kit';
import type { PaymentEntity } from '../payment.entity.js';
import { PaymentOperations } from '../payment-operations.js';
import { toFacts, type StoredPayment } from '../payment-rows.js';
import { getAmount, type PaymentFacts } from '../payment-facts.js';
import { PaymentStore } from '../payment-store.js';
import { texts } from '../payment.texts.js';
import type { FormView, PaymentProvider } from '../port/index.js';
import type { PageState } from './page.texts.js';
import { type InvoicePage, renderInvoice } from './payment-page.view.js';
import { readReturnUrl, readSiteName } from './return-url.js';
import { TrialPageService } from './trial-page.service.js';
import { RELOAD_SECONDS, toCheckout, type Visit, type Visited } from './visit.js';

/** Seconds after which a buyer who paid is sent back to the shop. */
const LEAVES_IN_SECONDS = 5;
/** A payment with a visit is read again after this time, even if no event arrives. */
const READ_SOON_MS = 30_000;

/** The buyer's page behind the lasting link of an invoice, or of a test payment. */
@Injectable()
export class PaymentPageService {
  private readonly logger = new Logger(PaymentPageService.name);

  constructor(
    private readonly store: PaymentStore,
    private readonly connections: ConnectionStore,
    private readonly systemUrls: SystemUrls,
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
    private readonly shops: PaymentShops,
    private readonly operations: PaymentOperations,
    private readonly trials: TrialPageService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Chooses the language of a visit whose account is unknown. */
  chooseLanguage(acceptLanguage: string | undefined): Language {
    return preferredLanguage(acceptLanguage) ?? 'en';
  }

  /** Shows the invoice with a form, or redirects an unpaid invoice to the provider's hosted page. */
  async open(visit: Visit): Promise<Visited> {
    const found = await this.find(visit);
    if (!found) return this.trials.open(visit);
    const { connection, row } = found;
    const stored = await this.store.loadRefunds(row);
    if (!isLive(connection))
      return this.show(visit, connection, stored, { forms: [], ...(row.status === 'pending' && { state: 'closed' }) });
    if (this.providers.has(connection, 'form')) {
      const existing = this.store.toExisting(connection, stored);
      const view = await this.providers.call(connection, 'form', (provider, context) => provider.form.show(existing, context));
      return this.show(visit, connection, stored, toFormPart(view, stored));
    }
    if (row.status !== 'pending') return this.show(visit, connection, stored, { forms: [] });
    // A buyer who comes back from a declined payment sees why before the next one opens.
    if (visit.done && row.details.declined !== undefined)
      return this.show(visit, connection, stored, { forms: [], notice: { tone: 'bad', text: texts.page.declined }, retry: true });
    try {
      const { url, fields } = await this.operations.change(this.operations.checkout, connection, { paymentId: row.id });
      if (url !== undefined) return toCheckout(visit, connection, { url, fields });
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.logger.warn(toLogLine(`the checkout of payment ${row.id} cannot be opened: ${error.message}`, connection.request));
      return this.show(visit, connection, stored, { forms: [], notice: { tone: 'bad', text: texts.page.tryAgain }, retry: true }, 503);
    }
    // The invoice is settled, or its payment is still being processed.
    const after = await this.store.load(connection, row.id);
    return this.show(visit, connection, after, {
      forms: [],
      ...(after.row.status === 'pending' && { state: 'processing', reloadSeconds: RELOAD_SECONDS }),
    });
  }

  /** Accepts the buyer's input. Returns whether the invoice exists. The page shows the outcome. */
  async submit(visit: Visit, values: Readonly<Record<string, string>>): Promise<boolean> {
    const found = await this.find(visit);
    if (!found) return this.trials.submit(visit, values);
    const { connection, row } = found;
    if (!this.providers.has(connection, 'form') || !isLive(connection)) return true;
    await this.expectUpdate(row.id);
    const existing = this.store.toExisting(connection, await this.store.loadRefunds(row));
    await this.database.transaction(
      (transaction) =>
        this.providers.call(connection, 'form', (provider, context) => provider.form.submit(existing, values, context), { transaction }),
      connection.request,
    );
    return true;
  }

  private async find({ module, token, request }: Visit): Promise<{ connection: Connection; row: PaymentEntity } | undefined> {
    const row = /^[A-Za-z0-9_-]{20,64}$/.test(token) ? await this.store.findByToken(token) : undefined;
    const connection = row && (await this.connections.findById(row.connectionId, 'payment'));
    return row && connection?.module.code === module ? { connection: bindToRequest(connection, request), row } : undefined;
  }

  private async expectUpdate(paymentId: string): Promise<void> {
    const now = this.clock.now();
    await this.database.query(
      `UPDATE payment SET active_at = $2, read_at = least(coalesce(read_at, $3), $3) WHERE id = $1 AND status IN ('pending', 'waitingForCapture')`,
      [paymentId, now, new Date(now.getTime() + READ_SOON_MS)],
    );
  }

  private show(visit: Visit, connection: Connection, stored: StoredPayment, part: FormPart, status = 200): Visited {
    const facts = toFacts(stored);
    const { request } = stored.row;
    const refunded = sumRefunded(facts);
    const site = readSiteName(request.siteUrl);
    const returnUrl = readReturnUrl(request.returnUrl, request.siteUrl, this.systemUrls.isDevelopment(connection.systemUrl));
    const { samples = [], state = toPageState(stored), ...rest } = part;
    const leaves = visit.done && (state === 'paid' || state === 'held');
    const language = preferredLanguage(visit.acceptLanguage) ?? connection.account.language;
    const page = renderInvoice({
      language,
      payee: this.shops.find(connection, stored.row.shop)?.name ?? textFor(connection.module.names, language),
      ...(site !== undefined && { site }),
      ...(request.orderNumber && { orderNumber: request.orderNumber }),
      items: request.items,
      amount: getAmount(facts),
      ...(facts.discount && { discount: facts.discount }),
      ...(refunded && { refunded }),
      state,
      samples,
      ...(visit.sample !== undefined && { sample: visit.sample }),
      ...rest,
      ...(returnUrl && { returnUrl, ...(leaves && { leavesInSeconds: LEAVES_IN_SECONDS }) }),
    });
    return { kind: 'page', page, status };
  }
}

type FormPart = Partial<Pick<InvoicePage, 'state' | 'notice' | 'samples' | 'isTest' | 'reloadSeconds' | 'retry'>> &
  Pick<InvoicePage, 'forms'>;

/**
 * The parts of the page that come from a provider's form. The form's status counts until the stored status is
 * final.
 */
function toFormPart(view: FormView, stored: StoredPayment): FormPart {
  const ahead = stored.row.status === 'pending' || stored.row.status === 'waitingForCapture';
  const states: Record<FormView['status'], PageState> = {
    pending: view.forms.length > 0 ? 'open' : 'processing',
    waitingForCapture: stored.row.capture === 'automatic' ? 'processing' : 'held',
    succeeded: 'paid',
    canceled: toPageState(stored) === 'expired' ? 'expired' : 'canceled',
  };
  return {
    ...(ahead && { state: states[view.status] }),
    ...(view.notice && { notice: view.notice }),
    forms: view.forms,
    samples: view.samples ?? [],
    ...(view.isTest && { isTest: true as const }),
    ...(view.reloadSeconds !== undefined && { reloadSeconds: view.reloadSeconds }),
  };
}

function toPageState({ row }: StoredPayment): PageState {
  switch (row.status) {
    case 'pending':
      return 'open';
    case 'waitingForCapture':
      return row.capture === 'automatic' ? 'processing' : 'held';
    case 'succeeded':
      return 'paid';
    case 'refundSucceeded':
      return 'refunded';
    case 'canceled':
      return row.expiresAt && row.expiresAt <= row.statusAt ? 'expired' : 'canceled';
  }
}

function sumRefunded(facts: PaymentFacts): Money | undefined {
  const minor = facts.refunds.reduce((sum, refund) => (refund.status === 'succeeded' ? sum + refund.amount.minor : sum), 0);
  return minor > 0 ? toMoney(minor, facts.amount.currency) : undefined;
}

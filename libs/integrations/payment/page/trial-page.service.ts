import { Injectable, Logger } from '@nestjs/common';
import { bindToRequest, type Connection, ConnectionStore } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { Database, preferredLanguage, textFor, toLogLine } from '#platform';
import { ProviderError, toMoney } from '#provider-kit';
import { PaymentShops } from '../payment-shops.js';
import { texts } from '../payment.texts.js';
import type { FormView, PaymentProvider } from '../port/index.js';
import type { TrialPaymentEntity } from '../trial/trial-payment.entity.js';
import { TrialPayments } from '../trial/trial-payments.js';
import type { PageState } from './page.texts.js';
import { type InvoicePage, renderInvoice } from './payment-page.view.js';
import { RELOAD_SECONDS, toCheckout, type Visit, type Visited } from './visit.js';

/** The buyer's page of a test payment. It is an invoice's page with a note that no money moves. */
@Injectable()
export class TrialPageService {
  private readonly logger = new Logger(TrialPageService.name);

  constructor(
    private readonly trials: TrialPayments,
    private readonly connections: ConnectionStore,
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
    private readonly shops: PaymentShops,
    private readonly database: Database,
  ) {}

  /** Shows a form, or redirects to the provider's hosted page. */
  async open(visit: Visit): Promise<Visited> {
    const found = await this.find(visit);
    if (!found) return { kind: 'unknown' };
    const { connection, row } = found;
    if (row.paidAt) return this.showPaid(visit, found);
    if (!this.trials.canPay(connection, row)) return this.show(visit, found, { state: 'closed' });
    try {
      return await (this.providers.has(connection, 'form') ? this.openForm(visit, found) : this.openCheckout(visit, found));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.logger.warn(toLogLine(`the checkout of a test payment cannot be opened: ${error.message}`, connection.request));
      return this.show(visit, found, { state: 'open', notice: { tone: 'bad', text: texts.page.tryAgain }, retry: true }, 503);
    }
  }

  /** Accepts the form's input. Returns whether the payment exists. */
  async submit(visit: Visit, values: Readonly<Record<string, string>>): Promise<boolean> {
    const found = await this.find(visit);
    if (!found) return false;
    const { connection, row } = found;
    if (row.paidAt || !this.providers.has(connection, 'form') || !this.trials.canPay(connection, row)) return true;
    const existing = this.trials.toExisting(connection, row);
    await this.database.transaction(
      (transaction) =>
        this.providers.call(connection, 'form', (provider, context) => provider.form.submit(existing, values, context), { transaction }),
      connection.request,
    );
    return true;
  }

  private async openForm(visit: Visit, found: Found): Promise<Visited> {
    const { connection, row } = found;
    const existing = this.trials.toExisting(connection, row);
    const view = await this.providers.call(connection, 'form', (provider, context) => provider.form.show(existing, context));
    await this.trials.save(row, { status: view.status });
    return row.paidAt ? this.showPaid(visit, found) : this.show(visit, found, { ...view, state: toState(view) });
  }

  private async openCheckout(visit: Visit, found: Found): Promise<Visited> {
    const { url, fields, state } = await this.trials.openCheckout(found.connection, found.row);
    if (found.row.paidAt) return this.showPaid(visit, found);
    if (url !== undefined) return toCheckout(visit, found.connection, { url, fields });
    return this.show(
      visit,
      found,
      state.status === 'pending' ? { state: 'processing', reloadSeconds: RELOAD_SECONDS } : { state: 'canceled' },
    );
  }

  private showPaid(visit: Visit, found: Found): Visited {
    return this.show(visit, found, { state: 'paid', notice: { tone: 'plain', text: texts.page.trialPaid } });
  }

  private show(visit: Visit, { connection, row }: Found, part: Part, status = 200): Visited {
    const language = preferredLanguage(visit.acceptLanguage) ?? connection.account.language;
    const page = renderInvoice({
      language,
      payee: this.shops.find(connection, row.shop)?.name ?? textFor(connection.module.names, language),
      items: [],
      amount: toMoney(Number(row.amountMinor), row.currency),
      ...{ forms: [], samples: [], isTest: true },
      ...(visit.sample !== undefined && { sample: visit.sample }),
      ...part,
    });
    return { kind: 'page', page, status };
  }

  private async find({ module, token, request }: Visit): Promise<Found | undefined> {
    const row = /^[A-Za-z0-9_-]{20,64}$/.test(token) ? await this.trials.findByToken(token) : undefined;
    const connection = row && (await this.connections.findById(row.connectionId, 'payment'));
    return row && connection?.module.code === module ? { connection: bindToRequest(connection, request), row } : undefined;
  }
}

interface Found {
  connection: Connection;
  row: TrialPaymentEntity;
}

type Part = Pick<InvoicePage, 'state'> & Partial<Pick<InvoicePage, 'notice' | 'forms' | 'samples' | 'reloadSeconds' | 'retry'>>;

function toState({ status, forms }: FormView): PageState {
  if (status === 'canceled') return 'canceled';
  return forms.length > 0 ? 'open' : 'processing';
}

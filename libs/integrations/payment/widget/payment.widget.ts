import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { InjectProviders, type OperationSource, type Providers } from '#integration-kit';
import { CallbackError, Clock, Database, type Language, textFor } from '#platform';
import { ProviderError } from '#provider-kit';
import {
  definePress,
  type EmbedPress,
  type EmbedRequest,
  listSwitchedOf,
  ProviderPresses,
  type StoredResult,
  type SwitchedAction,
  WidgetActions,
  type WidgetBadge,
  type WidgetSource,
  type WidgetView,
} from '#widgets';
import { PaymentOperations } from '../payment-operations.js';
import { PaymentReader } from '../payment-reader.js';
import type { StoredPayment } from '../payment-rows.js';
import { PaymentStatesService } from '../payment-states.service.js';
import { PaymentStore } from '../payment-store.js';
import { texts as paymentTexts } from '../payment.texts.js';
import { PaymentRegistry } from '../payment.registry.js';
import type { PaymentProvider } from '../port/index.js';
import { buildBadge, buildView, listActions, type OpenedPayments, type ShownPayment } from './payment-view.js';

const texts = paymentTexts.widget;

/** For a reading while a user waits. After it the worker continues. */
const CHECK_MS = 600;

/** Shows an order's payments in the CRM's card. */
@Injectable()
export class PaymentWidget implements WidgetSource, OperationSource {
  readonly integration = 'payment';
  readonly targets = ['order/card:payment.before', 'order/mg:payment.before'];

  readonly press = definePress('payment.press', {
    call: async (connection, id, press, options) => {
      const existing = this.store.toExisting(connection, await this.store.load(connection, id, options.transaction));
      return this.providers.call(connection, 'press', (provider, context) => provider.press(press, existing, context), options);
    },
    readSoon: (tx, connection, id) => this.states.markDue(tx, connection, { id }),
  });
  readonly kinds = [this.press];

  constructor(
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
    private readonly store: PaymentStore,
    private readonly reader: PaymentReader,
    private readonly states: PaymentStatesService,
    private readonly operations: PaymentOperations,
    private readonly actions: WidgetActions,
    private readonly presses: ProviderPresses,
    private readonly database: Database,
    private readonly clock: Clock,
    readonly registry: PaymentRegistry,
  ) {}

  listSwitched({ module }: Connection): SwitchedAction[] {
    return [
      { action: 'cancel', title: texts.switches.cancel },
      { action: 'refund', title: texts.switches.refund },
      ...listSwitchedOf(module.manifest),
    ];
  }

  async badge(connection: Connection, { order }: EmbedRequest, language: Language): Promise<WidgetBadge | null> {
    if (!order) return null;
    return buildBadge(await this.store.listOfOrder(connection, String(order.id)), order, language, this.clock.now());
  }

  async view(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetView> {
    const payments = await this.store.listOfOrder(connection, String(request.order?.id));
    if (payments.length > 0) {
      const shown = payments.map((stored) => this.show(connection, stored));
      return buildView({ ...(await this.open(connection)), payments: shown }, request, language);
    }
    const [title, state] = [textFor(texts.title, language), textFor(texts.none, language)];
    return { title, state, tone: 'plain', alerts: [], sections: [], actions: [] };
  }

  async act(connection: Connection, { thing, action, key }: EmbedPress, language: Language): Promise<StoredResult> {
    const stored = await this.store.load(connection, thing.split(':')[1] ?? '');
    const say = (words: keyof typeof texts.actions, tone: StoredResult['tone'] = 'good'): StoredResult => ({
      text: textFor(texts.actions[words], language),
      tone,
    });
    // A press whose reply was lost finds its effect.
    if (action === 'refund' && stored.refunds.some(({ id }) => id === key)) return say('refunded');
    if (action === 'cancel' && stored.row.status === 'canceled') return say('canceled');
    if (!listActions(this.show(connection, stored), await this.open(connection), language).some((one) => one.action === action))
      throw new CallbackError(409, texts.actions.notNow);
    const paymentId = stored.row.id;
    if (action === 'check') return (await this.read(connection, paymentId)) ? say('checked') : say('stillChecking', 'warning');
    const pressed = await this.presses.perform(this.press, connection, { id: paymentId, reference: paymentId }, { action, key }, language);
    if (pressed) return pressed;
    if (action === 'cancel') await this.operations.change(this.operations.cancel, connection, { paymentId });
    if (action === 'refund') await this.operations.change(this.operations.refund, connection, { paymentId, refundId: key });
    return action === 'copy' ? say('copied') : say(action === 'refund' ? 'refunded' : 'canceled');
  }

  /** Reads the payment at the gateway now. If it does not answer in time, the worker reads it next. */
  private async read(connection: Connection, paymentId: string): Promise<boolean> {
    try {
      await this.reader.read(connection, paymentId, CHECK_MS);
      return true;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      await this.database.transaction((tx) => this.states.markDue(tx, connection, { id: paymentId }), connection.request);
      return false;
    }
  }

  private show(connection: Connection, stored: StoredPayment): ShownPayment {
    return { stored, payUrl: this.store.buildPayUrl(connection, stored.row.token) };
  }

  private async open(connection: Connection): Promise<Omit<OpenedPayments, 'payments'>> {
    return {
      ...{ connection, now: this.clock.now() },
      able: { cancel: this.providers.has(connection, 'cancel'), refund: this.providers.has(connection, 'refund') },
      allowed: await this.actions.listAllowed(connection, this.integration),
    };
  }
}

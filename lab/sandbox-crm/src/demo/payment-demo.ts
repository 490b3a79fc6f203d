import { setTimeout as delay } from 'node:timers/promises';
import { invoiceLines } from '../cli/payment-output.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asObjects, asText } from '../json.js';
import { playBuyer } from './buyer.js';
import demoOrders from '../data/demo-orders.json' with { type: 'json' };
import data from '../data/demo.json' with { type: 'json' };
import type { DemoRun } from './demo-run.js';

const { pays: PAYS, declined: DECLINED, twoStages: TWO_STAGES, yenOrder: YEN_ORDER } = data.payment;

/**
 * The demo of a payment module with test cards: currencies, a declined card, one and two stages,
 * partial captures and refunds, released holds, canceled invoices, a rejection by the CRM.
 */
export class PaymentDemo {
  private readonly invoices: string[] = [];
  /** Sites whose currency the module accepts. */
  private readonly sites: string[] = [];

  constructor(private readonly demo: DemoRun) {}

  /** Runs the demo. Returns lines for the summary. */
  async run(): Promise<string[]> {
    await this.oneStage();
    const shop = await this.twoStageShop();
    if (shop !== undefined) await this.twoStages(shop);
    await this.cancelUnpaid();
    await this.timelines();
    return [`${this.invoices.length} invoices${shop === undefined ? ', of one stage only' : ''}`];
  }

  private async oneStage(): Promise<void> {
    const takes = asList(this.payment['currencies']).map(String);
    const orders = [...['main', 'es', 'mx'].map((site) => unpaid(site)), YEN_ORDER];
    this.demo.title('One stage: an invoice, a declined card, a card that pays, the invoice sent again, two partial refunds');
    for (const given of orders) {
      const order = await this.demo.post('orders', given);
      const currency = String(order['currency']);
      if (!takes.includes(currency)) {
        this.demo.line(`  the module does not accept ${currency}`);
        continue;
      }
      const index = this.sites.push(String(given['site'])) - 1;
      const invoice = await this.invoice(order);
      if (!invoice) continue;
      const id = String(invoice['id']);
      // The first request is sent twice, as by a CRM that lost the reply. There must be only one payment.
      if (index === 0) {
        const again = await this.demo.callback('create', { invoice: id });
        const paymentId = asObject(asObject(again['body'])['result'])['paymentId'];
        if (again['ok'] === true && paymentId !== invoice['externalId'])
          this.demo.problems.push(
            `invoice ${id} was sent again and became another payment: ${String(invoice['externalId'])}, then ${String(paymentId)}`,
          );
        await this.decline(invoice);
      }
      if (!(await this.pay(invoice, 'succeeded'))) continue;
      if (!this.can('refund')) {
        this.demo.line('  the module gives nothing back');
        continue;
      }
      const amount = asNumber(invoice['amount']) ?? 0;
      if (index === 0) await this.refuse('refund', id, { amount: amount + 1 }, 'more was to be refunded than was paid');
      if (index <= 1)
        await this.refundInParts(
          id,
          amount,
          index === 0 ? [part(amount, 0.25, currency), part(amount, 0.5, currency)] : [part(amount, 0.3, currency), undefined],
        );
    }
  }

  private async twoStages(shop: string): Promise<void> {
    this.demo.title(`Two stages at shop "${shop}": a part of the hold taken, a hold released, a no of the CRM`);
    const partial = await this.invoiceFor(unpaid(this.pickSite(0), 1), shop);
    if (partial && (await this.pay(partial, 'waitingForCapture'))) {
      const id = String(partial['id']);
      const amount = asNumber(partial['amount']) ?? 0;
      const taken = part(amount, 0.6, String(partial['currency']));
      await this.refuse('approve', id, { amount: amount + 1 }, 'more was to be taken than is held');
      await this.demo.callback('approve', { invoice: id, amount: taken });
      const paid = await this.arrives(id, (one) => one['status'] === 'succeeded', 'status succeeded');
      if (paid && asNumber(paid['amount']) !== taken)
        this.demo.problems.push(`invoice ${id}: ${taken} was captured, and the module reported ${String(paid['amount'])}`);
      if (paid && !asObjects(paid['timeline']).some((event) => event['event'] === 'check'))
        this.demo.problems.push(`invoice ${id}: money was captured without a payment/check`);
      await this.refundInParts(id, taken, [part(taken, 0.5, String(partial['currency']))]);
    }

    const released = await this.invoiceFor(unpaid(this.pickSite(1), 1), shop);
    if (released && (await this.pay(released, 'waitingForCapture'))) {
      await this.demo.callback('cancel', { invoice: released['id'] });
      await this.arrives(String(released['id']), (one) => one['status'] === 'canceled', 'status canceled');
    }

    const doubtful = await this.invoiceFor(unpaid(this.pickSite(2), 1), shop);
    if (doubtful && (await this.pay(doubtful, 'waitingForCapture'))) {
      const id = String(doubtful['id']);
      await this.demo.client.put(this.demo.client.of(`invoices/${id}`), { checkRefusal: 'The customer changed his mind' });
      await this.refuse('approve', id, {}, 'the CRM said no');
      await this.arrives(id, (one) => one['status'] === 'canceled', 'status canceled, after the no of the CRM');
    }
  }

  private async cancelUnpaid(): Promise<void> {
    this.demo.title('An invoice that is cancelled before anybody paid');
    if (!this.can('cancel')) return this.demo.line('  the module cancels nothing');
    const invoice = await this.invoiceFor(unpaid(this.pickSite(1), 2));
    if (!invoice) return;
    const id = String(invoice['id']);
    await this.demo.callback('cancel', { invoice: id });
    await this.arrives(id, (one) => one['status'] === 'canceled', 'status canceled');
    const visit = await playBuyer(asText(invoice['link']) ?? '', { card: PAYS });
    this.demo.line(`  the buyer comes too late: ${visit.text}`);
    await delay(1000);
    const now = await this.read(id);
    if (now['status'] !== 'canceled') this.demo.problems.push(`invoice ${id} was cancelled and is now ${String(now['status'])}`);
  }

  private async timelines(): Promise<void> {
    this.demo.title('What the CRM knows of each invoice');
    for (const id of this.invoices) {
      const invoice = await this.read(id);
      this.demo.lines(invoiceLines(invoice));
      const back = asObjects(invoice['timeline']).filter((event) => event['backward'] === true);
      for (const event of back) this.demo.problems.push(`invoice ${id} went back to ${String(event['status'])}`);
      await this.compare(id, invoice);
    }
  }

  /** Compares the module's status of a payment with its last update. */
  private async compare(id: string, invoice: JsonObject): Promise<void> {
    if (invoice['externalId'] === undefined) return;
    const outcome = await this.demo.callback('status', { invoice: id });
    const result = asObject(asObject(outcome['body'])['result']);
    for (const field of ['status', 'amount', 'paidAt', 'refundable'])
      if (outcome['ok'] === true && result[field] !== undefined && result[field] !== invoice[field])
        this.demo.problems.push(`invoice ${id}: ${field} is ${String(result[field])} at the module, ${String(invoice[field])} in the CRM`);
  }

  private async invoiceFor(given: JsonObject, shop?: string): Promise<JsonObject | undefined> {
    return this.invoice(await this.demo.post('orders', given), shop);
  }

  private async invoice(order: JsonObject, shop?: string): Promise<JsonObject | undefined> {
    const outcome = await this.demo.callback('create', { order: order['id'], shop });
    const invoice = asObject(outcome['invoice']);
    if (invoice['id'] !== undefined) this.invoices.push(String(invoice['id']));
    if (outcome['ok'] !== true) return undefined;
    this.demo.line(
      `  order ${String(order['number'])}: invoice ${String(invoice['id'])} of ${String(invoice['amount'])} ${String(invoice['currency'])}, ${String(invoice['link'])}`,
    );
    return invoice;
  }

  private async decline(invoice: JsonObject): Promise<void> {
    const visit = await playBuyer(asText(invoice['link']) ?? '', { card: DECLINED });
    const id = String(invoice['id']);
    // Only the test gateway's page is known to have a card form.
    if (!visit.ok || (this.demo.options.module === 'testpay' && !visit.hasForm))
      this.demo.problems.push(`invoice ${id}: after a declined card the page should have its form again (HTTP ${visit.status})`);
    const status = (await this.read(id))['status'];
    if (status !== 'pending') this.demo.problems.push(`invoice ${id}: a declined card left it ${String(status)}`);
    else this.demo.line(`  invoice ${id}: a declined card leaves it pending`);
  }

  private async pay(invoice: JsonObject, status: 'succeeded' | 'waitingForCapture'): Promise<boolean> {
    const id = String(invoice['id']);
    const visit = await playBuyer(asText(invoice['link']) ?? '', { card: PAYS });
    if (!visit.ok) {
      this.demo.problems.push(`invoice ${id}: the page did not take the card (HTTP ${visit.status}): ${visit.text}`);
      return false;
    }
    return (await this.arrives(id, (one) => one['status'] === status, `status ${status}`)) !== undefined;
  }

  /** Refunds the amounts one after another. Undefined refunds the rest. */
  private async refundInParts(id: string, paid: number, amounts: readonly (number | undefined)[]): Promise<void> {
    let done = 0;
    for (const amount of amounts) {
      const outcome = await this.demo.callback('refund', { invoice: id, amount });
      if (outcome['ok'] !== true) return;
      const refund = asObject(asObject(outcome['body'])['result']);
      done += asNumber(refund['amount']) ?? 0;
      const told = (one: JsonObject): boolean =>
        asObjects(one['timeline']).some(
          ({ refund: news }) => asObject(news)['id'] === refund['id'] && asObject(news)['status'] === 'succeeded',
        );
      await this.arrives(id, told, `refund ${String(refund['id'])} of ${String(refund['amount'])} succeeded`);
    }
    const all = Math.abs(done - paid) < 0.0001;
    const invoice = await this.arrives(
      id,
      (one) => (one['status'] === 'refundSucceeded') === all && one['refundable'] === !all,
      all ? 'all refunded' : 'still refundable',
    );
    const kept = asObjects(invoice?.['refunds']).length;
    if (invoice && kept !== amounts.length)
      this.demo.problems.push(`invoice ${id}: ${amounts.length} refunds were made and the CRM has ${kept}`);
  }

  /** Runs a callback that the module must reject. */
  private async refuse(name: 'approve' | 'refund', invoice: string, body: JsonObject, why: string): Promise<void> {
    const reason = await this.demo.refusal(name, { invoice, ...body }, `invoice ${invoice}: ${name} was done although ${why}`);
    if (reason !== undefined) this.demo.line(`  ${name} of invoice ${invoice} is refused, for ${why}: ${reason}`);
  }

  /**
   * Waits until the module's updates have changed the invoice. Otherwise notes a problem, returns undefined.
   */
  private async arrives(id: string, is: (invoice: JsonObject) => boolean, what: string): Promise<JsonObject | undefined> {
    const look = async (): Promise<JsonObject | undefined> => {
      const invoice = await this.read(id);
      return is(invoice) ? invoice : undefined;
    };
    const invoice = await this.demo.arrives(look, () => `invoice ${id}: ${this.demo.after} the module has not told of: ${what}`);
    if (invoice) this.demo.line(`  invoice ${id}: ${what}`);
    return invoice;
  }

  private read(id: string): Promise<JsonObject> {
    return this.demo.get(`invoices/${id}`);
  }

  /** Returns a shop with two stages: an existing one, or one set up by the operator API. */
  private async twoStageShop(): Promise<string | undefined> {
    if (!this.can('approve')) return undefined;
    const { code } = TWO_STAGES;
    if (this.hasShop(code)) return code;
    if (this.demo.options.operatorToken === undefined) {
      this.demo.title(
        "No second stage: give --operator-token (or OPERATOR_TOKEN) to set up a shop of two stages by the module's operator API",
      );
      return undefined;
    }
    const shops: Json[] = asObjects((await this.demo.readSettings())['shops']);
    // A shop with its own key cannot be copied, because the API never returns the key.
    const present = asObjects(shops).find((shop) => shop['capture'] === 'manual' && this.hasShop(String(shop['code'])));
    if (present !== undefined) return String(present['code']);
    if (shops.length === 0) {
      this.demo.problems.push('the operator API tells no shops of this connection');
      return undefined;
    }
    if (!(await this.demo.saveSettings({ shops: [...shops, { ...asObject(shops[0]), ...TWO_STAGES }] }))) return undefined;
    const look = async (): Promise<string | undefined> => {
      await this.demo.refresh();
      return this.hasShop(code) ? code : undefined;
    };
    return this.demo.arrives(look, () => 'the shop of two stages was not registered');
  }

  /** Returns a site whose currency the module accepts. Numbers get different sites as far as possible. */
  private pickSite(number: number): string {
    return this.sites[number % this.sites.length] ?? 'main';
  }

  private can(action: string): boolean {
    return asObject(this.payment['actions'])[action] !== undefined;
  }

  private hasShop(code: string): boolean {
    return asObjects(this.payment['shops']).some((shop) => shop['code'] === code);
  }

  private get payment(): JsonObject {
    return this.demo.integration('payment') ?? {};
  }
}

/** Returns the demo's order with this number for a site, unpaid, to be paid by card. */
function unpaid(site: string, number = 0): JsonObject {
  const order = demoOrders.filter((one) => one['site'] === site)[number];
  return { ...order, payments: [{ type: 'bank-card', status: 'not-paid' }] };
}

/** Returns a part of an amount, in whole units of its currency. */
function part(amount: number, share: number, currency: string): number {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return Number((amount * share).toFixed(digits));
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { CaptureMode, CreateRequest, ExistingPayment, PaymentState } from '#payment/port';
import { countCurrencyDigits, toMoney, type Money, type ProviderContext } from '#provider-kit';
import { Suite } from '../provider/index.js';
import { existingPayment, uuidOfNow } from './existing-payment.js';
import type { OptionalPaymentMethod, PaymentRefusals, PaymentSubject } from './subject.js';

/** How far a time of the service may be from ours. */
const CLOCK_MS = 90_000;

/** A run of the suite, and the steps that several cases share. */
export class PaymentSuite<S extends object> extends Suite<S, OptionalPaymentMethod, PaymentSubject<S>> {
  isLocal(): boolean {
    return this.provider.manifest.recovery.kind === 'local';
  }

  /** Notes a promise that nothing proves. Our own services have no service behind them. */
  leaveOpen(promise: string, member: string): void {
    if (!this.isLocal()) this.unproven.add(promise, member);
  }

  within<T>(work: (given: ProviderContext<S>) => Promise<T>): Promise<T> {
    return this.subject.within ? this.subject.within(work) : work(this.context);
  }

  get(payment: ExistingPayment): Promise<PaymentState> {
    return this.provider.get(payment, this.context);
  }

  getRefusals(): PaymentRefusals | undefined {
    if (this.subject.refusals === undefined)
      this.leaveOpen('a rejected or waiting refund or capture is not a success', "refusals, or refusals: 'none'");
    return this.subject.refusals === 'none' ? undefined : this.subject.refusals;
  }

  /** Checks that times of a state are the service's: of about now, whatever the caller's clock shows. */
  async checkTimes(payment: ExistingPayment): Promise<void> {
    const state = await this.get(payment);
    await sleep(5);
    const later = await this.provider.get(payment, { ...this.context, now: new Date(this.context.now.getTime() + 60_000) });
    expect([later.paidAt, later.expiresAt]).toEqual([state.paidAt, state.expiresAt]);
    if (state.paidAt) expect(Math.abs(state.paidAt.getTime() - Date.now())).toBeLessThan(CLOCK_MS);
  }

  /** Returns the payment as the service shows it now. */
  async refresh(payment: ExistingPayment): Promise<ExistingPayment> {
    const { memory } = payment;
    return { ...existingPayment(payment.request, await this.get(payment)), memory };
  }

  newRequest(capture?: CaptureMode): CreateRequest {
    return buildRequest(this, capture);
  }

  async create(capture?: CaptureMode): Promise<ExistingPayment> {
    const request = this.newRequest(capture);
    return existingPayment(request, await this.within((given) => this.provider.create(request, given)));
  }

  /** Opens the page of a payment, as its buyer does. */
  async open(payment: ExistingPayment): Promise<ExistingPayment> {
    const checkout = this.provider.openCheckout?.bind(this.provider);
    if (!checkout) return payment;
    return existingPayment(payment, (await this.within((given) => checkout(payment, { key: uuidOfNow() }, given))).state);
  }

  /** Opens and pays a payment, as its buyer does. */
  async pay(payment: ExistingPayment): Promise<ExistingPayment> {
    const opened = await this.open(payment);
    await this.subject.pay(opened);
    return (await this.get(opened)).toAuthorize ? this.authorize(opened) : this.refresh(opened);
  }

  async authorize(payment: ExistingPayment, key = uuidOfNow()): Promise<ExistingPayment> {
    const authorize = this.provider.authorize?.bind(this.provider);
    if (!authorize) throw new Error('the provider has no authorize');
    const state = await this.within((given) => authorize(payment, { key }, given));
    expect(state.toAuthorize).toBeUndefined();
    return existingPayment(payment, state);
  }

  async approve(payment: ExistingPayment, amount: Money, key = uuidOfNow()): Promise<ExistingPayment> {
    const approve = this.provider.approve?.bind(this.provider);
    if (!approve) throw new Error('the provider has no approve');
    return existingPayment(payment, await this.within((given) => approve(payment, { key, amount }, given)));
  }

  /** Makes a payment whose money was taken: by the gateway itself, or by us from a hold. */
  async take(): Promise<ExistingPayment> {
    const payment = await this.pay(await this.create());
    return payment.status === 'waitingForCapture' ? this.approve(payment, payment.request.amount) : payment;
  }

  /** Makes a payment in one of the states. Default: an open invoice. */
  async make([status]: readonly string[] = ['pending']): Promise<ExistingPayment> {
    if (status === 'succeeded') return this.take();
    if (status === 'waitingForCapture') return this.pay(await this.create('manual'));
    const opened = await this.open(await this.create());
    if (status !== 'canceled') return opened;
    await this.cancel(opened);
    return this.refresh(opened);
  }

  refund(payment: ExistingPayment, minor: number, key = uuidOfNow()): Promise<PaymentState> {
    const amount = toMoney(minor, payment.request.amount.currency);
    return this.within(async (given) => {
      if (!this.provider.refund) throw new Error('the provider has no refund');
      return this.provider.refund(payment, { key, amount }, given);
    });
  }

  cancel(payment: ExistingPayment, key = uuidOfNow()): Promise<PaymentState> {
    return this.within(async (given) => {
      if (!this.provider.cancel) throw new Error('the provider has no cancel');
      return this.provider.cancel(payment, { key }, given);
    });
  }
}

/** Builds the request for an invoice of two lines, 100.50 in total. */
function buildRequest<S extends object>({ subject, provider }: PaymentSuite<S>, capture?: CaptureMode): CreateRequest {
  const mode = capture ?? (subject.shops.automatic === undefined ? 'manual' : 'automatic');
  const currency = provider.manifest.currencies.find((one) => countCurrencyDigits(one) === 2) ?? provider.manifest.currencies[0] ?? 'EUR';
  const reference = uuidOfNow();
  const amount = (minor: number): Money => toMoney(minor, currency);
  const payUrl = `https://module.example/pay/${reference}`;
  return {
    ...{ reference, invoiceUuid: randomUUID(), shop: subject.shops[mode] ?? 'main', capture: mode, amount: amount(100_50) },
    ...{
      orderNumber: `N-${reference.slice(0, 8)}`,
      orderId: '5074',
      siteUrl: 'https://shop.example',
      returnUrl: 'https://shop.example/thanks',
    },
    ...{ payUrl, doneUrl: `${payUrl}?done=1` },
    items: [
      {
        name: 'Чайник',
        price: amount(75_00),
        quantity: 1,
        total: amount(75_00),
        vat: 'vat20',
        paymentMethod: 'full_prepayment',
        paymentObject: 'commodity',
      },
      { name: 'Té a granel', price: amount(17_00), quantity: 1.5, total: amount(25_50), vat: 'none', measurementUnit: 'kg' },
    ],
    buyer: { id: '7', name: 'Ana Pérez', email: 'ana@example.com', phone: '+34 600 000 000' },
  };
}

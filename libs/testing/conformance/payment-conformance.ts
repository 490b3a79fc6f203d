import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CaptureMode, CreateRequest, ExistingPayment, PaymentProvider, PaymentState, PaymentStatus } from '#payment/port';
import { CRM_LANGUAGES } from '#platform/plain';
import {
  countCurrencyDigits,
  toMoney,
  type Money,
  ProviderError,
  type ProviderContext,
  type ProviderErrorKind,
  type WebhookRequest,
} from '#provider-kit';
import { type Effect, type ReadyCall, recoverBy, type ServiceFaults, STAYS_UNKNOWN, Unproven } from './lost-calls.js';
import {
  type ExpectedFailure,
  type ProviderSamples,
  testEffects,
  testFailures,
  testProvider,
  type ConformanceOptions,
} from './provider-conformance.js';
import { testUntidyInvoices, type UntidyInvoices } from './untidy-invoices.js';
import { testWebhook } from './webhook-conformance.js';

/** Methods a payment provider may lack. */
export type OptionalPaymentMethod = Exclude<keyof PaymentProvider, 'manifest' | 'create' | 'get'>;

/** Facts that the suite needs before it runs. */
export type PaymentConformanceOptions<S extends object> = ConformanceOptions<OptionalPaymentMethod, PaymentSubject<S>>;

/** Amounts of a payment at the service. */
export interface ServiceAmounts {
  /** The amount the buyer is to pay. */
  cost(payment: ExistingPayment): Money | Promise<Money>;
  /** The amount taken from the buyer. */
  captured?(payment: ExistingPayment): Money | Promise<Money>;
  /** The sum of all refunds. */
  refunded?(payment: ExistingPayment): Money | Promise<Money>;
  /** The language of the page to pay on. Missing if the service chooses it. */
  language?(payment: ExistingPayment): 'en' | 'es' | 'ru';
}

/** Effects that the service accepts, in a reply like any other, and does not do. */
export interface PaymentRefusals {
  /** Runs `work`, whose refund the service accepts and does later. */
  whileRefundsWait<T>(work: () => Promise<T>): Promise<T>;
  /** The service refuses the last refund of a payment, which it had accepted. */
  refuseRefund(payment: ExistingPayment): void | Promise<void>;
  /**
   * Runs `work`, which captures a hold, while the service rejects the capture. Missing if holds are not
   * captured.
   */
  whileCaptureRefused?<T>(work: () => Promise<T>, payment: ExistingPayment): Promise<T>;
}

/** The provider under test and samples that fit it. */
export interface PaymentSubject<S extends object> {
  provider: PaymentProvider<S>;
  /** Valid settings; `now` is the true time when there are signed webhooks. */
  context: ProviderContext<S>;
  /** For check, connect and lookUp. */
  samples?: ProviderSamples<S>;
  /**
   * Makes a call with an effect, in a transaction for built-in providers. By default just with `context`.
   */
  within?<T>(work: (context: ProviderContext<S>) => Promise<T>): Promise<T>;
  /** Code of a shop of each mode that the manifest names. */
  shops: Partial<Record<CaptureMode, string>>;
  /** The buyer pays, and the provider is through with it. */
  pay(payment: ExistingPayment): Promise<void>;
  /** Contexts of accounts by their only currency, ISO 4217. Missing if an account takes several. */
  readonly accounts?: Readonly<Record<string, ProviderContext<S>>>;
  /** A try of the buyer to pay fails. Missing: it is not tested that they may try again. */
  decline?(payment: ExistingPayment): void | Promise<void>;
  /** The buyer starts to pay, and the money is on its way. Missing if the service has no such payments. */
  startPaying?(payment: ExistingPayment): void | Promise<void>;
  /** The buyer pays more than the invoice, such as interest. Missing if the service has no such payments. */
  payDearly?(payment: ExistingPayment): void | Promise<void>;
  /** The shop refunds a part on the service's own pages. */
  refundThere?(payment: ExistingPayment, minor: number): void | Promise<void>;
  /** The time of a hold ends. Missing: the end of a hold is not tested. */
  endHold?(payment: ExistingPayment): Promise<void>;
  /** Refunds and captures that the service accepts but does not carry out. `none`: it does carry them out. */
  readonly refusals?: PaymentRefusals | 'none';
  /** Time or the shop makes something due for a payment that was taken. Needed with `followUp`. */
  makeDue?(payment: ExistingPayment): void | Promise<void>;
  /** Our status for the provider's (`x.statuses.ts`); needed unless the recovery is `local`. */
  statusOf?(code: string): PaymentStatus;
  /**
   * Calls that must fail, and how: at least wrong credentials and an outage, unless the recovery is `local`.
   */
  failures?: readonly ExpectedFailure<S>[];
  /** Needed with `webhook`. */
  webhook?: {
    /** A genuine webhook about the payment, as it arrives. */
    make(payment: ExistingPayment): Promise<WebhookRequest>;
    /** One about the last refund of the payment, which was made on the service's own pages. */
    makeRefunded?(payment: ExistingPayment): Promise<WebhookRequest>;
    /** Are its bytes signed? */
    signed: boolean;
    /** Is its time signed too? */
    dated: boolean;
    /** Whether a secret of the settings or of the memory proves it. By default like `signed`. */
    secret?: boolean;
  };
  /** Loses calls at the service. Without it the suite does not prove that nothing is done twice. */
  readonly faults?: ServiceFaults;
  /** Amounts at the service. Without them units and currencies are not proved. */
  readonly expected?: ServiceAmounts;
  /** Plays untidy invoices. Without it, only the suite's own invoice is played. */
  untidy?: UntidyInvoices;
  /** Plays the buyer's bank. `untold`: the service does not report disputes. Needed unless `local`. */
  disputes?:
    | {
        /** The buyer disputes so much of a payment that was taken, in minor units. */
        open(payment: ExistingPayment, minor: number): Promise<void>;
        /** The bank decides for the buyer. */
        lose(payment: ExistingPayment): Promise<void>;
      }
    | 'untold';
  close?(): Promise<void>;
}

/**
 * A payment as stored after these replies to calls with an effect: new, or an update of the stored `from`.
 */
export function existingPayment(from: CreateRequest | ExistingPayment, ...states: PaymentState[]): ExistingPayment {
  const payment: ExistingPayment =
    'request' in from
      ? { ...from }
      : { id: from.reference, status: 'pending', refunds: [], memory: {}, createdAt: new Date(), request: from };
  for (const state of states) {
    payment.status = state.status;
    if (state.externalId !== undefined) payment.externalId = state.externalId;
    if (state.memory) payment.memory = state.memory;
    if (state.status === 'succeeded') payment.captured = state.captured ?? payment.request.amount;
    if (state.refunds)
      payment.refunds = state.refunds.map(({ reference, externalId, amount, status }) => ({
        id: reference ?? randomUUID(),
        externalId,
        amount,
        status,
      }));
  }
  return payment;
}

/** A call for a payment that acts at the service. */
interface PaymentCall<S extends object> {
  send(context: ProviderContext<S>, key: string): Promise<unknown>;
  /** Whether the payment's state shows that it was made. */
  settles(state: PaymentState, key: string): boolean;
  /** Whether it may be sent again, whatever the recovery is. */
  isHarmless?: boolean;
}

/** How far a time of the service may be from ours. */
const CLOCK_MS = 90_000;
/** More than services list on a page. */
const MANY = 101;
const ODD_CODES = ['', ' ', 'NO_SUCH_CODE', 'succeeded?', 'paid_soon', '0', 'null', '__proto__', 'constructor', 'toString', 'Оплачен'];

/**
 * Tests the requirements for every payment provider. Run it in the provider's spec. Absent methods make no
 * tests. It really creates payments, so run it against a double.
 */
export function runPaymentConformance<S extends object>(name: string, options: PaymentConformanceOptions<S>): void {
  const has = (method: OptionalPaymentMethod): boolean => options.methods.includes(method);

  describe(`${name} as a payment provider`, () => {
    const unproven = new Unproven(name);
    let subject: PaymentSubject<S>;
    let provider: PaymentProvider<S>;
    let context: ProviderContext<S>;

    beforeAll(async () => {
      subject = await options.start();
      ({ provider, context } = subject);
    });
    afterAll(async () => {
      unproven.print();
      await subject?.close?.();
    });

    const within = <T>(work: (given: ProviderContext<S>) => Promise<T>): Promise<T> =>
      subject.within ? subject.within(work) : work(context);
    const get = (payment: ExistingPayment): Promise<PaymentState> => provider.get(payment, context);
    const isLocal = (): boolean => provider.manifest.recovery.kind === 'local';
    const leaveOpen = (promise: string, member: string): void => {
      if (!isLocal()) unproven.add(promise, member);
    };
    const getRefusals = (): PaymentRefusals | undefined => {
      if (subject.refusals === undefined)
        leaveOpen('a refused or waiting refund or capture is no success', "refusals, or refusals: 'none'");
      return subject.refusals === 'none' ? undefined : subject.refusals;
    };
    /** Checks that times of a state are the service's: of about now, whatever the caller's clock shows. */
    async function checkTimes(payment: ExistingPayment): Promise<void> {
      const state = await get(payment);
      await sleep(5);
      const later = await provider.get(payment, { ...context, now: new Date(context.now.getTime() + 60_000) });
      expect([later.paidAt, later.expiresAt]).toEqual([state.paidAt, state.expiresAt]);
      if (state.paidAt) expect(Math.abs(state.paidAt.getTime() - Date.now())).toBeLessThan(CLOCK_MS);
    }
    const now = async (payment: ExistingPayment): Promise<ExistingPayment> => {
      const { memory } = payment;
      return { ...existingPayment(payment.request, await get(payment)), memory };
    };

    function newRequest(capture?: CaptureMode): CreateRequest {
      const mode = capture ?? (subject.shops.automatic === undefined ? 'manual' : 'automatic');
      const currency =
        provider.manifest.currencies.find((one) => countCurrencyDigits(one) === 2) ?? provider.manifest.currencies[0] ?? 'EUR';
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

    async function created(capture?: CaptureMode): Promise<ExistingPayment> {
      const request = newRequest(capture);
      return existingPayment(request, await within((given) => provider.create(request, given)));
    }

    /** As it is once the buyer has opened its page. */
    async function open(payment: ExistingPayment): Promise<ExistingPayment> {
      const checkout = provider.openCheckout?.bind(provider);
      if (!checkout) return payment;
      return existingPayment(payment, (await within((given) => checkout(payment, { key: uuidOfNow() }, given))).state);
    }

    /** Opened as a buyer would, and paid. */
    async function paidBy(payment: ExistingPayment): Promise<ExistingPayment> {
      const opened = await open(payment);
      await subject.pay(opened);
      return now(opened);
    }

    async function approved(payment: ExistingPayment, amount: Money, key = uuidOfNow()): Promise<ExistingPayment> {
      const approve = provider.approve?.bind(provider);
      if (!approve) throw new Error('the provider has no approve');
      return existingPayment(payment, await within((given) => approve(payment, { key, amount }, given)));
    }

    testUntidyInvoices(
      () => subject.untidy,
      () => ({
        newRequest: () => newRequest(),
        open: async (request) => open(existingPayment(request, await within((given) => provider.create(request, given)))),
        ...(subject.expected && { cost: subject.expected.cost }),
        // A few, and all in which services count in other units than hundredths.
        currencies: provider.manifest.currencies.filter(
          (one, at) => at < 3 || one === newRequest().amount.currency || countCurrencyDigits(one) !== 2,
        ),
      }),
    );

    /** A payment whose money was taken: by the gateway itself, or by us from a hold. */
    async function taken(): Promise<ExistingPayment> {
      const payment = await paidBy(await created());
      return payment.status === 'waitingForCapture' ? approved(payment, payment.request.amount) : payment;
    }

    const refund = (payment: ExistingPayment, minor: number, key = uuidOfNow()): Promise<PaymentState> => {
      const amount = toMoney(minor, payment.request.amount.currency);
      return within(async (given) => {
        if (!provider.refund) throw new Error('the provider has no refund');
        return provider.refund(payment, { key, amount }, given);
      });
    };
    /** Whether the buyer can pay an invoice. Pays it if so. */
    async function isPayable(payment: ExistingPayment): Promise<boolean> {
      await Promise.resolve(payment)
        .then((one) => subject.pay(one))
        .catch(() => undefined);
      return ['waitingForCapture', 'succeeded'].includes((await get(payment)).status);
    }

    const cancel = (payment: ExistingPayment, key = uuidOfNow()): Promise<PaymentState> =>
      within(async (given) => {
        if (!provider.cancel) throw new Error('the provider has no cancel');
        return provider.cancel(payment, { key }, given);
      });

    /** A call for a payment, recovered as `PaymentOperations` does: after a look at the payment's state. */
    function ofPayment(payment: ExistingPayment, { send, settles, isHarmless = false }: PaymentCall<S>): ReadyCall<S> {
      let key = uuidOfNow();
      return {
        act: (given) => send(given, key),
        recover: async () => {
          if (settles(await get(payment), key)) return payment.id;
          const { kind } = provider.manifest.recovery;
          if (isHarmless || kind === 'idempotency-key') return undefined;
          if (kind !== 'find') return STAYS_UNKNOWN;
          // It was never made: the CRM's next request is another call.
          key = uuidOfNow();
          return undefined;
        },
        repeat: async () => (await send(context, key), payment.id),
        renew: () => (key = uuidOfNow()),
        isDone: async () => isHarmless || settles(await get(payment), key),
      };
    }

    /** The calls that act at the service. */
    function listEffects(): Effect<S>[] {
      const isCanceled = (state: PaymentState): boolean => state.status === 'canceled';
      const effects: (Effect<S> & { method?: OptionalPaymentMethod; mode?: CaptureMode })[] = [
        {
          ...{ name: 'create', mayBeLocal: true, mayBeRepeated: true },
          prepare: () => {
            let request = newRequest();
            const act = async (given: ProviderContext<S>): Promise<string> => (await provider.create(request, given), request.reference);
            const search = async (): Promise<{ externalId: string } | undefined> =>
              (await provider.find?.(request.reference, context)) && { externalId: request.reference };
            const recover = async (): Promise<string | typeof STAYS_UNKNOWN | undefined> =>
              (await search())?.externalId ?? recoverBy(provider.manifest.recovery, provider.find && search)();
            return Promise.resolve({ act, recover, repeat: () => act(context), renew: () => (request = newRequest()) });
          },
        },
        {
          ...{ name: 'openCheckout', method: 'openCheckout', mayBeRepeated: true, mayBeLocal: true },
          prepare: async () => {
            const payment = await created();
            const send = async (given: ProviderContext<S>, key: string): Promise<unknown> =>
              provider.openCheckout?.(payment, { key }, given);
            return ofPayment(payment, { send, settles: ({ status }) => status !== 'pending', isHarmless: true });
          },
        },
        {
          ...{ name: 'approve', method: 'approve', mode: 'manual' },
          prepare: async () => {
            const payment = await paidBy(await created('manual'));
            const { amount } = payment.request;
            const send = async (given: ProviderContext<S>, key: string): Promise<unknown> =>
              provider.approve?.(payment, { key, amount }, given);
            return ofPayment(payment, { send, settles: ({ status }) => status === 'succeeded' });
          },
        },
        {
          ...{ name: 'cancel of a hold', method: 'cancel', mode: 'manual' },
          prepare: async () => {
            const payment = await paidBy(await created('manual'));
            const send = async (given: ProviderContext<S>, key: string): Promise<unknown> => provider.cancel?.(payment, { key }, given);
            return ofPayment(payment, { send, settles: isCanceled });
          },
        },
        {
          ...{ name: 'cancel of an unpaid invoice', method: 'cancel', mayBeLocal: true },
          prepare: async () => {
            const payment = await open(await created());
            let state: PaymentState | undefined;
            const send = async (given: ProviderContext<S>, key: string): Promise<unknown> =>
              (state = await provider.cancel?.(payment, { key }, given));
            return {
              ...ofPayment(payment, { send, settles: isCanceled }),
              // A service that cannot end the buyer's attempt returns its end.
              isDone: async () => state?.expiresAt !== undefined || !(await isPayable(payment)),
            };
          },
        },
        {
          ...{ name: 'refund', method: 'refund' },
          prepare: async () => {
            const payment = await taken();
            const amount = toMoney(30_25, payment.request.amount.currency);
            const send = async (given: ProviderContext<S>, key: string): Promise<unknown> =>
              provider.refund?.(payment, { key, amount }, given);
            const ready = ofPayment(payment, {
              send,
              settles: ({ refunds = [] }, key) => refunds.some(({ reference }) => reference === key),
            });
            // The money went back once, whatever the service lists.
            return {
              ...ready,
              isDone: async () => {
                const { refunds = [] } = await get(payment);
                return refunds.length === 1 && refunds[0]?.amount.minor === amount.minor;
              },
            };
          },
        },
        {
          ...{ name: 'followUp', method: 'followUp', mayBeRepeated: true },
          isAbsent: () => subject.makeDue === undefined,
          prepare: async () => {
            const payment = await taken();
            await subject.makeDue?.(payment);
            const send = async (given: ProviderContext<S>, key: string): Promise<unknown> => provider.followUp?.(payment, { key }, given);
            return ofPayment(payment, { send, settles: () => false, isHarmless: true });
          },
        },
      ];
      return effects.filter(({ method, mode }) => (!method || has(method)) && (mode === undefined || has('approve')));
    }

    testProvider(has, () => subject, { ...options, unproven });

    describe('what it says of itself', () => {
      it('has just the methods it is said to have, and one way to pay', () => {
        const optional: OptionalPaymentMethod[] = ['find', 'openCheckout', 'form', 'approve', 'cancel', 'refund', 'followUp', 'webhook'];
        expect(optional.filter((method) => provider[method] !== undefined)).toEqual(optional.filter(has));
        expect([provider.openCheckout, provider.form].filter((way) => way !== undefined)).toHaveLength(1);
        if (provider.manifest.recovery.kind === 'find') expect(provider.find).toBeDefined();
      });

      it('can be registered', () => {
        const { manifest } = provider;
        expect(manifest.currencies.length).toBeGreaterThan(0);
        for (const currency of manifest.currencies) {
          expect(currency).toMatch(/^[A-Z]{3}$/);
          expect(countCurrencyDigits(currency)).toBeGreaterThanOrEqual(0);
        }
        expect(new Set(manifest.currencies).size).toBe(manifest.currencies.length);
        expect(manifest.invoiceTypes).toContain('link');
        expect(manifest.captureModes.length).toBeGreaterThan(0);
        expect(Object.keys(subject.shops).toSorted()).toEqual([...manifest.captureModes].toSorted());
        if (manifest.captureModes.includes('manual')) expect(provider.approve).toBeDefined();
      });

      it('has settings with a form, and shops that follow from them', () => {
        const { manifest } = provider;
        for (const language of CRM_LANGUAGES) expect(manifest.checkSettings?.(context.settings, language) ?? {}).toEqual({});
        const shops = manifest.listShops(context.settings);
        expect(new Set(shops.map((shop) => shop.code)).size).toBe(shops.length);
        for (const [mode, code] of Object.entries(subject.shops))
          expect(shops).toContainEqual(expect.objectContaining({ code, capture: mode }));
        for (const shop of manifest.listShops(manifest.createDefaultSettings())) expect(manifest.captureModes).toContain(shop.capture);
      });
    });

    describe('an unpaid invoice', () => {
      it('is pending, however often it is made and asked for', async () => {
        const payment = await created();
        expect(payment.status).toBe('pending');
        const again = await within((given) => provider.create(payment.request, given));
        expect([again.status, again.externalId]).toEqual(['pending', payment.externalId]);
        const [first, second] = [await get(payment), await get(payment)];
        expect(first.status).toBe('pending');
        expect(second).toEqual(first);
      });

      if (has('find'))
        it('is found by our reference, and nothing by another', async () => {
          const payment = await created();
          // Also behind others.
          for (let n = 0; n < MANY; n++) await created();
          expect((await provider.find?.(payment.id, context))?.status).toBe('pending');
          expect(await provider.find?.(uuidOfNow(), context)).toBeUndefined();
        });

      if (has('openCheckout'))
        it('is paid on one hosted page, however often it is opened', async () => {
          const checkout = provider.openCheckout?.bind(provider);
          if (!checkout) throw new Error('the provider has no checkout');
          const payment = await created();
          const key = uuidOfNow();
          const first = await within((given) => checkout(payment, { key }, given));
          expect(URL.canParse(first.url ?? '')).toBe(true);
          expect(first.state.status).toBe('pending');
          const opened = existingPayment(payment, first.state);
          expect((await within((given) => checkout(payment, { key }, given))).url).toBe(first.url);
          const inAnHour = new Date(Date.now() + 3_600_000);
          for (const time of [context.now, inAnHour])
            expect((await within((given) => checkout(opened, { key: uuidOfNow() }, { ...given, now: time }))).url).toBe(first.url);
        });

      it('has its page in the account’s language, or in English', async () => {
        const { language: read } = subject.expected ?? {};
        if (!read) return;
        for (const language of CRM_LANGUAGES) {
          const request = newRequest();
          const account = { ...context.account, language };
          const payment = existingPayment(request, await provider.create(request, { ...context, account }));
          expect(['en', language]).toContain(read.call(subject.expected, payment));
        }
      });

      if (has('openCheckout'))
        it('has no second page while the money is on its way', async () => {
          if (!subject.startPaying) return;
          const payment = await open(await created());
          await subject.startPaying(payment);
          const before = await subject.faults?.made();
          const { state, url } = (await provider.openCheckout?.(payment, { key: uuidOfNow() }, context)) ?? {};
          expect([state?.status, url, await subject.faults?.made()]).toEqual(['pending', undefined, before]);
        });

      it('can still be paid after a try that fails', async () => {
        if (!subject.decline) return;
        const payment = await open(await created());
        await subject.decline(payment);
        expect((await get(payment)).status).toBe('pending');
        expect((await paidBy(payment)).status).not.toBe('pending');
      });

      it('is opened in the only currency of its account', async () => {
        for (const [currency, given] of Object.entries(subject.accounts ?? {})) {
          const build = (one: string): CreateRequest => ({ ...newRequest(), amount: toMoney(15_000_00, one), items: [] });
          const payment = existingPayment(build(currency), await provider.create(build(currency), given));
          expect(payment.status).toBe('pending');
          const before = await subject.faults?.made();
          await refused(provider.create(build(currency === 'EUR' ? 'USD' : 'EUR'), given), ['invalid']);
          expect(await subject.faults?.made()).toBe(before);
        }
      });

      if (has('approve'))
        it('cannot be approved', async () => {
          const payment = await created();
          await refused(approved(payment, payment.request.amount));
        });

      if (has('cancel'))
        it('is cancelled for good, however often', async () => {
          const payment = await created();
          const state = await cancel(payment);
          expect(state.status).toBe('canceled');
          const after = existingPayment(payment, state);
          expect((await cancel(after)).status).toBe('canceled');
          expect((await get(after)).status).not.toBe('succeeded');
        });
    });

    if (has('approve'))
      describe('a hold', () => {
        it('ends at a time the provider names, and is taken in part, once', async () => {
          const held = await paidBy(await created('manual'));
          const state = await get(held);
          expect(state.status).toBe('waitingForCapture');
          expect((state.held ?? held.request.amount).minor).toBe(100_50);
          if (state.expiresAt) expect(state.expiresAt.getTime()).toBeGreaterThan(Date.now());
          await checkTimes(held);
          const part = toMoney(60_25, held.request.amount.currency);
          const key = uuidOfNow();
          const after = await approved(held, part, key);
          expect([after.status, after.captured]).toEqual(['succeeded', part]);
          const repeated = await approved(held, part, key).catch((error: unknown) => error);
          if (repeated instanceof ProviderError) expect(repeated.kind).toBe('rejected');
          expect(await now(after)).toMatchObject({ status: 'succeeded', captured: part });
          // The same request may succeed again. Another amount must not.
          await refused(approved(after, toMoney(60_24, part.currency)));
        });

        it('is not taken beyond what is held', async () => {
          const held = await paidBy(await created('manual'));
          await refused(approved(held, toMoney(100_51, held.request.amount.currency)), ['rejected', 'invalid']);
          expect((await get(held)).status).toBe('waitingForCapture');
        });

        it('is not taken when the service does not take it', async () => {
          const { whileCaptureRefused } = getRefusals() ?? {};
          if (!whileCaptureRefused) return;
          const held = await paidBy(await created('manual'));
          const after = await whileCaptureRefused(() => approved(held, held.request.amount).catch((error: unknown) => error), held);
          if (after instanceof ProviderError) expect(after.kind).toBe('rejected');
          else expect(after).not.toMatchObject({ status: 'succeeded' });
        });

        it('cannot be taken after its end', async () => {
          if (!subject.endHold) return expect(subject.endHold).toBeUndefined();
          const held = await paidBy(await created('manual'));
          await subject.endHold(held);
          await refused(approved(held, held.request.amount));
          expect((await get(held)).status).toBe('canceled');
        });

        if (has('cancel'))
          it('is released, and cannot be taken afterwards', async () => {
            const held = await paidBy(await created('manual'));
            const state = await cancel(held);
            expect(state.status).toBe('canceled');
            expect((await get(held)).status).toBe('canceled');
            await refused(approved(existingPayment(held, state), held.request.amount));
            if (has('refund')) await refused(refund(existingPayment(held, state), 1_00));
          });

        if (has('refund'))
          it('cannot be given back before it is taken', async () => {
            const held = await paidBy(await created('manual'));
            await refused(refund(held, 1_00));
            expect((await get(held)).status).toBe('waitingForCapture');
          });
      });

    describe('what was taken', () => {
      it('is the whole amount, and stays', async () => {
        const payment = await taken();
        const state = await get(payment);
        expect([state.status, state.captured ?? payment.request.amount]).toEqual(['succeeded', payment.request.amount]);
        expect(await get(payment)).toEqual(state);
        await checkTimes(payment);
      });

      it('is no more than the invoice, whatever the buyer pays', async () => {
        if (!subject.payDearly) return;
        const payment = await open(await created());
        await subject.payDearly(payment);
        const { status, captured = payment.request.amount } = await get(payment);
        expect([status, captured]).toEqual(['succeeded', payment.request.amount]);
      });

      if (has('cancel'))
        it('cannot be cancelled', async () => {
          await refused(cancel(await taken()));
        });

      if (has('refund')) {
        it('is given back in parts, each once, and never more', async () => {
          let payment = await taken();
          const [first, second] = [uuidOfNow(), uuidOfNow()];
          const answer = await refund(payment, 30_00, first);
          expect(answer.refunds).toContainEqual(
            expect.objectContaining({ reference: first, amount: toMoney(30_00, payment.request.amount.currency) }),
          );
          const repeated = await refund(payment, 30_00, first);
          expect(repeated.refunds?.filter((one) => one.reference === first)).toHaveLength(1);
          payment = await now(payment);
          expect(payment.refunds).toHaveLength(1);
          await refund(payment, 20_50, second);
          payment = await now(payment);
          expect(payment.refunds.map((one) => one.id).toSorted()).toEqual([first, second].toSorted());
          await refused(refund(payment, 50_01), ['rejected', 'invalid']);
          await refund(payment, 50_00);
          await refused(refund(await now(payment), 1));
        });

        it('is not given back while the service waits, nor when it refuses', async () => {
          const refusals = getRefusals();
          if (!refusals) return;
          const payment = await taken();
          const key = uuidOfNow();
          const list = ({ refunds = [] }: PaymentState): unknown[] => refunds.map(({ reference, status }) => [reference, status]);
          expect(list(await refusals.whileRefundsWait(() => refund(payment, 30_00, key)))).toEqual([[key, 'pending']]);
          expect(list(await get(payment))).toEqual([[key, 'pending']]);
          await refusals.refuseRefund(payment);
          expect(list(await get(payment))).toEqual([[key, 'canceled']]);
          await refund(payment, 100_50);
        });

        it('shows all refunds, also those made on the service’s own pages', async () => {
          const { refundThere } = subject;
          if (!refundThere) return leaveOpen('all refunds are seen', 'refundThere');
          const payment = await taken();
          for (let n = 0; n < MANY; n++) await refundThere.call(subject, payment, 50);
          const { refunds = [] } = await get(payment);
          expect(refunds.map(({ reference, amount: { minor } }) => [reference, minor])).toEqual(
            Array.from({ length: MANY }, () => [undefined, 50]),
          );
        });

        it('is given back before it was paid to nobody', async () => {
          await refused(refund(await created(), 1_00));
        });

        it('is given back once for a key, which no other amount may have', async () => {
          const payment = await taken();
          const key = uuidOfNow();
          await refund(payment, 30_00, key);
          const other = await refund(payment, 20_00, key).catch((error: unknown) => {
            expect(error).toBeInstanceOf(ProviderError);
          });
          for (const { refunds = [] } of [await get(payment), ...(other ? [other] : [])])
            expect(refunds.map(({ reference, amount }) => [reference, amount.minor])).toEqual([[key, 30_00]]);
        });
      }
    });

    it('tells of a dispute and of its end under one id, the payment staying as it was', async () => {
      // A gateway without chargebacks has nothing to report.
      if (!subject.disputes) return expect(provider.manifest.recovery.kind).toBe('local');
      const payment = await taken();
      // Known disputes stay if the service does not report them.
      if (subject.disputes === 'untold') return expect((await get(payment)).disputes).toBeUndefined();
      expect((await get(payment)).disputes ?? []).toEqual([]);
      await subject.disputes.open(payment, 40_00);
      const open = await get(payment);
      expect(open.disputes).toMatchObject([{ status: 'open', amount: toMoney(40_00, payment.request.amount.currency) }]);
      expect(open.disputes?.[0]?.reason).toMatch(/\S/);
      expect(await get(payment)).toEqual(open);
      if (has('refund')) await refused(refund(payment, 100_50), ['rejected', 'invalid']);
      await subject.disputes.lose(payment);
      const lost = await get(payment);
      expect(lost.disputes).toMatchObject([{ status: 'lost', externalId: open.disputes?.[0]?.externalId }]);
      expect([lost.status, lost.captured, lost.refunds ?? []]).toEqual([open.status, open.captured, []]);
    });

    it('takes no reply about another invoice, or in another currency, for its own', async () => {
      const { alter } = subject.faults ?? {};
      if (!alter) return leaveOpen('replies about other invoices, or in other currencies, are not taken', 'faults.alter');
      const [paid, unpaid] = [await taken(), await created()];
      await subject.refundThere?.(paid, 50);
      if (typeof subject.disputes === 'object') await subject.disputes.open(paid, 40_00);
      const { currency } = paid.request.amount;
      const unnoticed = [
        ...(await listUnnoticed(alter, () => get(paid), paid.id, uuidOfNow())),
        ...(await listUnnoticed(alter, () => get(paid), currency, currency === 'EUR' ? 'USD' : 'EUR', { isEach: true })),
        ...(has('find') ? await listUnnoticed(alter, async () => provider.find?.(unpaid.id, context), unpaid.id, uuidOfNow()) : []),
      ];
      expect(unnoticed).toEqual([]);
    });

    it('takes a status it does not know for a pending one', () => {
      if (!subject.statusOf) return expect(provider.manifest.recovery.kind).toBe('local');
      for (const code of ODD_CODES) expect(subject.statusOf(code)).toBe('pending');
    });

    it('asks for, takes and gives back the right amounts, as the service has them', async () => {
      const { expected } = subject;
      if (expected === undefined) return unproven.add('amounts at the service', 'expected');
      const payment = await open(await created());
      expect(await expected.cost(payment)).toEqual(payment.request.amount);
      const paid = await taken();
      if (expected.captured) expect(await expected.captured(paid)).toEqual(paid.request.amount);
      if (!has('refund') || !expected.refunded) return;
      await refund(paid, 30_25);
      expect(await expected.refunded(paid)).toEqual(toMoney(30_25, paid.request.amount.currency));
    });

    if (has('approve'))
      it('takes a part of a hold, as the service has it', async () => {
        const { captured } = subject.expected ?? {};
        if (!captured) return;
        const held = await paidBy(await created('manual'));
        const amount = toMoney(60_25, held.request.amount.currency);
        expect(await captured(await approved(held, amount))).toEqual(amount);
      });

    if (has('followUp'))
      it('does once what is due after it was taken, when get says so', async () => {
        const { makeDue } = subject;
        if (!makeDue) return unproven.add('what is due is done once', 'makeDue');
        const payment = await taken();
        expect((await get(payment)).followUp).toBeUndefined();
        await makeDue.call(subject, payment);
        expect((await get(payment)).followUp).toBe(true);
        const before = await subject.faults?.made();
        const done = await within(async (given) => (await provider.followUp?.(payment, { key: uuidOfNow() }, given)) ?? given);
        expect(done).toMatchObject({ status: 'succeeded' });
        expect(done).not.toHaveProperty('followUp');
        const after = existingPayment(payment, done as PaymentState);
        expect((await get(after)).followUp).toBeUndefined();
        // A call whose result was not stored, too.
        for (const again of [after, payment]) await within(async (given) => provider.followUp?.(again, { key: uuidOfNow() }, given));
        if (before !== undefined) expect(await subject.faults?.made()).toBe(before + 1);
      });

    testEffects(listEffects(), () => subject, { isLocal, unproven });

    testFailures(() => ({ ...subject, isLocal: isLocal() }), unproven);

    if (has('webhook'))
      describe('its webhooks', () => {
        const fresh = (): ProviderContext<S> => ({ ...context, now: new Date() });
        const getSample = (): NonNullable<PaymentSubject<S>['webhook']> => {
          if (!subject.webhook) throw new Error('the subject makes no webhooks');
          return subject.webhook;
        };
        const getWebhook = (): NonNullable<PaymentProvider<S>['webhook']> => {
          if (!provider.webhook) throw new Error('the provider has no webhook');
          return provider.webhook;
        };
        testWebhook(
          () => ({ ...subject, context: fresh() }),
          getWebhook,
          async () => ({ ...getSample(), request: await getSample().make(await created()) }),
          unproven,
        );

        it('name the payment they are about', async () => {
          const payment = await paidBy(await created());
          const { refundThere } = subject;
          const { make, makeRefunded } = getSample();
          if (has('refund') && !makeRefunded)
            leaveOpen('events of refunds lead to their payments', 'webhook.makeRefunded, and refundThere');
          const refunded = async (): Promise<WebhookRequest | undefined> => {
            await refundThere?.call(subject, payment, 50);
            return makeRefunded?.(payment);
          };
          for (const request of [await make(payment), makeRefunded && (await refunded())]) {
            if (!request) continue;
            const events = getWebhook().parse(request, fresh());
            expect(events.length).toBeGreaterThan(0);
            for (const { reference, externalId } of events)
              expect([reference ?? payment.id, reference === undefined ? externalId : payment.externalId]).toEqual([
                payment.id,
                payment.externalId,
              ]);
          }
        });
      });
  });
}

async function refused(call: Promise<unknown>, kinds: readonly ProviderErrorKind[] = ['rejected']): Promise<void> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error('the call was not refused', { cause: error });
  expect(kinds).toContain(error.kind);
}

/**
 * Reads with `theirs` in place of `ours` in all replies, or (`isEach`) in the replies of one call after the
 * other. Returns the calls whose replies changed without any effect on the result.
 */
async function listUnnoticed(
  alter: NonNullable<ServiceFaults['alter']>,
  read: () => Promise<unknown>,
  ours: string,
  theirs: string,
  { isEach = false } = {},
): Promise<string[]> {
  const pattern = new RegExp(ours, 'gi');
  const replace = (text: string): string =>
    text.replace(pattern, (found) => (found === found.toLowerCase() ? theirs.toLowerCase() : theirs));
  const calls = new Set<string>();
  const truth = await alter((json, call) => (replace(json) !== json && calls.add(call), json), read);
  const unnoticed: string[] = [];
  for (const some of isEach ? [...calls].map((call) => [call]) : [[...calls]]) {
    const result = await alter((json, call) => (some.includes(call) ? replace(json) : json), read).catch((error: unknown) => error);
    // Amounts of an invoice have no other currency.
    const isTaken = !(result instanceof Error) && JSON.stringify(result ?? '').includes(`"currency":"${theirs}"`);
    if (isTaken || isDeepStrictEqual(result, truth)) unnoticed.push(`${theirs} in the reply of ${some.join(', ')}`);
  }
  return unnoticed;
}

/** A version 7 UUID: the kind that references are, beginning with the time. */
function uuidOfNow(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

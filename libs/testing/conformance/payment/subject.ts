import type { CaptureMode, ExistingPayment, PaymentProvider, PaymentStatus } from '#payment/port';
import type { Money, ProviderContext, WebhookRequest } from '#provider-kit';
import type { ServiceFaults } from '../lost-calls.js';
import type { ExpectedFailure, ProviderSamples, ConformanceOptions } from '../provider/index.js';
import type { UntidyInvoices } from './untidy-invoices.js';

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
/** Captures of holds that the buyer's bank declines, or decides later. */
export interface PaymentCaptures {
  /** Runs `work`, whose capture is declined. */
  whileDeclined<T>(work: () => Promise<T>): Promise<T>;
  /** Runs `work`, whose capture waits. */
  whileWaiting<T>(work: () => Promise<T>): Promise<T>;
  /** The bank agrees to a capture that waits. */
  settle(payment: ExistingPayment): void | Promise<void>;
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
  /** Missing if the service decides every capture immediately, and never declines it. */
  readonly captures?: PaymentCaptures;
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
  /** The number of effects of presses about a payment at the service. Needed with `press`. */
  pressed?(payment: ExistingPayment): number | Promise<number>;
  /** The service pays out everything that it took. Returns the day. Needed with `listPayouts`. */
  payOut?(): string | Promise<string>;
  close?(): Promise<void>;
}

import { IsOptional, IsString } from 'class-validator';
import type {
  ApproveRequest,
  Checkout,
  CreateRequest,
  ExistingPayment,
  KeyedRequest,
  PaymentEvent,
  PaymentManifest,
  PaymentProvider,
  PaymentState,
  RefundRequest,
  RefundState,
} from '#payment/port';
import { Field } from '#platform';
import { toMoney, type Money, ProviderError, type ProviderWebhook, type Recovery } from '#provider-kit';

/** Settings of the gateway double. */
export class FlakySettings {
  /** ISO 4217: the only currency of the shop's contract. */
  @Field({ title: { en: 'Currency', es: 'Moneda', ru: 'Валюта' } })
  @IsOptional()
  @IsString()
  currency?: string;

  @Field({ title: { en: 'Note', es: 'Nota', ru: 'Заметка' } })
  @IsOptional()
  @IsString()
  note?: string;
}

/** How a call goes wrong: `refused` and `away` before anything was done, `lost` after it was. */
export type Fault = 'refused' | 'away' | 'lost';

interface Book {
  id: string;
  reference: string;
  amount: Money;
  state: PaymentState['status'];
  discount?: Money;
  captured?: Money;
  refunds: RefundState[];
  pages: number;
}

/** An in-memory gateway with a hosted page that loses replies on demand and counts what it did. */
export class FlakyGateway implements PaymentProvider<FlakySettings> {
  readonly manifest: PaymentManifest<FlakySettings>;
  readonly books = new Map<string, Book>();
  /** Calls that had their effect, as `name id`. */
  readonly effects: string[] = [];
  private readonly faults: { call: string; fault: Fault }[] = [];
  private readonly answered = new Map<string, string>();

  /** `keys`: whether a repeat with the same key answers the first one's result, or is done again. */
  constructor(
    code: string,
    recovery: Recovery,
    private readonly keys: boolean,
  ) {
    const title = { en: code, es: code, ru: code };
    this.manifest = {
      ...{ code, title, recovery, logo: '<svg xmlns="http://www.w3.org/2000/svg"/>', countries: ['ES'], settings: FlakySettings },
      portVersion: 2,
      createDefaultSettings: () => ({}),
      currencies: ['EUR', 'RUB'],
      invoiceTypes: ['link'],
      captureModes: ['automatic', 'manual'],
      bySettings: ({ currency }) => (currency ? { currencies: [currency] } : {}),
      listShops: () => [{ code: 'main', name: 'Main', active: true, capture: 'manual' }],
    };
  }

  readonly webhook: ProviderWebhook<FlakySettings, PaymentEvent> = {
    verify: (request) => request.headers['x-secret'] === 'right',
    parse: (request) => [JSON.parse(Buffer.from(request.rawBody).toString()) as PaymentEvent],
  };

  /** The next call of this name goes wrong. */
  fail(call: 'create' | 'approve' | 'cancel' | 'refund' | 'checkout' | 'get', fault: Fault): void {
    this.faults.push({ call, fault });
  }

  /** The buyer pays on the hosted page. `coupon`: a discount in minor units. */
  pay(reference: string, coupon = 0): void {
    const book = this.getBook(reference);
    book.state = 'waitingForCapture';
    if (coupon > 0) book.discount = toMoney(coupon, book.amount.currency);
  }

  listEffects(reference: string): string[] {
    return this.effects.filter((effect) => effect.endsWith(reference)).map((effect) => effect.split(' ')[0] ?? '');
  }

  create(request: CreateRequest): Promise<PaymentState> {
    return this.act('create', request.reference, request.reference, () => {
      this.books.set(request.reference, {
        id: `gw-${request.reference}`,
        reference: request.reference,
        amount: request.amount,
        state: 'pending',
        refunds: [],
        pages: 0,
      });
    });
  }

  find(reference: string): Promise<PaymentState | undefined> {
    const book = this.books.get(reference);
    return Promise.resolve(book && toState(book));
  }

  async get(payment: ExistingPayment): Promise<PaymentState> {
    this.trip('get');
    return toState(this.getBook(payment.id));
  }

  async openCheckout(payment: ExistingPayment, request: KeyedRequest): Promise<Checkout> {
    const state = await this.act('checkout', payment.id, request.key, (book) => void book.pages++);
    return { state: { ...state, memory: { page: String(this.getBook(payment.id).pages) } }, url: `https://gateway.example/${payment.id}` };
  }

  approve(payment: ExistingPayment, request: ApproveRequest): Promise<PaymentState> {
    return this.act('approve', payment.id, request.key, (book) => {
      if (book.state !== 'waitingForCapture') throw new ProviderError('rejected', 'Nothing is held.');
      Object.assign(book, { state: 'succeeded', captured: request.amount });
    });
  }

  cancel(payment: ExistingPayment, request: KeyedRequest): Promise<PaymentState> {
    return this.act('cancel', payment.id, request.key, (book) => {
      if (book.state === 'succeeded') throw new ProviderError('rejected', 'It was paid.');
      book.state = 'canceled';
    });
  }

  refund(payment: ExistingPayment, request: RefundRequest): Promise<PaymentState> {
    return this.act('refund', payment.id, request.key, (book) => {
      const given = book.refunds.reduce((sum, refund) => sum + refund.amount.minor, 0);
      if (given + request.amount.minor > (book.captured?.minor ?? 0)) throw new ProviderError('rejected', 'More than was taken.');
      book.refunds.push({ externalId: `re-${request.key}`, reference: request.key, amount: request.amount, status: 'succeeded' });
    });
  }

  /** A refund made in the gateway's own dashboard. */
  refundElsewhere(reference: string, minor: number): void {
    const book = this.getBook(reference);
    book.refunds.push({
      externalId: `re-elsewhere-${book.refunds.length}`,
      amount: toMoney(minor, book.amount.currency),
      status: 'succeeded',
    });
  }

  private async act(call: string, reference: string, key: string, effect: (book: Book) => void): Promise<PaymentState> {
    // As over a network: others get a turn.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const fault = this.trip(call);
    if (!this.keys || this.answered.get(`${call} ${key}`) !== reference) {
      effect(this.books.get(reference) as Book);
      this.effects.push(`${call} ${reference}`);
      this.answered.set(`${call} ${key}`, reference);
    }
    if (fault === 'lost') throw new ProviderError('unknown_outcome', 'The reply was lost.');
    return toState(this.getBook(reference));
  }

  private trip(call: string): Fault | undefined {
    const index = this.faults.findIndex((one) => one.call === call);
    if (index === -1) return undefined;
    const [{ fault } = { fault: undefined }] = this.faults.splice(index, 1);
    if (fault === 'refused') throw new ProviderError('rejected', 'The gateway refuses.');
    if (fault === 'away') throw new ProviderError('unavailable', 'The gateway is away.');
    return fault;
  }

  private getBook(reference: string): Book {
    const book = this.books.get(reference);
    if (!book) throw new ProviderError('rejected', 'No such payment.');
    return book;
  }
}

function toState(book: Book): PaymentState {
  return {
    externalId: book.id,
    status: book.state,
    ...(book.captured && { captured: book.captured }),
    ...(book.discount && { discount: book.discount }),
    ...(book.state === 'waitingForCapture' && {
      held: toMoney(book.amount.minor - (book.discount?.minor ?? 0), book.amount.currency),
      expiresAt: new Date(Date.now() + 7 * 86_400_000),
    }),
    refunds: [...book.refunds],
  };
}

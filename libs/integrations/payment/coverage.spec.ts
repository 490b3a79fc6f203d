import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Traffic, Connection, ProviderContexts } from '#connections';
import { Providers } from '#integration-kit';
import type { Journal } from '#journal';
import type { ProviderWatch } from '#onboarding';
import type { OperationKind, OperationsService, OperationStore } from '#operations';
import { BadInputError, type Clock, getParser } from '#platform';
import { CUSTOMER_FIELDS, type FieldMap, fillType, listChanges, listLeaves, mapAlike, readAt, takeOut } from '#testing';
import type { CaptureCheck } from './capture-check.js';
import { CreatePaymentDto, PaymentRequestDto } from './dto/callback.dto.js';
import { PaymentLookup } from './payment-lookup.js';
import { PaymentOperations } from './payment-operations.js';
import { PaymentService } from './payment.service.js';
import { PaymentShops } from './payment-shops.js';
import type { PaymentStore } from './payment-store.js';
import type { RestoredGap } from '#reconciliation';
import type { PaymentProvider, PaymentState, RefundRequest, ExistingPayment } from './port/index.js';

/** A value after a round trip through storage. */
const store = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** A gateway that records its requests. */
class Probe {
  readonly manifest = {
    ...{ code: 'probe', title: { en: 'Probe' }, recovery: { kind: 'idempotency-key' }, currencies: ['EUR', 'USD'], invoiceTypes: ['qr'] },
    listShops: () => [{ code: 'main', name: 'Main', active: true, capture: 'manual' }],
  };
  readonly asked: unknown[] = [];

  // The random reference is replaced.
  create = (request: object): Promise<PaymentState> => this.keep({ ...request, reference: 'r' }, { status: 'pending' });
  approve = ({ id: payment }: ExistingPayment, request: object): Promise<PaymentState> =>
    this.keep({ payment, ...request }, { status: 'succeeded' });
  cancel = ({ id: payment }: ExistingPayment, request: object): Promise<PaymentState> =>
    this.keep({ payment, ...request }, { status: 'canceled' });
  refund = ({ id: payment }: ExistingPayment, { amount }: RefundRequest): Promise<PaymentState> =>
    this.keep({ payment, amount, key: 'k' }, { status: 'succeeded' });

  private keep(request: object, state: PaymentState): Promise<PaymentState> {
    this.asked.push(store(request));
    return Promise.resolve(state);
  }
}

const connection = {
  ...{ id: 'c-1', module: { code: 'probe', name: 'Probe', manifest: { code: 'probe' } }, settings: {}, account: { language: 'en' } },
  ...{ active: true, frozen: false },
} as unknown as Connection;

let probe: Probe;
let service: PaymentService;
let status = 'pending';

beforeEach(() => {
  probe = new Probe();
  const providers = new Providers<PaymentProvider>(
    { adapters: [], services: [probe as unknown as PaymentProvider] },
    { contextFor: () => ({ budget: { left: 1 } }) } as unknown as ProviderContexts,
    { recordSuccess: () => undefined, recordAnswer: () => undefined } as unknown as ProviderWatch,
    { isOn: false } as Journal,
    {} as Traffic,
  );
  const load = (_connection: Connection, id: string): Promise<unknown> => {
    const money = { amountMinor: '20050', capturedMinor: status === 'succeeded' ? '20050' : null, currency: 'EUR', shop: 'main' };
    const refunds = [
      { id: 'f-1', externalId: null, amountMinor: '1', status: 'succeeded', comment: null, requested: true, repliedAt: new Date(0) },
    ];
    return Promise.resolve({
      row: {
        id,
        status,
        ...money,
        heldMinor: null,
        discountMinor: null,
        memory: {},
        disputes: [],
        receipts: [],
        externalId: null,
        cancellation: null,
        details: {},
      },
      refunds: status === 'succeeded' ? refunds.map((refund) => ({ ...refund, createdAt: new Date(0) })) : [],
    });
  };
  const rows = {
    load,
    findByInvoice: () => Promise.resolve(undefined),
    buildPayUrl: () => 'https://pay.example/t',
    buildView: () => ({ payUrl: 'https://pay.example/t', timeZone: 'UTC', able: { cancel: true, refund: true } }),
    toExisting: (_connection: Connection, { row: { id } }: { row: { id: string } }) => ({ id, refunds: [], request: { items: [] } }),
  } as unknown as PaymentStore;
  const operations = {
    async perform(kind: OperationKind<object, object>, of: Connection, { input }: { input: object }) {
      // The input is stored before the call, so only values that survive JSON arrive.
      await kind.send({ id: 'k', input: store(input) } as never, of, { budgetMs: 1 });
      return { operation: { result: { paymentId: 'p-1', refundId: 'f-1' } }, repeated: false };
    },
  } as unknown as OperationsService;
  const operationStore = { amendInput: () => Promise.resolve() } as unknown as OperationStore;
  const check = { ask: () => Promise.resolve({ allowed: true }) } as unknown as CaptureCheck;
  const clock = { now: () => new Date() } as Clock;
  const gap = { isOpen: () => Promise.resolve(false) } as unknown as RestoredGap;
  const lookup = new PaymentLookup(providers, rows, gap);
  const own = new PaymentOperations(providers, rows, undefined as never, operations, operationStore, clock, lookup);
  const [reader, crmClients] = [undefined as never, undefined as never];
  service = new PaymentService(providers, new PaymentShops(providers), rows, own, reader, check, clock, crmClients, gap);
});

async function after(work: Promise<unknown>): Promise<unknown> {
  await work;
  return probe.asked.at(-1);
}

/**
 * Returns the registration request that the gateway received. The stored payment has another amount, so the
 * call ends with `BadInputError` or is ignored.
 */
async function create(body: object): Promise<unknown> {
  const made = service.create(connection, getParser(CreatePaymentDto).parse(body)).catch((error: unknown) => {
    if (error instanceof BadInputError) throw error;
  });
  return after(made);
}

const CUSTOMER: FieldMap = {
  ...CUSTOMER_FIELDS,
  'customer.contragent.legalName': 'customer.contragent.legalName',
  'customer.id': 'customer.id buyer.id',
  'customer.firstName': 'customer.firstName buyer.name',
  'customer.lastName': 'customer.lastName buyer.name',
  'customer.patronymic': 'customer.patronymic buyer.name',
  'customer.email': 'customer.email buyer.email',
  'customer.phones[0].number': 'customer.phones[0] buyer.phone',
};

/** Figures of the shop, the buyer's marketing profile, and ids of browsers and of the message gateway. */
const DROPPED =
  /^customer\.(avgMarginSumm|marginSumm|totalSumm|averageSumm|ordersCount|costSumm|personalDiscount|cumulativeDiscount|discountCardNumber|maturationTime|presumableSex|emailMarketingUnsubscribedAt|subscribed|photoUrl|browserId|firstClientId|lastClientId|mgCustomerId|attachedTag|(tags|segments|addTags|removeTags|customerSubscriptions|mgCustomers|source)\b.*)$/;

/** Values for fields that require a format. */
function choose(path: string): string | number | undefined {
  if (path === 'currency') return 'eur';
  if (path === 'shopId') return 'main';
  if (path === 'invoiceType') return 'qr';
  if (path === 'customer.email') return 'olga@example.com';
  if (path.endsWith('countryIso')) return 'ES';
  // The lines add up to 300.75 and are scaled to the amount.
  if (path === 'items[0].price') return 120.3;
  if (path === 'items[0].quantity') return 2.5;
  if (path === 'amount') return 200.5;
  return undefined;
}

describe('create', () => {
  const body = fillType('Callback/Entity/Payments/Create', choose);
  const to: FieldMap = {
    ...mapAlike('', '', 'invoiceType orderNumber orderId siteUrl returnUrl'),
    ...mapAlike('items[0].', 'items[0].', 'name measurementUnit vat paymentMethod paymentObject productCode markingCode'),
    'items[0].quantity': 'items[0].quantity items[0].sent.minor',
    ...CUSTOMER,
  };
  const required: FieldMap = {
    ...mapAlike('', '', 'invoiceUuid amount'),
    shopId: 'shop',
    currency: 'amount.currency',
    'items[0].price': 'items[0].price',
  };
  const drop = listLeaves(body).filter((path) => DROPPED.test(path));

  it('has a place in the port, or a reason, for each field of the contract', () => {
    expect([...Object.keys(to), ...Object.keys(required), ...drop].toSorted()).toEqual(listLeaves(body).toSorted());
  });

  it('reaches the gateway whole', async () => {
    const whole = await create(body);
    const wrong = Object.entries({ ...to, ...required }).filter(([path, places]) => {
      const sent = readAt(body, path);
      return !holds(readAt(whole, places.split(' ')[0] ?? ''), sent);
    });
    expect(wrong).toEqual([]);
    expect(whole).toMatchObject({ capture: 'manual', items: [{ total: { minor: 20050 }, sent: { minor: 30075, currency: 'EUR' } }] });
  });

  it('differs for the gateway exactly where a field is taken out', async () => {
    const whole = await create(body);
    const wanted: FieldMap = { ...to, ...Object.fromEntries(drop.map((path) => [path, ''])) };
    const sort = (places: string): string => places.split(' ').toSorted().join(' ');
    const wrong: Record<string, string> = {};
    for (const [path, places] of Object.entries(wanted)) {
      const changes = listChanges(whole, await create(takeOut(body, path))).join(' ');
      if (sort(changes) !== sort(places)) wrong[path] = changes;
    }
    expect(wrong).toEqual({});
  });

  it.each(Object.keys(required))('is refused without %s', async (path) => {
    const error = await create(takeOut(body, path)).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(BadInputError);
    expect(Object.keys((error as BadInputError).errors)).toEqual([path]);
  });

  it('has the currency in all its amounts', async () => {
    const changes = listChanges(await create(body), await create({ ...body, currency: 'USD' }));
    expect(changes.toSorted()).toEqual(['amount', 'items[0].price', 'items[0].sent', 'items[0].total'].map((at) => `${at}.currency`));
  });

  it('has no customer when the CRM sends none', async () => {
    const asked = await create(takeOut(body, 'customer'));
    expect(asked).toMatchObject({ buyer: {} });
    expect(asked).not.toHaveProperty('customer');
  });
});

describe.each(['approve', 'cancel', 'refund'] as const)('%s', (name) => {
  const body = fillType('Callback/Entity/Payments/ModuleApiRequest', (path) => (path === 'amount' ? 150.25 : undefined));
  const ask = async (sent: object): Promise<unknown> => after(service[name](connection, getParser(PaymentRequestDto).parse(sent)));

  beforeEach(() => {
    status = name === 'refund' ? 'succeeded' : 'waitingForCapture';
  });

  it('reaches the gateway whole', async () => {
    expect(Object.keys(body).toSorted()).toEqual(['amount', 'paymentId']);
    const amount = { minor: 15025, currency: 'EUR' };
    expect(await ask(body)).toEqual({ payment: body['paymentId'], key: 'k', amount });
  });

  it('is of all there is without an amount', async () => {
    const all = name === 'refund' ? 20049 : 20050;
    const amount = name !== 'cancel' && { amount: { minor: all, currency: 'EUR' } };
    expect(await ask(takeOut(body, 'amount'))).toEqual({ payment: body['paymentId'], key: 'k', ...amount });
  });

  it('is refused without paymentId', async () => {
    const error = await ask(takeOut(body, 'paymentId')).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(BadInputError);
  });
});

/** Whether the port's value equals the sent one: unchanged, as text, in minor units, or as a day. */
function holds(got: unknown, sent: unknown): boolean {
  const minor = (got as { minor?: number } | undefined)?.minor;
  if (typeof sent === 'number') return got === sent || got === String(sent) || minor === Math.round(sent * 100);
  if (typeof got === 'object' && typeof sent === 'string') return Object.values(got ?? {}).includes(sent);
  if (typeof sent === 'string') return [sent, sent.slice(0, 10), sent.toUpperCase()].includes(String(got));
  return JSON.stringify(got) === JSON.stringify(sent);
}

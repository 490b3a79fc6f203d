import {
  type ApproveRequest,
  type Checkout,
  type CreateRequest,
  type DisputeStatus,
  type ExistingPayment,
  type KeyedRequest,
  type PaymentEvent,
  type PaymentProvider,
  type PaymentState,
  type PaymentStatus,
  readDisputeStatus,
  readRefundStatus,
  readStatus,
  type RefundRequest,
  type RefundStatus,
} from '#payment/port';
import type { LocalText } from '#platform';
import {
  bearer,
  type CheckReport,
  id,
  instant,
  isAuth,
  list,
  maybe,
  record,
  type Register,
  type RegisterRow,
  type ProviderPress,
  type ProviderWebhook,
  readWebhook,
  sayError,
  Service,
  shape,
  type Shaped,
  signedBody,
  text,
  toMoney,
  whole,
} from '#provider-kit';
import { manifest } from './fake-gateway.manifest.js';
import type { FakeGatewayContext, FakeGatewaySettings } from './fake-gateway.settings.js';
import { texts } from './fake-gateway.texts.js';

const refusal = shape({ error: shape({ code: text, message: text }) });
const service = new Service<FakeGatewayContext>({
  name: 'Fake Gateway',
  url: ({ settings }) => settings.baseUrl,
  isAccountAddress: true,
  auth: bearer(({ settings }) => settings.token),
  // A repeated key changes nothing and gets the present payment.
  idempotency: { header: 'idempotency-key' },
  refusal: (body) => ({ problems: [refusal(body).error] }),
  errors: [[404, 'missing']],
});

/** Amounts are in minor units. */
const payment = shape({
  ...{ id: text, currency: text, state: text, heldUntil: maybe(instant), taken: maybe(whole) },
  ...{ capturing: maybe(whole), declined: maybe(text) },
  refunds: list(shape({ id: text, key: text, amount: whole, state: text })),
  disputes: list(shape({ id: text, amount: whole, state: text, reason: text })),
});
/** `page` is missing if there is nothing left to pay. */
const page = shape({ payment, page: maybe(text), fields: maybe(record(text)) });
const payout = shape({
  ...{ id: text, day: text, currency: text, total: whole, document: text },
  rows: list(shape({ kind: text, payment: maybe(text), reference: maybe(text), gross: whole, fee: whole, net: whole, at: instant })),
});
/** `payment` is our reference. */
const event = shape({ id: id(200), payment: id() });

const readAccount = service.read('/account', shape({ name: text }));
const readPayment = service.read('/payments/:reference', payment);
const readPage = service.read('/payments/:reference/page', page);
const readPayouts = service.read('/payouts', list(payout));
const createPayment = service.act('POST /payments', payment);
const changePayment = service.act('POST /payments/:reference/:change', payment);

const STATUSES: Readonly<Record<string, PaymentStatus>> = {
  open: 'pending',
  approved: 'pending',
  failed: 'pending',
  held: 'waitingForCapture',
  taken: 'succeeded',
  void: 'canceled',
};
const REFUNDS: Readonly<Record<string, RefundStatus>> = { done: 'succeeded', refused: 'canceled' };
const DISPUTES: Readonly<Record<string, DisputeStatus>> = { open: 'open', won: 'won', lost: 'lost' };

/** Our status for the gateway's. An unknown one is pending, so that it is read again. */
export function readState(state: string): PaymentStatus {
  return readStatus(STATUSES, state);
}

/** The fake gateway as a payment provider: a payment there has our reference as its id. */
export class FakeGatewayProvider implements PaymentProvider<FakeGatewaySettings> {
  readonly manifest = manifest;
  /** Signed with the token, over time and body. An event only identifies a payment. */
  readonly webhook: ProviderWebhook<FakeGatewaySettings, PaymentEvent> = {
    verify: signedBody<FakeGatewayContext>({
      header: 'x-signature',
      keys: ({ settings }) => [settings.token],
      timeHeader: 'x-timestamp',
    }),
    parse(request) {
      const found = readWebhook(request, event);
      return [{ id: found.id, reference: found.payment }];
    },
  };

  async check(_settings: FakeGatewaySettings, context: FakeGatewayContext): Promise<CheckReport> {
    try {
      return { account: (await readAccount(context)).name };
    } catch (error) {
      if (!isAuth(error)) throw error;
      return { errors: { token: sayError(error, context.account.language) } };
    }
  }

  async create(request: CreateRequest, context: FakeGatewayContext): Promise<PaymentState> {
    const { reference, amount, capture, orderNumber: title, payUrl: back, doneUrl: done } = request;
    const json = { reference, title, back, done, amount: amount.minor, currency: amount.currency };
    return toState(await createPayment(context, { key: reference, json: { ...json, mode: capture === 'manual' ? 'hold' : 'sale' } }));
  }

  async get({ id: reference }: ExistingPayment, context: FakeGatewayContext): Promise<PaymentState> {
    return toState(await readPayment(context, { reference }));
  }

  async find(reference: string, context: FakeGatewayContext): Promise<PaymentState | undefined> {
    return service.unlessMissing(readPayment(context, { reference }).then(toState));
  }

  /** A payment has one page. After a declined capture it is another attempt's. */
  async openCheckout({ id: reference }: ExistingPayment, { key }: KeyedRequest, context: FakeGatewayContext): Promise<Checkout> {
    const before = await readPage(context, { reference });
    const isOver = before.payment.state === 'failed';
    if (isOver) await changePayment(context, { reference, change: 'retry', key });
    const found = isOver ? await readPage(context, { reference }) : before;
    return { state: toState(found.payment), url: found.page, ...(found.fields && { fields: found.fields }) };
  }

  async authorize({ id: reference }: ExistingPayment, { key }: KeyedRequest, context: FakeGatewayContext): Promise<PaymentState> {
    return toState(await changePayment(context, { reference, change: 'authorize', key }));
  }

  async approve({ id: reference }: ExistingPayment, { key, amount }: ApproveRequest, context: FakeGatewayContext): Promise<PaymentState> {
    return toState(await changePayment(context, { reference, change: 'capture', key, json: { amount: amount.minor } }));
  }

  async cancel({ id: reference }: ExistingPayment, { key }: KeyedRequest, context: FakeGatewayContext): Promise<PaymentState> {
    return toState(await changePayment(context, { reference, change: 'void', key }));
  }

  async listPayouts(day: string, context: FakeGatewayContext): Promise<Register[]> {
    const payouts = await readPayouts(context, { query: { day } });
    return payouts.map(({ id: own, day: date, rows, ...rest }) => ({ id: own, kind: 'payout', date, ...rest, rows: rows.map(toRow) }));
  }

  async press({ key }: ProviderPress, { id: reference }: ExistingPayment, context: FakeGatewayContext): Promise<LocalText> {
    await changePayment(context, { reference, change: 'reminders', key });
    return texts.remind.done;
  }

  async refund({ id: reference }: ExistingPayment, { key, amount }: RefundRequest, context: FakeGatewayContext): Promise<PaymentState> {
    return toState(await changePayment(context, { reference, change: 'refunds', key, json: { amount: amount.minor } }));
  }
}

/** A sale or refund of a payment, or the gateway's own charge. */
function toRow(
  { kind, payment: externalId, reference, gross, fee, net, at }: Shaped<typeof payout>['rows'][number],
  index: number,
): RegisterRow {
  return {
    ...{ line: index + 1, kind: kind === 'sale' || kind === 'refund' ? kind : 'other', gross, net, at: new Date(at) },
    fees: fee === 0 ? [] : [{ code: 'commission', minor: fee }],
    ...(externalId !== undefined && { externalId }),
    ...(reference !== undefined && { reference }),
  };
}

function toState(found: Shaped<typeof payment>): PaymentState {
  const { id: externalId, currency, state, heldUntil, taken, capturing, declined, refunds, disputes } = found;
  return {
    ...{ externalId, status: readState(state) },
    ...(capturing !== undefined && { capturing: toMoney(capturing, currency) }),
    ...(declined !== undefined && { declined }),
    ...(state === 'approved' && { toAuthorize: true as const }),
    ...(taken !== undefined && { captured: toMoney(taken, currency) }),
    ...(heldUntil !== undefined && { expiresAt: new Date(heldUntil) }),
    refunds: refunds.map((one) => ({
      ...{ externalId: one.id, reference: one.key, status: readRefundStatus(REFUNDS, one.state), amount: toMoney(one.amount, currency) },
    })),
    disputes: disputes.map(({ id: own, reason, ...one }) => ({
      ...{ externalId: own, reason, status: readDisputeStatus(DISPUTES, one.state), amount: toMoney(one.amount, currency) },
    })),
  };
}

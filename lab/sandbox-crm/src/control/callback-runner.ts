import type { Outcome } from '../module/exchange.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asText } from '../json.js';
import { ChatDesk } from '../module/chat-desk.js';
import type { Connector } from '../module/connector.js';
import { DeliveryDesk } from '../module/delivery-desk.js';
import type { Desk, Encoding } from '../module/desk.js';
import { SandboxError } from '../module/module-error.js';
import { PaymentDesk, invoiceNamed } from '../module/payment-desk.js';
import { RecommendationDesk } from '../module/recommendation-desk.js';
import type { ChatAction, DeliveryAction, PaymentAction, StoreAction, TelephonyCallback } from '../module/registration.js';
import { StoreDesk, type StockOutcome } from '../module/store-desk.js';
import { TelephonyDesk, callNamed } from '../module/telephony-desk.js';
import type { Sandbox } from '../sandbox.js';
import type { AccountContext } from '../store/account-context.js';
import type { Account } from '../store/state.js';
import { findOrder } from './control-input.js';
import { describeInvoice, describeOrder, showOutcome } from './views.js';

/** A request to run a callback: the account, the module's code, and the body of the control API. */
interface Asked {
  readonly sandbox: Sandbox;
  readonly account: Account;
  readonly crm: AccountContext;
  readonly code: string;
  readonly body: JsonObject;
  /** A field of the body as text. */
  text(name: string): string | undefined;
  /** The order that the body names. Throws `SandboxError` 404. */
  order(): JsonObject;
}

/** Callbacks by name, each with the fields of the body that it uses, by a desk that is made for the call. */
type Runs<D extends Desk, Name extends string> = { readonly [name in Name]: (desk: D, asked: Asked) => Promise<JsonObject> };

const DELIVERY: Runs<DeliveryDesk, DeliveryAction> = {
  calculate: async (desk, { order, body }) => showOutcome(await desk.calculate(order(), asObject(body['extraData']))),
  save: async (desk, { sandbox, account, order, text, body }) => {
    const saved = order();
    const outcome = await desk.save(saved, {
      tariff: text('tariff'),
      point: text('point'),
      repeat: body['repeat'] === true,
      extraData: asObject(body['extraData']),
    });
    return { ...showOutcome(outcome), order: describeOrder(sandbox, account, saved) };
  },
  get: async (desk, asked) => showOutcome(await desk.get(deliveryId(desk, asked))),
  delete: async (desk, asked) => showOutcome(await desk.delete(deliveryId(desk, asked))),
  print: async (desk, asked) => {
    const { sandbox, code, body, text } = asked;
    const ids = [...asList(body['shipments']), ...asList(body['deliveryIds'])].map(String);
    const form = text('form') ?? desk.forms()[0] ?? '';
    const { outcome, pdf } = await desk.print(form, [...ids, ...orders(asked).map((one) => desk.findDelivery(one).deliveryId)]);
    return { ...showOutcome(outcome), ...(pdf ? { file: await keep(sandbox, `${code}-${form}`, pdf, outcome), bytes: pdf.length } : {}) };
  },
  shipmentSave: async (desk, asked) => {
    const { outcome, shipment } = await desk.shipmentSave(orders(asked), asObject(asked.body['shipment']));
    return { ...showOutcome(outcome), shipment };
  },
  shipmentDelete: async (desk, { text }) => showOutcome(await desk.shipmentDelete(text('shipmentId') ?? '')),
  shipmentPointList: async (desk, { body }) => showOutcome(await desk.points(texts(body['query']))),
  tariffList: async (desk) => showOutcome(await desk.tariffs()),
  autocomplete: async (desk, { text }) => showOutcome(await desk.autocomplete(text('field'), text('term') ?? '')),
};

/** `create` needs an `order`, or an `invoice` to repeat its request. The others need an `invoice`. */
const PAYMENT: Runs<PaymentDesk, PaymentAction> = {
  create: async (desk, asked) => {
    const { body, order, text } = asked;
    if (body['invoice'] !== undefined) return aboutInvoice((invoice) => desk.repeat(invoice), asked);
    const made = await desk.create(order(), { amount: asNumber(body['amount']), shop: text('shop'), returnUrl: text('returnUrl') });
    return { ...showOutcome(made.outcome), invoice: describeInvoice(made.invoice) };
  },
  approve: (desk, asked) => aboutInvoice((invoice, amount) => desk.approve(invoice, amount), asked),
  cancel: (desk, asked) => aboutInvoice((invoice) => desk.cancel(invoice), asked),
  refund: (desk, asked) => aboutInvoice((invoice, amount) => desk.refund(invoice, amount), asked),
  status: (desk, asked) => aboutInvoice((invoice) => desk.status(invoice), asked),
};

/** `makeCall` needs `phone`, `changeUserStatus` needs `user` and `status`, `record` an uploaded `call`. */
const TELEPHONY: Runs<TelephonyDesk, TelephonyCallback> = {
  makeCall: async (desk, { text }) => {
    const [phone, user, code, externalPhone, site] = ['phone', 'user', 'code', 'externalPhone', 'site'].map(text);
    return showOutcome(await desk.makeCall({ phone, user, code, externalPhone, site }));
  },
  changeUserStatus: async (desk, { text }) => showOutcome(await desk.userStatus(text('user') ?? '', text('status') ?? '', text('code'))),
  personalAccount: async (desk) => {
    const { outcome, html } = await desk.personalAccount();
    return { ...showOutcome(outcome), html };
  },
  record: async (desk, { crm, text }) => {
    const { outcome, bytes, type } = await desk.record(callNamed(crm, text('call') ?? ''), text('range'));
    return { ...showOutcome(outcome), ...(outcome.ok ? { type, bytes: bytes.length, base64: bytes.toString('base64') } : {}) };
  },
};

/**
 * `inventoriesUpload` needs `offers`. `inventoriesActualize` reserves for `order`, or releases with
 * `release`.
 */
const STORE: Runs<StoreDesk, StoreAction> = {
  inventoriesUpload: async (desk, { body }) => showStocks(await desk.upload(asList(body['offers']).map(String))),
  inventoriesActualize: async (desk, { body, order, text }) =>
    showStocks(
      await (body['release'] === true
        ? desk.release(order(), text('offer'))
        : desk.reserve(order(), { offer: text('offer'), store: text('store'), quantity: asNumber(body['quantity']) })),
    ),
};

/** Needs `products` (id or externalId). Optional: `mode`, and `by` (id or externalId). */
const RECOMMENDATION: Runs<RecommendationDesk, 'recommendation'> = {
  recommendation: async (desk, { body, text }) => {
    const by = text('by') ?? 'id';
    if (by !== 'id' && by !== 'externalId') throw new SandboxError('by must be id or externalId');
    const { outcome, ...rest } = await desk.recommend(asList(body['products']).map(String), text('mode'), by);
    return { ...showOutcome(outcome), ...rest };
  },
};

/** `online` needs a `user`, `visits` a `chat`: their ids in the chat. */
const CHAT: Runs<ChatDesk, ChatAction> = {
  online: async (desk, asked) => showOutcome(await desk.online(chatId(asked, 'user'))),
  visits: async (desk, asked) => showOutcome(await desk.visits(chatId(asked, 'chat'))),
};

/** All callbacks of integrations by name, whose names differ between integrations. */
const CALLBACKS: { readonly [name: string]: (asked: Asked, encoding: Encoding) => Promise<JsonObject> } = {
  ...bind(DeliveryDesk, DELIVERY, (desk, action, body) => desk.raw(action, body)),
  ...bind(PaymentDesk, PAYMENT, (desk, action, body) => desk.raw(action, body)),
  ...bind(TelephonyDesk, TELEPHONY),
  ...bind(StoreDesk, STORE, (desk, action, body) => desk.raw(action, asObject(body))),
  ...bind(RecommendationDesk, RECOMMENDATION, (desk, _action, body) => desk.raw(texts(body))),
  ...bind(ChatDesk, CHAT, (desk, action, body) => desk.ask(action, texts(body))),
};

/**
 * Runs a callback by name for the body's `order`, `deliveryId`, `form` and so on. `encoding: "multipart"`
 * changes the encoding. `body` replaces the request, and its reply is not stored. Throws `SandboxError`.
 */
export async function runCallback(
  sandbox: Sandbox,
  connector: Connector,
  account: Account,
  code: string,
  callback: string,
  body: JsonObject,
): Promise<JsonObject> {
  if (callback === 'settings') {
    const outcome = await connector.settings(account, code);
    if (!outcome) throw new SandboxError(`Module "${code}" registered no "settings" action`, 404);
    return showOutcome(outcome);
  }
  const run = Object.hasOwn(CALLBACKS, callback) ? CALLBACKS[callback] : undefined;
  if (!run) throw new SandboxError(`There is no callback "${callback}"; there are: settings, ${Object.keys(CALLBACKS).join(', ')}`, 404);
  const text = (name: string): string | undefined => asText(body[name]);
  const order = (): JsonObject => findOrder(sandbox, account, text('order') ?? '');
  const asked = { sandbox, account, crm: sandbox.context(account), code, body, text, order };
  return run(asked, body['encoding'] === 'multipart' ? 'multipart' : 'urlencoded');
}

/** `raw`: sends a body unchanged. */
function bind<D extends Desk, Name extends string>(
  make: new (sandbox: Sandbox, account: Account, code: string, encoding: Encoding) => D,
  runs: Runs<D, Name>,
  raw?: (desk: D, name: Name, body: Json) => Promise<Outcome>,
): typeof CALLBACKS {
  const bound = (Object.keys(runs) as Name[]).map((name) => [
    name,
    async (asked: Asked, encoding: Encoding): Promise<JsonObject> => {
      const desk = new make(asked.sandbox, asked.account, asked.code, encoding);
      const { body } = asked.body;
      return raw && body !== undefined ? showOutcome(await raw(desk, name, body)) : runs[name](desk, asked);
    },
  ]);
  return Object.fromEntries(bound) as typeof CALLBACKS;
}

function orders({ sandbox, account, body }: Asked): JsonObject[] {
  return asList(body['orders']).map((one) => findOrder(sandbox, account, String(one)));
}

function deliveryId(desk: DeliveryDesk, { text, order }: Asked): string {
  return text('deliveryId') ?? desk.findDelivery(order()).deliveryId;
}

async function aboutInvoice(
  act: (invoice: JsonObject, amount?: number) => Promise<Outcome>,
  { crm, body, text }: Asked,
): Promise<JsonObject> {
  const invoice = invoiceNamed(crm, text('invoice') ?? '');
  return { ...showOutcome(await act(invoice, asNumber(body['amount']))), invoice: describeInvoice(invoice) };
}

function showStocks({ outcome, ...rest }: StockOutcome): JsonObject {
  return { ...showOutcome(outcome), ...rest };
}

function chatId({ text }: Asked, field: 'user' | 'chat'): string {
  const id = text(field);
  if (id === undefined) throw new SandboxError(`${field} is required: its id in the chat`);
  return id;
}

async function keep(sandbox: Sandbox, title: string, pdf: Buffer, outcome: Outcome): Promise<string> {
  const name = `${title.replace(/[^a-z0-9-]/gi, '_')}-${outcome.exchangeId}.pdf`;
  await sandbox.printed.put(name, pdf);
  return name;
}

function texts(value: Json | undefined): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(asObject(value)).flatMap(([name, one]) => {
      const text = asText(one);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}

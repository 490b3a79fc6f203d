import type { Outcome } from '../module/exchange.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asText } from '../json.js';
import { ChatDesk } from '../module/chat-desk.js';
import type { Connector } from '../module/connector.js';
import { DeliveryDesk } from '../module/delivery-desk.js';
import { SandboxError } from '../module/module-error.js';
import { PaymentDesk, invoiceNamed } from '../module/payment-desk.js';
import { RecommendationDesk } from '../module/recommendation-desk.js';
import {
  CHAT_ACTIONS,
  type ChatAction,
  DELIVERY_ACTIONS,
  type DeliveryAction,
  PAYMENT_ACTIONS,
  type PaymentAction,
  RECOMMENDATION_ACTIONS,
  STORE_ACTIONS,
  type StoreAction,
  TELEPHONY_CALLBACKS,
  type TelephonyCallback,
} from '../module/registration.js';
import { StoreDesk, type StockOutcome } from '../module/store-desk.js';
import { TelephonyDesk, callNamed } from '../module/telephony-desk.js';
import type { Sandbox } from '../sandbox.js';
import type { Account } from '../store/state.js';
import { findOrder } from './control-input.js';
import { describeInvoice, describeOrder, showOutcome } from './views.js';

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
  const encoding = body['encoding'] === 'multipart' ? 'multipart' : 'urlencoded';
  if (isPaymentAction(callback)) return runPayment(sandbox, account, new PaymentDesk(sandbox, account, code, encoding), callback, body);
  if (isTelephonyCallback(callback)) return runTelephony(sandbox, account, new TelephonyDesk(sandbox, account, code), callback, body);
  if (isStoreAction(callback)) return runStore(sandbox, account, new StoreDesk(sandbox, account, code, encoding), callback, body);
  if (isRecommendation(callback)) return runRecommendation(new RecommendationDesk(sandbox, account, code), body);
  if (isChatAction(callback)) return runChat(new ChatDesk(sandbox, account, code), callback, body);
  if (!isDeliveryAction(callback))
    throw new SandboxError(
      `There is no callback "${callback}"; there are: settings, ${[...DELIVERY_ACTIONS, ...PAYMENT_ACTIONS, ...TELEPHONY_CALLBACKS, ...STORE_ACTIONS, ...RECOMMENDATION_ACTIONS, ...CHAT_ACTIONS].join(', ')}`,
      404,
    );
  const desk = new DeliveryDesk(sandbox, account, code, encoding);
  const raw = body['body'];
  return raw === undefined ? run(sandbox, account, desk, code, callback, body) : showOutcome(await desk.raw(callback, raw));
}

async function run(
  sandbox: Sandbox,
  account: Account,
  desk: DeliveryDesk,
  code: string,
  callback: DeliveryAction,
  body: JsonObject,
): Promise<JsonObject> {
  const order = (): JsonObject => findOrder(sandbox, account, asText(body['order']) ?? '');
  const orders = (): JsonObject[] => asList(body['orders']).map((one) => findOrder(sandbox, account, String(one)));
  const deliveryId = (): string => asText(body['deliveryId']) ?? desk.findDelivery(order()).deliveryId;
  switch (callback) {
    case 'calculate':
      return showOutcome(await desk.calculate(order(), asObject(body['extraData'])));
    case 'save': {
      const saved = order();
      const outcome = await desk.save(saved, {
        tariff: asText(body['tariff']),
        point: asText(body['point']),
        repeat: body['repeat'] === true,
        extraData: asObject(body['extraData']),
      });
      return { ...showOutcome(outcome), order: describeOrder(sandbox, account, saved) };
    }
    case 'get':
      return showOutcome(await desk.get(deliveryId()));
    case 'delete':
      return showOutcome(await desk.delete(deliveryId()));
    case 'print': {
      const ids = [...asList(body['shipments']), ...asList(body['deliveryIds'])].map(String);
      const form = asText(body['form']) ?? desk.forms()[0] ?? '';
      const { outcome, pdf } = await desk.print(form, [...ids, ...orders().map((one) => desk.findDelivery(one).deliveryId)]);
      return { ...showOutcome(outcome), ...(pdf ? { file: await keep(sandbox, `${code}-${form}`, pdf, outcome), bytes: pdf.length } : {}) };
    }
    case 'shipmentSave': {
      const { outcome, shipment } = await desk.shipmentSave(orders(), asObject(body['shipment']));
      return { ...showOutcome(outcome), shipment };
    }
    case 'shipmentDelete':
      return showOutcome(await desk.shipmentDelete(asText(body['shipmentId']) ?? ''));
    case 'shipmentPointList':
      return showOutcome(await desk.points(texts(asObject(body['query']))));
    case 'tariffList':
      return showOutcome(await desk.tariffs());
    case 'autocomplete':
      return showOutcome(await desk.autocomplete(asText(body['field']), asText(body['term']) ?? ''));
  }
}

/** `create` needs an `order`, or an `invoice` to repeat its request. The others need an `invoice`. */
async function runPayment(
  sandbox: Sandbox,
  account: Account,
  desk: PaymentDesk,
  callback: PaymentAction,
  body: JsonObject,
): Promise<JsonObject> {
  const raw = body['body'];
  if (raw !== undefined) return showOutcome(await desk.raw(callback, raw));
  const crm = sandbox.context(account);
  const amount = asNumber(body['amount']);
  if (callback === 'create' && body['invoice'] === undefined) {
    const order = findOrder(sandbox, account, asText(body['order']) ?? '');
    const made = await desk.create(order, { amount, shop: asText(body['shop']), returnUrl: asText(body['returnUrl']) });
    return { ...showOutcome(made.outcome), invoice: describeInvoice(made.invoice) };
  }
  const invoice = invoiceNamed(crm, asText(body['invoice']) ?? '');
  const outcome = await {
    create: () => desk.repeat(invoice),
    approve: () => desk.approve(invoice, amount),
    cancel: () => desk.cancel(invoice),
    refund: () => desk.refund(invoice, amount),
    status: () => desk.status(invoice),
  }[callback]();
  return { ...showOutcome(outcome), invoice: describeInvoice(invoice) };
}

/** `makeCall` needs `phone`, `changeUserStatus` needs `user` and `status`, `record` an uploaded `call`. */
async function runTelephony(
  sandbox: Sandbox,
  account: Account,
  desk: TelephonyDesk,
  callback: TelephonyCallback,
  body: JsonObject,
): Promise<JsonObject> {
  switch (callback) {
    case 'makeCall': {
      const [phone, user, code, externalPhone, site] = ['phone', 'user', 'code', 'externalPhone', 'site'].map((name) => asText(body[name]));
      return showOutcome(await desk.call({ phone, user, code, externalPhone, site }));
    }
    case 'changeUserStatus':
      return showOutcome(await desk.userStatus(asText(body['user']) ?? '', asText(body['status']) ?? '', asText(body['code'])));
    case 'personalAccount': {
      const { outcome, html } = await desk.personalAccount();
      return { ...showOutcome(outcome), html };
    }
    case 'record': {
      const call = callNamed(sandbox.context(account), asText(body['call']) ?? '');
      const { outcome, bytes, type } = await desk.record(call, asText(body['range']));
      return { ...showOutcome(outcome), ...(outcome.ok ? { type, bytes: bytes.length, base64: bytes.toString('base64') } : {}) };
    }
  }
}

/**
 * `inventoriesUpload` needs `offers`. `inventoriesActualize` reserves for `order`, or releases with
 * `release`.
 */
async function runStore(sandbox: Sandbox, account: Account, desk: StoreDesk, callback: StoreAction, body: JsonObject): Promise<JsonObject> {
  const raw = body['body'];
  if (raw !== undefined) return showOutcome(await desk.raw(callback, asObject(raw)));
  const show = ({ outcome, ...rest }: StockOutcome): JsonObject => ({ ...showOutcome(outcome), ...rest });
  if (callback === 'inventoriesUpload') return show(await desk.upload(asList(body['offers']).map(String)));
  const order = findOrder(sandbox, account, asText(body['order']) ?? '');
  const [offer, store] = [asText(body['offer']), asText(body['store'])];
  return show(
    await (body['release'] === true
      ? desk.release(order, offer)
      : desk.reserve(order, { offer, store, quantity: asNumber(body['quantity']) })),
  );
}

/** Needs `products` (id or externalId). Optional: `mode`, and `by` (id or externalId). */
async function runRecommendation(desk: RecommendationDesk, body: JsonObject): Promise<JsonObject> {
  const raw = body['body'];
  if (raw !== undefined) return showOutcome(await desk.raw(texts(asObject(raw))));
  const by = asText(body['by']) ?? 'id';
  if (by !== 'id' && by !== 'externalId') throw new SandboxError('by must be id or externalId');
  const { outcome, ...rest } = await desk.recommend(asList(body['products']).map(String), asText(body['mode']), by);
  return { ...showOutcome(outcome), ...rest };
}

/** `online` needs a `user`, `visits` a `chat`: their ids in the chat. */
async function runChat(desk: ChatDesk, callback: ChatAction, body: JsonObject): Promise<JsonObject> {
  const raw = body['body'];
  if (raw !== undefined) return showOutcome(await desk.send(callback, texts(asObject(raw))));
  const field = callback === 'online' ? 'user' : 'chat';
  const id = asText(body[field]);
  if (id === undefined) throw new SandboxError(`${field} is required: its id in the chat`);
  return showOutcome(await (callback === 'online' ? desk.online(id) : desk.visits(id)));
}

async function keep(sandbox: Sandbox, title: string, pdf: Buffer, outcome: Outcome): Promise<string> {
  const name = `${title.replace(/[^a-z0-9-]/gi, '_')}-${outcome.journalId}.pdf`;
  await sandbox.printed.put(name, pdf);
  return name;
}

function texts(object: JsonObject): { [name: string]: string } {
  const pairs = Object.entries(object).map(([name, value]: [string, Json | undefined]): [string, string | undefined] => [
    name,
    asText(value),
  ]);
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function isDeliveryAction(name: string): name is DeliveryAction {
  return (DELIVERY_ACTIONS as readonly string[]).includes(name);
}

function isTelephonyCallback(name: string): name is TelephonyCallback {
  return (TELEPHONY_CALLBACKS as readonly string[]).includes(name);
}

function isStoreAction(name: string): name is StoreAction {
  return (STORE_ACTIONS as readonly string[]).includes(name);
}

function isRecommendation(name: string): boolean {
  return (RECOMMENDATION_ACTIONS as readonly string[]).includes(name);
}

function isChatAction(name: string): name is ChatAction {
  return (CHAT_ACTIONS as readonly string[]).includes(name);
}

function isPaymentAction(name: string): name is PaymentAction {
  return (PAYMENT_ACTIONS as readonly string[]).includes(name);
}

import { findSentence } from '../contract/sentences.js';
import { type JsonObject, asObject, asObjects, copy } from '../json.js';
import { showOrder } from '../groups/order-record.js';
import { type Connected, listCapabilities } from '../module/connector.js';
import type { Outcome } from '../module/exchange.js';
import { SandboxError } from '../module/module-error.js';
import { readModuleCode } from '../module/registration.js';
import type { Sandbox } from '../sandbox.js';
import type { Account, Delivery, LoggedExchange } from '../store/state.js';
import type { EntryView, ViolationView } from './control-types.js';

/** Shows a callback's outcome in the control API's format. */
export function showOutcome(outcome: Outcome): JsonObject {
  return { ...outcome, explained: explainViolations(outcome.callback, outcome.violations) };
}

/** Shows an exchange. Each violation has the contract's sentence. */
export function showEntry(entry: LoggedExchange): EntryView {
  return { ...entry, explained: explainViolations(entry.name, entry.violations) };
}

/** Shows the result of connecting a module. Each violation contains its step. */
export function showConnected(connected: Connected): JsonObject {
  const explained = connected.violations.flatMap((message) => explainViolations(/^register\b/.exec(message)?.[0] ?? 'config', [message]));
  return { ...connected, explained, steps: connected.steps.map(showOutcome) };
}

/** Shows violations of an exchange, each with the sentence that it breaks. */
export function explainViolations(exchange: string, violations: readonly string[]): (ViolationView & JsonObject)[] {
  return violations.map((message) => {
    const { text, page } = findSentence(exchange, message);
    return { message, sentence: text, page };
  });
}

/** Shows an account: its address, settings and modules. Keys show only their last four characters. */
export function describeAccount(sandbox: Sandbox, account: Account): JsonObject {
  return {
    code: account.code,
    name: account.name,
    url: sandbox.buildUrl(account),
    settings: account.settings,
    keys: account.keys.map((key) => ({
      ending: key.key.slice(-4),
      scopes: key.scopes,
      active: key.active,
      module: key.module,
    })),
    modules: Object.keys(account.modules),
    orders: account.records['orders']?.length ?? 0,
  };
}

/** Shows an installed module with its registration. Throws `SandboxError` 404 if it does not exist. */
export function describeModule(account: Account, code: string): JsonObject {
  const module = account.modules[code];
  if (!module) throw new SandboxError(`Account "${account.code}" has no module "${code}"`, 404);
  return {
    code,
    // The code of the module, which is the same for all its instances.
    integrationCode: readModuleCode(module),
    active: module.active,
    freeze: module.freeze,
    registeredAt: module.registeredAt,
    registration: module.registration,
    capabilities: listCapabilities(module.registration),
    ...(module.billing ? { billing: module.billing } : {}),
    ...(module.connection ? { connection: { ...module.connection } } : {}),
  };
}

/** Shows an order in the API's format, with its deliveries and their histories. */
export function describeOrder(sandbox: Sandbox, account: Account, order: JsonObject): JsonObject {
  const deliveries = account.deliveries.filter((delivery) => delivery.orderId === order['id']).map(showDelivery);
  return { ...showOrder(sandbox.context(account), order), deliveries };
}

function showDelivery({ madeBy: _madeBy, ...delivery }: Delivery): JsonObject {
  return { ...delivery, extraData: copy(delivery.extraData), history: delivery.history.map((status) => ({ ...status })) };
}

/** Shows an invoice with its events, oldest first. */
export function describeInvoice(invoice: JsonObject): JsonObject {
  const { desk, ...fields } = copy(invoice);
  const { module, shop, checkRefusal, timeline } = asObject(desk);
  return { ...fields, module, shop, checkRefusal, timeline: asObjects(timeline) };
}

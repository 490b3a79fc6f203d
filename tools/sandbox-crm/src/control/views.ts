import { findSentence } from '../contract/sentences.js';
import { type JsonObject, asObject, asObjects, copy } from '../json.js';
import { showOrder } from '../groups/order-record.js';
import { type Connected, listCapabilities } from '../module/connector.js';
import type { Outcome } from '../module/exchange.js';
import { SandboxError } from '../module/module-error.js';
import { readModuleCode } from '../module/registration.js';
import type { Sandbox } from '../sandbox.js';
import type { Account, Delivery, JournalEntry } from '../store/state.js';
import type { EntryView, ViolationView } from './control-types.js';

/** A callback's outcome as the control API answers it. */
export function showOutcome(outcome: Outcome): JsonObject {
  return { ...outcome, explained: explainViolations(outcome.callback, outcome.violations) };
}

/** An exchange of the journal, its violations with the sentences of the contract. */
export function showEntry(entry: JournalEntry): EntryView {
  return { ...entry, explained: explainViolations(entry.name, entry.violations) };
}

/** What connecting came to; each violation says in which step it was. */
export function showConnected(connected: Connected): JsonObject {
  const explained = connected.violations.flatMap((message) => explainViolations(/^register\b/.exec(message)?.[0] ?? 'config', [message]));
  return { ...connected, explained, steps: connected.steps.map(showOutcome) };
}

/** Violations in the exchange of this name, each with the sentence that it breaks. */
export function explainViolations(exchange: string, violations: readonly string[]): (ViolationView & JsonObject)[] {
  return violations.map((message) => {
    const { text, page } = findSentence(exchange, message);
    return { message, sentence: text, page };
  });
}

/** An account: its address, settings, modules; keys by their last four characters. */
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

/** An installed module with its registration. Throws `SandboxError` 404 when there is none of this code. */
export function describeModule(account: Account, code: string): JsonObject {
  const module = account.modules[code];
  if (!module) throw new SandboxError(`Account "${account.code}" has no module "${code}"`, 404);
  return {
    code,
    // Of the module that it is an instance of.
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

/** An order as the API shows it, with its deliveries and the histories of these. */
export function describeOrder(sandbox: Sandbox, account: Account, order: JsonObject): JsonObject {
  const deliveries = account.deliveries.filter((delivery) => delivery.orderId === order['id']).map(showDelivery);
  return { ...showOrder(sandbox.context(account), order), deliveries };
}

function showDelivery({ madeBy: _madeBy, ...delivery }: Delivery): JsonObject {
  return { ...delivery, extraData: copy(delivery.extraData), history: delivery.history.map((status) => ({ ...status })) };
}

/** An invoice with what happened to it, oldest first. */
export function describeInvoice(invoice: JsonObject): JsonObject {
  const { desk, ...fields } = copy(invoice);
  const { module, shop, checkRefusal, timeline } = asObject(desk);
  return { ...fields, module, shop, checkRefusal, timeline: asObjects(timeline) };
}

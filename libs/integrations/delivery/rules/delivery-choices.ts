import { type Connection, tryWithSettings } from '#connections';
import { fillIn, type LocalText, textFor } from '#platform';
import { ProviderError } from '#provider-kit';
import { texts } from '../delivery.texts.js';
import type { SaveRequest } from '../port/index.js';
import { type Choice, findRule, type RuleFacts } from './choose-rule.js';
import type { DeliveryRule, DeliveryRules, NamedSettings } from './rules.dto.js';

/** Lists of the rules, by the member of a choice that contains the name of an item. */
export const LISTS = { contract: 'contracts', sender: 'senders' } as const;
export type ChoiceKind = keyof typeof LISTS;
export const CHOICE_KINDS = Object.keys(LISTS) as ChoiceKind[];

const NO_RULES: object = {};
/** Settings by rules and names: providers cache their compiled settings by the settings object. */
const merged = new WeakMap<object, WeakMap<object, Map<string, object>>>();

/** Finds the row of a connection's rules that fits an order. Undefined without rules, at no cost. */
export function findRuleOf({ rules }: Connection, facts: RuleFacts): DeliveryRule | undefined {
  return rules && findRule((rules as DeliveryRules).rows, facts);
}

/** Chooses contract and sender by all facts of a save. Undefined means the settings' own. */
export function chooseForSave(connection: Connection, { storeCode, site, legalEntity }: SaveRequest): Choice | undefined {
  const rule = findRuleOf(connection, { store: storeCode, site, legalEntity });
  return rule && toChoice(rule);
}

/** Returns the names in a row or a delivery. Undefined when it has no names. */
export function toChoice({ contract, sender }: Choice): Choice | undefined {
  return contract || sender ? { ...(contract && { contract }), ...(sender && { sender }) } : undefined;
}

/**
 * Returns the connection with the settings of a contract and a sender, or the connection itself if nothing is
 * chosen. The settings are one object as long as the stored ones and the rules are. Throws ProviderError
 * `rejected` for a name that the rules no longer have.
 */
export function choose(connection: Connection, choice: Choice | undefined, rules = connection.rules): Connection {
  if (!choice?.contract && !choice?.sender) return connection;
  return tryWithSettings(connection, mergeSettings(connection, choice, rules ?? NO_RULES));
}

/** Returns the contract of a shipment's deliveries, and their sender if all have the same. */
export function chooseForShipment(deliveries: readonly Choice[]): Choice | undefined {
  const [first, ...others] = deliveries;
  const isOneSender = others.every(({ sender }) => sender === first?.sender);
  return first && toChoice({ contract: first.contract, sender: isOneSender ? first.sender : null });
}

/** Whether the rules still have a delivery's contract and sender. */
export function hasChosen(connection: Connection, choice: Choice): boolean {
  try {
    choose(connection, choice);
    return true;
  } catch (error) {
    if (error instanceof ProviderError) return false;
    throw error;
  }
}

/** Groups deliveries by contract: a carrier is called separately for each contract. */
export function groupByContract<Row extends Choice>(rows: readonly Row[]): { contract: Row['contract']; rows: Row[] }[] {
  const contracts = [...new Set(rows.map(({ contract }) => contract))];
  return contracts.map((contract) => ({ contract, rows: rows.filter((row) => row.contract === contract) }));
}

/** Returns the connection as each of its contracts makes it. */
export function listContracts(connection: Connection): Connection[] {
  const { contracts = [] } = (connection.rules ?? {}) as Partial<DeliveryRules>;
  return contracts.map(({ code }) => choose(connection, { contract: code }));
}

/** Returns the settings, with the named ones replacing them. */
export function replaceSettings(settings: object, { code: _name, ...own }: NamedSettings): object {
  return { ...settings, ...own };
}

function mergeSettings(connection: Connection, choice: Choice, rules: object): object {
  // A name that the rules lack is refused before the settings, which a connection without rules may lack.
  for (const kind of CHOICE_KINDS) findNamed(connection, rules, kind, choice[kind]);
  const { settings } = connection;
  const byRules = getOrMake(merged, settings, () => new WeakMap<object, Map<string, object>>());
  const byNames = getOrMake(byRules, rules, () => new Map<string, object>());
  return getOrMake(byNames, JSON.stringify([choice.contract, choice.sender]), () =>
    CHOICE_KINDS.reduce((whole, kind) => {
      const named = findNamed(connection, rules, kind, choice[kind]);
      return named ? replaceSettings(whole, named) : whole;
    }, settings),
  );
}

function findNamed({ account }: Connection, rules: object, kind: ChoiceKind, name: string | null | undefined): NamedSettings | undefined {
  if (!name) return undefined;
  const found = (rules as Partial<DeliveryRules>)[LISTS[kind]]?.find(({ code }) => code === name);
  if (!found) throw new ProviderError('rejected', textFor(describeGone(kind, name), account.language));
  return found;
}

function getOrMake<Key, Value>(
  map: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
  key: Key,
  make: () => Value,
): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function describeGone(kind: ChoiceKind, name: string): LocalText {
  return kind === 'contract' ? fillIn(texts.contractGone, { name }) : fillIn(texts.senderGone, { name });
}

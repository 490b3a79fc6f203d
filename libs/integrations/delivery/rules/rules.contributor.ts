import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { InjectProviders, type Providers, StockKeepers } from '#integration-kit';
import type { RulesContributor, SettingsVariant } from '#onboarding';
import { OperationLists } from '#operations';
import { fillIn, type Language, type LocalText, textFor } from '#platform';
import { countCurrencyDigits, type Money, MoneyError, readExactMoney, toWireAmount } from '#provider-kit';
import { SAVE } from '../delivery-operations.js';
import { DeliveryStore } from '../delivery-store.js';
import { texts } from '../delivery.texts.js';
import type { CalculateDto } from '../dto/callback.dto.js';
import type { DeliveryProvider } from '../port/index.js';
import { toCalculateRequest } from '../request-mapper.js';
import { listUnfulfilled, type RuleFacts } from './choose-rule.js';
import { choose, CHOICE_KINDS, LISTS, replaceSettings } from './delivery-choices.js';
import { type DeliveryRule, type DeliveryRules, type RulePrice, RulesSample } from './rules.dto.js';
import { computeShownCost, type PriceChange } from './shown-cost.js';
import { describeUnfulfilled } from './describe-unfulfilled.js';

/** Members of a price that are sums, with the currency. */
const SUMS = ['amount', 'roundTo', 'freeFrom'] as const satisfies readonly (keyof RulePrice)[];

/** A row that did not fit, and why. */
interface PassedRow {
  /** Its place in the table, from 0. */
  row: number;
  why: string;
}

/** The choice that the rules make for an order. */
export interface RuleVerdict {
  /** Place of the row that fits, from 0. Null if none fits and the settings apply. */
  row: number | null;
  /** Names of the contract and the sender. Null if the ones in the settings apply. */
  contract: string | null;
  sender: string | null;
  passed: PassedRow[];
}

/** A tariff of the preview, with amounts in major units. */
export interface TariffPreview {
  code: string;
  name: string;
  type: string;
  currency?: string;
  /** The carrier's. */
  price?: number;
  /** The price for the buyer. */
  cost?: number;
  change: PriceChange;
  why: string;
}

/** The effect of the rules on a sample order. */
export interface RulesPreview {
  /** When the CRM asks for prices. */
  quoted: RuleVerdict & { tariffs: TariffPreview[] };
  /** When it saves the delivery. */
  saved: RuleVerdict;
}

/** Delivery's contribution to an account's rules. */
@Injectable()
export class DeliveryRulesContributor implements RulesContributor {
  readonly integration = 'delivery';
  readonly sample = RulesSample;
  readonly optionalLists = Object.values(LISTS);

  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly deliveries: DeliveryStore,
    private readonly operations: OperationLists,
    private readonly keepers: StockKeepers,
  ) {}

  isEmpty(rules: DeliveryRules): boolean {
    const { rows, documentField, stock = 'none' } = rules;
    return !documentField && stock === 'none' && rows.length === 0 && CHOICE_KINDS.every((kind) => (rules[LISTS[kind]] ?? []).length === 0);
  }

  async findProblems(connection: Connection, rules: DeliveryRules): Promise<Record<string, string>> {
    const { language } = connection.account;
    const found: Record<string, string> = {};
    const complain = (path: string, text: LocalText): void => {
      found[path] ??= textFor(text, language);
    };
    if ((rules.stock ?? 'none') !== 'none' && !this.keepers.find(connection)) complain('stock', texts.rules.noWarehouse);
    for (const kind of CHOICE_KINDS) {
      const codes = (rules[LISTS[kind]] ?? []).map(({ code }) => code);
      codes.forEach((code, index) => {
        if (codes.indexOf(code) !== index) complain(`${LISTS[kind]}[${index}].code`, texts.rules.twice);
      });
      rules.rows.forEach((row, index) => {
        const name = row[kind];
        if (name && !codes.includes(name)) complain(`rows[${index}].${kind}`, fillIn(texts.rules.unknown, { name }));
      });
    }
    rules.rows.forEach(({ price }, index) => {
      if (price) checkPrice(price, (member, text) => complain(`rows[${index}].price.${member}`, text));
    });
    for (const variant of this.listVariants(connection, rules)) {
      const problems = connection.module.manifest.checkSettings?.(variant.settings, language) ?? {};
      // Problems of the settings themselves are reported where they are saved.
      for (const [path, problem] of Object.entries(problems))
        if (variant.own.includes(/^\w*/.exec(path)?.[0] ?? '')) found[`${variant.path}.${path}`] ??= problem;
    }
    for (const [path, text] of await this.findMissing(connection, rules)) complain(path, text);
    return found;
  }

  listVariants({ settings }: Pick<Connection, 'settings'>, rules: DeliveryRules): SettingsVariant[] {
    return CHOICE_KINDS.flatMap((kind) =>
      (rules[LISTS[kind]] ?? []).map((named, index): SettingsVariant => {
        const { code: _name, ...own } = named;
        return { path: `${LISTS[kind]}[${index}]`, own: Object.keys(own), settings: replaceSettings(settings, named) };
      }),
    );
  }

  async preview(connection: Connection, rules: DeliveryRules | undefined, sample: RulesSample, language: Language): Promise<RulesPreview> {
    const { store, site, legalEntity } = sample;
    const rows = rules?.rows ?? [];
    const quoted = judge(rows, { store }, language);
    const request = toCalculateRequest(toSampleOrder(sample));
    const chosen = choose(connection, quoted, rules);
    const tariffs = await this.providers.call(chosen, 'calculate', (provider, context) => provider.calculate(request, context), {
      trial: true,
    });
    const price = quoted.row === null ? undefined : rows[quoted.row]?.price;
    return {
      quoted: {
        ...quoted,
        tariffs: tariffs.map(({ code, name, type, cost }) => ({
          ...{ code, name, type },
          ...describeCost(cost, price, request.declaredValue, language),
        })),
      },
      saved: judge(rows, { store, site, legalEntity }, language),
    };
  }

  /** Finds names that active deliveries have and the rules would lack. */
  private async findMissing(connection: Connection, rules: DeliveryRules): Promise<[string, LocalText][]> {
    const before = connection.rules as DeliveryRules | undefined;
    const gone = CHOICE_KINDS.flatMap((kind) => {
      const kept = new Set((rules[LISTS[kind]] ?? []).map(({ code }) => code));
      return (before?.[LISTS[kind]] ?? []).flatMap(({ code }) => (kept.has(code) ? [] : [{ kind, code }]));
    });
    if (gone.length === 0) return [];
    // It may be about to store a delivery with a name that goes.
    if (await this.operations.isBusy(connection, SAVE)) return gone.map(({ kind }) => [LISTS[kind], texts.rules.busy]);
    const ends = this.providers.getManifest(connection).statuses.filter(({ isFinal }) => isFinal);
    const chosen = await this.deliveries.countChosen(
      connection,
      ends.map(({ code }) => code),
    );
    return gone.flatMap(({ kind, code }): [string, LocalText][] => {
      const count = chosen.reduce((sum, row) => sum + (row[kind] === code ? row.deliveries : 0), 0);
      return count > 0 ? [[LISTS[kind], fillIn(texts.rules.inUse, { name: code, deliveries: count })]] : [];
    });
  }
}

/** Sums need a currency, and no more digits than it has. */
function checkPrice(price: RulePrice, complain: (member: keyof RulePrice, text: LocalText) => void): void {
  const { currency } = price;
  const named = SUMS.filter((member) => price[member] !== undefined);
  if (currency === undefined) {
    if (named.length > 0) complain('currency', texts.rules.needsCurrency);
    return;
  }
  for (const member of named) {
    try {
      readExactMoney(price[member] ?? 0, currency);
    } catch (error) {
      if (!(error instanceof MoneyError)) throw error;
      complain(member, fillIn(texts.rules.tooManyDigits, { digits: countCurrencyDigits(currency), currency }));
    }
  }
}

function toSampleOrder({ store, declaredValue, currency, weight, ...address }: RulesSample): CalculateDto {
  const { countryIso, region, city, index } = address;
  return {
    packages: [{ weight }],
    ...(store && { store: { code: store } }),
    deliveryAddress: { countryIso, city, ...(region && { region }), ...(index && { index }) },
    ...(declaredValue !== undefined && { declaredValue }),
    currency,
  };
}

function judge(rows: readonly DeliveryRule[], facts: RuleFacts, language: Language): RuleVerdict {
  const passed: PassedRow[] = [];
  for (const [index, row] of rows.entries()) {
    const [condition] = listUnfulfilled(row, facts);
    if (condition === undefined) return { row: index, contract: row.contract ?? null, sender: row.sender ?? null, passed };
    const why = describeUnfulfilled(condition, row[condition] ?? '', facts[condition]);
    passed.push({ row: index, why: textFor(why, language) });
  }
  return { row: null, contract: null, sender: null, passed };
}

function describeCost(
  price: Money | undefined,
  rule: RulePrice | undefined,
  declaredValue: Money | undefined,
  language: Language,
): Omit<TariffPreview, 'code' | 'name' | 'type'> {
  const say = (text: LocalText): string => textFor(text, language);
  if (!price) return { change: 'none', why: say(texts.rules.noPrice) };
  const { cost, change } = rule ? computeShownCost(price, rule, declaredValue) : { cost: price, change: 'none' as const };
  return {
    currency: price.currency,
    price: toWireAmount(price),
    cost: toWireAmount(cost),
    change,
    why: say(texts.rules.changes[change]),
  };
}

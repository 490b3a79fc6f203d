import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsPositive,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { addOptional, COUNTRIES, CURRENCIES, type DtoClass, Field, isAddress } from '#platform';
import type { ProviderManifest } from '#provider-kit';
import { texts } from '../delivery.texts.js';
import type { DeliveryManifest } from '../port/index.js';
import { STOCK_RULES, type StockRule } from '../stock/list-moves.js';

/** Largest sum, in major units: no result leaves the exact integers of any currency. */
const MOST_MONEY = 1e9;
const MOST_ROWS = 200;
/** Contracts, and senders, of one connection. */
const MOST_CHOICES = 20;

/** How a price is rounded to a multiple of a step. */
export const ROUNDINGS = ['nearest', 'up', 'down'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

/** How the cost that is shown differs from the carrier's price. Sums are in major units, as on the wire. */
export class RulePrice {
  @Field({ ...texts.rules.price.percent, unit: texts.rules.percent })
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(-100)
  @Max(1000)
  percent?: number;

  @Field(texts.rules.price.amount)
  @IsOptional()
  @IsNumber()
  @Min(-MOST_MONEY)
  @Max(MOST_MONEY)
  amount?: number;

  @Field(texts.rules.price.roundTo)
  @IsOptional()
  @IsNumber()
  @IsPositive()
  @Max(MOST_MONEY)
  roundTo?: number;

  @Field(texts.rules.price.rounding)
  @IsIn(ROUNDINGS)
  rounding: Rounding = 'nearest';

  /** Compared with the declared value. */
  @Field(texts.rules.price.freeFrom)
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(MOST_MONEY)
  freeFrom?: number;

  /** ISO 4217, of the sums. */
  @Field({ ...texts.rules.price.currency, codesOf: CURRENCIES })
  @IsOptional()
  @IsString()
  @Matches(/^[A-Z]{3}$/, { message: 'must be a currency code such as EUR' })
  currency?: string;
}

/** The conditions for an order to fit a row. An empty condition fits every order. */
export class RuleConditions {
  /** Code of the warehouse of shipment in the CRM. */
  @Field({ ...texts.rules.fields.store, lookup: 'stores' })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  store?: string;

  /** Code of the shop in the CRM. */
  @Field({ ...texts.rules.fields.site, lookup: 'sites' })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  site?: string;

  /** Name of the selling legal person. */
  @Field({ ...texts.rules.fields.legalEntity, lookup: 'legalEntities' })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  legalEntity?: string;
}

/** A row of the table. */
export interface DeliveryRule extends RuleConditions {
  /** Name of a contract. Missing for the settings' contract. */
  contract?: string;
  /** Name of a sender. Missing for the settings' sender. */
  sender?: string;
  price?: RulePrice;
}

/** Named settings, which replace the connection's. */
export class NamedSettings {
  @Field({ title: texts.rules.name, ...texts.rules.code })
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  code!: string;
}

/** An account's delivery rules. Lists that a provider has no use for are missing. */
export interface DeliveryRules {
  contracts?: NamedSettings[];
  senders?: NamedSettings[];
  /** The first that fits an order counts. */
  rows: DeliveryRule[];
  /** Code of the order's custom field with the number of the buyer's document. */
  documentField?: string;
  /** When goods are written off in the warehouse of the same module. Missing: never. */
  stock?: StockRule;
}

/** A sample order for the preview. */
export class RulesSample extends RuleConditions {
  /** In major units. */
  @Field(texts.rules.sample.declaredValue)
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1e11)
  declaredValue?: number;

  @Field({ ...texts.rules.sample.currency, codesOf: CURRENCIES })
  @IsString()
  @Matches(/^[A-Z]{3}$/, { message: 'must be a currency code such as EUR' })
  currency!: string;

  @Field(texts.rules.sample.weight)
  @IsNumber()
  @IsPositive()
  @Max(10_000_000)
  weight: number = 1000;

  @Field({ ...texts.rules.sample.countryIso, codesOf: COUNTRIES })
  @IsString()
  @Matches(/^[A-Z]{2}$/, { message: 'must be a two-letter country code' })
  countryIso!: string;

  @Field(texts.rules.sample.city)
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  city!: string;

  @Field(texts.rules.sample.region)
  @IsOptional()
  @IsString()
  @MaxLength(255)
  region?: string;

  @Field(texts.rules.sample.index)
  @IsOptional()
  @IsString()
  @MaxLength(255)
  index?: string;
}

/**
 * Returns the class of the rules that a provider's settings allow.
 * @throws Error for a field they lack, or for an address: the secrets of the settings would go there
 */
export function describeRules(manifest: ProviderManifest<object>): DtoClass<DeliveryRules> {
  const { contractFields = [], senderFields = [], recipientDocument } = manifest as DeliveryManifest<object>;
  const choices = [
    { list: 'contracts', one: 'contract', fields: contractFields },
    { list: 'senders', one: 'sender', fields: senderFields },
  ] as const;
  class DeliveryRuleRow extends RuleConditions {}
  const used = choices.filter(({ fields }) => fields.length > 0);
  class DeliveryRulesOfProvider {
    rows: object[] = [];

    constructor() {
      for (const { list } of used) Object.assign(this, { [list]: [] });
    }
  }
  for (const { list, one, fields } of used) {
    const address = fields.find((name) => isAddress(manifest.settings, name));
    if (address !== undefined) throw new Error(`${manifest.settings.name}.${address} is an address, which rules cannot choose`);
    const type = addOptional(NamedSettings, manifest.settings, fields, one === 'contract' ? 'DeliveryContract' : 'DeliverySender');
    decorate(
      DeliveryRulesOfProvider,
      list,
      Field({ title: texts.rules.titles[list], hint: texts.rules.hints[list] }),
      ...listOf(type, MOST_CHOICES),
    );
    decorate(
      ...([DeliveryRuleRow, one, Field({ title: texts.rules.titles[one], hint: texts.rules.hints.choice, codesOf: list })] as const),
      ...[IsOptional(), IsString(), MaxLength(100)],
    );
  }
  decorate(
    DeliveryRuleRow,
    'price',
    Field({ title: texts.rules.titles.price }),
    IsOptional(),
    ValidateNested(),
    Type(() => RulePrice),
  );
  decorate(
    DeliveryRulesOfProvider,
    'rows',
    Field({ title: texts.rules.titles.rows, hint: texts.rules.hints.rows, ordered: true }),
    ...listOf(DeliveryRuleRow, MOST_ROWS),
  );
  if (recipientDocument)
    decorate(
      ...([DeliveryRulesOfProvider, 'documentField'] as const),
      Field({ title: texts.rules.titles.documentField, hint: texts.rules.hints.documentField }),
      ...[IsOptional(), IsString(), MaxLength(255)],
    );
  decorate(DeliveryRulesOfProvider, 'stock', Field(texts.rules.stock), IsOptional(), IsIn(STOCK_RULES));
  return DeliveryRulesOfProvider as unknown as DtoClass<DeliveryRules>;
}

function listOf(type: DtoClass<object>, most: number): PropertyDecorator[] {
  return [IsArray(), ArrayMaxSize(most), ValidateNested({ each: true }), Type(() => type)];
}

function decorate(type: DtoClass<object>, property: string, ...decorators: readonly PropertyDecorator[]): void {
  for (const each of decorators) each(type.prototype as object, property);
}

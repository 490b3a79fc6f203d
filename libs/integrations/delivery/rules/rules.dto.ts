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
import { addOptional, COUNTRIES, CURRENCIES, type DtoClass, Field, isAddress, type LocalText } from '#platform';
import type { ProviderManifest } from '#provider-kit';
import type { DeliveryManifest } from '../port/index.js';

/** Largest sum, in major units: no result leaves the exact integers of any currency. */
const MOST_MONEY = 1e9;
const MOST_ROWS = 200;
/** Contracts, and senders, of one connection. */
const MOST_CHOICES = 20;

/** How a price is rounded to a multiple of a step. */
export const ROUNDINGS = ['nearest', 'up', 'down'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

const NAME: LocalText = { en: 'Name', es: 'Nombre', ru: 'Название' };
const PERCENT: LocalText = { en: '%', es: '%', ru: '%' };

/** How the cost that is shown differs from the carrier's price. Sums are in major units, as on the wire. */
export class RulePrice {
  @Field({
    title: { en: 'Markup or discount', es: 'Recargo o descuento', ru: 'Наценка или скидка' },
    hint: {
      en: 'On the carrier’s price. A discount is negative, such as -10',
      es: 'Sobre el precio del transportista. Un descuento es negativo, como -10',
      ru: 'К цене перевозчика. Скидка — со знаком минус, например -10',
    },
    unit: PERCENT,
  })
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(-100)
  @Max(1000)
  percent?: number;

  @Field({
    title: { en: 'Markup or discount, a sum', es: 'Recargo o descuento, importe', ru: 'Наценка или скидка, сумма' },
    hint: {
      en: 'A discount is negative. The price never goes below 0',
      es: 'Un descuento es negativo. El precio nunca baja de 0',
      ru: 'Скидка — со знаком минус. Цена не бывает ниже 0',
    },
  })
  @IsOptional()
  @IsNumber()
  @Min(-MOST_MONEY)
  @Max(MOST_MONEY)
  amount?: number;

  @Field({ title: { en: 'Round to a multiple of', es: 'Redondear a múltiplos de', ru: 'Округлять до кратного' } })
  @IsOptional()
  @IsNumber()
  @IsPositive()
  @Max(MOST_MONEY)
  roundTo?: number;

  @Field({
    title: { en: 'Rounding', es: 'Redondeo', ru: 'Округление' },
    choices: {
      nearest: { en: 'To the nearest', es: 'Al más cercano', ru: 'К ближайшему' },
      up: { en: 'Up', es: 'Hacia arriba', ru: 'Вверх' },
      down: { en: 'Down', es: 'Hacia abajo', ru: 'Вниз' },
    },
  })
  @IsIn(ROUNDINGS)
  rounding: Rounding = 'nearest';

  /** Compared with the declared value. */
  @Field({
    title: { en: 'Free from', es: 'Gratis desde', ru: 'Бесплатно от' },
    hint: { en: 'Declared value of the order', es: 'Valor declarado del pedido', ru: 'Объявленная ценность заказа' },
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(MOST_MONEY)
  freeFrom?: number;

  /** ISO 4217, of the sums. */
  @Field({
    title: { en: 'Currency of these sums', es: 'Moneda de estos importes', ru: 'Валюта этих сумм' },
    hint: {
      en: 'Needed with a sum. In an order of another currency the carrier’s price is shown',
      es: 'Necesaria con un importe. En un pedido de otra moneda se muestra el precio del transportista',
      ru: 'Нужна, если указана сумма. В заказе в другой валюте показывается цена перевозчика',
    },
    codesOf: CURRENCIES,
  })
  @IsOptional()
  @IsString()
  @Matches(/^[A-Z]{3}$/, { message: 'must be a currency code such as EUR' })
  currency?: string;
}

/** What an order must be for a row to fit it; what is empty fits every order. */
export class RuleConditions {
  /** Code of the warehouse of shipment in the CRM. */
  @Field({ title: { en: 'Warehouse', es: 'Almacén', ru: 'Склад' }, lookup: 'stores' })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  store?: string;

  /** Code of the shop in the CRM. */
  @Field({
    title: { en: 'Shop', es: 'Tienda', ru: 'Магазин' },
    hint: {
      en: 'Known when a delivery is saved, not when prices are asked for',
      es: 'Se conoce al guardar el envío, no al pedir precios',
      ru: 'Известен при оформлении доставки, но не при расчёте',
    },
    lookup: 'sites',
  })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  site?: string;

  /** Name of the selling legal person. */
  @Field({
    title: { en: 'Legal entity', es: 'Entidad legal', ru: 'Юрлицо' },
    hint: {
      en: 'Its name. Known when a delivery is saved, not when prices are asked for',
      es: 'Su nombre. Se conoce al guardar el envío, no al pedir precios',
      ru: 'Наименование. Известно при оформлении доставки, но не при расчёте',
    },
    lookup: 'legalEntities',
  })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  legalEntity?: string;
}

/** A row of the table. */
export interface DeliveryRule extends RuleConditions {
  /** Name of a contract; missing: that of the settings. */
  contract?: string;
  /** Name of a sender; missing: that of the settings. */
  sender?: string;
  price?: RulePrice;
}

/** Settings under a name, which stand in place of the connection's. */
export class NamedSettings {
  @Field({
    title: NAME,
    hint: {
      en: 'Deliveries remember it: do not change it while any is on its way',
      es: 'Los envíos lo recuerdan: no lo cambie mientras haya alguno en camino',
      ru: 'Доставки его помнят: не меняйте, пока они в пути',
    },
  })
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
}

/** A sample order for the preview. */
export class RulesSample extends RuleConditions {
  /** In major units. */
  @Field({ title: { en: 'Declared value', es: 'Valor declarado', ru: 'Объявленная ценность' } })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1e11)
  declaredValue?: number;

  @Field({ title: { en: 'Currency of the order', es: 'Moneda del pedido', ru: 'Валюта заказа' }, codesOf: CURRENCIES })
  @IsString()
  @Matches(/^[A-Z]{3}$/, { message: 'must be a currency code such as EUR' })
  currency!: string;

  @Field({ title: { en: 'Weight', es: 'Peso', ru: 'Вес' }, unit: { en: 'g', es: 'g', ru: 'г' } })
  @IsNumber()
  @IsPositive()
  @Max(10_000_000)
  weight: number = 1000;

  @Field({
    title: { en: 'To: country', es: 'Destino: país', ru: 'Куда: страна' },
    codesOf: COUNTRIES,
  })
  @IsString()
  @Matches(/^[A-Z]{2}$/, { message: 'must be a two-letter country code' })
  countryIso!: string;

  @Field({ title: { en: 'To: city', es: 'Destino: ciudad', ru: 'Куда: город' } })
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  city!: string;

  @Field({ title: { en: 'To: region', es: 'Destino: región', ru: 'Куда: регион' } })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  region?: string;

  @Field({ title: { en: 'To: postal code', es: 'Destino: código postal', ru: 'Куда: индекс' } })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  index?: string;
}

const TITLES = {
  contracts: { en: 'Contracts', es: 'Contratos', ru: 'Договоры' },
  senders: { en: 'Senders', es: 'Remitentes', ru: 'Отправители' },
  rows: { en: 'Rules, tried from the top', es: 'Reglas, de arriba abajo', ru: 'Правила, сверху вниз' },
  contract: { en: 'Contract', es: 'Contrato', ru: 'Договор' },
  sender: { en: 'Sender', es: 'Remitente', ru: 'Отправитель' },
  price: { en: 'Cost shown to the buyer', es: 'Coste que ve el comprador', ru: 'Стоимость для покупателя' },
} satisfies Record<string, LocalText>;

const HINTS = {
  contracts: {
    en: 'Further contracts with the carrier. What is left empty is as in the section “Connection”',
    es: 'Otros contratos con el transportista. Lo que quede vacío es como en la sección «Conexión»',
    ru: 'Другие договоры с перевозчиком. Пустые поля берутся из раздела «Подключение»',
  },
  senders: {
    en: 'Further senders. What is left empty is as in the section “Sender”',
    es: 'Otros remitentes. Lo que quede vacío es como en la sección «Remitente»',
    ru: 'Другие отправители. Пустые поля берутся из раздела «Отправитель»',
  },
  rows: {
    en: 'The first row that fits an order counts. An empty condition fits every order',
    es: 'Vale la primera fila que encaja con el pedido. Una condición vacía encaja con todos',
    ru: 'Действует первая подходящая строка. Пустое условие подходит любому заказу',
  },
  choice: {
    en: 'Empty: that of the settings',
    es: 'Vacío: el de los ajustes',
    ru: 'Пусто: из настроек',
  },
} satisfies Record<string, LocalText>;

/**
 * Returns the class of the rules that a provider's settings allow.
 * @throws Error for a field they lack, or for an address: the secrets of the settings would go there
 */
export function describeRules(manifest: ProviderManifest<object>): DtoClass<DeliveryRules> {
  const { contractFields = [], senderFields = [] } = manifest as DeliveryManifest<object>;
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
    decorate(DeliveryRulesOfProvider, list, Field({ title: TITLES[list], hint: HINTS[list] }), ...listOf(type, MOST_CHOICES));
    decorate(
      ...([DeliveryRuleRow, one, Field({ title: TITLES[one], hint: HINTS.choice, codesOf: list })] as const),
      ...[IsOptional(), IsString(), MaxLength(100)],
    );
  }
  decorate(
    DeliveryRuleRow,
    'price',
    Field({ title: TITLES.price }),
    IsOptional(),
    ValidateNested(),
    Type(() => RulePrice),
  );
  decorate(
    DeliveryRulesOfProvider,
    'rows',
    Field({ title: TITLES.rows, hint: HINTS.rows, ordered: true }),
    ...listOf(DeliveryRuleRow, MOST_ROWS),
  );
  return DeliveryRulesOfProvider as unknown as DtoClass<DeliveryRules>;
}

function listOf(type: DtoClass<object>, most: number): PropertyDecorator[] {
  return [IsArray(), ArrayMaxSize(most), ValidateNested({ each: true }), Type(() => type)];
}

function decorate(type: DtoClass<object>, property: string, ...decorators: readonly PropertyDecorator[]): void {
  for (const each of decorators) each(type.prototype as object, property);
}

import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsNotEmpty, IsNumber, IsString, Max, MaxLength, Min } from 'class-validator';
import { Field, type FormSection } from '#platform';

/**
 * The CRM's own statuses of cancelled orders, which accounts start with; what was cancelled was not bought.
 */
const CANCELLED = ['no-call', 'no-product', 'already-buyed', 'delyvery-did-not-suit', 'prices-did-not-suit', 'cancel-other'];

const ORDERS = { en: 'orders', es: 'pedidos', ru: 'заказов' };

const OWN_SECTIONS = {
  together: { code: 'together', title: { en: 'Bought together', es: 'Comprados juntos', ru: 'Покупают вместе' } },
  analogs: { code: 'analogs', title: { en: 'Analogs', es: 'Análogos', ru: 'Аналоги' } },
} satisfies Record<string, FormSection>;

/** Settings of a connection of the co-purchase service. */
export class CopurchaseSettings {
  @Field({
    title: { en: 'Recommendations at most', es: 'Recomendaciones como máximo', ru: 'Рекомендаций не больше' },
    section: OWN_SECTIONS.together,
  })
  @IsInt()
  @Min(1)
  @Max(100)
  count: number = 10;

  @Field({
    title: { en: 'Orders of the last', es: 'Pedidos de los últimos', ru: 'Заказы за последние' },
    hint: { en: '0: all orders count', es: '0: cuentan todos los pedidos', ru: '0: учитываются все заказы' },
    unit: { en: 'days', es: 'días', ru: 'дней' },
    section: OWN_SECTIONS.together,
  })
  @IsInt()
  @Min(0)
  @Max(3650)
  windowDays: number = 0;

  @Field({
    title: { en: 'Bought together in at least', es: 'Comprados juntos en al menos', ru: 'Куплены вместе не реже чем в' },
    hint: {
      en: 'Fewer may be chance',
      es: 'Menos puede ser casualidad',
      ru: 'Меньшее число может быть случайностью',
    },
    unit: ORDERS,
    section: OWN_SECTIONS.together,
  })
  @IsInt()
  @Min(1)
  @Max(100_000)
  minOrders: number = 2;

  @Field({
    title: {
      en: 'Together more often than by chance, at least',
      es: 'Juntos más a menudo que por casualidad, al menos',
      ru: 'Вместе чаще, чем случайно, не менее чем',
    },
    hint: {
      en: '1: as often together as by chance; 0: no limit',
      es: '1: tan a menudo juntos como por casualidad; 0: sin límite',
      ru: '1: вместе так же часто, как случайно; 0: без ограничения',
    },
    unit: { en: 'times', es: 'veces', ru: 'раз' },
    section: OWN_SECTIONS.together,
  })
  @IsNumber()
  @Min(0)
  @Max(1_000_000)
  minLift: number = 0;

  @Field({
    title: {
      en: 'Statuses of orders that do not count',
      es: 'Estados de pedidos que no cuentan',
      ru: 'Статусы заказов, которые не учитываются',
    },
    hint: {
      en: 'Codes; at first those of cancelled orders in a new account',
      es: 'Códigos; al principio los de pedidos cancelados en una cuenta nueva',
      ru: 'Коды; сначала — статусы отменённых заказов в новом аккаунте',
    },
    section: OWN_SECTIONS.together,
  })
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(255, { each: true })
  ignoredStatuses: string[] = [...CANCELLED];

  @Field({
    title: {
      en: 'Price of analogs differs by at most',
      es: 'El precio de los análogos difiere como máximo',
      ru: 'Цена аналогов отличается не больше чем на',
    },
    unit: { en: '%', es: '%', ru: '%' },
    section: OWN_SECTIONS.analogs,
  })
  @IsInt()
  @Min(0)
  @Max(10_000)
  priceSpread: number = 30;

  @Field({
    title: { en: 'Analogs were bought in at least', es: 'Análogos comprados en al menos', ru: 'Аналоги куплены не реже чем в' },
    hint: {
      en: '0: also products that nobody bought yet',
      es: '0: también productos que nadie compró aún',
      ru: '0: также товары, которые ещё никто не купил',
    },
    unit: ORDERS,
    section: OWN_SECTIONS.analogs,
  })
  @IsInt()
  @Min(0)
  @Max(100_000)
  analogMinOrders: number = 1;

  @Field({
    title: { en: 'Weight of common groups', es: 'Peso de los grupos comunes', ru: 'Вес общих групп' },
    section: OWN_SECTIONS.analogs,
  })
  @IsNumber()
  @Min(0)
  @Max(100)
  groupWeight: number = 1;

  @Field({
    title: { en: 'Weight of a near price', es: 'Peso de un precio cercano', ru: 'Вес близкой цены' },
    section: OWN_SECTIONS.analogs,
  })
  @IsNumber()
  @Min(0)
  @Max(100)
  priceWeight: number = 1;

  @Field({ title: { en: 'Weight of popularity', es: 'Peso de la popularidad', ru: 'Вес популярности' }, section: OWN_SECTIONS.analogs })
  @IsNumber()
  @Min(0)
  @Max(100)
  popularityWeight: number = 1;

  @Field({
    title: { en: 'Orders and products are read every', es: 'Pedidos y productos se leen cada', ru: 'Заказы и товары читаются каждые' },
    unit: { en: 'minutes', es: 'minutos', ru: 'минут' },
    section: OWN_SECTIONS.together,
  })
  @IsInt()
  @Min(1)
  @Max(1440)
  refreshMinutes: number = 15;

  @Field({
    title: {
      en: 'Offer the CRM’s own modes too',
      es: 'Ofrecer también los modos propios del CRM',
      ru: 'Предлагать и собственные режимы CRM',
    },
    section: OWN_SECTIONS.together,
  })
  @IsBoolean()
  addDefaultModes: boolean = false;
}

/** Weights that are all 0 rank nothing. */
export function checkCopurchaseSettings(settings: CopurchaseSettings): Record<string, string> {
  const { groupWeight, priceWeight, popularityWeight } = settings;
  return groupWeight + priceWeight + popularityWeight > 0 ? {} : { groupWeight: 'must not be 0 together with the other weights' };
}

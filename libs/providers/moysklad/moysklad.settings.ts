import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { defineProblem, Field, type FormSection, Secret, SECTIONS } from '#platform';
import type { ProviderContext } from '#provider-kit';

/** Lists of MoySklad's that the settings choose from. */
export const LOOKUP = { warehouses: 'warehouses', organizations: 'organizations', agents: 'agents' } as const;

/** Fields of a good in MoySklad that the CRM's `xmlId` may be. */
export const SEARCH_KEYS = ['externalCode', 'id', 'code', 'barcode'] as const;
export type SearchKey = (typeof SEARCH_KEYS)[number];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NOT_UUID = {
  message: defineProblem({
    en: 'must be an id of MoySklad: choose one from the list',
    es: 'debe ser un id de MoySklad: elija uno de la lista',
    ru: 'должно быть id из МоегоСклада: выберите из списка',
  }),
};

/** Sections of the page. */
export const STOCKS: FormSection = { code: 'stocks', title: { en: 'Stocks', es: 'Existencias', ru: 'Остатки' } };
export const RESERVES: FormSection = { code: 'reserves', title: { en: 'Reservations', es: 'Reservas', ru: 'Резервы' } };

const CALLS: FormSection = { code: 'calls', title: { en: 'Calls of the CRM', es: 'Llamadas del CRM', ru: 'Вызовы CRM' } };
const UNKNOWN_CALL_POINTS = {
  en: 'Codes as the CRM names them; ask its support for those of your account',
  es: 'Códigos tal como los nombra el CRM; pida los de su cuenta al soporte',
  ru: 'Коды, как их называет CRM; список для вашего аккаунта есть у поддержки',
};

/** Which warehouse of MoySklad one of the CRM's is. */
export class MoyskladStore {
  /** Code of the warehouse in the CRM. */
  @Field({ title: { en: 'Warehouse in the CRM', es: 'Almacén en el CRM', ru: 'Склад в CRM' }, lookup: 'stores' })
  @IsString()
  @Matches(/\S/, { message: 'must not be empty' })
  @MaxLength(255)
  code!: string;

  @Field({ title: { en: 'Warehouse in MoySklad', es: 'Almacén en MoySklad', ru: 'Склад в МоёмСкладе' }, lookup: LOOKUP.warehouses })
  @IsString()
  @Matches(UUID, NOT_UUID)
  warehouse!: string;
}

/** Settings of a connection to MoySklad. */
export class MoyskladSettings {
  @Field({
    title: { en: 'Token', es: 'Token', ru: 'Токен' },
    hint: {
      en: 'Made in MoySklad for this module alone, by a user of its own: Settings, Security, Tokens',
      es: 'Creado en MoySklad solo para este módulo, con un usuario propio: Ajustes, Seguridad, Tokens',
      ru: 'Создан в МоёмСкладе только для этого модуля, от отдельного сотрудника: Настройки, Безопасность, Токены',
    },
    section: SECTIONS.connect,
  })
  @Secret()
  @IsString()
  @MaxLength(1_000)
  token!: string;

  @Field({
    title: { en: 'Calls in 3 seconds', es: 'Llamadas en 3 segundos', ru: 'Запросов за 3 секунды' },
    hint: {
      en: 'MoySklad’s limit: 11 with a user’s token, 45 with a published app’s. Less if other programs use the same token',
      es: 'Límite de MoySklad: 11 con token de usuario, 45 con el de una aplicación publicada. Menos si otros programas usan el mismo token',
      ru: 'Предел МоегоСклада: 11 для токена сотрудника, 45 для токена опубликованного решения. Меньше, если тот же токен у других программ',
    },
    section: SECTIONS.connect,
  })
  @IsInt()
  @Min(1)
  @Max(45)
  callsIn3Seconds: number = 11;

  @Field({
    title: { en: 'Warehouses', es: 'Almacenes', ru: 'Склады' },
    hint: {
      en: 'Others are neither sent nor reserved at. A group of warehouses has no stock of its members',
      es: 'De los demás no se envía ni se reserva nada. Un grupo de almacenes no incluye las existencias de sus miembros',
      ru: 'По остальным ничего не передаётся и не резервируется. У группы складов нет остатков её складов',
    },
    section: STOCKS,
  })
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => MoyskladStore)
  stores!: MoyskladStore[];

  @Field({
    title: { en: 'Main warehouse', es: 'Almacén principal', ru: 'Основной склад' },
    hint: {
      en: 'In the CRM: where none is named, and of which orders without a warehouse in MoySklad are taken off. Empty: the first one',
      es: 'En el CRM: cuando no se indica ninguno, y del que se descuentan los pedidos sin almacén en MoySklad. Vacío: el primero',
      ru: 'В CRM: если склад не указан; из него же вычитаются заказы МоегоСклада без склада. Пусто: первый из списка',
    },
    codesOf: 'stores',
    section: STOCKS,
  })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  mainStore?: string;

  @Field({
    title: { en: 'Offers are found by', es: 'Las ofertas se buscan por', ru: 'Товары ищутся по полю' },
    hint: {
      en: 'The field of MoySklad that is the offer’s xmlId in the CRM. Two goods with one value are not found',
      es: 'El campo de MoySklad que es el xmlId de la oferta en el CRM. Dos productos con un mismo valor no se encuentran',
      ru: 'Поле МоегоСклада, которое в CRM стоит в xmlId товара. Два товара с одним значением не находятся',
    },
    choices: {
      externalCode: { en: 'External code', es: 'Código externo', ru: 'Внешний код' },
      id: { en: 'Id', es: 'Identificador', ru: 'Идентификатор (id)' },
      code: { en: 'Code', es: 'Código', ru: 'Код' },
      barcode: { en: 'Barcode (the first)', es: 'Código de barras (el primero)', ru: 'Штрихкод (первый)' },
    },
    section: STOCKS,
  })
  @IsIn(SEARCH_KEYS)
  searchBy: SearchKey = 'externalCode';

  @Field({
    title: { en: 'What is sent', es: 'Qué se envía', ru: 'Что передаётся' },
    choices: {
      freeStock: { en: 'Stock less reserves', es: 'Existencias menos reservas', ru: 'Остаток минус резерв' },
      stock: { en: 'Physical stock', es: 'Existencias físicas', ru: 'Физический остаток' },
    },
    section: STOCKS,
  })
  @IsIn(['freeStock', 'stock'])
  figure: 'freeStock' | 'stock' = 'freeStock';

  @Field({
    title: { en: 'Purchase price', es: 'Precio de compra', ru: 'Закупочная цена' },
    hint: {
      en: 'Sent where it is set in the good’s card, in the currency of the CRM',
      es: 'Se envía si está en la ficha del producto, en la moneda del CRM',
      ru: 'Передаётся, если указана в карточке товара, в валюте CRM',
    },
    choices: {
      buyPrice: { en: 'From the good’s card', es: 'De la ficha del producto', ru: 'Из карточки товара' },
      none: { en: 'Not sent', es: 'No se envía', ru: 'Не передаётся' },
    },
    section: STOCKS,
  })
  @IsIn(['buyPrice', 'none'])
  price: 'buyPrice' | 'none' = 'buyPrice';

  @Field({
    title: { en: 'Own company', es: 'Empresa propia', ru: 'Юрлицо' },
    hint: {
      en: 'Of the orders that reserve. Without it and the counterparty nothing can be reserved',
      es: 'De los pedidos que reservan. Sin ella y la contraparte no se puede reservar nada',
      ru: 'В заказах, которые резервируют. Без него и контрагента резервировать нельзя',
    },
    lookup: LOOKUP.organizations,
    section: RESERVES,
  })
  @IsOptional()
  @IsString()
  @Matches(UUID, NOT_UUID)
  organization?: string;

  @Field({
    title: { en: 'Counterparty', es: 'Contraparte', ru: 'Контрагент' },
    hint: {
      en: 'Of all these orders: MoySklad wants one, and is not told the CRM’s customers',
      es: 'De todos estos pedidos: MoySklad exige una y no recibe los clientes del CRM',
      ru: 'Во всех этих заказах: МойСклад его требует, а клиенты CRM ему не передаются',
    },
    lookup: LOOKUP.agents,
    section: RESERVES,
  })
  @IsOptional()
  @IsString()
  @Matches(UUID, NOT_UUID)
  agent?: string;

  @Field({
    title: { en: 'Names of orders begin with', es: 'Los nombres de pedidos empiezan por', ru: 'Номера заказов начинаются с' },
    hint: {
      en: 'Then comes the order’s id in the CRM. Empty: MoySklad numbers them. Orders that others bring over from the CRM must not reserve too: all would be reserved twice',
      es: 'Después va el id del pedido en el CRM. Vacío: los numera MoySklad. Los pedidos que otros traen del CRM no deben reservar también: se reservaría dos veces',
      ru: 'Дальше идёт id заказа в CRM. Пусто: нумерует МойСклад. Заказы, которые переносит из CRM другая интеграция, не должны резервировать: резерв был бы двойным',
    },
    section: RESERVES,
  })
  @IsOptional()
  @IsString()
  @MaxLength(50)
  orderPrefix?: string = 'CRM-';

  @Field({
    title: { en: 'When the CRM asks for stock', es: 'Cuándo pide el CRM las existencias', ru: 'Когда CRM запрашивает остатки' },
    hint: UNKNOWN_CALL_POINTS,
    section: CALLS,
  })
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  uploadCallPoints: string[] = [];

  @Field({
    title: { en: 'When the CRM reserves', es: 'Cuándo reserva el CRM', ru: 'Когда CRM резервирует' },
    hint: UNKNOWN_CALL_POINTS,
    section: CALLS,
  })
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  actualizeCallPoints: string[] = [];
}

/** What MoySklad's functions receive with each call. */
export type MoyskladContext = ProviderContext<MoyskladSettings>;

/** What a new connection starts with. */
export function createDefaultSettings(): MoyskladSettings {
  return {
    ...{ token: '', callsIn3Seconds: 11, stores: [], searchBy: 'externalCode', figure: 'freeStock', price: 'buyPrice' },
    ...{ orderPrefix: 'CRM-', uploadCallPoints: [], actualizeCallPoints: [] },
  };
}

/** Code of the warehouse where none is named; undefined: there are none. */
export function findMainStore({ stores, mainStore }: MoyskladSettings): string | undefined {
  return mainStore || stores[0]?.code;
}

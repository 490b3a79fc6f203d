import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { COUNTRIES, defineProblem, Field, type Language, Secret, SECTIONS, textFor } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { LOOKUP } from './apiship.fields.js';
import { STATUS_CODES, STATUSES, type StatusCode } from './apiship.statuses.js';

/** VAT on what the recipient pays: the order's own rates, none, or one rate for all, in percent. */
export const VAT_RATES = ['order', 'none', '0', '5', '7', '10', '20', '22'] as const;
export type VatRate = (typeof VAT_RATES)[number];

/** How parcels get to a carrier. */
export const PICKUPS = ['courier', 'point'] as const;
export type Pickup = (typeof PICKUPS)[number];

const PICKUP_NAMES = {
  courier: { en: 'A courier collects them', es: 'Los recoge un mensajero', ru: 'Забирает курьер' },
  point: { en: 'The shop brings them to a point', es: 'La tienda los lleva a un punto', ru: 'Магазин сдаёт в пункт' },
};

const NO_SERVICE = defineProblem({
  en: 'must be at most 100 Latin letters, digits, dots, dashes and underscores',
  es: 'debe tener como máximo 100 letras latinas, cifras, puntos, guiones y guiones bajos',
  ru: 'должно состоять из латинских букв, цифр, точек, дефисов и подчёркиваний, не больше 100',
});
const NO_STATUS = defineProblem({
  en: 'must be at most 80 Latin letters, digits and underscores',
  es: 'debe tener como máximo 80 letras latinas, cifras y guiones bajos',
  ru: 'должно состоять из латинских букв, цифр и подчёркиваний, не больше 80',
});
const NO_INN = defineProblem({ en: 'must be 10 or 12 digits', es: 'deben ser 10 o 12 cifras', ru: 'должно быть из 10 или 12 цифр' });

/** A carrier on offer, with the shop's contract and the way that parcels get there. */
export class ApishipCarrier {
  /** ApiShip's key of it, such as `cdek`. */
  @Field({ title: { en: 'Carrier', es: 'Transportista', ru: 'Служба доставки' }, lookup: LOOKUP.carriers })
  @IsString()
  @Matches(/^[A-Za-z0-9_-]{1,50}$/, { message: 'must be at most 50 Latin letters, digits, dashes and underscores' })
  code!: string;

  @Field({
    title: { en: 'Contract', es: 'Contrato', ru: 'Подключение' },
    hint: {
      en: 'Where several of one carrier are connected at ApiShip',
      es: 'Si en ApiShip hay varios contratos con el transportista',
      ru: 'Если в ApiShip подключено несколько договоров с этой службой',
    },
    lookup: LOOKUP.connections,
  })
  @IsOptional()
  @IsString()
  @Matches(/^\d{1,15}$/, { message: 'must be at most 15 digits' })
  connection?: string;

  @Field({
    title: { en: 'How it gets the parcels', es: 'Cómo recibe los paquetes', ru: 'Как передаются посылки' },
    hint: { en: 'Empty: as for all carriers', es: 'Vacío: como todos', ru: 'Пусто: как для всех служб' },
    choices: PICKUP_NAMES,
  })
  @IsOptional()
  @IsIn(PICKUPS)
  pickup?: Pickup;

  @Field({
    title: { en: 'Point parcels are brought to', es: 'Punto de entrega de los paquetes', ru: 'Пункт приёма посылок' },
    hint: {
      en: 'ApiShip’s number; the order may name another',
      es: 'Número de ApiShip; el pedido puede indicar otro',
      ru: 'Номер в ApiShip; в заказе можно указать другой',
    },
    lookup: LOOKUP.points,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  point?: number;
}

/** A service of a carrier ordered with every delivery by it. */
export class ApishipService {
  @Field({ title: { en: 'Service', es: 'Servicio', ru: 'Услуга' }, lookup: LOOKUP.services })
  @IsString()
  @Matches(/^[A-Za-z0-9_.-]{1,100}$/, { message: NO_SERVICE })
  code!: string;

  @Field({
    title: { en: 'Value', es: 'Valor', ru: 'Значение' },
    hint: { en: 'Empty: the service is ordered', es: 'Vacío: el servicio se contrata', ru: 'Пусто: услуга включена' },
  })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  value?: string;
}

/** What one of ApiShip's statuses is in the CRM, instead of what the module makes of it. */
export class ApishipStatusRule {
  @Field({ title: { en: 'ApiShip status', es: 'Estado de ApiShip', ru: 'Статус ApiShip' } })
  @IsString()
  @Matches(/^[A-Za-z0-9_]{1,80}$/, { message: NO_STATUS })
  code!: string;

  @Field({
    title: { en: 'Status in the CRM', es: 'Estado en el CRM', ru: 'Статус в CRM' },
    choices: Object.fromEntries(STATUSES.map(({ code, name }) => [code, name])),
  })
  @IsIn(STATUS_CODES)
  status!: StatusCode;
}

/** An account's access to ApiShip and how it ships. */
export class ApishipSettings {
  @Field({
    title: { en: 'Where orders go', es: 'Destino de los pedidos', ru: 'Контур' },
    hint: {
      en: 'The test contour takes a login and no token: it is not encrypted',
      es: 'El entorno de pruebas admite usuario, no token: no está cifrado',
      ru: 'В тестовом контуре только логин, без токена: он не шифрует запросы',
    },
    choices: {
      production: { en: 'ApiShip', es: 'ApiShip', ru: 'ApiShip' },
      test: { en: 'ApiShip’s test contour', es: 'Entorno de pruebas de ApiShip', ru: 'Тестовый контур ApiShip' },
    },
    section: SECTIONS.connect,
  })
  @IsIn(['production', 'test'])
  contour!: 'production' | 'test';

  @Field({
    title: { en: 'Token', es: 'Token', ru: 'Токен' },
    hint: { en: 'From your account at ApiShip', es: 'De su cuenta en ApiShip', ru: 'Из личного кабинета ApiShip' },
    section: SECTIONS.connect,
  })
  @Secret()
  @IsOptional()
  @IsString()
  @Matches(/^[\x21-\x7e]{1,2000}$/, { message: 'must be without spaces' })
  token?: string;

  @Field({
    title: { en: 'Login', es: 'Usuario', ru: 'Логин' },
    hint: { en: 'Without a token', es: 'Sin token', ru: 'Если нет токена' },
    section: SECTIONS.connect,
  })
  @Secret()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  login?: string;

  @Field({ title: { en: 'Password', es: 'Contraseña', ru: 'Пароль' }, section: SECTIONS.connect })
  @Secret()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  password?: string;

  @Field({ title: { en: 'Sender: company', es: 'Remitente: empresa', ru: 'Отправитель: компания' }, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  senderCompany?: string;

  @Field({
    title: { en: 'Sender: INN', es: 'Remitente: INN', ru: 'Отправитель: ИНН' },
    hint: { en: '10 or 12 digits', es: '10 o 12 cifras', ru: '10 или 12 цифр' },
    section: SECTIONS.sender,
  })
  @IsOptional()
  @IsString()
  @Matches(/^(\d{10}|\d{12})$/, { message: NO_INN })
  senderInn?: string;

  @Field({
    title: { en: 'Sender: contact person', es: 'Remitente: persona de contacto', ru: 'Отправитель: контактное лицо' },
    section: SECTIONS.sender,
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  senderName!: string;

  @Field({ title: { en: 'Sender: phone', es: 'Remitente: teléfono', ru: 'Отправитель: телефон' }, section: SECTIONS.sender })
  @IsString()
  @Matches(/^[+\d()\s.-]{5,40}$/, { message: 'must be a phone number' })
  senderPhone!: string;

  @Field({ title: { en: 'Sender: e-mail', es: 'Remitente: correo', ru: 'Отправитель: e-mail' }, section: SECTIONS.sender })
  @IsOptional()
  @IsEmail()
  @MaxLength(50)
  senderEmail?: string;

  /** ISO 3166-1 alpha-2. */
  @Field({
    title: { en: 'Country parcels leave from', es: 'País de salida', ru: 'Страна отправки' },
    codesOf: COUNTRIES,
    section: SECTIONS.sender,
  })
  @IsString()
  @Matches(/^[A-Z]{2}$/, { message: 'must be two capital letters' })
  fromCountry: string = 'RU';

  @Field({ title: { en: 'Region parcels leave from', es: 'Región de salida', ru: 'Регион отправки' }, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  fromRegion?: string;

  @Field({
    title: { en: 'City parcels leave from', es: 'Ciudad de salida', ru: 'Город отправки' },
    hint: {
      en: 'Empty: the shipment address of the order',
      es: 'Vacío: la dirección de envío del pedido',
      ru: 'Пусто: адрес отгрузки заказа',
    },
    section: SECTIONS.sender,
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  fromCity?: string;

  @Field({ title: { en: 'Postal code', es: 'Código postal', ru: 'Почтовый индекс' }, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(10)
  fromIndex?: string;

  @Field({ title: { en: 'Street', es: 'Calle', ru: 'Улица' }, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(55)
  fromStreet?: string;

  @Field({ title: { en: 'House', es: 'Número', ru: 'Дом' }, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(50)
  fromHouse?: string;

  @Field({ title: { en: 'Office', es: 'Oficina', ru: 'Офис' }, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(50)
  fromOffice?: string;

  @Field({
    title: { en: 'How carriers get the parcels', es: 'Cómo reciben los paquetes', ru: 'Как передаются посылки' },
    choices: PICKUP_NAMES,
    section: SECTIONS.sender,
  })
  @IsIn(PICKUPS)
  pickup: Pickup = 'courier';

  @Field({
    title: { en: 'Carriers on offer', es: 'Transportistas ofrecidos', ru: 'Предлагаемые службы доставки' },
    hint: {
      en: 'Empty: all that are connected at ApiShip',
      es: 'Vacío: todos los conectados en ApiShip',
      ru: 'Пусто: все, что подключены в ApiShip',
    },
    section: SECTIONS.tariffs,
  })
  @IsArray()
  @ArrayMaxSize(40)
  @ArrayUnique((carrier: ApishipCarrier) => carrier.code)
  @ValidateNested({ each: true })
  @Type(() => ApishipCarrier)
  carriers: ApishipCarrier[] = [];

  /** ApiShip's numbers of tariffs. */
  @Field({
    title: { en: 'Tariffs on offer', es: 'Tarifas ofrecidas', ru: 'Предлагаемые тарифы' },
    hint: {
      en: 'ApiShip’s numbers. Empty: all of these carriers',
      es: 'Números de ApiShip. Vacío: todas las de estos transportistas',
      ru: 'Номера в ApiShip. Пусто: все тарифы этих служб',
    },
    lookup: LOOKUP.tariffs,
    section: SECTIONS.tariffs,
  })
  @IsArray()
  @ArrayMaxSize(200)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  tariffs: number[] = [];

  @Field({
    title: { en: 'Services with every delivery', es: 'Servicios en cada envío', ru: 'Услуги для всех доставок' },
    hint: {
      en: 'Each goes to the carrier that its name begins with',
      es: 'Cada uno va al transportista con el que empieza su nombre',
      ru: 'Каждая передаётся службе, с которой начинается её название',
    },
    section: SECTIONS.tariffs,
  })
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique((service: ApishipService) => service.code)
  @ValidateNested({ each: true })
  @Type(() => ApishipService)
  services: ApishipService[] = [];

  @Field({
    title: {
      en: 'Quote with fees for insurance and cash on delivery',
      es: 'Cotizar con comisiones de seguro y contra reembolso',
      ru: 'Считать со сборами за страховку и наложенный платёж',
    },
    hint: {
      en: 'Off: the price of the carriage alone',
      es: 'No: solo el precio del transporte',
      ru: 'Выключено: только стоимость перевозки',
    },
    section: SECTIONS.prices,
  })
  @IsBoolean()
  includeFees: boolean = true;

  @Field({
    title: { en: 'How long a price is kept', es: 'Cuánto se conserva un precio', ru: 'Сколько хранить расчёт' },
    hint: {
      en: 'ApiShip charges for calculations; an equal question is answered without one',
      es: 'ApiShip cobra los cálculos; una pregunta igual se responde sin otro',
      ru: 'ApiShip берёт плату за расчёты; на такой же вопрос ответ будет без нового расчёта',
    },
    unit: { en: 'minutes', es: 'minutos', ru: 'минут' },
    section: SECTIONS.prices,
  })
  @IsInt()
  @Min(1)
  @Max(1_440)
  quoteMinutes: number = 60;

  @Field({
    title: { en: 'VAT on what the recipient pays', es: 'IVA de lo que paga el destinatario', ru: 'НДС на оплату получателем' },
    choices: {
      order: { en: 'As in the order', es: 'Como en el pedido', ru: 'Как в заказе' },
      none: { en: 'Without VAT', es: 'Sin IVA', ru: 'Без НДС' },
      '0': { en: '0 %', es: '0 %', ru: '0 %' },
      '5': { en: '5 %', es: '5 %', ru: '5 %' },
      '7': { en: '7 %', es: '7 %', ru: '7 %' },
      '10': { en: '10 %', es: '10 %', ru: '10 %' },
      '20': { en: '20 % (until 2025)', es: '20 % (hasta 2025)', ru: '20 % (до 2025 года включительно)' },
      '22': { en: '22 %', es: '22 %', ru: '22 %' },
    },
    section: SECTIONS.prices,
  })
  @IsIn(VAT_RATES)
  vatRate: VatRate = 'order';

  @Field({
    title: { en: 'Send 20 % as 22 %', es: 'Enviar el 20 % como 22 %', ru: 'Отправлять 20 % как 22 %' },
    hint: {
      en: 'For orders made since 1 January 2026, should the CRM still say 20 %',
      es: 'En pedidos hechos desde el 1 de enero de 2026, si el CRM aún indica 20 %',
      ru: 'Для заказов с 1 января 2026 года, если в CRM ещё указано 20 %',
    },
    section: SECTIONS.prices,
  })
  @IsBoolean()
  raisesVat: boolean = true;

  @Field({
    title: { en: 'How the recipient may pay', es: 'Cómo puede pagar el destinatario', ru: 'Как получатель может платить' },
    choices: {
      carrier: { en: 'As the carrier allows', es: 'Como permita el transportista', ru: 'Как позволяет служба доставки' },
      cash: { en: 'In cash', es: 'En efectivo', ru: 'Наличными' },
      card: { en: 'By card', es: 'Con tarjeta', ru: 'Картой' },
      mixed: { en: 'In cash or by card', es: 'En efectivo o con tarjeta', ru: 'Наличными или картой' },
    },
    section: SECTIONS.prices,
  })
  @IsIn(['carrier', 'cash', 'card', 'mixed'])
  paymentMethod: 'carrier' | 'cash' | 'card' | 'mixed' = 'carrier';

  @Field({
    title: { en: 'Pickup points shown for a tariff', es: 'Puntos mostrados por tarifa', ru: 'Сколько пунктов показывать на тариф' },
    hint: { en: 'The nearest', es: 'Los más cercanos', ru: 'Ближайшие' },
    section: SECTIONS.points,
  })
  @IsInt()
  @Min(1)
  @Max(300)
  pointsShown: number = 50;

  @Field({
    title: { en: 'Statuses of your own', es: 'Estados propios', ru: 'Свои соответствия статусов' },
    hint: {
      en: 'What the module makes of ApiShip’s statuses is replaced by these',
      es: 'Sustituyen lo que el módulo hace con los estados de ApiShip',
      ru: 'Заменяют то, что модуль делает из статусов ApiShip',
    },
    section: SECTIONS.statuses,
  })
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique((rule: ApishipStatusRule) => rule.code)
  @ValidateNested({ each: true })
  @Type(() => ApishipStatusRule)
  statusRules: ApishipStatusRule[] = [];
}

/** What each call is given. */
export type ApishipContext = ProviderContext<ApishipSettings>;

/**
 * A new connection's settings: ApiShip's public test login, from where nothing is delivered. In production
 * they name no address, so that nobody sends from the example's: the order's counts until there is one.
 */
export function createDefaultSettings(production = false): ApishipSettings {
  const start = { contour: 'test', login: 'test', password: 'test', senderName: 'Shop', senderPhone: '+74950000000' } as const;
  if (production) return Object.assign(new ApishipSettings(), start);
  return Object.assign(new ApishipSettings(), start, {
    fromRegion: 'Москва',
    fromCity: 'Москва',
    fromIndex: '115280',
    fromStreet: 'ул. Ленинская Слобода',
    fromHouse: '19',
  });
}

/** What `checkSettings` says. */
const PROBLEMS = {
  noTokenInTest: {
    en: 'is not sent to the test contour, which is not encrypted: enter login and password there',
    es: 'no se envía al entorno de pruebas, que no está cifrado: introduzca usuario y contraseña',
    ru: 'не отправляется в тестовый контур без шифрования: укажите логин и пароль',
  },
  needsToken: {
    en: 'is required, or login and password',
    es: 'es obligatorio, o bien usuario y contraseña',
    ru: 'обязательно, либо логин и пароль',
  },
  needsLogin: { en: 'is required with its password', es: 'es obligatorio con su contraseña', ru: 'обязательно вместе с паролем' },
};

/** What one field alone cannot say wrong, by path. */
export function checkSettings(settings: ApishipSettings, language: Language): Record<string, string> {
  const { contour, token, login, password } = settings;
  const problems: Record<string, string> = {};
  const isSignedIn = login !== undefined && login !== '' && password !== undefined && password !== '';
  if (contour === 'test' && token) problems['token'] = textFor(PROBLEMS.noTokenInTest, language);
  else if (contour === 'test' && !isSignedIn) problems['login'] = textFor(PROBLEMS.needsLogin, language);
  else if (!token && !isSignedIn) problems['token'] = textFor(PROBLEMS.needsToken, language);
  return problems;
}

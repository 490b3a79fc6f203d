import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsPositive,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { PaymentShop } from '#payment/port';
import { defineProblem, Field, Secret, SECTIONS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { VAT_NAMES, VAT_TITLES, type VatName } from './vat.js';
import { CURRENCIES, type YookassaCurrency } from './yookassa.money.js';

/** Who registers receipts, as set up at YooKassa: nobody, its own registers, the shop's, "Moy nalog". */
export const RECEIPTS = ['none', 'yookassa', 'register', 'selfEmployed'] as const;
export type ReceiptsBy = (typeof RECEIPTS)[number];

/** How marking codes go into a receipt: not at all, or as one of YooKassa's forms. */
const MARKINGS = ['none', 'gs_1m', 'mark_code_raw'] as const;
export type MarkingForm = (typeof MARKINGS)[number];

/** Names that `lookUp` answers to. */
export const LOOKUP = { methods: 'methods' } as const;

/** Ways to pay that YooKassa takes only with what no order has: a purpose, a phone, a certificate. */
export const UNUSABLE_METHODS: ReadonlySet<string> = new Set(['b2b_sberbank', 'mobile_balance', 'electronic_certificate']);

/** Networks that YooKassa publishes for its notifications. */
export const PUBLISHED_SENDERS: readonly string[] = [
  '185.71.76.0/27',
  '185.71.77.0/27',
  '77.75.153.0/25',
  '77.75.154.128/25',
  '77.75.156.11',
  '77.75.156.35',
  '2a02:5180::/32',
];

/** An IPv4 or IPv6 address, or a network of them. */
const NETWORK = /^(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/(?:3[0-2]|[12]?\d))?|[\da-fA-F:]*:[\da-fA-F:]*(?:\/(?:12[0-8]|1[01]\d|[1-9]?\d))?)$/;

/** A shop at YooKassa. */
export class YookassaShop extends PaymentShop {
  @Field({
    title: { en: 'shopId', es: 'shopId', ru: 'shopId' },
    hint: {
      en: 'YooKassa, at the top of the shop’s menu',
      es: 'YooKassa, arriba en el menú de la tienda',
      ru: 'ЮKassa, вверху меню магазина',
    },
  })
  @Matches(/^\d{1,20}$/, {
    message: defineProblem({
      en: 'must be the number of the shop at YooKassa',
      es: 'debe ser el número de la tienda en YooKassa',
      ru: 'должно быть номером магазина в ЮKassa',
    }),
  })
  shopId!: string;

  @Field({
    title: { en: 'Secret key', es: 'Clave secreta', ru: 'Секретный ключ' },
    hint: {
      en: 'YooKassa, Integration, API keys. Begins with live_, in a test shop with test_',
      es: 'YooKassa, Integración, Claves de API. Empieza por live_; en una tienda de pruebas, por test_',
      ru: 'ЮKassa, Интеграция, Ключи API. Начинается с live_, в тестовом магазине – с test_',
    },
  })
  @Secret()
  @Matches(/^[A-Za-z0-9_-]{1,250}$/, {
    message: defineProblem({
      en: 'must be a secret key of YooKassa: letters, digits, dashes and underscores',
      es: 'debe ser una clave secreta de YooKassa: letras, cifras, guiones y guiones bajos',
      ru: 'должно быть секретным ключом ЮKassa: буквы, цифры, дефисы и подчёркивания',
    }),
  })
  secretKey!: string;

  @Field({
    title: { en: 'Currency', es: 'Moneda', ru: 'Валюта' },
    hint: { en: 'Of the shop at YooKassa', es: 'De la tienda en YooKassa', ru: 'Магазина в ЮKassa' },
  })
  @IsIn(CURRENCIES)
  currency: YookassaCurrency = 'RUB';

  @Field({
    title: { en: 'Way to pay', es: 'Forma de pago', ru: 'Способ оплаты' },
    hint: {
      en: 'Empty: the buyer chooses on YooKassa’s page. sbp has one stage only',
      es: 'Vacío: el comprador elige en la página de YooKassa. sbp solo admite una etapa',
      ru: 'Пусто: покупатель выбирает на странице ЮKassa. У sbp только одна стадия',
    },
    lookup: LOOKUP.methods,
  })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_]{1,49}$/, {
    message: defineProblem({
      en: 'must be a way to pay as YooKassa spells it, such as bank_card',
      es: 'debe ser un medio de pago como lo escribe YooKassa, por ejemplo bank_card',
      ru: 'должно быть способом оплаты, как его пишет ЮKassa, например bank_card',
    }),
  })
  method?: string;

  @Field({
    title: { en: 'Highest amount', es: 'Importe máximo', ru: 'Наибольшая сумма' },
    hint: {
      en: 'Invoices above it are refused at once',
      es: 'Las facturas superiores se rechazan al momento',
      ru: 'Счета больше этой суммы сразу отклоняются',
    },
  })
  @IsOptional()
  @IsPositive()
  @Max(1_000_000_000)
  highestAmount?: number;

  @Field({
    title: { en: 'Receipts (54-FZ)', es: 'Recibos fiscales (54-FZ)', ru: 'Чеки (54-ФЗ)' },
    hint: {
      en: 'As set up at YooKassa: a shop with receipts takes no payment without one',
      es: 'Según lo configurado en YooKassa: una tienda con recibos no acepta pagos sin ellos',
      ru: 'Как настроено в ЮKassa: магазин с чеками не примет платёж без чека',
    },
    choices: {
      none: { en: 'Not through YooKassa', es: 'No por YooKassa', ru: 'Не через ЮKassa' },
      yookassa: { en: 'Receipts from YooKassa', es: 'Recibos de YooKassa', ru: 'Чеки от ЮKassa' },
      register: { en: 'The shop’s online cash register', es: 'Caja registradora en línea de la tienda', ru: 'Онлайн-касса магазина' },
      selfEmployed: { en: 'Self-employed (Moy nalog)', es: 'Autónomo (Moy nalog)', ru: 'Самозанятый («Мой налог»)' },
    },
  })
  @IsIn(RECEIPTS)
  receipts: ReceiptsBy = 'none';

  @Field({
    title: { en: 'Receipt after the payment', es: 'Recibo después del pago', ru: 'Чек после оплаты' },
    hint: {
      en: 'For a register set up at YooKassa as “payment, then receipt”',
      es: 'Para una caja configurada en YooKassa como «pago, después recibo»',
      ru: 'Для кассы, настроенной в ЮKassa как «сначала платёж, потом чек»',
    },
  })
  @IsBoolean()
  receiptsAfter: boolean = false;

  /** The CRM does not tell payment modules when goods are handed over. */
  @Field({
    title: { en: 'Second receipt after', es: 'Segundo recibo a los', ru: 'Второй чек через' },
    hint: {
      en: 'Of prepaid goods, counted from the payment; by then they must have been handed over. Empty: none is sent',
      es: 'De productos prepagados, desde el pago; para entonces deben haberse entregado. Vacío: no se envía',
      ru: 'Для предоплаченных товаров, со дня оплаты; к этому сроку они должны быть переданы. Пусто: не отправляется',
    },
    unit: { en: 'days', es: 'días', ru: 'дн.' },
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(45)
  secondReceiptDays?: number;

  @Field({
    title: { en: 'E-mail for receipts', es: 'Correo para los recibos', ru: 'E-mail для чеков' },
    hint: {
      en: 'Gets the receipts of buyers without an e-mail',
      es: 'Recibe los recibos de compradores sin correo',
      ru: 'Сюда уходят чеки покупателей без почты',
    },
  })
  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  receiptEmail?: string;

  @Field({
    title: { en: 'Tax system', es: 'Régimen fiscal', ru: 'Система налогообложения' },
    hint: {
      en: 'Only for a register with several',
      es: 'Solo para una caja con varios',
      ru: 'Только если у кассы их несколько',
    },
    choices: {
      1: { en: 'General', es: 'General', ru: 'Общая (ОСН)' },
      2: { en: 'Simplified, income', es: 'Simplificado, ingresos', ru: 'Упрощённая, доходы' },
      3: { en: 'Simplified, income less expenses', es: 'Simplificado, ingresos menos gastos', ru: 'Упрощённая, доходы минус расходы' },
      4: { en: 'ENVD', es: 'ENVD', ru: 'ЕНВД' },
      5: { en: 'ESHN', es: 'ESHN', ru: 'ЕСХН' },
      6: { en: 'Patent', es: 'Patente', ru: 'Патентная' },
    },
  })
  @IsOptional()
  @IsIn([1, 2, 3, 4, 5, 6])
  taxSystem?: number;

  @Field({
    title: { en: 'VAT rate', es: 'Tipo de IVA', ru: 'Ставка НДС' },
    hint: {
      en: 'Of lines for which the CRM names none that is known',
      es: 'De las líneas para las que el CRM no indica uno conocido',
      ru: 'Для строк, у которых CRM не называет известной ставки',
    },
    choices: VAT_TITLES,
  })
  @IsIn(VAT_NAMES)
  vat: VatName = 'none';

  @Field({
    title: { en: 'Send 20 % as 22 %', es: 'Enviar el 20 % como 22 %', ru: 'Отправлять 20 % как 22 %' },
    hint: {
      en: 'For payments made since 1 January 2026, should the CRM still say 20 %; 20/120 as 22/122',
      es: 'En pagos hechos desde el 1 de enero de 2026, si el CRM aún indica 20 %; 20/120 como 22/122',
      ru: 'Для платежей с 1 января 2026 года, если в CRM ещё указано 20 %; 20/120 как 22/122',
    },
  })
  @IsBoolean()
  raisesVat: boolean = true;

  @Field({
    title: { en: 'Method of payment in receipts', es: 'Forma de pago en los recibos', ru: 'Способ расчёта в чеках' },
    hint: {
      en: 'Of lines for which the CRM names none',
      es: 'De las líneas para las que el CRM no indica ninguna',
      ru: 'Для строк, у которых CRM его не называет',
    },
    choices: {
      full_prepayment: { en: 'Full prepayment', es: 'Prepago total', ru: 'Полная предоплата' },
      full_payment: { en: 'Full payment', es: 'Pago total', ru: 'Полный расчёт' },
    },
  })
  @IsIn(['full_prepayment', 'full_payment'])
  paymentMode: 'full_prepayment' | 'full_payment' = 'full_prepayment';

  @Field({
    title: { en: 'Marking codes', es: 'Códigos de marcado', ru: 'Коды маркировки' },
    hint: {
      en: 'Needs a register with FFD 1.2; try it in a test shop first',
      es: 'Requiere una caja con FFD 1.2; pruébelo antes en una tienda de pruebas',
      ru: 'Нужна касса с ФФД 1.2; сначала проверьте в тестовом магазине',
    },
    choices: {
      none: { en: 'Not sent', es: 'No se envían', ru: 'Не отправляются' },
      gs_1m: { en: 'As GS1.M', es: 'Como GS1.M', ru: 'Как GS1.M' },
      mark_code_raw: { en: 'As scanned (Orange Data)', es: 'Tal como se escanean (Orange Data)', ru: 'Как считал сканер (Orange Data)' },
    },
  })
  @IsIn(MARKINGS)
  marking: MarkingForm = 'none';

  @Field({
    title: { en: 'Time zone of the register', es: 'Zona horaria de la caja', ru: 'Часовая зона кассы' },
    hint: {
      en: 'Number from 1 to 11, for receipts with marking codes',
      es: 'Número del 1 al 11, para recibos con códigos de marcado',
      ru: 'Номер от 1 до 11, для чеков с кодами маркировки',
    },
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(11)
  timezone?: number;

  @Field({
    title: {
      en: 'Planned status of marked goods',
      es: 'Estado previsto de los productos marcados',
      ru: 'Планируемый статус маркированного товара',
    },
    hint: {
      en: 'Number from 1 to 6, as YooKassa explains it in your account',
      es: 'Número del 1 al 6, según lo explica YooKassa en su cuenta',
      ru: 'Номер от 1 до 6, значения – в личном кабинете ЮKassa',
    },
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(6)
  plannedStatus?: number;
}

/** Settings of a connection to YooKassa: its shops, and what holds for all of them. */
export class YookassaSettings {
  @Field({ title: { en: 'Shops', es: 'Tiendas', ru: 'Магазины' }, section: SECTIONS.connect })
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => YookassaShop)
  shops!: YookassaShop[];

  /** Nobody can look this up: the account says so itself. */
  @Field({
    title: { en: 'Notifications are set up', es: 'Las notificaciones están configuradas', ru: 'Уведомления настроены' },
    hint: {
      en: 'At YooKassa, in each shop: Integration, HTTP notifications, with this page’s webhook address and all events of payments and refunds',
      es: 'En YooKassa, en cada tienda: Integración, Notificaciones HTTP, con la dirección de webhook de esta página y todos los eventos de pagos y devoluciones',
      ru: 'В ЮKassa, в каждом магазине: Интеграция, HTTP-уведомления, с адресом вебхука с этой страницы и всеми событиями платежей и возвратов',
    },
    section: SECTIONS.connect,
  })
  @IsBoolean()
  hasNotifications: boolean = false;

  @Field({
    title: { en: 'Who may send notifications', es: 'Quién puede enviar notificaciones', ru: 'Кто может присылать уведомления' },
    hint: {
      en: 'Addresses and networks that YooKassa publishes. Empty: anybody; every payment is read at YooKassa anyway',
      es: 'Direcciones y redes que publica YooKassa. Vacío: cualquiera; de todos modos, cada pago se lee en YooKassa',
      ru: 'Адреса и сети, которые публикует ЮKassa. Пусто: кто угодно; каждый платёж всё равно читается в ЮKassa',
    },
    section: SECTIONS.connect,
  })
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsString({ each: true })
  @Matches(NETWORK, {
    each: true,
    message: defineProblem({
      en: 'must be IP addresses or networks, such as 185.71.76.0/27',
      es: 'deben ser direcciones IP o redes, como 185.71.76.0/27',
      ru: 'должно быть IP-адресами или сетями, например 185.71.76.0/27',
    }),
  })
  senders: string[] = [...PUBLISHED_SENDERS];

  @Field({
    title: { en: 'Calls a second', es: 'Llamadas por segundo', ru: 'Запросов в секунду' },
    hint: {
      en: 'To YooKassa, of one shop; it publishes no limit',
      es: 'A YooKassa, por tienda; no publica ningún límite',
      ru: 'К ЮKassa, на магазин; предела она не публикует',
    },
    section: SECTIONS.connect,
  })
  @IsInt()
  @Min(1)
  @Max(1_000)
  callsPerSecond: number = 5;
}

/** Whether receipts with marking codes say the register's time zone and the planned status. */
export function needsRegisterFacts({ marking }: YookassaShop): boolean {
  return marking === 'gs_1m';
}

/** Whether no money moves with a key. */
export function isTestKey(key: string): boolean {
  return key.startsWith('test_');
}

/** What YooKassa's functions receive with each call. */
export type YookassaContext = ProviderContext<YookassaSettings>;

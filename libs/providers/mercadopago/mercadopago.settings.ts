import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
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
import { OneStageShop } from '#payment/port';
import { defineProblem, Field, Secret, SECTIONS } from '#platform';
import type { ProviderContext } from '#provider-kit';

/** The lookup of ways to pay that a shop may leave out. */
export const METHODS_LOOKUP = 'paymentMethods';

/** Kinds of ways to pay that may be left out; the balance of the buyer's own account always stays. */
const TYPES = {
  credit_card: { en: 'Credit card', es: 'Tarjeta de crédito', ru: 'Кредитная карта' },
  debit_card: { en: 'Debit card', es: 'Tarjeta de débito', ru: 'Дебетовая карта' },
  prepaid_card: { en: 'Prepaid card', es: 'Tarjeta prepaga', ru: 'Предоплаченная карта' },
  ticket: { en: 'Slip paid in cash', es: 'Cupón para pagar en efectivo', ru: 'Квитанция для оплаты наличными' },
  atm: { en: 'Cash machine', es: 'Cajero automático', ru: 'Банкомат' },
  bank_transfer: { en: 'Bank transfer', es: 'Transferencia bancaria', ru: 'Банковский перевод' },
  digital_currency: { en: 'Digital currency', es: 'Moneda digital', ru: 'Цифровая валюта' },
  digital_wallet: { en: 'Digital wallet', es: 'Billetera digital', ru: 'Электронный кошелёк' },
  voucher_card: { en: 'Voucher card', es: 'Tarjeta de vales', ru: 'Карта-ваучер' },
};

/** An application of Mercado Pago that takes payments into its seller's account. */
export class MercadoPagoShop extends OneStageShop {
  @Field({
    title: { en: 'Access token', es: 'Access Token', ru: 'Access Token' },
    hint: {
      en: 'Your integrations, the application for Checkout Pro, Credentials: begins with APP_USR-',
      es: 'Tus integraciones, la aplicación de Checkout Pro, Credenciales: empieza por APP_USR-',
      ru: 'Tus integraciones, приложение для Checkout Pro, Credenciales: начинается с APP_USR-',
    },
  })
  @Secret()
  @Matches(/^(APP_USR|TEST)-[A-Za-z0-9_-]{1,250}$/, {
    message: defineProblem({
      en: 'must be an access token of Mercado Pago: it begins with APP_USR-',
      es: 'debe ser un access token de Mercado Pago: empieza por APP_USR-',
      ru: 'должно быть access token из Mercado Pago: он начинается с APP_USR-',
    }),
  })
  accessToken!: string;

  /** Test credentials begin as live ones do, so the shop says it; the account itself must agree. */
  @Field({
    title: { en: 'Test credentials', es: 'Credenciales de prueba', ru: 'Тестовые данные' },
    hint: {
      en: 'No money moves; this page then makes a test payment',
      es: 'No se mueve dinero; esta página hace entonces un pago de prueba',
      ru: 'Деньги не движутся; эта страница тогда проводит тестовый платёж',
    },
  })
  @IsBoolean()
  test: boolean = false;

  /** One for an application; without it webhooks are refused, and payments are asked for. */
  @Field({
    title: { en: 'Secret of the webhook', es: 'Clave secreta del webhook', ru: 'Секрет вебхука' },
    hint: {
      en: 'Shown by Mercado Pago once the address of this module is saved under Webhooks',
      es: 'Mercado Pago la muestra al guardar en Webhooks la dirección de este módulo',
      ru: 'Mercado Pago показывает его, когда в разделе Webhooks сохранён адрес этого модуля',
    },
  })
  @Secret()
  @IsOptional()
  @Matches(/^[\x21-\x7e]{8,250}$/, {
    message: defineProblem({
      en: 'must be the secret signature of the webhook, without spaces',
      es: 'debe ser la firma secreta del webhook, sin espacios',
      ru: 'должно быть секретной подписью вебхука, без пробелов',
    }),
  })
  webhookSecret?: string;

  /** `capture_mode`: `automatic` in place of `automatic_async`. */
  @Field({
    title: { en: 'Decide at once', es: 'Decidir al instante', ru: 'Решение сразу' },
    hint: {
      en: 'Payments that Mercado Pago would first examine are refused instead: fewer succeed',
      es: 'Los pagos que Mercado Pago tendría que revisar se rechazan: se aprueban menos',
      ru: 'Платежи, которые Mercado Pago стал бы проверять, отклоняются: успешных меньше',
    },
  })
  @IsBoolean()
  binary: boolean = false;

  /** `expiration_time`. What it may be at most is unpublished. */
  @Field({
    title: { en: 'A payment page lasts', es: 'La página de pago dura', ru: 'Срок страницы оплаты' },
    hint: {
      en: 'Afterwards the same link opens a new one',
      es: 'Después, el mismo enlace abre otra',
      ru: 'Потом та же ссылка открывает новую',
    },
    unit: { en: 'days', es: 'días', ru: 'дней' },
  })
  @IsInt()
  @Min(1)
  @Max(90)
  expirationDays: number = 7;

  @Field({
    title: { en: 'Most instalments', es: 'Máximo de cuotas', ru: 'Платежей в рассрочке, не более' },
    hint: { en: 'Empty: as Mercado Pago offers', es: 'Vacío: las que ofrezca Mercado Pago', ru: 'Пусто: как предлагает Mercado Pago' },
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(36)
  maxInstallments?: number;

  @Field({
    title: { en: 'Kinds of payment left out', es: 'Tipos de pago excluidos', ru: 'Исключённые виды оплаты' },
    choices: TYPES,
  })
  @IsArray()
  @ArrayUnique()
  @IsIn(Object.keys(TYPES), { each: true })
  excludedTypes: string[] = [];

  @Field({
    title: { en: 'Payment methods left out', es: 'Medios de pago excluidos', ru: 'Исключённые способы оплаты' },
    hint: { en: 'Such as amex or oxxo', es: 'Por ejemplo, amex u oxxo', ru: 'Например, amex или oxxo' },
    lookup: METHODS_LOOKUP,
  })
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(50, { each: true })
  excludedMethods: string[] = [];

  /** Mercado Pago's pages and SDK differ on the most characters: 13, or about 10. */
  @Field({
    title: { en: 'Name on the card statement', es: 'Nombre en el resumen de la tarjeta', ru: 'Название в выписке по карте' },
    hint: {
      en: 'At most 10 Latin letters, digits and spaces',
      es: 'Hasta 10 letras latinas, cifras y espacios',
      ru: 'До 10 латинских букв, цифр и пробелов',
    },
  })
  @IsOptional()
  @Matches(/^[A-Za-z0-9][A-Za-z0-9 ]{0,9}$/, {
    message: defineProblem({
      en: 'must be at most 10 Latin letters, digits and spaces',
      es: 'debe tener como máximo 10 letras latinas, cifras y espacios',
      ru: 'должно состоять из латинских букв, цифр и пробелов, не больше 10',
    }),
  })
  statementDescriptor?: string;
}

/** Settings of a connection to Mercado Pago: its shops, which may share an application. */
export class MercadoPagoSettings {
  @Field({ title: { en: 'Shops', es: 'Tiendas', ru: 'Магазины' }, section: SECTIONS.connect })
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => MercadoPagoShop)
  shops!: MercadoPagoShop[];

  @Field({
    title: { en: 'Calls a second', es: 'Llamadas por segundo', ru: 'Запросов в секунду' },
    hint: {
      en: 'To Mercado Pago, with one access token; it publishes no limit',
      es: 'A Mercado Pago, con un mismo Access Token; no publica ningún límite',
      ru: 'К Mercado Pago, с одним Access Token; предела он не публикует',
    },
    section: SECTIONS.connect,
  })
  @IsInt()
  @Min(1)
  @Max(1_000)
  callsPerSecond: number = 20;
}

/** Whether a shop's credentials are test ones, as it says or by their older form. */
export function isTestShop({ accessToken, test }: MercadoPagoShop): boolean {
  return test || isTestToken(accessToken);
}

/** Whether a token is a test one by its beginning, which newer ones do not have. */
export function isTestToken(token: string): boolean {
  return token.startsWith('TEST-');
}

/** What Mercado Pago's functions receive with each call. */
export type MercadoPagoContext = ProviderContext<MercadoPagoSettings>;

import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import { defineProblem, Field, type FormSection, NamesAddress, Secret } from '#platform';

const ADDRESS = { protocols: ['https', 'http'], require_protocol: true, require_tld: false };
const HEADER = /^([A-Za-z0-9-]{1,64})?$/;
const NO_HEADER = defineProblem({
  en: 'must be the name of a header',
  es: 'debe ser el nombre de una cabecera',
  ru: 'должно быть именем заголовка',
});

const SITE = /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/;
const NO_SITE = defineProblem({
  en: 'must be an address such as https://shop.example, in lower case and without a path',
  es: 'debe ser una dirección como https://shop.example, en minúsculas y sin ruta',
  ru: 'должно быть адресом вида https://shop.example, строчными буквами и без пути',
});

/** Which shop of the CRM an address of the site belongs to. */
export class SiteCode {
  @Field({ title: { en: 'Address', es: 'Dirección', ru: 'Адрес' } })
  @Matches(SITE, { message: NO_SITE })
  address: string = '';

  @Field({ title: { en: 'Shop in the CRM', es: 'Tienda en el CRM', ru: 'Магазин в CRM' }, lookup: 'sites' })
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  code: string = '';
}

const OWN_SECTIONS = {
  sites: { code: 'sites', title: { en: 'Sites', es: 'Sitios', ru: 'Сайты' } },
  visits: { code: 'visits', title: { en: 'Visits', es: 'Visitas', ru: 'Посещения' } },
  transport: { code: 'transport', title: { en: 'Chat transport', es: 'Transporte de chats', ru: 'Транспорт чатов' } },
  bot: { code: 'bot', title: { en: 'Bot', es: 'Bot', ru: 'Бот' } },
} satisfies Record<string, FormSection>;

/** Settings of a connection of the web visits service. */
export class WebvisitsSettings {
  @Field({
    title: { en: 'Addresses of the shop’s sites', es: 'Direcciones de los sitios de la tienda', ru: 'Адреса сайтов магазина' },
    hint: {
      en: 'Such as https://shop.example, without a path. Page views are taken from these only.',
      es: 'Por ejemplo https://shop.example, sin ruta. Solo se aceptan visitas de estos.',
      ru: 'Например https://shop.example, без пути. Просмотры принимаются только с них.',
    },
    section: OWN_SECTIONS.sites,
  })
  @IsArray()
  @ArrayMaxSize(50)
  @Matches(SITE, {
    each: true,
    message: NO_SITE,
  })
  sites: string[] = [];

  @Field({
    title: { en: 'Send visits to the CRM', es: 'Enviar las visitas al CRM', ru: 'Передавать посещения в CRM' },
    hint: {
      en: 'Visits of known customers, their client ids and sources go to the customer’s card',
      es: 'Las visitas de clientes conocidos, sus identificadores y fuentes van a la ficha del cliente',
      ru: 'Посещения известных клиентов, их идентификаторы и источники попадают в карточку клиента',
    },
    section: OWN_SECTIONS.visits,
  })
  @IsBoolean()
  sendVisits: boolean = false;

  @Field({
    title: { en: 'Shops of the addresses', es: 'Tiendas de las direcciones', ru: 'Магазины адресов' },
    hint: {
      en: 'Visits of an address without a shop are not sent',
      es: 'Las visitas de una dirección sin tienda no se envían',
      ru: 'Посещения адреса без магазина не передаются',
    },
    section: OWN_SECTIONS.sites,
    itemKey: 'address',
  })
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => SiteCode)
  siteCodes: SiteCode[] = [];

  @Field({
    title: { en: 'Visits are kept', es: 'Las visitas se guardan', ru: 'Посещения хранятся' },
    unit: { en: 'days', es: 'días', ru: 'дней' },
    section: OWN_SECTIONS.visits,
  })
  @IsInt()
  @Min(1)
  @Max(1095)
  retentionDays: number = 90;

  @Field({
    title: { en: 'A visit ends after', es: 'Una visita termina tras', ru: 'Посещение кончается через' },
    hint: { en: 'Without anything seen of the visitor', es: 'Sin señales del visitante', ru: 'Если от посетителя ничего не слышно' },
    unit: { en: 'minutes', es: 'minutos', ru: 'минут' },
    section: OWN_SECTIONS.visits,
  })
  @IsInt()
  @Min(1)
  @Max(240)
  visitMinutes: number = 30;

  @Field({
    title: {
      en: 'Keep what follows "?" in addresses',
      es: 'Guardar lo que sigue a "?" en las direcciones',
      ru: 'Хранить часть адреса после «?»',
    },
    hint: {
      en: 'Turn it off when your addresses hold personal data',
      es: 'Desactívelo si sus direcciones contienen datos personales',
      ru: 'Выключите, если в адресах бывают личные данные',
    },
    section: OWN_SECTIONS.visits,
  })
  @IsBoolean()
  keepQuery: boolean = true;

  @Field({
    title: { en: 'Key of signatures', es: 'Clave de firmas', ru: 'Ключ подписи' },
    hint: {
      en: 'Empty: the page may say which chat, customer or order its visitor is. Set: it must sign that (see the guide).',
      es: 'Vacío: la página puede decir qué chat, cliente o pedido es su visitante. Si la pone: debe firmarlo (véase la guía).',
      ru: 'Пусто: страница сама называет чат, клиента или заказ посетителя. Задан: она должна это подписать (см. руководство).',
    },
    section: OWN_SECTIONS.sites,
  })
  @IsOptional()
  @IsString()
  @MinLength(16)
  @MaxLength(200)
  @Secret()
  linkKey?: string;

  @Field({
    title: { en: 'Header with the visitor’s country', es: 'Cabecera con el país del visitante', ru: 'Заголовок со страной посетителя' },
    hint: {
      en: 'Set by your proxy, such as cf-ipcountry; empty: the country stays unknown',
      es: 'La pone su proxy, como cf-ipcountry; vacío: el país queda desconocido',
      ru: 'Ставит ваш прокси, например cf-ipcountry; пусто: страна неизвестна',
    },
    section: OWN_SECTIONS.visits,
  })
  @Matches(HEADER, { message: NO_HEADER })
  countryHeader: string = '';

  @Field({
    title: { en: 'Header with the visitor’s city', es: 'Cabecera con la ciudad del visitante', ru: 'Заголовок с городом посетителя' },
    hint: { en: 'As above, such as cf-ipcity', es: 'Igual, como cf-ipcity', ru: 'Так же, например cf-ipcity' },
    section: OWN_SECTIONS.visits,
  })
  @Matches(HEADER, { message: NO_HEADER })
  cityHeader: string = '';

  @Field({
    title: { en: 'Chat transport works', es: 'El transporte de chats funciona', ru: 'Транспорт чатов работает' },
    section: OWN_SECTIONS.transport,
  })
  @IsBoolean()
  transportActive: boolean = true;

  @Field({ title: { en: 'Token of the transport', es: 'Token del transporte', ru: 'Токен транспорта' }, section: OWN_SECTIONS.transport })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @Secret()
  transportToken?: string;

  @Field({
    title: { en: 'Webhook address of the transport', es: 'Dirección de webhooks del transporte', ru: 'Адрес вебхуков транспорта' },
    section: OWN_SECTIONS.transport,
  })
  @NamesAddress()
  @IsOptional()
  @IsUrl(ADDRESS)
  @MaxLength(500)
  transportWebhookUrl?: string;

  @Field({
    title: { en: 'Address of the message gateway', es: 'Dirección de la pasarela de mensajes', ru: 'Адрес шлюза сообщений' },
    section: OWN_SECTIONS.transport,
  })
  @NamesAddress()
  @IsOptional()
  @IsUrl(ADDRESS)
  @MaxLength(500)
  transportEndpointUrl?: string;

  @Field({
    title: { en: 'Name of the bot', es: 'Nombre del bot', ru: 'Название бота' },
    hint: { en: 'Empty: no bot', es: 'Vacío: sin bot', ru: 'Пусто: бота нет' },
    section: OWN_SECTIONS.bot,
  })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  botName?: string;

  @Field({ title: { en: 'The bot works', es: 'El bot funciona', ru: 'Бот работает' }, section: OWN_SECTIONS.bot })
  @IsBoolean()
  botActive: boolean = true;

  @Field({ title: { en: 'Token of the bot', es: 'Token del bot', ru: 'Токен бота' }, section: OWN_SECTIONS.bot })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @Secret()
  botToken?: string;

  @Field({ title: { en: 'Image of the bot', es: 'Imagen del bot', ru: 'Картинка бота' }, section: OWN_SECTIONS.bot })
  @IsOptional()
  @IsUrl(ADDRESS)
  @MaxLength(500)
  botLogo?: string;

  @Field({ title: { en: 'Address of the bot', es: 'Dirección del bot', ru: 'Адрес бота' }, section: OWN_SECTIONS.bot })
  @NamesAddress()
  @IsOptional()
  @IsUrl(ADDRESS)
  @MaxLength(500)
  botEndpointUrl?: string;
}

/** Finds the code of the CRM's shop for an address such as `https://shop.example`. */
export function getSiteCode({ siteCodes }: Pick<WebvisitsSettings, 'siteCodes'>, address: string): string | undefined {
  return siteCodes.find((site) => site.address === address)?.code;
}

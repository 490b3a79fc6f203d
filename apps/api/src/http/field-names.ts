import { type FieldErrors, type Language, type LocalText, sayProblem, textFor, toLanguage } from '#platform';

/** The name of a callback's field in a sentence. */
interface FieldName extends LocalText {
  /** The name as the owner of another field, `{}` its position in a list. Missing if it adds nothing. */
  readonly of?: LocalText;
}

const name = (en: string, es: string, ru: string, of?: readonly [en: string, es: string, ru: string]): FieldName => ({
  ...{ en, es, ru },
  ...(of && { of: { en: of[0], es: of[1], ru: of[2] } }),
});

const PICKUP_POINT = name('pickup point', 'punto de recogida', 'пункт выдачи');
const PRODUCT = name('product', 'producto', 'товар', ['of product {}', 'del producto {}', 'товара {}']);
const CARRIER_FIELDS = name("carrier's own fields", 'campos propios del transportista', 'поля службы доставки');

/** The fields of the CRM's callbacks (docs/contract), at any depth. Settings have titles instead. */
const NAMES: Readonly<Record<string, FieldName>> = {
  address: name('address', 'dirección', 'адрес', ['of the address', 'de la dirección', 'адреса']),
  amount: name('amount', 'importe', 'сумма'),
  article: name('article', 'artículo', 'артикул'),
  bank: name('bank', 'banco', 'банк'),
  bankAccount: name('bank account', 'cuenta bancaria', 'расчётный счёт'),
  bankAddress: name("bank's address", 'dirección del banco', 'адрес банка'),
  barcode: name('barcode', 'código de barras', 'штрихкод'),
  BIK: name('BIK', 'BIK', 'БИК'),
  birthday: name('birthday', 'fecha de nacimiento', 'дата рождения'),
  block: name('entrance', 'portal', 'подъезд'),
  building: name('building number', 'número del edificio', 'номер дома'),
  certificateDate: name('date of the certificate', 'fecha del certificado', 'дата свидетельства'),
  certificateNumber: name('number of the certificate', 'número del certificado', 'номер свидетельства'),
  city: name('city', 'ciudad', 'город'),
  cityId: name('city', 'ciudad', 'город'),
  cityType: name('type of the city', 'tipo de la ciudad', 'тип населённого пункта'),
  cod: name('cash on delivery', 'contrareembolso', 'наложенный платёж'),
  code: name('code', 'código', 'код'),
  codPaymentType: name('payment type of the cash on delivery', 'tipo de pago del contrareembolso', 'тип оплаты наложенного платежа'),
  comment: name('comment', 'comentario', 'комментарий'),
  contragent: name('company', 'empresa', 'компания', ['of the company', 'de la empresa', 'компании']),
  contragentType: name('type', 'tipo', 'тип'),
  coordinates: name('coordinates', 'coordenadas', 'координаты'),
  corrAccount: name('correspondent account', 'cuenta corresponsal', 'корреспондентский счёт'),
  cost: name('cost', 'coste', 'стоимость'),
  country: name('country', 'país', 'страна'),
  countryIso: name('country', 'país', 'страна'),
  currency: name('currency', 'moneda', 'валюта'),
  customer: name('customer', 'cliente', 'покупатель', ['of the customer', 'del cliente', 'покупателя']),
  customFields: name('custom fields', 'campos personalizados', 'пользовательские поля'),
  date: name('date', 'fecha', 'дата'),
  declaredValue: name('declared value', 'valor declarado', 'объявленная ценность'),
  delivery: name('delivery', 'envío', 'доставка'),
  deliveryAddress: name('delivery address', 'dirección de entrega', 'адрес доставки', [
    'of the delivery address',
    'de la dirección de entrega',
    'адреса доставки',
  ]),
  deliveryDate: name('delivery date', 'fecha de entrega', 'дата доставки'),
  deliveryId: name('delivery', 'envío', 'доставка'),
  deliveryIds: name('list of deliveries', 'lista de envíos', 'список доставок'),
  deliveryNoteNumber: name('number of the delivery note', 'número del albarán', 'номер накладной'),
  deliveryTime: name('delivery time', 'hora de entrega', 'время доставки', [
    'of the delivery time',
    'de la hora de entrega',
    'времени доставки',
  ]),
  displayName: name('name', 'nombre', 'название'),
  email: name('e-mail', 'correo electrónico', 'электронная почта'),
  entityType: name('kind of document', 'clase de documento', 'вид документа'),
  externalChatId: name('conversation', 'conversación', 'диалог'),
  externalId: name('external id', 'identificador externo', 'внешний идентификатор'),
  externalIds: name('external ids', 'identificadores externos', 'внешние идентификаторы'),
  externalPhone: name('phone to show', 'teléfono que se muestra', 'внешний номер'),
  externalUserId: name('customer', 'cliente', 'покупатель'),
  extraData: CARRIER_FIELDS,
  firstName: name('first name', 'nombre', 'имя'),
  flat: name('apartment', 'piso o puerta', 'квартира'),
  floor: name('floor', 'planta', 'этаж'),
  from: name('start', 'inicio', 'начало'),
  height: name('height', 'altura', 'высота'),
  house: name('building', 'bloque', 'строение'),
  housing: name('housing', 'edificio', 'корпус'),
  id: name('id', 'identificador', 'идентификатор'),
  ids: name('list of products', 'lista de productos', 'список товаров'),
  index: name('postal code', 'código postal', 'почтовый индекс'),
  INN: name('INN', 'INN', 'ИНН'),
  invoiceNumber: name('invoice number', 'número de la factura', 'номер счёта'),
  invoiceType: name('invoice type', 'tipo de la factura', 'тип счёта'),
  invoiceUuid: name('invoice', 'factura', 'счёт'),
  item: name('order line', 'línea del pedido', 'позиция заказа', ['of the order line', 'de la línea del pedido', 'позиции заказа']),
  items: name('list of items', 'lista de artículos', 'список товаров', ['of item {}', 'del artículo {}', 'товара {}']),
  KPP: name('KPP', 'KPP', 'КПП'),
  lastName: name('last name', 'apellido', 'фамилия'),
  legalAddress: name('registered address', 'domicilio social', 'юридический адрес'),
  legalEntity: name('legal entity', 'entidad jurídica', 'юридическое лицо'),
  legalName: name('legal name', 'razón social', 'наименование'),
  length: name('length', 'longitud', 'длина'),
  manager: name('manager', 'gestor', 'менеджер', ['of the manager', 'del gestor', 'менеджера']),
  managerId: name('manager', 'gestor', 'менеджер'),
  markingCode: name('marking code', 'código de marcado', 'код маркировки'),
  markingCodes: name('marking codes', 'códigos de marcado', 'коды маркировки'),
  measurementUnit: name('unit', 'unidad', 'единица измерения'),
  metro: name('metro station', 'estación de metro', 'станция метро'),
  mode: name('recommendation mode', 'modo de recomendación', 'режим рекомендаций'),
  name: name('name', 'nombre', 'название'),
  notes: name('comment', 'comentario', 'комментарий'),
  number: name('phone number', 'número de teléfono', 'номер телефона'),
  offer: PRODUCT,
  offerId: name('product', 'producto', 'товар'),
  offers: { ...PRODUCT, ...name('list of products', 'lista de productos', 'список товаров') },
  OGRN: name('OGRN', 'OGRN', 'ОГРН'),
  OGRNIP: name('OGRNIP', 'OGRNIP', 'ОГРНИП'),
  OKPO: name('OKPO', 'OKPO', 'ОКПО'),
  order: name('order', 'pedido', 'заказ', ['of the order', 'del pedido', 'заказа']),
  orderId: name('order', 'pedido', 'заказ'),
  orderNumber: name('order number', 'número del pedido', 'номер заказа'),
  orders: name('list of deliveries', 'lista de envíos', 'список доставок', ['of line {}', 'de la línea {}', 'строки {}']),
  packageId: name('number', 'número', 'номер'),
  packages: name('list of packages', 'lista de paquetes', 'список посылок', ['of package {}', 'del paquete {}', 'посылки {}']),
  packs: name('list of products', 'lista de productos', 'список товаров', ['of line {}', 'de la línea {}', 'строки {}']),
  patronymic: name('patronymic', 'patronímico', 'отчество'),
  payerType: name('payer of the delivery', 'pagador del envío', 'плательщик доставки'),
  paymentId: name('payment', 'pago', 'платёж'),
  paymentMethod: name('payment method', 'forma de pago', 'способ расчёта'),
  paymentObject: name('kind of product', 'clase de producto', 'предмет расчёта'),
  phone: name('phone', 'teléfono', 'телефон'),
  phones: name('phone', 'teléfono', 'телефон'),
  price: name('price', 'precio', 'цена'),
  productCode: name('product code', 'código del producto', 'код товара'),
  properties: name('properties', 'propiedades', 'свойства'),
  purchasePrice: name('purchase price', 'precio de compra', 'закупочная цена'),
  quantity: name('quantity', 'cantidad', 'количество'),
  region: name('region', 'región', 'регион'),
  regionId: name('region', 'región', 'регион'),
  returnUrl: name('return address', 'dirección de retorno', 'адрес возврата'),
  sex: name('sex', 'sexo', 'пол'),
  shipmentAddress: name('pickup address', 'dirección de recogida', 'адрес отгрузки', [
    'of the pickup address',
    'de la dirección de recogida',
    'адреса отгрузки',
  ]),
  shipmentDate: name('shipment date', 'fecha de recogida', 'дата отгрузки'),
  shipmentId: name('shipment', 'recogida', 'отгрузка'),
  shopId: name('shop', 'tienda', 'магазин'),
  site: name('site', 'sitio', 'сайт'),
  siteName: name('site', 'sitio', 'сайт'),
  siteUrl: name('site', 'sitio', 'сайт'),
  status: name('status', 'estado', 'статус'),
  store: name('warehouse', 'almacén', 'склад', ['of the warehouse', 'del almacén', 'склада']),
  street: name('street', 'calle', 'улица'),
  streetId: name('street', 'calle', 'улица'),
  streetType: name('type of the street', 'tipo de la calle', 'тип улицы'),
  sym: name('symbol', 'símbolo', 'обозначение'),
  tariff: name('tariff', 'tarifa', 'тариф'),
  term: name('search text', 'texto de búsqueda', 'текст поиска'),
  terminal: PICKUP_POINT,
  terminalData: PICKUP_POINT,
  text: name('text', 'texto', 'текст'),
  time: name('time', 'hora', 'время', ['of the time', 'de la hora', 'времени']),
  to: name('end', 'fin', 'конец'),
  custom: name('text', 'texto', 'текст'),
  type: name('type', 'tipo', 'тип'),
  unit: name('unit', 'unidad', 'единица измерения', ['of the unit', 'de la unidad', 'единицы измерения']),
  userId: name('manager', 'gestor', 'менеджер'),
  value: name('value', 'valor', 'значение'),
  vat: name('VAT rate', 'tipo de IVA', 'ставка НДС'),
  vatRate: name('VAT rate', 'tipo de IVA', 'ставка НДС'),
  weight: name('weight', 'peso', 'вес'),
  width: name('width', 'anchura', 'ширина'),
  withCod: name('cash on delivery', 'contrareembolso', 'наложенный платёж'),
  workTime: name('opening hours', 'horario', 'время работы'),
  xmlId: name('id in the catalog', 'identificador en el catálogo', 'идентификатор в каталоге'),
};

/** Instead of a field without a name. */
const UNNAMED = name('data of the request', 'datos de la petición', 'данные запроса');
/** An entry of a list as a whole. */
const ENTRY = name('data', 'datos', 'данные');
/** A field in the message about another one. */
const OTHER_FIELD = /(?<=^is required \(or |without the name in )\w+/;
const MORE: LocalText = { en: ' (and {} more)', es: ' (y {} más)', ru: ' (и ещё {})' };
const NAMED_IN_SENTENCE = 3;

/** Returns the name of a callback's field: `weight of package 1` for `packages[0].weight`. Never a path. */
export function nameField(path: string, language: Language): string {
  const steps = path.split('.').flatMap((step) => {
    const [, field = '', position] = /^(\w+)(?:\[(\d+)\])?/.exec(step) ?? [];
    return {
      found: Object.hasOwn(NAMES, field) ? NAMES[field] : undefined,
      at: position === undefined ? '' : String(Number(position) + 1),
    };
  });
  // The field around an unnamed one stands for it.
  const known = steps.slice(0, steps.findLastIndex(({ found }) => found !== undefined) + 1);
  const last = known.at(-1);
  const isEntry = last?.at !== '' && last?.found?.of !== undefined;
  const owners = (isEntry ? known : known.slice(0, -1)).reverse();
  const own = (isEntry ? ENTRY : (last?.found ?? UNNAMED))[language];
  return [own, ...owners.flatMap(({ found, at }) => found?.of?.[language].replace('{}', at).trim() ?? [])].join(' ');
}

/**
 * Returns the sentence for the person who did something in the CRM: the first fields, by name, and what is
 * wrong with each. The paths are in the answer's `errors`.
 */
export function toManagersSentence(errors: FieldErrors, accountLanguage: string | null | undefined): string {
  const language = toLanguage(accountLanguage);
  const all = Object.entries(errors).map(([path, message]) => {
    const said = sayProblem(
      message.replace(OTHER_FIELD, (other) => nameField(other, language)),
      language,
    );
    return language === 'en' ? `the ${nameField(path, language)} ${said}` : `${nameField(path, language)}: ${said}`;
  });
  const unique = [...new Set(all)];
  const rest = unique.length - NAMED_IN_SENTENCE;
  const more = rest > 0 ? textFor(MORE, language).replace('{}', String(rest)) : '';
  const sentence = `${unique.slice(0, NAMED_IN_SENTENCE).join('; ')}${more}.`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

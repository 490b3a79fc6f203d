import { type LocalText, textFor } from '#platform';
import { ProviderError, type ProviderErrorDetails, type ProviderErrorKind } from '#provider-kit';
import type { ApishipContext } from './apiship.settings.js';

const text = (en: string, es: string, ru: string): LocalText => ({ en, es, ru });

/** What the provider says to the CRM's users. */
export const texts = {
  sharedAccount: text(
    'the shared test account of ApiShip, which everyone can use',
    'la cuenta de prueba compartida de ApiShip, que cualquiera puede usar',
    'общий тестовый аккаунт ApiShip, доступный всем',
  ),
  credentials: text(
    'ApiShip refused the credentials: check token or login in the settings',
    'ApiShip rechazó las credenciales: revise el token o el usuario en los ajustes',
    'ApiShip не принял учётные данные: проверьте токен или логин в настройках',
  ),
  refusedToken: text('is not accepted by ApiShip', 'no es aceptado por ApiShip', 'ApiShip не принимает это значение'),
  refusedLogin: text(
    'is not accepted by ApiShip together with the other one',
    'no es aceptado por ApiShip junto con el otro',
    'ApiShip не принимает эту пару значений',
  ),
  timeOver: text(
    'ApiShip was not called: the time for it is over',
    'No se llamó a ApiShip: se agotó el tiempo',
    'Запрос в ApiShip не отправлен: время вышло',
  ),
  tooManyCalls: text('ApiShip asks to be called less often', 'ApiShip pide que se le llame menos', 'ApiShip просит обращаться реже'),
  noReason: text('no reason was given', 'no se indicó el motivo', 'причина не указана'),
  balanceEmpty: text(
    'ApiShip’s calculations are used up: top up the balance in your account at ApiShip',
    'Se agotaron los cálculos de ApiShip: recargue el saldo en su cuenta de ApiShip',
    'Расчёты в ApiShip закончились: пополните баланс в личном кабинете ApiShip',
  ),
  noCarriers: text(
    'Connect a carrier in your account at ApiShip',
    'Conecte un transportista en su cuenta de ApiShip',
    'Подключите службу доставки в личном кабинете ApiShip',
  ),
  notConnected: text('is not connected at ApiShip', 'no está conectado en ApiShip', 'не подключено в ApiShip'),
  severalContracts: text(
    'One carrier has several contracts at ApiShip: choose which of them gets the orders',
    'Un transportista tiene varios contratos en ApiShip: elija cuál recibe los pedidos',
    'У службы доставки несколько подключений в ApiShip: выберите, по какому идут заказы',
  ),
  noReception: text(
    'does not take parcels in for this carrier',
    'no recibe paquetes de este transportista',
    'не принимает посылки этой службы доставки',
  ),
  testContour: text(
    'Nothing is delivered from ApiShip’s test contour',
    'Desde el entorno de pruebas de ApiShip no se entrega nada',
    'Из тестового контура ApiShip ничего не доставляется',
  ),
  onlyRoubles: (currency: string): LocalText =>
    text(
      `ApiShip counts in roubles only, the order is in ${currency}`,
      `ApiShip calcula solo en rublos, el pedido está en ${currency}`,
      `ApiShip считает только в рублях, а заказ в ${currency}`,
    ),
  vatRate: (rate: string): LocalText =>
    text(
      `ApiShip has no VAT rate of ${rate}: choose another in the order, or one for all orders in the settings`,
      `ApiShip no tiene el tipo de IVA ${rate}: elija otro en el pedido o uno para todos en los ajustes`,
      `У ApiShip нет ставки НДС ${rate}: выберите другую в заказе или одну для всех в настройках`,
    ),
  noPlatform: text(
    'ApiShip may refuse orders: this module’s support has not entered its code at ApiShip (APISHIP_PLATFORM)',
    'ApiShip puede rechazar pedidos: el soporte de este módulo no ha indicado su código en ApiShip (APISHIP_PLATFORM)',
    'ApiShip может отклонять заказы: поддержка модуля не указала его код в ApiShip (APISHIP_PLATFORM)',
  ),
  noFees: text(
    'without the fees for insurance and cash on delivery',
    'sin las comisiones de seguro y contra reembolso',
    'без сборов за страховку и наложенный платёж',
  ),
  chooseTariff: text(
    'Choose one of ApiShip’s tariffs on offer',
    'Elija una de las tarifas de ApiShip ofrecidas',
    'Выберите один из предлагаемых тарифов ApiShip',
  ),
  recipientName: text('ApiShip needs the recipient’s name', 'ApiShip necesita el nombre del destinatario', 'ApiShip нужно имя получателя'),
  recipientPhone: text(
    'ApiShip needs a phone of the recipient that can be called',
    'ApiShip necesita un teléfono válido del destinatario',
    'ApiShip нужен настоящий телефон получателя',
  ),
  shipmentPoint: text(
    'Choose the carrier’s point that the parcels are brought to',
    'Elija el punto del transportista al que se llevan los paquetes',
    'Выберите пункт службы доставки, в который сдаются посылки',
  ),
  deliveryPoint: text(
    'Choose the point where the parcel is handed out',
    'Elija el punto donde se entrega el paquete',
    'Выберите пункт выдачи посылки',
  ),
  senderAddress: text(
    'ApiShip needs the address that parcels leave from: city, street and house',
    'ApiShip necesita la dirección de salida de los paquetes: ciudad, calle y número',
    'ApiShip нужен адрес отправки: город, улица и дом',
  ),
  recipientAddress: text(
    'ApiShip needs the address to deliver to',
    'ApiShip necesita la dirección de entrega',
    'ApiShip нужен адрес доставки',
  ),
  numberNotShown: text(
    'ApiShip has an order with this number but does not show it yet',
    'ApiShip tiene un pedido con este número pero aún no lo muestra',
    'В ApiShip есть заказ с этим номером, но он его пока не показывает',
  ),
  cancelledThere: text(
    'The order was cancelled at ApiShip: delete the delivery and make another',
    'El pedido se canceló en ApiShip: borre el envío y cree otro',
    'Заказ отменён в ApiShip: удалите доставку и создайте новую',
  ),
  hasMoved: (status: LocalText): LocalText =>
    text(
      `The carrier has the parcel already (${status.en}): the order can no longer be changed`,
      `El transportista ya tiene el paquete (${status.es}): el pedido ya no se puede cambiar`,
      `Посылка уже у службы доставки (${status.ru}): заказ больше нельзя изменить`,
    ),
  notCancelled: text('ApiShip did not cancel the order', 'ApiShip no canceló el pedido', 'ApiShip не отменил заказ'),
  gone: text('ApiShip no longer has this order', 'ApiShip ya no tiene este pedido', 'В ApiShip больше нет этого заказа'),
  noForm: (form: string): LocalText =>
    text(`ApiShip has no form called ${form}`, `ApiShip no tiene el documento ${form}`, `У ApiShip нет печатной формы ${form}`),
  nothingToPrint: text('There is nothing to print', 'No hay nada que imprimir', 'Печатать нечего'),
  notRegistered: (order: string): LocalText =>
    text(
      `The carrier has not registered order ${order} yet: ask again in a minute`,
      `El transportista aún no ha registrado el pedido ${order}: pídalo de nuevo en un minuto`,
      `Служба доставки ещё не зарегистрировала заказ ${order}: повторите через минуту`,
    ),
  cannotPrint: (order: string, words: string): LocalText =>
    text(
      `ApiShip cannot print order ${order}: ${words}`,
      `ApiShip no puede imprimir el pedido ${order}: ${words}`,
      `ApiShip не может напечатать заказ ${order}: ${words}`,
    ),
  notPdf: text(
    'ApiShip gave a document that is not a PDF',
    'ApiShip devolvió un documento que no es PDF',
    'ApiShip вернул документ не в формате PDF',
  ),
  courierOrders: text(
    'A courier is called for one delivery at least',
    'El mensajero se pide para un envío al menos',
    'Курьера вызывают хотя бы для одной доставки',
  ),
  oneCarrier: text(
    'A courier is called to one carrier: make a shipment for each',
    'El mensajero se pide a un transportista: cree una expedición para cada uno',
    'Курьер вызывается от одной службы доставки: создайте отгрузку для каждой',
  ),
  courierDay: text('Say on which day the courier is to come', 'Indique qué día debe venir el mensajero', 'Укажите день приезда курьера'),
  courierDayOver: text('The day the courier is to come is over', 'El día de la visita ya pasó', 'День приезда курьера уже прошёл'),
  courierHours: text(
    'The courier’s hours must begin before they end',
    'El horario del mensajero debe empezar antes de terminar',
    'Время приезда курьера должно начинаться раньше, чем кончается',
  ),
  callUnknown: text(
    'ApiShip does not say whether the courier was called: look among the calls in your account at ApiShip',
    'ApiShip no dice si se llamó al mensajero: mire las solicitudes en su cuenta de ApiShip',
    'ApiShip не сообщает, вызван ли курьер: проверьте вызовы в личном кабинете ApiShip',
  ),
  callNotCancelled: text(
    'ApiShip did not cancel the courier’s call',
    'ApiShip no canceló la solicitud de mensajero',
    'ApiShip не отменил вызов курьера',
  ),
  servicesOnly: text('ApiShip suggests services only', 'ApiShip solo sugiere servicios', 'ApiShip подсказывает только услуги'),
  noLookup: (name: string): LocalText =>
    text(`ApiShip has no list called ${name}`, `ApiShip no tiene la lista ${name}`, `У ApiShip нет списка ${name}`),
  required: text('is required', 'es obligatorio', 'обязательно'),
  unknown: text('is not known to ApiShip', 'no es conocido por ApiShip', 'не известно ApiShip'),
  notOffered: text('is not on offer', 'no se ofrece', 'не предлагается'),
  impossible: text('is not possible with ApiShip', 'no es posible con ApiShip', 'невозможно для ApiShip'),
};

/** The text in the account's language. */
export function say(words: LocalText, { account }: ApishipContext): string {
  return textFor(words, account.language);
}

/**
 * A ProviderError in the account's language; `fields` says what is wrong with which of the callback's fields.
 */
export function makeError(
  kind: ProviderErrorKind,
  words: LocalText,
  context: ApishipContext,
  fields: Readonly<Record<string, LocalText>> = {},
  details: Omit<ProviderErrorDetails, 'fields'> = {},
): ProviderError {
  const told = Object.fromEntries(Object.entries(fields).map(([field, why]) => [field, say(why, context)]));
  return new ProviderError(kind, say(words, context), { ...details, ...(Object.keys(told).length > 0 && { fields: told }) });
}

/** A ProviderError `invalid` about one of the callback's fields. */
export function makeFieldError(field: string, words: LocalText, why: LocalText, context: ApishipContext): ProviderError {
  return makeError('invalid', words, context, { [field]: why });
}

/** Throws ProviderError `unavailable` after the call's time, even if the cache could still answer. */
export function refuseLate(context: ApishipContext): void {
  if (context.signal.aborted) throw makeError('unavailable', texts.timeOver, context);
}

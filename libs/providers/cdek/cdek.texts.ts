import { type LocalText, textFor } from '#platform';
import { ProviderError, type ProviderErrorDetails, type ProviderErrorKind } from '#provider-kit';
import type { CdekContext } from './cdek.settings.js';

const text = (en: string, es: string, ru: string): LocalText => ({ en, es, ru });

/** What the provider says to the CRM's users. */
export const texts = {
  sharedAccount: text(
    'the shared test account of CDEK, which everyone can use',
    'la cuenta de prueba compartida de CDEK, que cualquiera puede usar',
    'общий тестовый аккаунт СДЭК, доступный всем',
  ),
  credentials: text(
    'CDEK refused the credentials: check account and password in the settings',
    'CDEK rechazó las credenciales: revise la cuenta y la contraseña en los ajustes',
    'СДЭК не принял учётные данные: проверьте идентификатор и пароль в настройках',
  ),
  internal: text('CDEK answered with an error of its own', 'CDEK respondió con un error propio', 'СДЭК ответил внутренней ошибкой'),
  timeOver: text(
    'CDEK was not called: the time for it is over',
    'No se llamó a CDEK: se agotó el tiempo',
    'Запрос в СДЭК не отправлен: время вышло',
  ),
  severalCities: (city: string): LocalText =>
    text(
      `CDEK knows several places called ${city}: choose one in the field “CDEK city”`,
      `CDEK conoce varios lugares llamados ${city}: elija uno en el campo «Ciudad de CDEK»`,
      `СДЭК знает несколько населённых пунктов «${city}»: выберите нужный в поле «Город СДЭК»`,
    ),
  noPricesIn: (currency: string): LocalText =>
    text(`CDEK gives no prices in ${currency}`, `CDEK no da precios en ${currency}`, `СДЭК не считает стоимость в ${currency}`),
  chooseTariff: text(
    'Choose one of CDEK’s tariffs on offer',
    'Elija una de las tarifas de CDEK ofrecidas',
    'Выберите один из предлагаемых тарифов СДЭК',
  ),
  cashCurrency: (country: string, theirs: string | undefined, order: string): LocalText =>
    text(
      `CDEK collects in ${theirs ?? `the currency of ${country}`} there, and the order is in ${order}: make it a prepaid order, or one in that currency`,
      `CDEK cobra allí en ${theirs ?? `la moneda de ${country}`} y el pedido está en ${order}: hágalo de prepago o en esa moneda`,
      `СДЭК принимает там оплату в ${theirs ?? `валюте страны ${country}`}, а заказ в ${order}: нужна предоплата или заказ в этой валюте`,
    ),
  cashAbroad: (order: string, contract: string): LocalText =>
    text(
      `CDEK collects ${order} only if the contract in ${contract} allows it. Ask CDEK, then turn on “My contract collects abroad” in the settings, or choose prepayment`,
      `CDEK cobra ${order} solo si el contrato en ${contract} lo permite. Consulte a CDEK y active «Mi contrato cobra en el extranjero» en los ajustes, o elija prepago`,
      `СДЭК принимает оплату в ${order}, только если это позволяет договор в ${contract}. Узнайте в СДЭК и включите «По моему договору принимают оплату за рубежом» в настройках или выберите предоплату`,
    ),
  noCash: text(
    'A delivery contract with CDEK collects nothing: choose prepayment',
    'Un contrato de entrega con CDEK no cobra nada: elija prepago',
    'По договору доставки СДЭК не принимает оплату: выберите предоплату',
  ),
  tooManyLines: (most: number): LocalText =>
    text(
      `CDEK takes at most ${most} lines in an order, of 999 pieces each: make several orders`,
      `CDEK admite como máximo ${most} líneas por pedido, de 999 unidades cada una: haga varios pedidos`,
      `СДЭК принимает не больше ${most} строк в заказе, до 999 штук в каждой: сделайте несколько заказов`,
    ),
  lookInCabinet: text(
    'CDEK’s reply was lost, and an order of a delivery contract cannot be looked up: look for it in CDEK’s cabinet. It is not sent again. If it is not there, the module’s support can release it',
    'Se perdió la respuesta de CDEK y un pedido de contrato de entrega no se puede consultar: búsquelo en el área personal de CDEK. No se envía de nuevo. Si no está, el soporte del módulo puede liberarlo',
    'Ответ СДЭК потерян, а заказ по договору доставки нельзя найти запросом: проверьте его в личном кабинете СДЭК. Повторно он не отправляется. Если заказа там нет, поддержка модуля снимет блокировку',
  ),
  makeAnother: text(
    'CDEK does not have this order: delete the delivery and make another',
    'CDEK no tiene este pedido: borre el envío y cree otro',
    'Этого заказа нет в СДЭК: удалите доставку и создайте новую',
  ),
  noCashIn: (city: string): LocalText =>
    text(
      `CDEK collects no cash in ${city}: choose prepayment`,
      `CDEK no cobra contra reembolso en ${city}: elija prepago`,
      `СДЭК не принимает наложенный платёж в городе ${city}: выберите предоплату`,
    ),
  cashLimit: (city: string, limit: string): LocalText =>
    text(
      `CDEK collects at most ${limit} in ${city}: choose prepayment, or split the order`,
      `CDEK cobra como máximo ${limit} en ${city}: elija prepago o divida el pedido`,
      `СДЭК принимает в городе ${city} не больше ${limit}: выберите предоплату или разделите заказ`,
    ),
  declaredCurrency: (contract: string, order: string): LocalText =>
    text(
      `The declared value must be in ${contract}, the contract’s currency, and the order is in ${order}: enter your rate for ${order} in the settings, or declare no value`,
      `El valor declarado debe estar en ${contract}, la moneda del contrato, y el pedido está en ${order}: indique su cambio de ${order} en los ajustes o no declare valor`,
      `Объявленная ценность нужна в ${contract}, валюте договора, а заказ в ${order}: укажите свой курс ${order} в настройках или не объявляйте ценность`,
    ),
  noCustoms: (from: string, to: string): LocalText =>
    text(
      `From ${from} to ${to} CDEK needs customs papers, which this module does not send`,
      `De ${from} a ${to} CDEK necesita documentos de aduana, que este módulo no envía`,
      `Из ${from} в ${to} СДЭК нужны таможенные документы, которых модуль не передаёт`,
    ),
  vatRate: (rate: string): LocalText =>
    text(
      `CDEK has no VAT rate of ${rate}: choose another in the order, or one for all orders in the settings`,
      `CDEK no tiene el tipo de IVA ${rate}: elija otro en el pedido o uno para todos en los ajustes`,
      `У СДЭК нет ставки НДС ${rate}: выберите другую в заказе или одну для всех в настройках`,
    ),
  delivery: text('Delivery', 'Envío', 'Доставка'),
  recipientName: text('CDEK needs the recipient’s name', 'CDEK necesita el nombre del destinatario', 'СДЭК нужно имя получателя'),
  recipientPhone: text(
    'CDEK needs a phone of the recipient that can be called',
    'CDEK necesita un teléfono válido del destinatario',
    'СДЭК нужен настоящий телефон получателя',
  ),
  shipmentPoint: text(
    'Choose the CDEK point that the parcels are brought to',
    'Elija el punto de CDEK al que se llevan los paquetes',
    'Выберите пункт СДЭК, в который сдаются посылки',
  ),
  deliveryPoint: text(
    'Choose the point where the parcel is handed out',
    'Elija el punto donde se entrega el paquete',
    'Выберите пункт выдачи посылки',
  ),
  senderAddress: text(
    'CDEK needs the address the parcels are collected from',
    'CDEK necesita la dirección de recogida de los paquetes',
    'СДЭК нужен адрес, откуда забирать посылки',
  ),
  recipientCity: text(
    'CDEK does not know the city of the address',
    'CDEK no conoce la ciudad de la dirección',
    'СДЭК не знает населённый пункт из адреса',
  ),
  recipientAddress: text('CDEK needs the address to deliver to', 'CDEK necesita la dirección de entrega', 'СДЭК нужен адрес доставки'),
  courierOrders: text(
    'A courier is called for one delivery at least',
    'El mensajero se pide para un envío al menos',
    'Курьера вызывают хотя бы для одной доставки',
  ),
  courierDay: text('Say on which day the courier is to come', 'Indique qué día debe venir el mensajero', 'Укажите день приезда курьера'),
  courierDayOver: text('The day the courier is to come is over', 'El día de la visita ya pasó', 'День приезда курьера уже прошёл'),
  courierDayFar: (days: number): LocalText =>
    text(
      `CDEK plans the courier’s visits ${days} days ahead at most`,
      `CDEK planifica las visitas con ${days} días de antelación como máximo`,
      `СДЭК планирует приезд курьера не более чем на ${days} день вперёд`,
    ),
  courierHours: (from: string, to: string): LocalText =>
    text(
      `CDEK’s couriers come from ${from} to ${to}`,
      `Los mensajeros de CDEK vienen de ${from} a ${to}`,
      `Курьеры СДЭК приезжают с ${from} до ${to}`,
    ),
  visitBeingChecked: text(
    'CDEK is still checking the courier’s visit',
    'CDEK aún comprueba la visita del mensajero',
    'СДЭК ещё проверяет заявку на курьера',
  ),
  visitNotWithdrawn: text(
    'CDEK has not withdrawn the courier’s visit yet',
    'CDEK aún no ha anulado la visita del mensajero',
    'СДЭК ещё не отменил заявку на курьера',
  ),
  noForm: (form: string): LocalText =>
    text(`CDEK has no form called ${form}`, `CDEK no tiene el documento ${form}`, `У СДЭК нет печатной формы ${form}`),
  nothingToPrint: text('There is nothing to print', 'No hay nada que imprimir', 'Печатать нечего'),
  notRegistered: (order: string): LocalText =>
    text(
      `CDEK has not registered order ${order}: there is nothing to print`,
      `CDEK no ha registrado el pedido ${order}: no hay nada que imprimir`,
      `СДЭК не зарегистрировал заказ ${order}: печатать нечего`,
    ),
  stillPrinting: text(
    'CDEK is still making the document; ask for it again in a few seconds',
    'CDEK aún prepara el documento; pídalo de nuevo en unos segundos',
    'СДЭК ещё готовит документ; запросите его снова через несколько секунд',
  ),
  lostDocument: text(
    'CDEK lost the document it was making; ask again',
    'CDEK perdió el documento que preparaba; pídalo de nuevo',
    'СДЭК потерял документ, который готовил; запросите его снова',
  ),
  cannotPrint: (words: string): LocalText =>
    text(`CDEK cannot print this: ${words}`, `CDEK no puede imprimirlo: ${words}`, `СДЭК не может это напечатать: ${words}`),
  notPdf: text(
    'CDEK gave a document that is not a PDF',
    'CDEK devolvió un documento que no es PDF',
    'СДЭК вернул документ не в формате PDF',
  ),
  handedOver: text('The parcel was handed over already', 'El paquete ya fue entregado', 'Посылка уже вручена'),
  citiesOnly: text('CDEK suggests cities only', 'CDEK solo sugiere ciudades', 'СДЭК подсказывает только города'),
  numberNotShown: text(
    'CDEK has an order with this number but does not show it yet',
    'CDEK tiene un pedido con este número pero aún no lo muestra',
    'У СДЭК есть заказ с этим номером, но он его пока не показывает',
  ),
  deletedThere: text(
    'The order was deleted at CDEK: delete the delivery and make another',
    'El pedido se eliminó en CDEK: borre el envío y cree otro',
    'Заказ удалён в СДЭК: удалите доставку и создайте новую',
  ),
  hasMoved: (status: LocalText): LocalText =>
    text(
      `CDEK has the parcel already (${status.en}): the order can no longer be changed`,
      `CDEK ya tiene el paquete (${status.es}): el pedido ya no se puede cambiar`,
      `Посылка уже у СДЭК (${status.ru}): заказ больше нельзя изменить`,
    ),
  notDeleted: text('CDEK has not deleted the order yet', 'CDEK aún no ha eliminado el pedido', 'СДЭК ещё не удалил заказ'),
  testContour: text(
    'Nothing is delivered from CDEK’s test contour',
    'Desde el entorno de pruebas de CDEK no se entrega nada',
    'Из тестового контура СДЭК ничего не доставляется',
  ),
  refusedLogin: text(
    'is not accepted by CDEK together with the other one',
    'no es aceptada por CDEK junto con la otra',
    'СДЭК не принимает эту пару значений',
  ),
  noReception: text(
    'CDEK does not take parcels in at this point',
    'CDEK no recibe paquetes en este punto',
    'В этом пункте СДЭК не принимает посылки',
  ),
  tariffNotQuoted: text(
    'CDEK does not offer this tariff for a parcel of 1 kg: ask CDEK whether the contract has it',
    'CDEK no ofrece esta tarifa para un paquete de 1 kg: pregunte a CDEK si el contrato la incluye',
    'СДЭК не предлагает этот тариф для посылки 1 кг: узнайте в СДЭК, есть ли он в договоре',
  ),
  notQuoted: text('not offered for a parcel of 1 kg', 'no ofrecida para un paquete de 1 kg', 'не предлагается для посылки 1 кг'),
  noLookup: (name: string): LocalText =>
    text(`CDEK has no list called ${name}`, `CDEK no tiene la lista ${name}`, `У СДЭК нет списка ${name}`),
  takenBack: text('CDEK took the previous status back', 'CDEK retiró el estado anterior', 'СДЭК отозвал предыдущий статус'),
  gone: text('CDEK no longer has this order', 'CDEK ya no tiene este pedido', 'У СДЭК больше нет этого заказа'),
  reason: (code: string): LocalText => text(`reason ${code}`, `motivo ${code}`, `причина ${code}`),
  required: text('is required', 'es obligatorio', 'обязательно'),
  unknown: text('is not known to CDEK', 'no es conocido por CDEK', 'не известно СДЭК'),
  notOffered: text('is not on offer', 'no se ofrece', 'не предлагается'),
  several: text('is the name of several places', 'es el nombre de varios lugares', 'есть в нескольких местах'),
  impossible: text('is not possible with CDEK', 'no es posible con CDEK', 'невозможно для СДЭК'),
};

/** The text in the account's language. */
export function say(words: LocalText, { account }: CdekContext): string {
  return textFor(words, account.language);
}

/**
 * A ProviderError in the account's language; `fields` says what is wrong with which of the callback's fields.
 */
export function makeError(
  kind: ProviderErrorKind,
  words: LocalText,
  context: CdekContext,
  fields: Readonly<Record<string, LocalText>> = {},
  cause?: unknown,
): ProviderError {
  const told = Object.fromEntries(Object.entries(fields).map(([field, why]) => [field, say(why, context)]));
  const details: ProviderErrorDetails = { ...(Object.keys(told).length > 0 && { fields: told }), ...(cause !== undefined && { cause }) };
  return new ProviderError(kind, say(words, context), details);
}

/** A ProviderError `invalid` about one of the callback's fields. */
export function makeFieldError(field: string, words: LocalText, why: LocalText, context: CdekContext): ProviderError {
  return makeError('invalid', words, context, { [field]: why });
}

/** Throws ProviderError `unavailable` after the call's time, even if the cache could still answer. */
export function refuseLate(context: CdekContext): void {
  if (context.signal.aborted) throw makeError('unavailable', texts.timeOver, context);
}

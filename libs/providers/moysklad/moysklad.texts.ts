import { type LocalText, textFor } from '#platform';
import { cleanText, cutText, ProviderError, type ProviderErrorDetails, type ProviderErrorKind } from '#provider-kit';
import type { MoyskladContext } from './moysklad.settings.js';

const text = (en: string, es: string, ru: string): LocalText => ({ en, es, ru });

/** Names that a text shows, and their length. */
const MOST_SHOWN = 5;
const LONGEST_SHOWN = 60;

/** What the provider says to the CRM's users. */
export const texts = {
  credentials: text(
    'MoySklad refused the token: check it in the settings',
    'MoySklad rechazó el token: revíselo en los ajustes',
    'МойСклад не принял токен: проверьте его в настройках',
  ),
  refusedToken: text('is not accepted by MoySklad', 'no es aceptado por MoySklad', 'МойСклад не принимает это значение'),
  noToken: text('Enter a token of MoySklad', 'Introduzca un token de MoySklad', 'Введите токен МоегоСклада'),
  noRight: text(
    'The user of MoySklad lacks a right',
    'Al usuario de MoySklad le falta un permiso',
    'Сотруднику МоегоСклада не хватает права',
  ),
  tooManyCalls: text('MoySklad asks to be called less often', 'MoySklad pide que se le llame menos', 'МойСклад просит обращаться реже'),
  timeOver: text(
    'MoySklad was not called: the time for it is over',
    'No se llamó a MoySklad: se agotó el tiempo',
    'Запрос в МойСклад не отправлен: время вышло',
  ),
  refused: text('MoySklad refused the request', 'MoySklad rechazó la solicitud', 'МойСклад отклонил запрос'),
  away: text('MoySklad is not available at the moment', 'MoySklad no está disponible por ahora', 'МойСклад сейчас недоступен'),
  notKnown: text('MoySklad did not say whether it was done', 'MoySklad no indicó si se hizo', 'МойСклад не сообщил, выполнено ли действие'),
  unreadable: text(
    'MoySklad gave an answer that cannot be read',
    'MoySklad dio una respuesta que no se puede leer',
    'Ответ МоегоСклада не удалось прочитать',
  ),
  busy: text(
    'MoySklad is being called too often: try again in a moment',
    'Hay demasiadas llamadas a MoySklad: inténtelo en un momento',
    'К МоемуСкладу слишком много запросов: попробуйте через минуту',
  ),
  recalculated: text(
    'MoySklad is recalculating the stock: try again in a moment',
    'MoySklad está recalculando las existencias: inténtelo en un momento',
    'МойСклад пересчитывает остатки: попробуйте через минуту',
  ),
  nothingReserved: text('MoySklad: nothing was reserved', 'MoySklad: no se reservó nada', 'МойСклад: ничего не зарезервировано'),
  notHeld: text(
    'MoySklad: the order there does not hold what was asked; nothing was reserved',
    'MoySklad: el pedido de allí no reserva lo solicitado; no se reservó nada',
    'МойСклад: заказ в нём не держит то, что запрошено; ничего не зарезервировано',
  ),
  ordersOnly: text('MoySklad reserves for orders only', 'MoySklad solo reserva para pedidos', 'МойСклад резервирует только для заказов'),
  noCompany: text(
    'Choose the own company and the counterparty in the module’s settings: MoySklad reserves by orders of theirs',
    'Elija la empresa propia y la contraparte en los ajustes del módulo: MoySklad reserva con pedidos suyos',
    'Выберите юрлицо и контрагента в настройках модуля: МойСклад резервирует заказом от их имени',
  ),
  putBackUnknown: text(
    'MoySklad: it is not known whether the reservation was taken back',
    'MoySklad: no se sabe si la reserva se deshizo',
    'МойСклад: неизвестно, отменён ли резерв',
  ),
  unknownGood: text('is no good of MoySklad', 'no es un producto de MoySklad', 'нет такого товара в МоёмСкладе'),
  severalGoods: text(
    'is the name of several goods of MoySklad',
    'es el nombre de varios productos de MoySklad',
    'это значение у нескольких товаров МоегоСклада',
  ),
  archivedGood: text('is archived in MoySklad', 'está archivado en MoySklad', 'в архиве МоегоСклада'),
  noStockGood: text(
    'is a service: it has no stock in MoySklad',
    'es un servicio: no tiene existencias en MoySklad',
    'это услуга: остатка в МоёмСкладе нет',
  ),
  unmappedStore: text(
    'is not among the warehouses of the settings',
    'no está entre los almacenes de los ajustes',
    'нет среди складов в настройках',
  ),
  required: text('is required', 'es obligatorio', 'обязательно'),
  fourDecimals: text('has more than 4 decimals', 'tiene más de 4 decimales', 'больше 4 знаков после запятой'),
  short: (free: number): LocalText =>
    text(`is more than is free: ${free}`, `es más de lo disponible: ${free}`, `больше, чем свободно: ${free}`),
  sharedNames: (names: readonly string[]): LocalText => {
    const shown = names.slice(0, MOST_SHOWN).map((name) => cutText(cleanText(name), LONGEST_SHOWN));
    const list = [...shown, ...(names.length > shown.length ? [`… (${names.length})`] : [])].join(', ');
    return text(
      `several goods have the same value, so they are not found: ${list}`,
      `varios productos tienen el mismo valor, así que no se encuentran: ${list}`,
      `одно значение у нескольких товаров, они не находятся: ${list}`,
    );
  },
  twice: text('is in the list already', 'ya está en la lista', 'уже есть в списке'),
  notInList: text('is not in the list of warehouses', 'no está en la lista de almacenes', 'нет в списке складов'),
  gone: text('MoySklad does not show it', 'MoySklad no lo muestra', 'МойСклад его не показывает'),
  isArchived: text('is archived', 'está archivado', 'в архиве'),
  maySee: {
    stocks: text(
      'The user may not see the current stock (right “Stock”)',
      'El usuario no puede ver las existencias (permiso «Existencias»)',
      'Сотруднику не видны остатки (право «Остатки»)',
    ),
    goods: text('The user may not see goods', 'El usuario no puede ver los productos', 'Сотруднику не видны товары'),
    orders: text(
      'The user may not see customer orders: nothing can be reserved',
      'El usuario no puede ver los pedidos de clientes: no se puede reservar',
      'Сотруднику не видны заказы покупателей: резервировать нельзя',
    ),
    hooks: text(
      'The user may not have webhooks (administrators may, on a paid tariff): changes arrive by asking, minutes later',
      'El usuario no puede tener webhooks (los administradores sí, con tarifa de pago): los cambios llegan preguntando, con minutos de retraso',
      'Сотруднику недоступны вебхуки (нужен администратор и платный тариф): изменения придут опросом, на минуты позже',
    ),
  },
  noStores: text(
    'Choose the warehouses: without them no stock is sent',
    'Elija los almacenes: sin ellos no se envían existencias',
    'Выберите склады: без них остатки не передаются',
  ),
  noLookup: (name: string): LocalText =>
    text(`MoySklad has no list called ${name}`, `MoySklad no tiene la lista ${name}`, `У МоегоСклада нет списка ${name}`),
  orderNote: (order: string): LocalText =>
    text(
      `Reserves for order ${order} of the CRM. Made and changed by the module: what is changed by hand is lost.`,
      `Reserva para el pedido ${order} del CRM. Lo crea y cambia el módulo: los cambios a mano se pierden.`,
      `Резерв по заказу ${order} из CRM. Создаёт и меняет модуль: правки вручную теряются.`,
    ),
  app: text('an app', 'una aplicación', 'решение'),
};

/** The text in the account's language. */
export function say(words: LocalText, { account }: MoyskladContext): string {
  return textFor(words, account.language);
}

/** A ProviderError in the account's language; `fields` by the callback's paths. */
export function makeError(
  kind: ProviderErrorKind,
  words: LocalText,
  context: MoyskladContext,
  fields: Readonly<Record<string, LocalText>> = {},
  details: Omit<ProviderErrorDetails, 'fields'> = {},
): ProviderError {
  const told = Object.fromEntries(Object.entries(fields).map(([field, why]) => [field, say(why, context)]));
  return new ProviderError(kind, say(words, context), { ...details, ...(Object.keys(told).length > 0 && { fields: told }) });
}

/** Throws ProviderError `unavailable` after the call's time, even if the cache could still answer. */
export function refuseLate(context: MoyskladContext): void {
  if (context.signal.aborted) throw makeError('unavailable', texts.timeOver, context);
}

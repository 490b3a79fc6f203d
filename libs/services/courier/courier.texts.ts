import type { Language, LocalText } from '#platform';
import { countCurrencyDigits, type Money } from '#provider-kit';
import type { CourierParcelLimits } from './courier.settings.js';

/** Number formats, made once: each costs more than a whole calculation. */
const formats = new Map<string, Intl.NumberFormat>();

/** An amount as people read it in the language: `1 234,50 ₽`. */
export function formatAmount(amount: Money, language: Language): string {
  const key = `${language}${amount.currency}`;
  let format = formats.get(key);
  if (!format) {
    // Mexico formats pesos unlike Spain its euros; `narrowSymbol` would be a bare $, which suggests dollars.
    const locale = language === 'es' && amount.currency === 'MXN' ? 'es-MX' : LOCALES[language];
    format = new Intl.NumberFormat(locale, { style: 'currency', currency: amount.currency, currencyDisplay: 'symbol' });
    formats.set(key, format);
  }
  return format.format(amount.minor / 10 ** countCurrencyDigits(amount.currency));
}

const LOCALES: Record<Language, string> = { en: 'en-GB', es: 'es-ES', ru: 'ru-RU' };

/** Grams as kilograms as the language writes them: 12345 is `12.345` or `12,345`, 50000 is `50`. */
export function formatKilograms(grams: number, language: Language): string {
  const text = String(Math.round(grams) / 1000);
  return language === 'en' ? text : text.replace('.', ',');
}

interface Hours {
  from: string;
  to: string;
}

function formatHours(windows: readonly Hours[]): string {
  return windows.map((window) => `${window.from}-${window.to}`).join(', ');
}

/** What the provider says to the CRM's users. */
export const texts = {
  windows: (windows: readonly Hours[]): LocalText => ({
    en: `Delivered ${formatHours(windows)}.`,
    es: `Entrega ${formatHours(windows)}.`,
    ru: `Доставка ${formatHours(windows)}.`,
  }),
  pointLimits: (limits: CourierParcelLimits, cod: boolean): LocalText => {
    const { maxWeight, maxLength, maxWidth, maxHeight } = limits;
    const sides =
      maxLength !== undefined && maxWidth !== undefined && maxHeight !== undefined ? `, ${maxLength} x ${maxWidth} x ${maxHeight}` : '';
    const all = (language: Language, millimetres: string): string =>
      `${formatKilograms(maxWeight, language)} ${language === 'ru' ? 'кг' : 'kg'}${sides && sides + millimetres}`;
    return {
      en: `Up to ${all('en', ' mm')}; ${cod ? 'payment on delivery' : 'no payment on delivery'}.`,
      es: `Hasta ${all('es', ' mm')}; ${cod ? 'pago contra reembolso' : 'sin pago contra reembolso'}.`,
      ru: `До ${all('ru', ' мм')}; ${cod ? 'оплата при получении' : 'без оплаты при получении'}.`,
    };
  },
  otherCurrency: (zone: string, order: string): LocalText => ({
    en: `Priced in ${zone}; an order in ${order} cannot use it.`,
    es: `La tarifa está en ${zone}; no puede elegirse en un pedido en ${order}.`,
    ru: `Цена в ${zone}; для заказа в ${order} выбрать нельзя.`,
  }),
  notSaved: {
    en: 'The courier service cannot take this order',
    es: 'El servicio de mensajería no puede aceptar este pedido',
    ru: 'Курьерская служба не может принять этот заказ',
  },
  addressMissing: {
    en: 'The delivery address is missing.',
    es: 'Falta la dirección de entrega.',
    ru: 'Не указан адрес доставки.',
  },
  addressNotServed: {
    en: 'The courier service does not deliver to this address.',
    es: 'El servicio de mensajería no entrega en esta dirección.',
    ru: 'Курьерская служба не доставляет по этому адресу.',
  },
  tariffUnknown: (offered: readonly string[]): LocalText => ({
    en: `There is no such tariff at this address; offered: ${offered.join(', ')}.`,
    es: `No existe esta tarifa en esta dirección; disponibles: ${offered.join(', ')}.`,
    ru: `Такого тарифа по этому адресу нет; есть: ${offered.join(', ')}.`,
  }),
  currency: (zone: string): LocalText => ({
    en: `The tariff is priced in ${zone}; the order must be in ${zone}.`,
    es: `La tarifa está en ${zone}; el pedido debe estar en ${zone}.`,
    ru: `Тариф считается в ${zone}; заказ должен быть в ${zone}.`,
  }),
  packagesMissing: {
    en: 'The order has no packages.',
    es: 'El pedido no tiene bultos.',
    ru: 'В заказе нет мест.',
  },
  weightOverLimit: (grams: number, limit: number): LocalText => ({
    en: `${formatKilograms(grams, 'en')} kg (real or by volume) is over the limit of ${formatKilograms(limit, 'en')} kg.`,
    es: `${formatKilograms(grams, 'es')} kg (real o volumétrico) supera el límite de ${formatKilograms(limit, 'es')} kg.`,
    ru: `${formatKilograms(grams, 'ru')} кг (вес или объёмный вес) больше предела ${formatKilograms(limit, 'ru')} кг.`,
  }),
  sidesOverLimit: (sides: readonly number[], limits: readonly number[]): LocalText => {
    const have = sides.join(' x ');
    const most = limits.map((limit) => (limit === Infinity ? '-' : String(limit))).join(' x ');
    return {
      en: `${have} mm is over the limit of ${most} mm.`,
      es: `${have} mm supera el límite de ${most} mm.`,
      ru: `${have} мм больше предела ${most} мм.`,
    };
  },
  codOverLimit: (limit: Money): LocalText => ({
    en: `At most ${formatAmount(limit, 'en')} can be collected on delivery.`,
    es: `El cobro contra reembolso máximo es ${formatAmount(limit, 'es')}.`,
    ru: `Наложенный платёж не больше ${formatAmount(limit, 'ru')}.`,
  }),
  codNotTaken: {
    en: 'This tariff takes no payment on delivery.',
    es: 'Esta tarifa no admite el pago contra reembolso.',
    ru: 'Этот тариф не принимает оплату при получении.',
  },
  pointTakesNoCod: {
    en: 'This pickup point takes no payment on delivery.',
    es: 'Este punto de recogida no admite el pago contra reembolso.',
    ru: 'Этот пункт выдачи не принимает оплату при получении.',
  },
  declaredOverLimit: (limit: Money): LocalText => ({
    en: `The declared value may be at most ${formatAmount(limit, 'en')}.`,
    es: `El valor declarado máximo es ${formatAmount(limit, 'es')}.`,
    ru: `Объявленная ценность не больше ${formatAmount(limit, 'ru')}.`,
  }),
  amountTooLarge: {
    en: 'The amounts are too large.',
    es: 'Los importes son demasiado grandes.',
    ru: 'Суммы слишком велики.',
  },
  pointMissing: {
    en: 'Choose a pickup point.',
    es: 'Elija un punto de recogida.',
    ru: 'Выберите пункт выдачи.',
  },
  pointUnknown: (offered: readonly string[]): LocalText => {
    const list = offered.slice(0, 10).join(', ');
    return {
      en: `There is no such pickup point in this zone; offered: ${list}.`,
      es: `No existe este punto de recogida en esta zona; disponibles: ${list}.`,
      ru: `Такого пункта выдачи в этой зоне нет; есть: ${list}.`,
    };
  },
  dateUnreadable: {
    en: 'This is not a date.',
    es: 'No es una fecha.',
    ru: 'Это не дата.',
  },
  dateTooEarly: (first: string): LocalText => ({
    en: `The first day of delivery is ${first}.`,
    es: `El primer día de entrega es ${first}.`,
    ru: `Первый день доставки ${first}.`,
  }),
  dateNotServed: (next: string): LocalText => ({
    en: `Nothing is delivered that day; the next day of delivery is ${next}.`,
    es: `Ese día no hay entregas; el siguiente día de entrega es ${next}.`,
    ru: `В этот день доставки нет; следующий день доставки ${next}.`,
  }),
  timeNotOffered: (windows: readonly Hours[]): LocalText => ({
    en: `The time meets none of the windows ${formatHours(windows)}.`,
    es: `La hora no coincide con ninguno de los tramos ${formatHours(windows)}.`,
    ru: `Время не пересекается ни с одним из интервалов ${formatHours(windows)}.`,
  }),
  timeReversed: {
    en: 'The time ends before it begins.',
    es: 'La hora final es anterior a la inicial.',
    ru: 'Время окончания раньше времени начала.',
  },
  timePassed: {
    en: 'This time has passed already.',
    es: 'Esta hora ya ha pasado.',
    ru: 'Это время уже прошло.',
  },
  windowNotOffered: (parts: readonly LocalText[]): LocalText => ({
    en: `This window is not offered here; offered: ${parts.map((part) => part.en).join(', ') || '-'}.`,
    es: `Este tramo no se ofrece aquí; disponibles: ${parts.map((part) => part.es).join(', ') || '-'}.`,
    ru: `Такого интервала здесь нет; есть: ${parts.map((part) => part.ru).join(', ') || '-'}.`,
  }),
  windowAndTimeDiffer: {
    en: 'The delivery window and the delivery time contradict each other.',
    es: 'El tramo de entrega y la hora de entrega no coinciden.',
    ru: 'Интервал доставки и время доставки противоречат друг другу.',
  },
  hubUnknown: {
    en: 'There is no such sorting hub.',
    es: 'No existe este centro de clasificación.',
    ru: 'Такого сортировочного центра нет.',
  },
  tooLong: (most: number): LocalText => ({
    en: `At most ${most} characters.`,
    es: `Como máximo ${most} caracteres.`,
    ru: `Не больше ${most} символов.`,
  }),
  choiceUnknown: {
    en: 'There is no such choice.',
    es: 'No existe esta opción.',
    ru: 'Такого варианта нет.',
  },
  notEditable: (status: LocalText): LocalText => ({
    en: `The delivery can no longer be changed: ${status.en}.`,
    es: `La entrega ya no puede modificarse: ${status.es}.`,
    ru: `Доставку уже нельзя изменить: ${status.ru}.`,
  }),
  notCancellable: (status: LocalText): LocalText => ({
    en: `The delivery can no longer be cancelled: ${status.en}.`,
    es: `La entrega ya no puede cancelarse: ${status.es}.`,
    ru: `Доставку уже нельзя отменить: ${status.ru}.`,
  }),
  shipmentEmpty: {
    en: 'The shipment has no deliveries.',
    es: 'El envío no tiene entregas.',
    ru: 'В отгрузке нет доставок.',
  },
  shipmentOfFinished: (status: LocalText): LocalText => ({
    en: `The delivery cannot be shipped: ${status.en}.`,
    es: `La entrega no puede enviarse: ${status.es}.`,
    ru: `Доставку нельзя отгрузить: ${status.ru}.`,
  }),
  shipmentPointUnknown: {
    en: 'No such point takes parcels in.',
    es: 'No hay ningún punto con este código que admita paquetes.',
    ru: 'Такого пункта приёма посылок нет.',
  },
  trackNumbersUnavailable: {
    en: 'The database is not available just now; try again.',
    es: 'La base de datos no está disponible en este momento; inténtelo de nuevo.',
    ru: 'База данных сейчас недоступна; попробуйте ещё раз.',
  },
  noNetwork: {
    en: 'Nothing is quoted yet, and no order can be sent: there are no zones. Start from one of the examples or enter your own tariffs and zones, and save.',
    es: 'Todavía no se cotiza nada ni se puede enviar ningún pedido: no hay zonas. Empiece con uno de los ejemplos o indique sus tarifas y zonas, y guarde.',
    ru: 'Пока ничего не рассчитывается и заказы не отправляются: зон нет. Начните с одного из примеров или введите свои тарифы и зоны и сохраните.',
  },
  nothingToPrint: {
    en: 'There is nothing to print.',
    es: 'No hay nada que imprimir.',
    ru: 'Печатать нечего.',
  },
  formUnknown: {
    en: 'There is no such printed form.',
    es: 'No existe este documento.',
    ru: 'Такой печатной формы нет.',
  },
} as const;

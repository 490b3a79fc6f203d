import type { LocalText } from '#platform';

/** What an invoice is for the buyer. */
export type PageState = 'open' | 'processing' | 'held' | 'paid' | 'refunded' | 'canceled' | 'expired' | 'closed';

/** The line that says how the invoice stands. */
export const STATE_TEXTS: Readonly<Record<PageState, LocalText>> = {
  open: { en: 'Not paid yet', es: 'Pendiente de pago', ru: 'Ещё не оплачено' },
  processing: {
    en: 'The payment is being processed. This page will show the outcome.',
    es: 'El pago se está procesando. Esta página mostrará el resultado.',
    ru: 'Платёж обрабатывается. Результат появится на этой странице.',
  },
  held: {
    en: 'Paid. The amount is reserved on your card and will be taken when the shop confirms the order.',
    es: 'Pagado. El importe está reservado en su tarjeta y se cobrará cuando la tienda confirme el pedido.',
    ru: 'Оплачено. Сумма зарезервирована на карте и будет списана, когда магазин подтвердит заказ.',
  },
  paid: { en: 'Paid. Thank you!', es: 'Pagado. ¡Gracias!', ru: 'Оплачено. Спасибо!' },
  refunded: { en: 'The money was given back.', es: 'El dinero ha sido devuelto.', ru: 'Деньги возвращены.' },
  canceled: {
    en: 'This invoice was cancelled; nothing will be taken.',
    es: 'Esta factura fue anulada; no se cobrará nada.',
    ru: 'Счёт отменён, списания не будет.',
  },
  expired: {
    en: 'The reservation has expired; nothing was taken.',
    es: 'La reserva ha caducado; no se ha cobrado nada.',
    ru: 'Срок резервирования истёк, деньги не списаны.',
  },
  closed: {
    en: 'This shop takes no payments at the moment.',
    es: 'Esta tienda no acepta pagos en este momento.',
    ru: 'Магазин сейчас не принимает оплату.',
  },
};

/** All other texts of the page. */
export const PAGE_TEXTS = {
  title: { en: 'Payment', es: 'Pago', ru: 'Оплата' },
  payee: { en: 'To', es: 'A favor de', ru: 'Получатель' },
  order: { en: 'Order', es: 'Pedido', ru: 'Заказ' },
  item: { en: 'Item', es: 'Artículo', ru: 'Наименование' },
  quantity: { en: 'Quantity', es: 'Cantidad', ru: 'Количество' },
  sum: { en: 'Amount', es: 'Importe', ru: 'Сумма' },
  discount: { en: 'Discount', es: 'Descuento', ru: 'Скидка' },
  total: { en: 'Total', es: 'Total', ru: 'Итого' },
  refundedPart: { en: 'Given back', es: 'Devuelto', ru: 'Возвращено' },
  back: { en: 'Back to the shop', es: 'Volver a la tienda', ru: 'Вернуться в магазин' },
  leaves: {
    en: 'You will be led back to the shop in a few seconds.',
    es: 'En unos segundos volverá a la tienda.',
    ru: 'Через несколько секунд вы вернётесь в магазин.',
  },
  test: { en: 'Test: no money moves', es: 'Prueba: no se mueve dinero', ru: 'Тест: деньги не списываются' },
  trialPaid: {
    en: 'The test payment has arrived. Go back to the settings of the module.',
    es: 'El pago de prueba ha llegado. Vuelva a los ajustes del módulo.',
    ru: 'Тестовый платёж дошёл. Вернитесь к настройкам модуля.',
  },
  samples: { en: 'What can be entered', es: 'Qué se puede introducir', ru: 'Что можно ввести' },
  tryAgain: {
    en: 'The payment page cannot be opened just now. Try again in a minute.',
    es: 'La página de pago no se puede abrir ahora mismo. Inténtelo de nuevo en un minuto.',
    ru: 'Страницу оплаты сейчас нельзя открыть. Попробуйте через минуту.',
  },
  reload: { en: 'Try again', es: 'Reintentar', ru: 'Повторить' },
  unknown: {
    en: 'There is no such invoice. Check the link, or ask the shop for a new one.',
    es: 'No existe tal factura. Compruebe el enlace o pida uno nuevo a la tienda.',
    ru: 'Такого счёта нет. Проверьте ссылку или попросите у магазина новую.',
  },
  tooOften: {
    en: 'Too many requests. Wait a minute and open the link again.',
    es: 'Demasiadas solicitudes. Espere un minuto y vuelva a abrir el enlace.',
    ru: 'Слишком много запросов. Подождите минуту и откройте ссылку снова.',
  },
} as const satisfies Record<string, LocalText>;

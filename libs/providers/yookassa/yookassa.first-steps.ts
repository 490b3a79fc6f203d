import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import type { YookassaSettings } from './yookassa.settings.js';

/** What an account does first with YooKassa. */
export const firstSteps: readonly FirstStep<YookassaSettings>[] = [
  {
    title: { en: 'Enter your shop', es: 'Introduzca su tienda', ru: 'Введите магазин' },
    text: {
      en: 'Add a shop with its shopId and secret key. Begin with a test shop, whose key is test_…: no money moves in it.',
      es: 'Añada una tienda con su shopId y su clave secreta. Empiece con una tienda de pruebas, cuya clave es test_…: en ella no se mueve dinero.',
      ru: 'Добавьте магазин: shopId и секретный ключ. Начните с тестового магазина, его ключ – test_…: деньги в нём не движутся.',
    },
    section: SECTIONS.connect.code,
    isDone: ({ shops }) => shops.some(({ active }) => active),
  },
  {
    title: { en: 'Choose receipts and stages', es: 'Elija recibos y etapas', ru: 'Выберите чеки и стадийность' },
    text: {
      en: 'Receipts must be as they are at YooKassa, and the VAT rate yours. Two stages hold the money until you confirm, but exclude SBP. Then press Check: what does not fit is said.',
      es: 'Los recibos deben ser como en YooKassa y el IVA, el suyo. Dos etapas retienen el dinero hasta que confirme, pero excluyen SBP. Después pulse Comprobar: se indica lo que no encaja.',
      ru: 'Чеки должны быть как в ЮKassa, а ставка НДС – ваша. Две стадии удерживают деньги до подтверждения, но исключают СБП. Затем нажмите «Проверить»: что не сходится, будет названо.',
    },
    section: SECTIONS.connect.code,
    sign: 'checked',
  },
  {
    title: { en: 'Enter the address for notifications', es: 'Indique la dirección de notificaciones', ru: 'Укажите адрес уведомлений' },
    text: {
      en: 'YooKassa lets only you do this, in each shop: Integration, HTTP notifications. Enter the webhook address of this page, tick all events of payments and refunds, then say so below. Without it payments arrive minutes late.',
      es: 'YooKassa solo le permite hacerlo a usted, en cada tienda: Integración, Notificaciones HTTP. Indique la dirección de webhook de esta página, marque todos los eventos de pagos y devoluciones y confírmelo abajo. Sin ella los pagos llegan con minutos de retraso.',
      ru: 'Это ЮKassa разрешает только вам, в каждом магазине: Интеграция, HTTP-уведомления. Укажите адрес вебхука с этой страницы, отметьте все события платежей и возвратов и подтвердите это ниже. Без этого об оплате станет известно на минуты позже.',
    },
    section: SECTIONS.connect.code,
    isDone: ({ hasNotifications }) => hasNotifications,
  },
  {
    title: { en: 'Take the first payment', es: 'Cobre el primer pago', ru: 'Примите первую оплату' },
    text: {
      en: 'In the CRM choose the shop in the settings of a payment type, add a payment of it to an order and send its link. In a test shop card 5555 5555 5555 4477 pays.',
      es: 'En el CRM elija la tienda en los ajustes de un tipo de pago, añada un pago a un pedido y envíe su enlace. En una tienda de pruebas paga la tarjeta 5555 5555 5555 4477.',
      ru: 'В CRM выберите магазин в настройках типа оплаты, добавьте оплату к заказу и отправьте ссылку. В тестовом магазине платит карта 5555 5555 5555 4477.',
    },
    trial: {
      en: 'The button opens YooKassa’s page for a small amount. Pay with the card 5555 5555 5555 4477, any later date and any CVC.',
      es: 'El botón abre la página de YooKassa por un importe pequeño. Pague con la tarjeta 5555 5555 5555 4477, cualquier fecha futura y cualquier CVC.',
      ru: 'Кнопка открывает страницу ЮKassa на небольшую сумму. Оплатите картой 5555 5555 5555 4477 с любой будущей датой и любым CVC.',
    },
    sign: 'used',
  },
];

import type { FirstStep } from '#provider-kit';
import type { TestpaySettings } from './testpay.settings.js';

/** What an account does first with the test gateway. */
export const firstSteps: readonly FirstStep<TestpaySettings>[] = [
  {
    title: {
      en: 'Make a test payment',
      es: 'Haga un pago de prueba',
      ru: 'Проведите тестовый платёж',
    },
    text: {
      en: 'Issue an invoice for an order in the CRM and open its link. The page says that no money moves, and each of its cards ends in another way.',
      es: 'Emita una factura de un pedido en el CRM y abra su enlace. La página indica que no se mueve dinero, y cada tarjeta acaba de otra manera.',
      ru: 'Выставьте в CRM счёт по заказу и откройте ссылку. На странице сказано, что деньги не движутся; у каждой карты свой исход.',
    },
    trial: {
      en: 'The button opens the buyer’s page. Click one of its cards there, and pay: each ends in another way.',
      es: 'El botón abre la página del comprador. Haga clic allí en una de sus tarjetas y pague: cada una acaba de otra manera.',
      ru: 'Кнопка открывает страницу покупателя. Нажмите там на одну из карт и оплатите: у каждой свой исход.',
    },
    sign: 'used',
  },
];

import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import type { StripeSettings } from './stripe.settings.js';

/** What an account does first with Stripe. */
export const firstSteps: readonly FirstStep<StripeSettings>[] = [
  {
    title: {
      en: 'Paste a key',
      es: 'Pegue una clave',
      ru: 'Вставьте ключ',
    },
    text: {
      en: 'Add a shop and paste the secret key of your Stripe account. Begin with a test key, sk_test_…: no money moves with it.',
      es: 'Añada una tienda y pegue la clave secreta de su cuenta de Stripe. Empiece con una clave de prueba, sk_test_…: con ella no se mueve dinero.',
      ru: 'Добавьте магазин и вставьте секретный ключ аккаунта Stripe. Начните с тестового ключа, sk_test_…: деньги с ним не движутся.',
    },
    section: SECTIONS.connect.code,
    isDone: ({ shops }) => shops.some(({ active }) => active),
  },
  {
    title: {
      en: 'The webhook makes itself',
      es: 'El webhook se crea solo',
      ru: 'Вебхук создаётся сам',
    },
    text: {
      en: 'Once the key is saved, Stripe is told where to send its events. You enter nothing there.',
      es: 'Al guardar la clave se indica a Stripe adónde enviar sus eventos. Allí no tiene que introducir nada.',
      ru: 'После сохранения ключа Stripe узнаёт, куда отправлять события. Вводить там ничего не нужно.',
    },
    section: SECTIONS.connect.code,
    sign: 'set-up',
  },
  {
    title: {
      en: 'Make a test payment',
      es: 'Haga un pago de prueba',
      ru: 'Проведите тестовый платёж',
    },
    text: {
      en: 'Issue an invoice for an order in the CRM, open its link and pay with the card 4242 4242 4242 4242, any later date and any CVC.',
      es: 'Emita una factura de un pedido en el CRM, abra su enlace y pague con la tarjeta 4242 4242 4242 4242, cualquier fecha futura y cualquier CVC.',
      ru: 'Выставьте в CRM счёт по заказу, откройте ссылку и оплатите картой 4242 4242 4242 4242 с любой будущей датой и любым CVC.',
    },
    trial: {
      en: 'The button opens Stripe’s page for a small amount. Pay with the card 4242 4242 4242 4242, any later date and any CVC.',
      es: 'El botón abre la página de Stripe por un importe pequeño. Pague con la tarjeta 4242 4242 4242 4242, cualquier fecha futura y cualquier CVC.',
      ru: 'Кнопка открывает страницу Stripe на небольшую сумму. Оплатите картой 4242 4242 4242 4242 с любой будущей датой и любым CVC.',
    },
    sign: 'used',
  },
];

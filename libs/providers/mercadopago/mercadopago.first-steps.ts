import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import type { MercadoPagoSettings } from './mercadopago.settings.js';

/** What an account does first with Mercado Pago. */
export const firstSteps: readonly FirstStep<MercadoPagoSettings>[] = [
  {
    title: {
      en: 'Make an application',
      es: 'Cree una aplicación',
      ru: 'Создайте приложение',
    },
    text: {
      en: 'At Mercado Pago, Your integrations, make an application of the product Checkout Pro, and copy its access token into a shop here. Begin with the test credentials.',
      es: 'En Mercado Pago, Tus integraciones, cree una aplicación con el producto Checkout Pro y copie aquí su Access Token en una tienda. Empiece con las credenciales de prueba.',
      ru: 'В Mercado Pago, Tus integraciones, создайте приложение с продуктом Checkout Pro и скопируйте его Access Token в магазин здесь. Начните с тестовых данных (credenciales de prueba).',
    },
    section: SECTIONS.connect.code,
    isDone: ({ shops }) => shops.some(({ active }) => active),
  },
  {
    title: {
      en: 'Enter the webhook',
      es: 'Introduzca el webhook',
      ru: 'Укажите вебхук',
    },
    text: {
      en: 'In the same application, Webhooks, enter the address for webhooks of this page, for tests and for production, and tick "Order (Mercado Pago)"; "Claims", "Fraud alerts" and "Chargebacks" are told in the CRM too. Mercado Pago then shows a secret: copy it here. Mercado Pago lets nobody else do this.',
      es: 'En la misma aplicación, Webhooks, introduzca la dirección para webhooks de esta página, en prueba y en producción, y marque «Order (Mercado Pago)»; «Reclamos», «Alertas de fraude» y «Contracargos» también se avisan en el CRM. Mercado Pago muestra entonces una clave secreta: cópiela aquí. Mercado Pago no permite que lo haga otro.',
      ru: 'В том же приложении, Webhooks, укажите адрес для вебхуков с этой страницы, для тестов и для работы, и отметьте «Order (Mercado Pago)»; о «Reclamos», «Alertas de fraude» и «Contracargos» CRM тоже сообщит. Mercado Pago покажет секрет: скопируйте его сюда. Сделать это за вас Mercado Pago не позволяет.',
    },
    section: SECTIONS.connect.code,
    isDone: ({ shops }) => shops.some(({ active, webhookSecret }) => active && webhookSecret !== undefined),
  },
  {
    title: {
      en: 'Make a test payment',
      es: 'Haga un pago de prueba',
      ru: 'Проведите тестовый платёж',
    },
    text: {
      en: 'Issue an invoice for an order in the CRM, open its link in a private window and pay with a test card of your country and the card holder’s name APRO. Never pay from the seller’s own account.',
      es: 'Emita una factura de un pedido en el CRM, abra su enlace en una ventana privada y pague con una tarjeta de prueba de su país y el titular APRO. No pague nunca desde la cuenta del vendedor.',
      ru: 'Выставьте в CRM счёт по заказу, откройте ссылку в приватном окне и оплатите тестовой картой вашей страны с именем владельца APRO. Не платите из аккаунта самого продавца.',
    },
    trial: {
      en: 'The button opens Mercado Pago’s page for a small amount. Pay in a private window with a test card of your country and the card holder’s name APRO.',
      es: 'El botón abre la página de Mercado Pago por un importe pequeño. Pague en una ventana privada con una tarjeta de prueba de su país y el titular APRO.',
      ru: 'Кнопка открывает страницу Mercado Pago на небольшую сумму. Оплатите в приватном окне тестовой картой вашей страны с именем владельца APRO.',
    },
    sign: 'used',
  },
];

import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { type ApishipSettings, createDefaultSettings } from './apiship.settings.js';

/** What a connection starts with: it is nobody’s. */
const EXAMPLE = createDefaultSettings();

/** What an account does first with ApiShip. */
export const firstSteps: readonly FirstStep<ApishipSettings>[] = [
  {
    title: { en: 'Connect carriers at ApiShip', es: 'Conecte transportistas en ApiShip', ru: 'Подключите службы доставки в ApiShip' },
    text: {
      en: 'In your account at ApiShip (a.apiship.ru), under connections: with your own contracts or with ApiShip’s. Then set “Where orders go” to ApiShip and copy the token here; until then orders go to the test contour, from where nothing is delivered.',
      es: 'En su cuenta de ApiShip (a.apiship.ru), en las conexiones: con sus contratos o con el de ApiShip. Después elija ApiShip en «Destino de los pedidos» y copie aquí el token; hasta entonces los pedidos van al entorno de pruebas, desde donde no se entrega nada.',
      ru: 'В личном кабинете ApiShip (a.apiship.ru), в разделе подключений: по своим договорам или по договору ApiShip. Затем выберите контур «ApiShip» и скопируйте сюда токен; до этого заказы идут в тестовый контур, из него ничего не доставляется.',
    },
    section: SECTIONS.connect.code,
    isDone: ({ contour }) => contour === 'production',
  },
  {
    title: { en: 'ApiShip accepts the access', es: 'ApiShip acepta el acceso', ru: 'ApiShip принимает доступ' },
    text: {
      en: 'Press Check: ApiShip is asked which carriers are connected and whether calculations are left.',
      es: 'Pulse Comprobar: se pregunta a ApiShip qué transportistas están conectados y si quedan cálculos.',
      ru: 'Нажмите «Проверить»: у ApiShip спросят, какие службы подключены и остались ли расчёты.',
    },
    section: SECTIONS.connect.code,
    sign: 'checked',
  },
  {
    title: { en: 'Say who sends, and from where', es: 'Indique quién envía y desde dónde', ru: 'Укажите, кто и откуда отправляет' },
    text: {
      en: 'Contact person, phone and address; and for carriers to which you bring parcels yourself, the point that takes them in.',
      es: 'Persona de contacto, teléfono y dirección; y, para los transportistas a los que lleva los paquetes, el punto que los recibe.',
      ru: 'Контактное лицо, телефон и адрес; а для служб, куда вы сдаёте посылки сами, пункт приёма.',
    },
    section: SECTIONS.sender.code,
    isDone: ({ senderPhone, fromCity, fromStreet }) => senderPhone !== EXAMPLE.senderPhone && !!(fromCity && fromStreet),
  },
  {
    title: { en: 'Statuses arrive by themselves', es: 'Los estados llegan solos', ru: 'Статусы приходят сами' },
    text: {
      en: 'The module subscribes to them at ApiShip; nothing has to be entered there. What is lost on the way is asked for every ten minutes.',
      es: 'El módulo se suscribe a ellos en ApiShip; allí no hay que introducir nada. Lo que se pierde por el camino se pide cada diez minutos.',
      ru: 'Модуль подписывается на них в ApiShip, вводить там ничего не нужно. Что потеряется по дороге, запрашивается каждые десять минут.',
    },
    section: 'connect',
    sign: 'set-up',
  },
  {
    title: { en: 'Save the first delivery', es: 'Guarde el primer envío', ru: 'Оформите первую доставку' },
    text: {
      en: 'Under Rules you can try a sample order first: it shows tariffs and prices, and orders nothing. Then choose this delivery in an order of the CRM and save it.',
      es: 'En Reglas puede probar antes un pedido de muestra: enseña tarifas y precios sin encargar nada. Después elija este envío en un pedido del CRM y guárdelo.',
      ru: 'В разделе «Правила» можно сначала проверить пример заказа: видны тарифы и цены, ничего не заказывается. Затем выберите эту доставку в заказе CRM и сохраните его.',
    },
    section: 'rules',
    sign: 'used',
  },
];

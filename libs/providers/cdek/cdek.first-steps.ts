import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { createDefaultSettings } from './cdek.settings.js';
import type { CdekSettings } from './cdek.settings.js';

/** What a connection starts with: it is nobody’s. */
const EXAMPLE = createDefaultSettings();

/** What an account does first with CDEK. */
export const firstSteps: readonly FirstStep<CdekSettings>[] = [
  {
    title: {
      en: 'Enter the account of your contract',
      es: 'Introduzca la cuenta de su contrato',
      ru: 'Введите данные договора',
    },
    text: {
      en: 'Account and password of the integration are in your personal account at CDEK. Set “Where orders go” to CDEK and copy both here; until then orders go to the test contour, from where nothing is delivered.',
      es: 'La cuenta y la contraseña de integración están en su área personal de CDEK. Elija CDEK en «Destino de los pedidos» y cópielas aquí; hasta entonces los pedidos van al entorno de pruebas, desde donde no se entrega nada.',
      ru: 'Account и Secure password для интеграции есть в личном кабинете СДЭК. Выберите контур «СДЭК» и скопируйте их сюда; до этого заказы идут в тестовый контур, из него ничего не доставляется.',
    },
    section: SECTIONS.connect.code,
    isDone: ({ contour }) => contour === 'production',
  },
  {
    title: {
      en: 'CDEK accepts them',
      es: 'CDEK los acepta',
      ru: 'СДЭК их принимает',
    },
    text: {
      en: 'Press Check: CDEK is asked with what is entered.',
      es: 'Pulse Comprobar: se pregunta a CDEK con los datos introducidos.',
      ru: 'Нажмите «Проверить»: запрос в СДЭК уйдёт с введёнными данными.',
    },
    section: SECTIONS.connect.code,
    sign: 'checked',
  },
  {
    title: {
      en: 'Say who sends, and from where',
      es: 'Indique quién envía y desde dónde',
      ru: 'Укажите, кто и откуда отправляет',
    },
    text: {
      en: 'Contact person and phone, and the CDEK point or the address where parcels are handed over.',
      es: 'Persona de contacto y teléfono, y el punto de CDEK o la dirección donde se entregan los paquetes.',
      ru: 'Контактное лицо и телефон, а также пункт СДЭК или адрес, где передаются посылки.',
    },
    section: SECTIONS.sender.code,
    isDone: ({ senderPhone, shipmentPoint, fromAddress }) => senderPhone !== EXAMPLE.senderPhone && !!(shipmentPoint || fromAddress),
  },
  {
    title: {
      en: 'Save the first delivery',
      es: 'Guarde el primer envío',
      ru: 'Оформите первую доставку',
    },
    text: {
      en: 'Under Rules you can try a sample order first: it shows tariffs and prices, and orders nothing. Then choose this delivery in an order of the CRM and save it.',
      es: 'En Reglas puede probar antes un pedido de muestra: enseña tarifas y precios sin encargar nada. Después elija este envío en un pedido del CRM y guárdelo.',
      ru: 'В разделе «Правила» можно сначала проверить пример заказа: видны тарифы и цены, ничего не заказывается. Затем выберите эту доставку в заказе CRM и сохраните его.',
    },
    section: 'rules',
    sign: 'used',
  },
];

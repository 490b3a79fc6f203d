import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import type { CourierSettings } from './courier.settings.js';

/** What an account does first with the courier service. */
export const firstSteps: readonly FirstStep<CourierSettings>[] = [
  {
    title: {
      en: 'Set zones and prices',
      es: 'Defina zonas y precios',
      ru: 'Задайте зоны и цены',
    },
    text: {
      en: 'Start from the example of your country, make prices and terms yours, and save.',
      es: 'Empiece con el ejemplo de su país, adapte precios y plazos y guarde.',
      ru: 'Начните с примера вашей страны, поставьте свои цены и сроки и сохраните.',
    },
    section: SECTIONS.connect.code,
    isDone: ({ zones, tariffs }) => zones.length > 0 && tariffs.length > 0,
  },
  {
    title: {
      en: 'Say who sends',
      es: 'Indique el remitente',
      ru: 'Укажите отправителя',
    },
    text: {
      en: 'Name, phone and address stand on labels and waybills.',
      es: 'El nombre, el teléfono y la dirección aparecen en etiquetas y albaranes.',
      ru: 'Имя, телефон и адрес печатаются на этикетках и накладных.',
    },
    section: SECTIONS.sender.code,
    isDone: ({ senderName, senderPhone, senderAddress }) => !!senderName && !!senderPhone && !!senderAddress,
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

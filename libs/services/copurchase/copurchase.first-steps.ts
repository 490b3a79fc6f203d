import type { FirstStep } from '#provider-kit';
import type { CopurchaseSettings } from './copurchase.settings.js';

/** What an account does first with recommendations. */
export const firstSteps: readonly FirstStep<CopurchaseSettings>[] = [
  {
    title: {
      en: 'Orders and products are read',
      es: 'Se leen pedidos y productos',
      ru: 'Читаются заказы и товары',
    },
    text: {
      en: 'You enter nothing: they are read from the CRM by themselves. With many orders the first time takes some minutes.',
      es: 'No tiene que introducir nada: se leen del CRM por sí solos. Con muchos pedidos, la primera vez tarda unos minutos.',
      ru: 'Вводить ничего не нужно: они читаются из CRM сами. Если заказов много, в первый раз это займёт несколько минут.',
    },
    sign: 'used',
  },
];

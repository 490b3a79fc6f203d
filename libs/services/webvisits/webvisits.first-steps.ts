import type { FirstStep } from '#provider-kit';
import type { WebvisitsSettings } from './webvisits.settings.js';

/** What an account does first with site visits. */
export const firstSteps: readonly FirstStep<WebvisitsSettings>[] = [
  {
    title: {
      en: 'Name your sites',
      es: 'Indique sus sitios',
      ru: 'Укажите сайты',
    },
    text: {
      en: 'Visits are taken from these addresses alone.',
      es: 'Solo se admiten visitas de estas direcciones.',
      ru: 'Посещения принимаются только с этих адресов.',
    },
    section: 'sites',
    isDone: ({ sites }) => sites.length > 0,
  },
  {
    title: {
      en: 'Put the script on their pages',
      es: 'Ponga el script en sus páginas',
      ru: 'Добавьте скрипт на страницы',
    },
    text: {
      en: 'The partner who runs this module gives you the two lines for your shop. The first visit ends this step.',
      es: 'El socio que gestiona este módulo le da las dos líneas para su tienda. La primera visita completa este paso.',
      ru: 'Две строки для вашего магазина даст партнёр, который ведёт модуль. Шаг завершится с первым посещением.',
    },
    sign: 'used',
  },
];

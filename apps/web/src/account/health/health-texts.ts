import type { LocalText } from '../../kit/index.js';

/** What the page says of the connection's health. */
export const HEALTH_TEXTS = {
  title: { en: 'Health', es: 'Salud', ru: 'Состояние' },
  since: { en: 'Since {when}', es: 'Desde {when}', ru: 'С {when}' },
  past: { en: 'What is over', es: 'Lo que ya pasó', ru: 'Что уже прошло' },
  span: { en: '{from} – {to}', es: '{from} – {to}', ru: '{from} – {to}' },
  service: { en: 'Who you are at the service', es: 'Quién es usted en el servicio', ru: 'Кто вы в сервисе' },
  lastCallback: { en: 'The CRM last called', es: 'Última llamada del CRM', ru: 'CRM обращалась в последний раз' },
  lastPush: { en: 'The CRM last took news', es: 'Últimas novedades recibidas por el CRM', ru: 'CRM приняла новости в последний раз' },
  waiting: { en: 'News waits for the CRM since', es: 'Hay novedades esperando al CRM desde', ru: 'Новости ждут CRM с' },
  failures: {
    en: 'News and calls of 24 hours that wait for the partner who runs this module',
    es: 'Avisos y llamadas de 24 horas que esperan al socio que gestiona este módulo',
    ru: 'Сообщения и вызовы за 24 часа, которые ждут партнёра, ведущего модуль',
  },
  recent: { en: 'The latest', es: 'Lo último', ru: 'Последнее' },
  noRecent: { en: 'Nothing yet', es: 'Nada todavía', ru: 'Пока ничего' },
  noRecentHint: {
    en: 'Deliveries, payments and calls are shown here as soon as there are any.',
    es: 'Los envíos, pagos y llamadas se muestran aquí en cuanto los haya.',
    ru: 'Доставки, платежи и звонки появятся здесь, как только они будут.',
  },
  what: { en: 'What', es: 'Qué', ru: 'Что' },
  state: { en: 'State', es: 'Estado', ru: 'Состояние' },
  when: { en: 'When', es: 'Cuándo', ru: 'Когда' },
  live: { en: 'Live', es: 'En directo', ru: 'Обновляется само' },
  notLive: { en: 'Not live at the moment', es: 'Sin actualización en este momento', ru: 'Сейчас не обновляется' },
} satisfies Record<string, LocalText>;

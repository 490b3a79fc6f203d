import type { LocalText } from '../../kit/index.js';

/** What the page says of the connection's health. */
export const HEALTH_TEXTS = {
  title: { en: 'Health', es: 'Salud', ru: 'Состояние' },
  since: { en: 'Since {when}', es: 'Desde {when}', ru: 'С {when}' },
  past: { en: 'What is over', es: 'Incidencias anteriores', ru: 'Прошлые сбои' },
  span: { en: '{from} – {to}', es: '{from} – {to}', ru: '{from} – {to}' },
  service: { en: 'Your account at the service', es: 'Su cuenta en el servicio', ru: 'Ваш аккаунт в сервисе' },
  lastCallback: { en: 'The CRM last called', es: 'Última llamada del CRM', ru: 'Последний запрос от CRM' },
  lastPush: { en: 'Last update sent to the CRM', es: 'Última actualización enviada al CRM', ru: 'Последняя отправка в CRM' },
  waiting: { en: 'Updates wait for the CRM since', es: 'Actualizaciones pendientes desde', ru: 'Ждут отправки в CRM с' },
  failures: {
    en: 'Failures of 24 hours that the partner who runs this module will handle',
    es: 'Fallos de 24 horas que atenderá el socio que gestiona este módulo',
    ru: 'Сбои за 24 часа, ими займётся партнёр, который ведёт модуль',
  },
  recent: { en: 'The latest', es: 'Actividad reciente', ru: 'Последнее' },
  noRecent: { en: 'Nothing yet', es: 'Nada todavía', ru: 'Пока ничего' },
  noRecentHint: {
    en: 'Deliveries, payments and calls are shown here as soon as there are any.',
    es: 'Los envíos, pagos y llamadas se muestran aquí en cuanto los haya.',
    ru: 'Доставки, платежи и звонки появятся здесь, как только они будут.',
  },
  what: { en: 'What', es: 'Evento', ru: 'Что' },
  state: { en: 'State', es: 'Estado', ru: 'Состояние' },
  when: { en: 'When', es: 'Cuándo', ru: 'Когда' },
  live: { en: 'Live', es: 'Actualización automática', ru: 'Обновляется автоматически' },
  notLive: { en: 'Not live at the moment', es: 'Sin actualización en este momento', ru: 'Сейчас не обновляется' },
} satisfies Record<string, LocalText>;

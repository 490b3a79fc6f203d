import type { LocalText } from '../../kit/index.js';

/** What the page says around the state of a service. */
export const PANEL_TEXTS = {
  title: { en: 'At the service', es: 'En el servicio', ru: 'В сервисе' },
  checkedAt: { en: 'Checked:', es: 'Comprobado:', ru: 'Проверено:' },
  replace: { en: 'Replace', es: 'Sustituir', ru: 'Заменить' },
  leave: { en: 'Leave it', es: 'Dejarla', ru: 'Оставить' },
  lookAgain: { en: 'It is entered: look again', es: 'Ya está: comprobar', ru: 'Готово, проверить' },
  tryAgain: { en: 'Try again now', es: 'Reintentar ahora', ru: 'Повторить сейчас' },
  manual: { en: 'Enter this address at the service', es: 'Introduzca esta dirección en el servicio', ru: 'Укажите этот адрес в сервисе' },
  events: { en: 'With these events', es: 'Con estos eventos', ru: 'С этими событиями' },
  webhooks: {
    en: "Address for the provider's webhooks",
    es: 'Dirección para los webhooks del proveedor',
    ru: 'Адрес для вебхуков поставщика',
  },
} satisfies Record<string, LocalText>;

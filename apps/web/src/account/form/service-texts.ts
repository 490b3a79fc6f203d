import type { LocalText } from '../../kit/language.js';

/** What is said of saving settings, and of the service that they are for. */
export const SERVICE_TEXTS = {
  saved: {
    en: 'Saved; the module is being registered again.',
    es: 'Guardado; el módulo se registra de nuevo.',
    ru: 'Сохранено; модуль регистрируется заново.',
  },
  warned: {
    en: 'Saved; the module is being registered again. See the warnings{where}.',
    es: 'Guardado; el módulo se registra de nuevo. Vea las advertencias{where}.',
    ru: 'Сохранено; модуль регистрируется заново. Посмотрите предупреждения{where}.',
  },
  savedWrong: {
    en: 'Saved, but the service does not accept these settings.',
    es: 'Guardado, pero el servicio no acepta estos ajustes.',
    ru: 'Сохранено, но сервис не принимает эти настройки.',
  },
  savedNotSetUp: {
    en: 'Saved, but it could not be set up at the service{why}. It is tried again by itself.',
    es: 'Guardado, pero no se pudo configurar en el servicio{why}. Se intenta de nuevo por sí solo.',
    ru: 'Сохранено, но настроить в сервисе не удалось{why}. Попытка повторится сама.',
  },
  isAccount: { en: 'Connected as {account}', es: 'Conectado como {account}', ru: 'Подключено: {account}' },
  empty: {
    en: 'There is nothing to check yet{why}.',
    es: 'Aún no hay nada que comprobar{why}.',
    ru: 'Проверять пока нечего{why}.',
  },
  accepted: { en: 'The service accepts these settings.', es: 'El servicio acepta estos ajustes.', ru: 'Сервис принимает эти настройки.' },
  notSavedYet: { en: 'Not saved yet.', es: 'Aún no se ha guardado.', ru: 'Ещё не сохранено.' },
  away: {
    en: 'The service did not answer{why}. The settings are saved; it is asked again by itself.',
    es: 'El servicio no respondió{why}. Los ajustes están guardados; se pregunta de nuevo por sí solo.',
    ru: 'Сервис не ответил{why}. Настройки сохранены, запрос повторится сам.',
  },
  awayNow: {
    en: 'The service did not answer{why}. Try again in a moment.',
    es: 'El servicio no respondió{why}. Inténtelo de nuevo en un momento.',
    ru: 'Сервис не ответил{why}. Попробуйте ещё раз чуть позже.',
  },
  wrong: {
    en: 'The service does not accept these settings.',
    es: 'El servicio no acepta estos ajustes.',
    ru: 'Сервис не принимает эти настройки.',
  },
  correct: { en: 'Correct the marked fields.', es: 'Corrija los campos marcados.', ru: 'Исправьте отмеченные поля.' },
  hooked: { en: 'The service sends its events here.', es: 'El servicio envía sus eventos aquí.', ru: 'Сервис отправляет события сюда.' },
  conflict: {
    en: 'The service sends its events to {address}.',
    es: 'El servicio envía sus eventos a {address}.',
    ru: 'Сервис отправляет события на {address}.',
  },
  askReplace: {
    en: "Replace it with this module's address? The other program will get no more events.",
    es: '¿Sustituirla por la de este módulo? El otro programa dejará de recibirlos.',
    ru: 'Заменить на адрес этого модуля? Другая программа перестанет их получать.',
  },
  left: {
    en: 'Left as it is: no events from the service arrive here.',
    es: 'Se deja como está: aquí no llegan eventos del servicio.',
    ru: 'Оставлено как есть: события сервиса сюда не приходят.',
  },
  notSetUp: {
    en: 'Could not be set up at the service{why}. It is tried again by itself.',
    es: 'No se pudo configurar en el servicio{why}. Se intenta de nuevo por sí solo.',
    ru: 'Не удалось настроить в сервисе{why}. Попытка повторится сама.',
  },
} satisfies Record<string, LocalText>;

/** Says a text of services. */
export type SayService = (key: keyof typeof SERVICE_TEXTS, values?: Readonly<Record<string, string | number>>) => string;

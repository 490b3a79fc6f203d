import type { LocalText } from '#platform';
import type { PageText } from './page/page-data.js';

/** What the page's script says. */
export const SCRIPT_TEXTS: Readonly<Record<PageText, LocalText>> = {
  loading: { en: 'Loading …', es: 'Cargando…', ru: 'Загрузка…' },
  nothing: { en: 'This module has nothing to set.', es: 'Este módulo no tiene nada que ajustar.', ru: 'У этого модуля нет настроек.' },
  saving: { en: 'Saving …', es: 'Guardando…', ru: 'Сохранение…' },
  saved: {
    en: 'Saved; the module is being registered again.',
    es: 'Guardado; el módulo se registra de nuevo.',
    ru: 'Сохранено; модуль регистрируется заново.',
  },
  warned: {
    en: 'Saved; the module is being registered again. Look at the marked fields.',
    es: 'Guardado; el módulo se registra de nuevo. Revise los campos marcados.',
    ru: 'Сохранено; модуль регистрируется заново. Посмотрите отмеченные поля.',
  },
  check: {
    en: 'Not saved: correct the marked fields.',
    es: 'No se guardó: corrija los campos marcados.',
    ru: 'Не сохранено: исправьте отмеченные поля.',
  },
  ended: {
    en: 'The page was open too long, and changes can no longer be saved: open it from the CRM again.',
    es: 'La página estuvo abierta demasiado tiempo y ya no se puede guardar: ábrala de nuevo desde el CRM.',
    ru: 'Страница была открыта слишком долго, сохранить изменения уже нельзя: откройте её из CRM снова.',
  },
  unreachable: {
    en: 'The server did not answer; try again in a moment.',
    es: 'El servidor no respondió; inténtelo de nuevo en un momento.',
    ru: 'Сервер не ответил; попробуйте ещё раз чуть позже.',
  },
  mustHint: {
    en: 'Fields with * must be filled in.',
    es: 'Los campos con * son obligatorios.',
    ru: 'Поля со звёздочкой (*) обязательны.',
  },
  choose: { en: 'Choose …', es: 'Elija…', ru: 'Выберите…' },
  lines: { en: 'One to a line', es: 'Uno por línea', ru: 'По одному в строке' },
  json: { en: 'As JSON', es: 'En JSON', ru: 'В виде JSON' },
  add: { en: 'Add', es: 'Añadir', ru: 'Добавить' },
  remove: { en: 'Remove', es: 'Quitar', ru: 'Удалить' },
  none: { en: 'None so far', es: 'Ninguno por ahora', ru: 'Пока пусто' },
  newRow: { en: 'new', es: 'nuevo', ru: 'новое' },
  isSet: {
    en: 'Is set; leave empty to keep it',
    es: 'Está puesto; déjelo vacío para conservarlo',
    ru: 'Задано; чтобы сохранить, оставьте пустым',
  },
  forget: { en: 'Remove what is set', es: 'Quitar lo que está puesto', ru: 'Удалить заданное' },
  startFrom: {
    en: 'Start from an example, and make it yours:',
    es: 'Empiece con un ejemplo y adáptelo:',
    ru: 'Начните с примера и измените его под себя:',
  },
  filledIn: {
    en: '{name} is filled in. Check prices and terms, then save.',
    es: '{name}: rellenado. Revise precios y plazos y guarde.',
    ru: '{name}: заполнено. Проверьте цены и сроки и сохраните.',
  },
  copied: { en: 'Copied', es: 'Copiado', ru: 'Скопировано' },
  checking: { en: 'Asking the service …', es: 'Preguntando al servicio…', ru: 'Запрашиваем сервис…' },
  isAccount: { en: 'Connected as {account}', es: 'Conectado como {account}', ru: 'Подключено: {account}' },
  accepted: { en: 'The service accepts these settings.', es: 'El servicio acepta estos ajustes.', ru: 'Сервис принимает эти настройки.' },
  notSavedYet: { en: 'Not saved yet.', es: 'Aún no se ha guardado.', ru: 'Ещё не сохранено.' },
  away: {
    en: 'The service did not answer ({message}). The settings are saved; it is asked again by itself.',
    es: 'El servicio no respondió ({message}). Los ajustes están guardados; se pregunta de nuevo por sí solo.',
    ru: 'Сервис не ответил ({message}). Настройки сохранены, запрос повторится сам.',
  },
  awayNow: {
    en: 'The service did not answer ({message}). Try again in a moment.',
    es: 'El servicio no respondió ({message}). Inténtelo de nuevo en un momento.',
    ru: 'Сервис не ответил ({message}). Попробуйте ещё раз чуть позже.',
  },
  wrong: {
    en: 'The service does not accept these settings: correct the marked fields.',
    es: 'El servicio no acepta estos ajustes: corrija los campos marcados.',
    ru: 'Сервис не принимает эти настройки: исправьте отмеченные поля.',
  },
  checkedAt: { en: 'Checked:', es: 'Comprobado:', ru: 'Проверено:' },
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
  replace: { en: 'Replace', es: 'Sustituir', ru: 'Заменить' },
  leave: { en: 'Leave it', es: 'Dejarla', ru: 'Оставить' },
  left: {
    en: 'Left as it is: no events from the service arrive here.',
    es: 'Se deja como está: aquí no llegan eventos del servicio.',
    ru: 'Оставлено как есть: события сервиса сюда не приходят.',
  },
  manual: { en: 'Enter this address at the service', es: 'Introduzca esta dirección en el servicio', ru: 'Укажите этот адрес в сервисе' },
  events: { en: 'With these events', es: 'Con estos eventos', ru: 'С этими событиями' },
  copy: { en: 'Copy', es: 'Copiar', ru: 'Копировать' },
  lookAgain: { en: 'It is entered: look again', es: 'Ya está: comprobar', ru: 'Готово, проверить' },
  notSetUp: {
    en: 'Could not be set up at the service: {problem}. It is tried again by itself.',
    es: 'No se pudo configurar en el servicio: {problem}. Se intenta de nuevo por sí solo.',
    ru: 'Не удалось настроить в сервисе: {problem}. Попытка повторится сама.',
  },
  tryAgain: { en: 'Try again now', es: 'Reintentar ahora', ru: 'Повторить сейчас' },
  noList: { en: 'No list to choose from: {reason}', es: 'Sin lista para elegir: {reason}', ru: 'Списка для выбора нет: {reason}' },
  noMatch: {
    en: 'Nothing found; what you type is kept',
    es: 'Nada encontrado; se conserva lo que escriba',
    ru: 'Ничего не найдено; введённое сохранится',
  },
  searching: { en: 'Searching …', es: 'Buscando…', ru: 'Поиск…' },
  more: {
    en: 'There are more: type a part of the name',
    es: 'Hay más: escriba una parte del nombre',
    ru: 'Есть ещё: введите часть названия',
  },
  'problem.required': { en: 'must be filled in', es: 'es obligatorio', ru: 'нужно заполнить' },
  'problem.number': { en: 'must be a number', es: 'debe ser un número', ru: 'должно быть числом' },
  'problem.whole': { en: 'must be a whole number', es: 'debe ser un número entero', ru: 'должно быть целым числом' },
  'problem.min': { en: 'must be at least {n}', es: 'debe ser como mínimo {n}', ru: 'должно быть не меньше {n}' },
  'problem.max': { en: 'must be at most {n}', es: 'debe ser como máximo {n}', ru: 'должно быть не больше {n}' },
  'problem.greaterThan': { en: 'must be greater than {n}', es: 'debe ser mayor que {n}', ru: 'должно быть больше {n}' },
  'problem.lessThan': { en: 'must be less than {n}', es: 'debe ser menor que {n}', ru: 'должно быть меньше {n}' },
  'problem.minLength': {
    en: 'must have at least {n} characters',
    es: 'debe tener al menos {n} caracteres',
    ru: 'нужно символов не меньше {n}',
  },
  'problem.maxLength': {
    en: 'must have at most {n} characters',
    es: 'debe tener como máximo {n} caracteres',
    ru: 'нужно символов не больше {n}',
  },
  'problem.minItems': { en: 'must have at least {n}', es: 'debe haber al menos {n}', ru: 'нужно не меньше {n}' },
  'problem.maxItems': { en: 'must have at most {n}', es: 'debe haber como máximo {n}', ru: 'нужно не больше {n}' },
  'problem.json': { en: 'is not valid JSON', es: 'no es JSON válido', ru: 'не является правильным JSON' },
  'problem.secretMoved': {
    en: 'must be entered again: it was stored under the code before',
    es: 'debe escribirse de nuevo: se guardó con el código anterior',
    ru: 'нужно ввести заново: сохранено под прежним кодом',
  },
};

/** What stands in the document. */
export const PAGE_TEXTS = {
  title: { en: 'Settings', es: 'Ajustes', ru: 'Настройки' },
  active: { en: 'connected', es: 'conectado', ru: 'подключён' },
  inactive: { en: 'switched off', es: 'desactivado', ru: 'отключён' },
  webhooks: {
    en: "Address for the provider's webhooks",
    es: 'Dirección para los webhooks del proveedor',
    ru: 'Адрес для вебхуков поставщика',
  },
  save: { en: 'Save', es: 'Guardar', ru: 'Сохранить' },
  service: { en: 'At the service', es: 'En el servicio', ru: 'В сервисе' },
  checkNow: { en: 'Check now', es: 'Comprobar ahora', ru: 'Проверить' },
} satisfies Record<string, LocalText>;

import type { LocalText } from '#platform';
import type { CallOutcome, UserStatus } from '../port/index.js';

/** What the personal account page says. */
export const TEXTS: Readonly<
  Record<
    | 'title'
    | 'line'
    | 'connected'
    | 'away'
    | 'unknown'
    | 'lastEvent'
    | 'caughtUp'
    | 'notSetUp'
    | 'managers'
    | 'code'
    | 'user'
    | 'status'
    | 'atPbx'
    | 'told'
    | 'waits'
    | 'calls'
    | 'when'
    | 'direction'
    | 'in'
    | 'out'
    | 'phone'
    | 'outcome'
    | 'duration'
    | 'record'
    | 'listen'
    | 'none'
    | 'never'
    | 'stale'
    | 'seeSettings'
    | 'hidden',
    LocalText
  >
> = {
  title: { en: 'Telephony', es: 'Telefonía', ru: 'Телефония' },
  line: { en: 'Line to the PBX', es: 'Conexión con la centralita', ru: 'Связь с АТС' },
  connected: { en: 'connected', es: 'conectada', ru: 'есть' },
  away: { en: 'not connected', es: 'sin conexión', ru: 'нет' },
  unknown: { en: 'not listened to yet', es: 'aún sin escuchar', ru: 'ещё не установлена' },
  lastEvent: { en: 'Last event from the PBX', es: 'Último evento de la centralita', ru: 'Последнее событие от АТС' },
  caughtUp: { en: 'Missed calls looked for until', es: 'Llamadas perdidas buscadas hasta', ru: 'Пропущенные события проверены до' },
  notSetUp: {
    en: 'The PBX does not send its events here: see the settings of the module.',
    es: 'La centralita no envía aquí sus eventos: vea los ajustes del módulo.',
    ru: 'АТС не отправляет сюда события: см. настройки модуля.',
  },
  managers: { en: 'Managers', es: 'Gestores', ru: 'Менеджеры' },
  code: { en: 'Extension', es: 'Extensión', ru: 'Добавочный' },
  user: { en: 'User in the CRM', es: 'Usuario del CRM', ru: 'Пользователь CRM' },
  status: { en: 'Status', es: 'Estado', ru: 'Статус' },
  atPbx: { en: 'At the PBX', es: 'En la centralita', ru: 'В АТС' },
  told: { en: 'the PBX knows', es: 'la centralita lo sabe', ru: 'передан в АТС' },
  waits: { en: 'waits for the PBX', es: 'espera a la centralita', ru: 'ждёт АТС' },
  calls: { en: 'Last calls', es: 'Últimas llamadas', ru: 'Последние звонки' },
  when: { en: 'Begun', es: 'Inicio', ru: 'Начало' },
  direction: { en: 'Direction', es: 'Sentido', ru: 'Направление' },
  in: { en: 'incoming', es: 'entrante', ru: 'входящий' },
  out: { en: 'outgoing', es: 'saliente', ru: 'исходящий' },
  phone: { en: 'Customer', es: 'Cliente', ru: 'Клиент' },
  outcome: { en: 'Result', es: 'Resultado', ru: 'Результат' },
  duration: { en: 'Talk, s', es: 'Conversación, s', ru: 'Разговор, с' },
  record: { en: 'Recording', es: 'Grabación', ru: 'Запись' },
  listen: { en: 'listen', es: 'escuchar', ru: 'слушать' },
  none: { en: 'None yet.', es: 'Todavía no hay.', ru: 'Пока нет.' },
  never: { en: 'none yet', es: 'todavía ninguno', ru: 'пока не было' },
  stale: {
    en: 'The page cannot be kept up to date just now. If this stays, open it from the CRM again.',
    es: 'Ahora mismo la página no se puede mantener al día. Si esto sigue así, ábrala de nuevo desde el CRM.',
    ru: 'Сейчас страница не обновляется. Если это не пройдёт, откройте её из CRM снова.',
  },
  seeSettings: {
    en: 'The PBX could not be asked; the module goes on trying. If this stays, check its address and credentials in the settings of the module.',
    es: 'No se pudo consultar la centralita; el módulo sigue intentándolo. Si esto sigue así, compruebe su dirección y sus credenciales en los ajustes del módulo.',
    ru: 'АТС не удалось опросить; модуль пробует снова. Если это не пройдёт, проверьте её адрес и доступы в настройках модуля.',
  },
  hidden: { en: 'hidden', es: 'oculto', ru: 'скрыт' },
};

/** How a call ended, in words. */
export const OUTCOMES: Readonly<Record<CallOutcome | 'going', LocalText>> = {
  going: { en: 'going on', es: 'en curso', ru: 'идёт' },
  answered: { en: 'answered', es: 'atendida', ru: 'отвечен' },
  busy: { en: 'busy', es: 'ocupado', ru: 'занято' },
  'no-answer': { en: 'no answer', es: 'sin respuesta', ru: 'нет ответа' },
  cancelled: { en: 'cancelled', es: 'cancelada', ru: 'отменён' },
  failed: { en: 'failed', es: 'fallida', ru: 'не удался' },
  'not-allowed': { en: 'not allowed', es: 'no permitida', ru: 'запрещён' },
  unknown: { en: 'unknown', es: 'desconocido', ru: 'неизвестно' },
};

/** A manager's status, in words. */
export const STATUSES: Readonly<Record<UserStatus, LocalText>> = {
  free: { en: 'free', es: 'libre', ru: 'свободен' },
  busy: { en: 'busy', es: 'ocupado', ru: 'занят' },
  dinner: { en: 'at lunch', es: 'comiendo', ru: 'обед' },
  break: { en: 'on a break', es: 'descanso', ru: 'перерыв' },
};

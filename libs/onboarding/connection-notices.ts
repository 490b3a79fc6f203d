import {
  type ConnectionEntity,
  describeState,
  type HealthRow as StateRow,
  type HealthState,
  type HostedModule,
  listReasons,
} from '#connections';
import type { Language, LocalText } from '#platform';

type HealthRow = StateRow & Pick<ConnectionEntity, 'account'>;

/** Ids that a notice names at most. */
const MOST_NAMED = 20;

/** Lists what the account page says about a connection that its users can correct. */
export function listNotices({
  registrationReply,
  settingsError,
}: Pick<ConnectionEntity, 'registrationReply' | 'settingsError'>): LocalText[] {
  const { unknownUsers = [], unknownSites = [] } = registrationReply ?? {};
  return [
    ...(unknownUsers.length > 0 ? [describeUnknownUsers(listSome(unknownUsers))] : []),
    ...(unknownSites.length > 0 ? [describeUnknownSites(listSome(unknownSites))] : []),
    ...(settingsError === null ? [] : [UNREAD_SETTINGS]),
  ];
}

/** What stands against a connection, in words that do not repeat what the CRM or a service said. */
export interface HealthProblem {
  state: Exclude<HealthState, 'ok'>;
  since: Date;
  /** Code of the provider whose service it is. */
  provider?: string;
  words: LocalText;
  /** What the account's users can do about it. */
  todo?: LocalText;
}

/** Lists what stands against a connection, the worst first. */
export function listHealthProblems(row: StateRow, parts: readonly HostedModule[]): HealthProblem[] {
  return listReasons(row, parts).map(({ state, since, provider }) => describeProblem(state, since, provider, parts));
}

/** Describes what is over: there is nothing to do about it. */
export function describePastProblem(
  state: HealthProblem['state'],
  since: Date,
  provider: string | null,
  parts: readonly HostedModule[],
): HealthProblem {
  const { todo: _, ...problem } = describeProblem(state, since, provider ?? undefined, parts);
  return problem;
}

function describeProblem(
  state: HealthProblem['state'],
  since: Date,
  provider: string | undefined,
  parts: readonly HostedModule[],
): HealthProblem {
  const part = parts.find(({ manifest }) => manifest.code === provider);
  const todo = state === 'service-away' && part?.manifest.ownHosted ? OWN_AWAY : TO_DO[state];
  return { state, since, ...(provider !== undefined && { provider }), words: describeState(state, part?.manifest.title), todo };
}

/** Lists what stands against a connection, for the account page; a connection that is off says so itself. */
export function listHealthNotices(row: HealthRow, parts: readonly HostedModule[]): LocalText[] {
  return listHealthProblems(row, parts).flatMap(({ state, since, words, todo }) => {
    // The page shows what is missing where it is filled in.
    if (!todo || ['off', 'frozen', 'not-set-up'].includes(state)) return [];
    const from = (language: Language): string => formatSince(since, language, row.account.timeZone);
    return [
      {
        en: `${words.en} ${todo.en} (Since ${from('en')}.)`,
        es: `${words.es} ${todo.es} (Desde ${from('es')}.)`,
        ru: `${words.ru} ${todo.ru} (С ${from('ru')}.)`,
      },
    ];
  });
}

/** Formats a moment to the minute, in the account's time zone and as its language writes dates. */
function formatSince(since: Date, language: Language, timeZone: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23', timeZone }).format(since);
}

const RECONNECT: LocalText = {
  en: "Connect the module again in the CRM's marketplace if this stays.",
  es: 'Si continúa, conecte de nuevo el módulo en el marketplace del CRM.',
  ru: 'Если это не пройдёт, подключите модуль в маркетплейсе CRM заново.',
};
const WAIT: LocalText = {
  en: 'Nothing has to be done: it is tried again by itself.',
  es: 'No hay que hacer nada: se reintenta por sí solo.',
  ru: 'Ничего делать не нужно: запросы повторяются сами.',
};
const OWN_AWAY: LocalText = {
  en: 'Check that your server runs and can be reached.',
  es: 'Compruebe que su servidor funciona y está accesible.',
  ru: 'Проверьте, что ваш сервер работает и доступен.',
};
/** What the account's users can do about it. */
const TO_DO: Readonly<Record<HealthProblem['state'], LocalText>> = {
  off: {
    en: "Switch the module on in the CRM's integration settings.",
    es: 'Active el módulo en los ajustes de integración del CRM.',
    ru: 'Включите модуль в настройках интеграции CRM.',
  },
  frozen: {
    en: "Ask the CRM's support, or whoever runs the module, why.",
    es: 'Pregunte la causa al soporte del CRM o a quien administra el módulo.',
    ru: 'Узнайте причину у поддержки CRM или у того, кто обслуживает модуль.',
  },
  retired: {
    en: 'Ask whoever runs the module for what replaces it.',
    es: 'Pregunte a quien administra el módulo por su sustituto.',
    ru: 'Узнайте у того, кто обслуживает модуль, чем его заменить.',
  },
  'not-registered': RECONNECT,
  'crm-refuses': RECONNECT,
  'not-set-up': {
    en: 'Fill in the settings and save.',
    es: 'Rellene los ajustes y guarde.',
    ru: 'Заполните настройки и сохраните.',
  },
  'credentials-refused': {
    en: 'Check the login and key below, and save.',
    es: 'Revise abajo el usuario y la clave, y guarde.',
    ru: 'Проверьте ниже логин и ключ и сохраните.',
  },
  'crm-away': WAIT,
  'service-away': WAIT,
};

function describeUnknownUsers(ids: string): LocalText {
  return {
    en: `The CRM has no users with these ids, to which the settings below give numbers: ${ids}. Correct the ids and save.`,
    es: `El CRM no tiene usuarios con estos identificadores, a los que los ajustes asignan números: ${ids}. Corríjalos y guarde.`,
    ru: `В CRM нет пользователей с этими id, которым в настройках даны номера: ${ids}. Исправьте id и сохраните.`,
  };
}

function describeUnknownSites(codes: string): LocalText {
  return {
    en: `The CRM has no shops with these codes, to which the settings below give phone numbers: ${codes}. Correct the codes and save.`,
    es: `El CRM no tiene tiendas con estos códigos, a las que los ajustes asignan números de teléfono: ${codes}. Corríjalos y guarde.`,
    ru: `В CRM нет магазинов с этими кодами, которым в настройках даны номера телефонов: ${codes}. Исправьте коды и сохраните.`,
  };
}

const UNREAD_SETTINGS: LocalText = {
  en: "The account's language, time zone and working hours could not be read from the CRM. They are asked for again by themselves; saving the CRM's general settings sends them at once.",
  es: 'No se pudieron leer del CRM el idioma, la zona horaria y el horario de la cuenta. Se piden de nuevo por sí solos; guardar los ajustes generales del CRM los envía enseguida.',
  ru: 'Не удалось прочитать из CRM язык, часовой пояс и рабочее время аккаунта. Запрос повторяется сам; если сохранить общие настройки CRM, они придут сразу.',
};

function listSome(list: readonly (string | number)[]): string {
  const more = list.length - MOST_NAMED;
  return list.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` (+${more})` : '');
}

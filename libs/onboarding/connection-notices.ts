import type { ConnectionEntity } from '#connections';
import type { LocalText } from '#platform';

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

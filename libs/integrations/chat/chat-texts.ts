import type { LocalText } from '#platform';

/* What managers read about messages that could not be carried as they are. */

export const UNKNOWN: LocalText = {
  en: 'It is not known whether it was delivered.',
  es: 'No se sabe si se entregó.',
  ru: 'Неизвестно, доставлено ли оно.',
};

export const TOO_LATE: LocalText = {
  en: 'The messenger could not be reached in time. Send it again.',
  es: 'No se pudo contactar con el mensajero a tiempo. Envíelo de nuevo.',
  ru: 'Мессенджер вовремя не ответил. Отправьте ещё раз.',
};

export const NO_CHANNEL: LocalText = {
  en: 'This channel is not connected any more.',
  es: 'Este canal ya no está conectado.',
  ru: 'Этот канал больше не подключён.',
};

export const NOT_CARRIED: LocalText = {
  en: 'Messages of this kind cannot be sent here.',
  es: 'Aquí no se pueden enviar mensajes de este tipo.',
  ru: 'Сообщения такого вида здесь отправить нельзя.',
};

export const FILE_GONE: LocalText = {
  en: 'A file of the message is not there any more. Attach it again.',
  es: 'Un archivo del mensaje ya no existe. Adjúntelo de nuevo.',
  ru: 'Файла сообщения больше нет. Приложите его ещё раз.',
};

export const FILE_TOO_LARGE: LocalText = {
  en: 'A file of the message is larger than 20 MB.',
  es: 'Un archivo del mensaje supera los 20 MB.',
  ru: 'Файл сообщения больше 20 МБ.',
};

/** Before the name and size of a file. */
export const NOT_PASSED_ON: LocalText = {
  en: 'File not passed on',
  es: 'Archivo no transmitido',
  ru: 'Файл не передан',
};

export const WITHOUT_TEXT: LocalText = {
  en: 'A message that cannot be shown here.',
  es: 'Un mensaje que no se puede mostrar aquí.',
  ru: 'Сообщение, которое нельзя показать здесь.',
};

/** Before the text that stands under files now. */
export const CAPTION_CHANGED: LocalText = {
  en: '[New caption]',
  es: '[Nueva descripción]',
  ru: '[Новая подпись]',
};

export const CAPTION_REMOVED: LocalText = {
  en: '[The caption was removed]',
  es: '[Se quitó la descripción]',
  ru: '[Подпись удалена]',
};

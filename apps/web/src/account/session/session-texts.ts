import type { LocalText } from '../../kit/index.js';

/** What the page says of its session and of what was not saved. */
export const SESSION_TEXTS = {
  endedTitle: { en: 'This page has ended', es: 'Esta página ha caducado', ru: 'Время этой страницы истекло' },
  ended: {
    en: 'It was open too long, or the connection was removed. Nothing more can be read or saved here.',
    es: 'Estuvo abierta demasiado tiempo o la conexión se quitó. Aquí ya no se puede leer ni guardar nada.',
    ru: 'Она была открыта слишком долго, или подключение удалено. Здесь больше ничего нельзя прочитать и сохранить.',
  },
  openAgain: {
    en: 'Open the module from the CRM again. What you typed and did not save is offered to you there, except for keys and passwords.',
    es: 'Abra de nuevo el módulo desde el CRM. Allí se le ofrecerá lo que escribió y no guardó, salvo claves y contraseñas.',
    ru: 'Откройте модуль из CRM снова. Там будет предложено то, что вы ввели и не сохранили, кроме ключей и паролей.',
  },
} satisfies Record<string, LocalText>;

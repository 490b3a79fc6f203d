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
  draftTitle: { en: 'You had unsaved changes', es: 'Tenía cambios sin guardar', ru: 'Остались несохранённые изменения' },
  draft: {
    en: 'They are of {when}. Keys and passwords are not among them and have to be entered again.',
    es: 'Son de {when}. No incluyen claves ni contraseñas: hay que introducirlas de nuevo.',
    ru: 'Они от {when}. Ключей и паролей среди них нет, их нужно ввести снова.',
  },
  goOn: { en: 'Continue with them', es: 'Continuar con ellos', ru: 'Продолжить с ними' },
  discard: { en: 'Discard', es: 'Descartar', ru: 'Отбросить' },
  goesOn: {
    en: 'The changes are in the form again. They hold once they are saved.',
    es: 'Los cambios vuelven a estar en el formulario. Valen cuando se guarden.',
    ru: 'Изменения снова в форме. Они начнут действовать после сохранения.',
  },
  lost: {
    en: 'What you typed could not be kept for later: save it before you leave the page.',
    es: 'No se pudo conservar lo que escribió: guárdelo antes de dejar la página.',
    ru: 'Введённое не удалось сохранить на потом: сохраните его, прежде чем закрыть страницу.',
  },
  outdated: {
    en: 'Load them to go on: what you changed here stays in the form.',
    es: 'Cárguelos para seguir: lo que cambió aquí se queda en el formulario.',
    ru: 'Загрузите их, чтобы продолжить: изменённое вами останется в форме.',
  },
  load: { en: 'Load them', es: 'Cargarlos', ru: 'Загрузить' },
  loaded: { en: 'Loaded', es: 'Cargado', ru: 'Загружено' },
  caughtUp: {
    en: 'Loaded. Your changes stand in the form and are not saved yet.',
    es: 'Cargado. Sus cambios están en el formulario y aún no se han guardado.',
    ru: 'Загружено. Ваши изменения в форме и ещё не сохранены.',
  },
} satisfies Record<string, LocalText>;

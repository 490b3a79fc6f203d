import type { LocalText } from './language.js';

/** What the kit itself says. */
export const KIT_TEXTS = {
  close: { en: 'Close', es: 'Cerrar', ru: 'Закрыть' },
  cancel: { en: 'Cancel', es: 'Cancelar', ru: 'Отмена' },
  copy: { en: 'Copy', es: 'Copiar', ru: 'Копировать' },
  copied: { en: 'Copied', es: 'Copiado', ru: 'Скопировано' },
  loading: { en: 'Loading …', es: 'Cargando …', ru: 'Загрузка …' },
  tryAgain: { en: 'Try again', es: 'Reintentar', ru: 'Повторить' },
  previous: { en: 'Previous', es: 'Anterior', ru: 'Назад' },
  next: { en: 'Next', es: 'Siguiente', ru: 'Вперёд' },
  pages: { en: '{from}–{to} of {total}', es: '{from}–{to} de {total}', ru: '{from}–{to} из {total}' },
  required: { en: 'required', es: 'obligatorio', ru: 'обязательно' },
  typeToConfirm: { en: 'Type {word} to confirm', es: 'Escriba {word} para confirmar', ru: 'Введите {word} для подтверждения' },
  never: { en: 'never', es: 'nunca', ru: 'никогда' },
  dismiss: { en: 'Dismiss', es: 'Descartar', ru: 'Скрыть' },
  sortBy: { en: 'Sort by {column}', es: 'Ordenar por {column}', ru: 'Сортировать: {column}' },
  skip: { en: 'Skip to content', es: 'Ir al contenido', ru: 'К содержимому' },
  menu: { en: 'Main', es: 'Principal', ru: 'Основное меню' },
  stale: {
    en: 'A part of this page could not be loaded. The server may have a newer version of the page: load it again.',
    es: 'No se pudo cargar una parte de esta página. Puede que el servidor tenga una versión más nueva: cárguela de nuevo.',
    ru: 'Часть страницы не загрузилась. Возможно, на сервере уже новая версия: загрузите страницу снова.',
  },
  loadAgain: { en: 'Load the page again', es: 'Cargar la página de nuevo', ru: 'Загрузить страницу снова' },
} satisfies Record<string, LocalText>;

import type { LocalText } from '../kit/index.js';

/** What the frame of the page says. */
export const PAGE_TEXTS = {
  active: { en: 'connected', es: 'conectado', ru: 'подключён' },
  inactive: { en: 'switched off', es: 'desactivado', ru: 'отключён' },
  faulty: { en: 'has a problem', es: 'con un problema', ru: 'есть неполадка' },
  tryAgain: { en: 'Try again', es: 'Reintentar', ru: 'Повторить' },
  connect: { en: 'Connection', es: 'Conexión', ru: 'Подключение' },
  instances: { en: 'Connections', es: 'Conexiones', ru: 'Подключения' },
  rules: { en: 'Rules', es: 'Reglas', ru: 'Правила' },
  health: { en: 'Health', es: 'Salud', ru: 'Состояние' },
  'state.done': { en: 'done', es: 'listo', ru: 'готово' },
  'state.todo': { en: 'to do', es: 'por hacer', ru: 'заполнить' },
  'state.error': { en: 'error', es: 'error', ru: 'ошибка' },
} satisfies Record<string, LocalText>;

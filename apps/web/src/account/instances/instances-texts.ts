import type { LocalText } from '../../kit/index.js';

/** What the page says of the connections of a module. */
export const INSTANCES_TEXTS = {
  title: { en: 'Connections', es: 'Conexiones', ru: 'Подключения' },
  name: { en: 'Name', es: 'Nombre', ru: 'Название' },
  code: { en: 'Code', es: 'Código', ru: 'Код' },
  state: { en: 'State', es: 'Estado', ru: 'Состояние' },
  open: { en: 'Open', es: 'Abrir', ru: 'Открыть' },
  isOpen: { en: 'open now', es: 'abierta ahora', ru: 'открыто сейчас' },
  rename: { en: 'Rename', es: 'Cambiar nombre', ru: 'Переименовать' },
  remove: { en: 'Remove', es: 'Quitar', ru: 'Удалить' },
  save: { en: 'Save', es: 'Guardar', ru: 'Сохранить' },
  add: { en: 'Add a connection', es: 'Añadir una conexión', ru: 'Добавить подключение' },
  addNow: { en: 'Add', es: 'Añadir', ru: 'Добавить' },
  nameHint: {
    en: 'Such as the city or the contract. It has its own settings, and the CRM shows it under this name.',
    es: 'Por ejemplo, la ciudad o el contrato. Tiene sus propios ajustes y el CRM la muestra con este nombre.',
    ru: 'Например, город или договор. У него свои настройки, CRM показывает его под этим названием.',
  },
  required: { en: 'Must be filled in', es: 'Es obligatorio', ru: 'Нужно заполнить' },
  added: {
    en: '{name} is added. Open it to enter its settings.',
    es: '{name}: añadida. Ábrala para introducir sus ajustes.',
    ru: '{name}: добавлено. Откройте его и задайте настройки.',
  },
  renamed: { en: 'Renamed.', es: 'Nombre cambiado.', ru: 'Переименовано.' },
  removeTitle: { en: 'Remove {name}?', es: '¿Quitar {name}?', ru: 'Удалить {name}?' },
  askRemove: {
    en: '{name} ({code}) is switched off in the CRM, and what it has under way is no longer reported.',
    es: '{name} ({code}) se desactiva en el CRM y deja de informar de lo que tiene en curso.',
    ru: '{name} ({code}) выключится в CRM, о начатом больше не будет сообщений.',
  },
  removed: { en: '{name} is removed.', es: '{name}: quitada.', ru: '{name}: удалено.' },
  active: { en: 'connected', es: 'conectada', ru: 'подключено' },
  inactive: { en: 'switched off in the CRM', es: 'desactivada en el CRM', ru: 'выключено в CRM' },
  frozen: { en: 'frozen', es: 'congelada', ru: 'заморожено' },
  pending: { en: 'being registered in the CRM', es: 'registrándose en el CRM', ru: 'регистрируется в CRM' },
  refused: { en: 'The CRM does not take it: {problem}', es: 'El CRM no la acepta: {problem}', ru: 'CRM не принимает его: {problem}' },
} satisfies Record<string, LocalText>;

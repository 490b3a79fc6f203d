import type { LocalText } from '../i18n/index.js';

/** A part of the account page, with the fields of one topic. */
export interface FormSection {
  /** Stands in addresses of the page: a word. */
  code: string;
  title: LocalText;
}

/** Sections that providers share, as the page orders them; a provider's own follow. */
export const SECTIONS = {
  connect: { code: 'connect', title: { en: 'Connection', es: 'Conexión', ru: 'Подключение' } },
  sender: { code: 'sender', title: { en: 'Sender', es: 'Remitente', ru: 'Отправитель' } },
  tariffs: { code: 'tariffs', title: { en: 'Tariffs', es: 'Tarifas', ru: 'Тарифы' } },
  prices: { code: 'prices', title: { en: 'Prices', es: 'Precios', ru: 'Цены' } },
  points: { code: 'points', title: { en: 'Points', es: 'Puntos', ru: 'Пункты' } },
  forms: { code: 'forms', title: { en: 'Printed forms', es: 'Documentos', ru: 'Печатные формы' } },
  statuses: { code: 'statuses', title: { en: 'Statuses', es: 'Estados', ru: 'Статусы' } },
} satisfies Record<string, FormSection>;

/** For fields without a section. */
export const GENERAL: FormSection = { code: 'general', title: { en: 'Settings', es: 'Ajustes', ru: 'Настройки' } };

/** Returns each section once: shared ones in their order, then the others as they come. */
export function orderSections(sections: readonly FormSection[]): FormSection[] {
  const places = new Map(Object.keys(SECTIONS).map((code, place) => [code, place]));
  const unique = new Map(sections.map((section) => [section.code, section]));
  const placeOf = ({ code }: FormSection): number => places.get(code) ?? places.size;
  return [...unique.values()].sort((left, right) => placeOf(left) - placeOf(right));
}

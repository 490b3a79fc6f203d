import type { LocalText } from '../i18n/index.js';
import { texts } from '../platform.texts.js';

/** A part of the account page, with the fields of one topic. */
export interface FormSection {
  /** The section's slug in the page URL. */
  code: string;
  title: LocalText;
}

/** Sections that providers share, in the order of the page. A provider's own sections follow. */
export const SECTIONS = {
  connect: { code: 'connect', title: texts.sections.connect },
  sender: { code: 'sender', title: texts.sections.sender },
  tariffs: { code: 'tariffs', title: texts.sections.tariffs },
  prices: { code: 'prices', title: texts.sections.prices },
  points: { code: 'points', title: texts.sections.points },
  forms: { code: 'forms', title: texts.sections.forms },
  statuses: { code: 'statuses', title: texts.sections.statuses },
} satisfies Record<string, FormSection>;

/** For fields without a section. */
export const GENERAL: FormSection = { code: 'general', title: texts.sections.general };

/** Returns each section once: shared ones in their order, then the others in the given order. */
export function orderSections(sections: readonly FormSection[]): FormSection[] {
  const places = new Map(Object.keys(SECTIONS).map((code, place) => [code, place]));
  const unique = new Map(sections.map((section) => [section.code, section]));
  const placeOf = ({ code }: FormSection): number => places.get(code) ?? places.size;
  return [...unique.values()].sort((left, right) => placeOf(left) - placeOf(right));
}

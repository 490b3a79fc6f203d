import { useField, useSettingsContext } from '@retailcrm/embed-ui';
import { joinTexts, textIn } from '../../web/src/kit/language.js';
import type en from './texts/en.json';

/** The few texts that the server does not send. */
const TEXTS = joinTexts<typeof en>(import.meta.glob('./texts/*.json', { eager: true, import: 'default' }));

/** Returns a function for a text in the CRM's language, which may change at any time. */
export function useWords(): (key: keyof typeof en) => string {
  const locale = useField(useSettingsContext(), 'system.locale');
  return (key) => textIn(TEXTS[key], locale.value.slice(0, 2));
}

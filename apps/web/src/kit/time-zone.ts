import { inject, type InjectionKey, provide } from 'vue';
import { formatTime } from './format.js';
import { useLanguage } from './language.js';

const KEY: InjectionKey<string | undefined> = Symbol('time zone');

/** Sets the time zone of everything below this component; one that the browser does not know is left out. */
export function provideTimeZone(timeZone: string): void {
  provide(KEY, isKnown(timeZone) ? timeZone : undefined);
}

/** Returns what formats a moment in the page's language and time zone. */
export function useTimeFormat(): (at: Date | string) => string {
  const language = useLanguage();
  const timeZone = inject(KEY, undefined);
  return (at) => formatTime(at, language.value, timeZone);
}

/** Browsers know the zones of their own release alone. */
function isKnown(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

import { computed, inject, type InjectionKey, type MaybeRefOrGetter, provide, type Ref, ref, toValue } from 'vue';
import { formatTime } from './format.js';
import { useLanguage } from './language.js';

const KEY: InjectionKey<Readonly<Ref<string | undefined>>> = Symbol('time zone');

/**
 * Sets the time zone of everything below this component. The default is the reader's own, also for a zone
 * that the browser does not support.
 */
export function provideTimeZone(timeZone: MaybeRefOrGetter<string | undefined>): void {
  provide(
    KEY,
    computed(() => {
      const name = toValue(timeZone);
      return name !== undefined && isKnown(name) ? name : undefined;
    }),
  );
}

/** Returns the time zone of this part of the page. Undefined: the reader's own. */
export function useTimeZone(): Readonly<Ref<string | undefined>> {
  return inject(KEY, () => ref(), true);
}

/** Returns a function that formats a moment in the page's language and time zone. */
export function useTimeFormat(): (at: Date | string) => string {
  const language = useLanguage();
  const timeZone = useTimeZone();
  return (at) => formatTime(at, language.value, timeZone.value);
}

/** Whether the browser supports a zone. Browsers have only the zones of their release. */
function isKnown(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

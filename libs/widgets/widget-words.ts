import { LRUCache } from 'lru-cache';
import { fillIn, type Language, LANGUAGES, textFor, toLanguage } from '#platform';
import { type Money, toWireAmount } from '#provider-kit';
import { texts } from './widgets.texts.js';

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

/** Formats by language and time zone. Creating one takes longer than a badge. */
const times = new LRUCache<string, Intl.DateTimeFormat>({ max: 500 });

/** Returns the language of a CRM's locale, `ru-RU`. Undefined if the deployment does not have it. */
export function findLanguage(locale: string | undefined): Language | undefined {
  const code = locale?.slice(0, 2).toLowerCase();
  return LANGUAGES.find((language) => language === code);
}

/** Returns the language of a request: of its locale, otherwise of the account. */
export function chooseLanguage(locale: string | undefined, accountLanguage: string): Language {
  return findLanguage(locale) ?? toLanguage(accountLanguage);
}

/** Formats a time to the minute, in the account's time zone. */
export function formatWhen(at: Date, language: Language, timeZone: string): string {
  const key = `${language} ${timeZone}`;
  let format = times.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23', timeZone });
    times.set(key, format);
  }
  return format.format(at);
}

/** Returns the age of data: "as of 1 Dec 2026, 14:05, 2 hours ago". */
export function describeAge(at: Date, now: Date, language: Language, timeZone: string): string {
  const seconds = Math.max(0, (now.getTime() - at.getTime()) / 1000);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const ago =
    seconds < HOUR_S
      ? relative.format(-Math.floor(seconds / 60), 'minute')
      : seconds < 2 * DAY_S
        ? relative.format(-Math.floor(seconds / HOUR_S), 'hour')
        : relative.format(-Math.floor(seconds / DAY_S), 'day');
  return textFor(fillIn(texts.asOf, { time: formatWhen(at, language, timeZone), ago }), language);
}

/** Formats an amount with its currency's symbol. */
export function formatMoney(value: Money, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'currency', currency: value.currency }).format(toWireAmount(value));
}

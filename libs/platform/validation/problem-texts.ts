import { fillIn, type Language, type LocalText, textFor, toLanguage } from '../i18n/index.js';
import { texts } from '../platform.texts.js';

/** Field path (`packages[0].weight`) to a message that reads after it (`must be greater than 0`). */
export interface FieldErrors {
  [path: string]: string;
}

/** A parser's messages about a field. A place such as `{value}` matches any text. */
const PATTERNS = Object.values(texts.problems).map((text) => ({
  text,
  pattern: new RegExp(`^${text.en.replace(/[.*+?^$()|[\]\\#]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>.+)')}$`, 's'),
}));
/** Messages of the decorators of one field, by their English text. */
const OF_FIELDS = new Map<string, LocalText>();
/** How a decorator begins a message that exists only in English: the field's hint explains the rest. */
const OF_ONE_FIELD = /^must /;
const NAMED_IN_SENTENCE = 3;

/**
 * Returns the message of a field's decorator, which is then shown in the account's language: `@Matches(CODE,
 * { message: defineProblem(texts.problems.key) })`.
 */
export function defineProblem(text: LocalText): string {
  OF_FIELDS.set(text.en, text);
  return text.en;
}

/**
 * Translates a parser's message into the account's language. A message that is already translated stays
 * unchanged.
 */
export function sayProblem(message: string, accountLanguage: string | null | undefined): string {
  const language = toLanguage(accountLanguage);
  if (language === 'en') return message;
  const own = OF_FIELDS.get(message);
  if (own) return textFor(own, language);
  for (const { text, pattern } of PATTERNS) {
    const match = pattern.exec(message);
    if (match) return textFor(fillIn(text, match.groups ?? {}), language);
  }
  return OF_ONE_FIELD.test(message) ? textFor(texts.problems.wrongFormat, language) : message;
}

/** Translates all messages. */
export function sayProblems(errors: FieldErrors, accountLanguage: string | null | undefined): FieldErrors {
  return Object.fromEntries(Object.entries(errors).map(([path, message]) => [path, sayProblem(message, accountLanguage)]));
}

/** Joins them to a sentence. */
export function toSentence(errors: FieldErrors, language: Language = 'en'): string {
  const all = Object.entries(errors).map(([path, message]) => `${path} ${message}`);
  const rest = all.length - NAMED_IN_SENTENCE;
  const more = rest > 0 ? textFor(fillIn(texts.more, { count: rest }), language) : '';
  return `${textFor(texts.wrongInput, language)}: ${all.slice(0, NAMED_IN_SENTENCE).join('; ')}${more}`;
}

import { type FieldErrors, fillIn, type Language, type LocalText, sayProblem, textFor, toLanguage } from '#platform';
import { texts } from '../api.texts.js';

/** The name of a callback's field within a message. */
interface FieldName {
  readonly name: LocalText;
  /** The name as the owner of another field. `{position}`: its position in a list. */
  readonly of?: LocalText;
}

/** The fields of the CRM's callbacks (docs/contract), at any depth. Settings have titles instead. */
const NAMES: Readonly<Record<string, FieldName>> = {
  ...texts.fields,
  extraData: texts.sharedFields.carrierFields,
  offer: texts.sharedFields.product,
  offers: { ...texts.sharedFields.product, ...texts.fields.offers },
  terminal: texts.sharedFields.pickupPoint,
  terminalData: texts.sharedFields.pickupPoint,
};
/** Another field within a field's message. */
const OTHER_FIELD = /(?<=^is required \(or |without the name in )\w+/;
const NAMED_IN_SENTENCE = 3;

/** Returns the name of a callback's field: `weight of package 1` for `packages[0].weight`. Never a path. */
export function nameField(path: string, language: Language): string {
  const steps = path.split('.').flatMap((step) => {
    const [, field = '', position] = /^(\w+)(?:\[(\d+)\])?/.exec(step) ?? [];
    return {
      found: Object.hasOwn(NAMES, field) ? NAMES[field] : undefined,
      at: position === undefined ? '' : String(Number(position) + 1),
    };
  });
  // An unnamed field is described by its named parent.
  const known = steps.slice(0, steps.findLastIndex(({ found }) => found !== undefined) + 1);
  const last = known.at(-1);
  const isEntry = last?.at !== '' && last?.found?.of !== undefined;
  const owners = (isEntry ? known : known.slice(0, -1)).reverse();
  const own = textFor((isEntry ? texts.sharedFields.entry : (last?.found ?? texts.sharedFields.unnamed)).name, language);
  return [own, ...owners.flatMap(({ found, at }) => (found?.of ? textFor(fillIn(found.of, { position: at }), language).trim() : []))].join(
    ' ',
  );
}

/**
 * Returns the message for the person who acted in the CRM: the first fields by name, each with its
 * error. The reply's `errors` contain the paths.
 */
export function toManagersSentence(errors: FieldErrors, accountLanguage: string | null | undefined): string {
  const language = toLanguage(accountLanguage);
  const all = Object.entries(errors).map(([path, message]) => {
    const said = sayProblem(
      message.replace(OTHER_FIELD, (other) => nameField(other, language)),
      language,
    );
    return language === 'en' ? `the ${nameField(path, language)} ${said}` : `${nameField(path, language)}: ${said}`;
  });
  const unique = [...new Set(all)];
  const rest = unique.length - NAMED_IN_SENTENCE;
  const more = rest > 0 ? textFor(fillIn(texts.more, { count: rest }), language) : '';
  const sentence = `${unique.slice(0, NAMED_IN_SENTENCE).join('; ')}${more}.`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

import type { LocalText } from '../../kit/language.js';
import type { FieldSpec } from './form-values.js';

/** Makes a field as the API describes it, for specs. The paths within it follow from its own path. */
export function makeField(name: string, spec: Partial<FieldSpec> = {}, prefix = ''): FieldSpec {
  const path = prefix + name;
  const { type = 'text' } = spec;
  const fields = spec.fields?.map((inner) => makeField(inner.name, inner, `${path}${type === 'list' ? '[]' : ''}.`));
  return { title: makeText(name), required: true, secret: false, ...spec, name, path, type, ...(fields && { fields }) };
}

/** Makes a text in all languages, for specs. */
export function makeText(en: string, es = en, ru = en): LocalText {
  return { en, es, ru };
}

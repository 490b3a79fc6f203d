import { BadInputError, type FormField, type FormValue, type JsonObject, type JsonValue, type SettingsForm } from '#platform';

/** Maximum nesting in a field that has no form. */
const MOST_LEVELS = 8;
/** Maximum number of reported problems. */
const MOST_PROBLEMS = 20;

/**
 * Reads a user's unfinished input. Names and nesting must match the form, but a field may contain any value.
 * Secrets are left out, including their placeholders. Throws BadInputError with the fields.
 */
export function readDraft({ fields }: Pick<SettingsForm, 'fields'>, typed: unknown): JsonObject {
  const problems: Record<string, string> = {};
  const complain = (path: string, problem: string): undefined => {
    if (Object.keys(problems).length < MOST_PROBLEMS) problems[path === '' ? 'body' : path] = problem;
    return undefined;
  };
  const readGroup = (known: readonly FormField[], value: unknown, path: string): JsonObject | undefined => {
    if (!isGroup(value)) return complain(path, 'must be an object');
    const read: JsonObject = {};
    for (const [name, one] of Object.entries(value)) {
      const at = path === '' ? name : `${path}.${name}`;
      const field = known.find((candidate) => candidate.name === name);
      if (!field) complain(at, 'is not known');
      else if (!field.secret) read[name] = readValue(field, one, at) ?? null;
    }
    return read;
  };
  const readValue = (field: FormValue, value: unknown, path: string): JsonValue | undefined => {
    if (value === null || value === undefined) return null;
    if (field.type === 'group') return readGroup(field.fields ?? [], value, path);
    if (field.type === 'list') {
      // A list of texts is entered as lines.
      if (typeof value === 'string' && field.item) return value;
      if (!Array.isArray(value)) return complain(path, 'must be a list');
      const item: FormValue = field.item ?? { type: 'group', fields: field.fields ?? [] };
      return value.map((one: unknown, index) => readValue(item, one, `${path}[${index}]`) ?? null);
    }
    if (field.type === 'map' || field.type === 'any')
      return countLevels(value) > MOST_LEVELS ? complain(path, `must have at most ${MOST_LEVELS} levels`) : (value as JsonValue);
    return typeof value === 'object' ? complain(path, 'must be a single value') : (value as JsonValue);
  };
  const draft = readGroup(fields, typed, '');
  if (draft === undefined || Object.keys(problems).length > 0) throw new BadInputError(problems);
  return draft;
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Counts the levels of JSON, up to one more than allowed. */
function countLevels(value: unknown, level = 0): number {
  if (typeof value !== 'object' || value === null || level > MOST_LEVELS) return level;
  return Math.max(level + 1, ...Object.values(value).map((one) => countLevels(one, level + 1)));
}

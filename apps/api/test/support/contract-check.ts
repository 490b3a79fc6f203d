import { listFields, type FieldType, type TypeName } from '#crm-client/wire';

const DATE_PARTS: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  m: '(0[1-9]|1[0-2])',
  d: '(0[1-9]|[12]\\d|3[01])',
  H: '([01]\\d|2[0-3])',
  i: '[0-5]\\d',
  s: '[0-5]\\d',
  P: '[+-]\\d{2}:\\d{2}',
};

/**
 * Lists the ways in which a value breaks a type of the contract, field by field: other JSON types,
 * nulls, unknown fields. Empty if the value is valid.
 */
export function listViolations(value: unknown, type: TypeName): string[] {
  const found: string[] = [];
  visit(value, { kind: 'type', name: type, json: false }, '', found);
  return found;
}

function visit(value: unknown, type: FieldType, path: string, found: string[]): void {
  const wrong = (what: string): void =>
    void found.push(`${path || 'the body'} must be ${what}, not ${JSON.stringify(value)?.slice(0, 80)}`);
  if (value === null || value === undefined) return wrong('left out when there is nothing to say');
  switch (type.kind) {
    case 'any':
    case 'stream':
      return;
    case 'string':
      return typeof value === 'string' ? undefined : wrong('a string');
    case 'bool':
      return typeof value === 'boolean' ? undefined : wrong('true or false');
    case 'int':
      return Number.isSafeInteger(value) ? undefined : wrong('a whole number');
    case 'float':
      return Number.isFinite(value) ? undefined : wrong('a number');
    case 'numeric':
      return typeof value === 'string' && value !== '' && Number.isFinite(Number(value)) ? undefined : wrong('a number as text');
    case 'datetime':
      return typeof value === 'string' && buildPattern(type.format).test(value) ? undefined : wrong(`a date as ${type.format}`);
    case 'list':
      if (!Array.isArray(value)) return wrong('a list');
      return value.forEach((item, index) => visit(item, type.of, `${path}[${index}]`, found));
    case 'map':
      if (!isObject(value)) return wrong('an object');
      return Object.entries(value).forEach(([key, item]) => visit(item, type.of, `${path}.${key}`, found));
    case 'type': {
      if (!isObject(value)) return wrong('an object');
      const fields = listFields(type.name);
      for (const [name, item] of Object.entries(value)) {
        const field = fields.get(name);
        const at = path === '' ? name : `${path}.${name}`;
        if (field) visit(item, field, at, found);
        else found.push(`${at} is not a field of the contract`);
      }
    }
  }
}

function buildPattern(format: string): RegExp {
  const pattern = format.replace(
    /\\(.)|([A-Za-z])/g,
    (_, literal: string | undefined, letter: string) => literal ?? DATE_PARTS[letter] ?? letter,
  );
  return new RegExp(`^${pattern}$`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value to check. */
type Checked = string | number | unknown[];

/** A named check: the verdict on a text, number or list, its message and its OpenAPI form. */
export interface Check {
  readonly type: 'string' | 'number' | 'array';
  readonly accepts: (value: Checked) => boolean;
  readonly message: string;
  readonly format?: string;
  readonly pattern?: string;
}

const checks = new Map<string, Check>();

/**
 * Keeps a check and returns the name under which schemas carry it as their `format` (of a list: `unique`).
 */
export function keepCheck(decorator: string, check: Check): string {
  const name = `${decorator}-${checks.size}`;
  checks.set(name, check);
  return name;
}

/** The check behind a schema's `format` or `unique`. */
export function getCheck(name: string): Check {
  const check = checks.get(name);
  if (check === undefined) throw new Error(`no check named ${name}`);
  return check;
}

/** All checks by name, for the compiler of schemas. */
export function allChecks(): IterableIterator<[string, Check]> {
  return checks.entries();
}

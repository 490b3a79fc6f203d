/** Query or form values. Undefined ones are omitted, lists are repeated under one name. */
export type HttpParameters = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>;

/** Writes a query or a form as browsers do. */
export function writeParameters(parameters: HttpParameters): string {
  return new URLSearchParams(listParameters(parameters)).toString();
}

/** Lists parameters by name and value. */
export function listParameters(parameters: HttpParameters): [string, string][] {
  return Object.entries(parameters).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]);
  });
}

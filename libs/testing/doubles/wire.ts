/**
 * A call of a service's API: the facts that its double accepts requests by, and that `npm run check:spec`
 * compares with the service's published description.
 */
export interface WireCall<Call extends string = string> {
  /** Two calls may share a name, which faults and counts are about. */
  call: Call;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path of the URL, `:name` for a parameter. */
  path: string;
  /** JSON schemas. */
  body?: object;
  query?: object;
  reply?: object;
  /** HTTP status of a success; 200 when left out. */
  status?: number;
}

/** Finds a call's facts. `within`: a part of the path, if several have the name. Throws Error without one. */
export function findCall<Call extends string, Facts extends WireCall<Call> = WireCall<Call>>(
  wire: readonly Facts[],
  call: Call,
  within = '',
): Facts {
  const found = wire.find((one) => one.call === call && one.path.includes(within));
  if (found === undefined) throw new Error(`the wire has no call ${call} ${within}`);
  return found;
}

/** Lists the names of calls, each once. */
export function listCallNames<Call extends string>(wire: readonly WireCall<Call>[]): Call[] {
  return [...new Set(wire.map(({ call }) => call))];
}

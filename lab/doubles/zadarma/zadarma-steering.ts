/** Longest time in which an answer to the start of a call still steers it. */
const STEERING_MS = 2_000;
/** The fields of an answer to the start of a call, and their checks. */
const STEERING: Readonly<Record<string, (value: unknown) => boolean>> = {
  redirect: (value) => /^(\d{3}|\d-\d|\d-main|blacklist)$/.test(String(value)),
  return_timeout: (value) => Number.isInteger(value) && (value === 0 || Number(value) >= 3),
  hangup: (value) => value === 1,
  caller_name: (value) => typeof value === 'string' && value !== '',
};

/** How an incoming call was steered: the reply, and its problem. */
export interface ZadarmaSteered {
  body: string;
  /** The understood answer. Empty if it does not steer. */
  steers: Readonly<Record<string, unknown>>;
  complaint?: string;
}

/** Reads the answer to the start of a call, as strictly as can be. */
export function readSteering(body: string, afterMs: number): ZadarmaSteered {
  if (body.trim() === '') return { body, steers: {} };
  if (afterMs > STEERING_MS) return { body, steers: {}, complaint: `it came after ${afterMs} ms` };
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    return { body, steers: {}, complaint: 'it is no JSON' };
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { body, steers: {}, complaint: 'it is not an object' };
  const wrong = Object.entries(given).find(([name, value]) => !STEERING[name]?.(value));
  return wrong ? { body, steers: {}, complaint: `${wrong[0]} is wrong` } : { body, steers: given as Record<string, unknown> };
}

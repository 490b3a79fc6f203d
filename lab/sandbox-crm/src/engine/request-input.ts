import { listFields, type MethodSpec, type TypeName } from '#crm-client/wire';
import { LENIENT, LENIENT_CLOSED, type ReadingRules, read, UNKNOWN_FIELD } from '../contract/type-reader.js';
import { type Json, type JsonObject, MAX_DEPTH, isObject, parseJson } from '../json.js';
import { ApiError, invalid, missing } from './api-error.js';
import { nest, parseForm } from './nested-form.js';

/** Methods whose unknown fields are rejected as mistakes, although the reference does not require it. */
const CLOSED: ReadonlySet<string> = new Set([
  'integration.edit',
  'integration.updateScopes',
  'delivery.tracking',
  'payments.updateInvoice',
]);

/** Reads an urlencoded or multipart form. Throws `ApiError` 400 if unreadable, 415 for other types. */
export async function readForm(body: Buffer, contentType: string | undefined): Promise<JsonObject> {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (body.length === 0) return {};
  if (type === '' || type === 'application/x-www-form-urlencoded') return parseForm(body.toString('utf8'));
  if (type !== 'multipart/form-data') throw new ApiError(415, `Content type ${type} is not taken; send a form, urlencoded or multipart`);
  let form: FormData;
  try {
    form = await new Response(body, { headers: { 'content-type': contentType ?? '' } }).formData();
  } catch {
    throw new ApiError(400, 'The multipart body cannot be read');
  }
  const pairs: [string, string][] = [];
  for (const [name, value] of form.entries()) pairs.push([name, typeof value === 'string' ? value : await value.text()]);
  return nest(pairs);
}

/**
 * Converts parameters to the method's request types: JSON fields parsed, numbers and booleans read, batches
 * counted.
 * @param remark receives accepted values that look like a mistake
 * @throws ApiError 400 `Parameter 'x' is missing` for an absent JSON field, otherwise messages by field
 */
export function readInput(method: MethodSpec<TypeName>, parameters: JsonObject, remark: (message: string) => void): JsonObject {
  if (method.request === null) return parameters;
  const rules: ReadingRules = CLOSED.has(method.key) ? LENIENT_CLOSED : LENIENT;
  const input: JsonObject = {};
  const errors: { [path: string]: string } = {};
  for (const [name, type] of listFields(method.request)) {
    let value = parameters[name];
    if (type.kind === 'stream') continue;
    if (type.json) {
      if (value === undefined || value === '') throw missing(name);
      value = parseField(name, value);
    }
    // A list of ids may also be sent as one JSON field (costs/delete).
    else if (type.kind === 'list' && typeof value === 'string' && value.startsWith('[')) value = parseField(name, value);
    if (method.batch?.field === name) checkBatch(name, value, method.batch.max);
    input[name] = value;
  }
  const reading = read(input, method.request, rules);
  for (const { path, message } of reading.violations) {
    if (message === UNKNOWN_FIELD) remark(`${path} ${message}`);
    else errors[path] ??= message;
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return isObject(reading.value) ? reading.value : {};
}

function parseField(name: string, value: Json): Json {
  if (typeof value !== 'string') return value;
  const parsed = parseJson(value);
  if (parsed === undefined)
    throw new ApiError(400, `Parameter '${name}' is not valid JSON`, { [name]: `is not JSON, or is nested deeper than ${MAX_DEPTH}` });
  return parsed;
}

function checkBatch(name: string, value: Json | undefined, max: number): void {
  const count = Array.isArray(value) ? value.length : 0;
  if (count > max)
    throw invalid(
      { [name]: `holds ${count} items, at most ${max} are taken in one call` },
      `Too many items in '${name}': ${count}, at most ${max}`,
    );
}

import { getNamedAddress, isSecret } from './decorators.js';
import type { CompiledSchema, DtoClass, DtoSchema, JsonObject, JsonValue } from './dto-schema.js';
import { getSchemaClass } from './dto-schema.js';
import { listAddresses } from './named-addresses.js';
import { compileSchema } from './schema-compiler.js';

/** The placeholder of a set secret, wherever settings are shown. Sent back, it keeps the stored secret. */
export interface SecretPlaceholder {
  readonly set: true;
}

/**
 * Settings as they may leave the server: known properties only, each `@Secret()` as `{ set: true }`, or
 * absent when it has no value. Lists of items and nested groups are masked within.
 */
export function maskSecrets<T extends object>(target: DtoClass<T>, values: T): JsonObject {
  return maskObject(compileSchema(target), undefined, values as JsonObject);
}

/**
 * Restores stored secrets in settings from a page that shows masked ones: absent, empty or `{ set: true }`
 * keeps, null clears. List items match by `code`. Returns unvalidated settings and changes no input.
 */
export function mergeSecrets<T extends object>(target: DtoClass<T>, current: T | undefined, incoming: unknown): unknown {
  return mergeObject(compileSchema(target), undefined, current, incoming);
}

/**
 * Lists the paths of stored secrets that settings keep although their address differs from the stored one. An
 * address belongs to the secrets of its object and of the objects within it. If there are none, it belongs to
 * the secrets of the nearest object around it.
 * @param incoming the settings as `mergeSecrets` received them
 * @param settings the same settings, merged and parsed
 */
export function listMovedSecrets<T extends object>(target: DtoClass<T>, current: T | undefined, incoming: unknown, settings: T): string[] {
  return findMoved(compileSchema(target), undefined, { stored: current ? [current as Values] : [], incoming, fresh: settings as Values });
}

interface Values {
  readonly [name: string]: unknown;
}

/** An object of settings that are to be stored. */
interface Fresh {
  /** The stored objects it may come from: one, or each of a list whose items have no code. */
  stored: readonly Values[];
  incoming: unknown;
  fresh: Values;
}

function findMoved(compiled: CompiledSchema, ref: string | undefined, at: Fresh, path = '', isAroundMoved = false): string[] {
  const { target, properties } = getSchemaClass(compiled, ref);
  const isMoved = isAroundMoved || hasMoved(compiled, ref, at);
  const given = isMap(at.incoming) ? at.incoming : {};
  return Object.entries(properties).flatMap(([name, schema]): string[] => {
    const here = `${path}${name}`;
    if (isSecret(target, name)) {
      const isKept = keepsStored(given[name]) && (at.fresh[name] ?? '') !== '';
      return isMoved && isKept ? [here] : [];
    }
    return listChildren(compiled, schema, name, at).flatMap(({ ref: child, place, ...inner }) =>
      holdsSecrets(compiled, child) ? findMoved(compiled, child, inner, `${here}${place}.`, isMoved) : [],
    );
  });
}

/** Whether an address of the object, or of objects within it that have no secrets, is not a stored one. */
function hasMoved(compiled: CompiledSchema, ref: string | undefined, at: Fresh): boolean {
  const { target, properties } = getSchemaClass(compiled, ref);
  return Object.entries(properties).some(([name, schema]) => {
    const named = getNamedAddress(target, name);
    if (named) {
      const known = at.stored.flatMap((values) => listAddresses(values, name, named));
      return listAddresses(at.fresh, name, named).some((address) => !known.includes(address));
    }
    return listChildren(compiled, schema, name, at).some(
      (child) => !holdsSecrets(compiled, child.ref) && hasMoved(compiled, child.ref, child),
    );
  });
}

function listChildren(
  compiled: CompiledSchema,
  { $ref, items }: DtoSchema,
  name: string,
  { stored, incoming, fresh }: Fresh,
): (Fresh & { ref: string; place: string })[] {
  const given = isMap(incoming) ? incoming[name] : undefined;
  if ($ref !== undefined)
    return isMap(fresh[name])
      ? [{ ref: $ref, place: '', stored: stored.map((values) => values[name]).filter(isMap), incoming: given, fresh: fresh[name] }]
      : [];
  const ref = items?.$ref;
  const list = fresh[name];
  if (ref === undefined || !Array.isArray(list)) return [];
  const known = stored.flatMap((values): unknown[] => (Array.isArray(values[name]) ? values[name] : [])).filter(isMap);
  const hasCode = getSchemaClass(compiled, ref).properties['code'] !== undefined;
  const sent: unknown[] = typeof given === 'object' && given !== null ? Object.values(given) : [];
  return list.filter(isMap).map((item, index) => ({
    ref,
    place: `[${index}]`,
    stored: hasCode ? known.filter(({ code }) => String(code) === String(item['code'])) : known,
    incoming: sent[index],
    fresh: item,
  }));
}

function maskObject(compiled: CompiledSchema, ref: string | undefined, values: JsonObject): JsonObject {
  const { target, properties } = getSchemaClass(compiled, ref);
  const masked: JsonObject = {};
  for (const [name, schema] of Object.entries(properties)) {
    const value = values[name];
    if (value === undefined || value === null) continue;
    if (!isSecret(target, name)) masked[name] = maskValue(compiled, schema, value);
    else if (value !== '') masked[name] = { set: true };
  }
  return masked;
}

function maskValue(compiled: CompiledSchema, schema: DtoSchema, value: JsonValue): JsonValue {
  if (schema.$ref !== undefined) return isMap(value) ? maskObject(compiled, schema.$ref, value as JsonObject) : {};
  const { items } = schema;
  if (items?.$ref === undefined) return structuredClone(value);
  return Array.isArray(value) ? value.map((item) => maskValue(compiled, items, item)) : [];
}

function mergeObject(compiled: CompiledSchema, ref: string | undefined, current: unknown, incoming: unknown): unknown {
  // PHP's empty object.
  const given = Array.isArray(incoming) && incoming.length === 0 ? {} : incoming;
  if (!isMap(given)) return incoming;
  const stored = isMap(current) ? current : {};
  const { target, properties } = getSchemaClass(compiled, ref);
  const merged: { [name: string]: unknown } = { ...given };
  for (const [name, schema] of Object.entries(properties)) {
    const value = given[name];
    if (isSecret(target, name)) {
      const kept = keepsStored(value) ? stored[name] : value;
      if (kept === undefined || kept === null) delete merged[name];
      else merged[name] = kept;
    } else if (schema.$ref !== undefined) {
      if (value !== undefined) merged[name] = mergeObject(compiled, schema.$ref, stored[name], value);
    } else if (schema.items?.$ref !== undefined && holdsSecrets(compiled, schema.items.$ref)) {
      merged[name] = mergeList(compiled, schema.items.$ref, stored[name], value);
    }
  }
  return merged;
}

function mergeList(compiled: CompiledSchema, itemRef: string, current: unknown, incoming: unknown): unknown {
  const { name, properties } = getSchemaClass(compiled, itemRef);
  if (properties['code'] === undefined)
    throw new Error(`${name} has secrets and is in a list, so it needs a property "code" by which items are matched`);
  if (typeof incoming !== 'object' || incoming === null) return incoming;
  const stored = Array.isArray(current) ? current.filter(isMap) : [];
  return Object.values(incoming).map((item: unknown) => {
    const code = isMap(item) ? item['code'] : undefined;
    const match = code === undefined ? undefined : stored.find((candidate) => String(candidate['code']) === String(code));
    return mergeObject(compiled, itemRef, match, item);
  });
}

function holdsSecrets(compiled: CompiledSchema, ref: string, within: readonly string[] = []): boolean {
  if (within.includes(ref)) return false;
  const { target, properties } = getSchemaClass(compiled, ref);
  return Object.entries(properties).some(([name, schema]) => {
    const child = schema.$ref ?? schema.items?.$ref;
    return isSecret(target, name) || (child !== undefined && holdsSecrets(compiled, child, [...within, ref]));
  });
}

function keepsStored(value: unknown): boolean {
  return value === undefined || value === '' || (isMap(value) && value['set'] === true);
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

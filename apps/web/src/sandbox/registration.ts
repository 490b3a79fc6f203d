import type { Fields, JsonValue, ModuleView } from './control-types.js';

/** Returns the value as fields, or `{}` if it is not an object. */
export function asFields(value: JsonValue | undefined): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** Returns the rows of a list, or of an object keyed by them. */
export function asRows(value: JsonValue | undefined): Fields[] {
  return Object.values(Array.isArray(value) ? value : asFields(value)).map((row) => asFields(row ?? null));
}

/** Returns a value as text, or an empty text for other types. */
export function asText(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Returns a module's registration for an integration (`delivery`, `payment`, `mgTransport` ...). */
export function readIntegration(module: ModuleView | undefined, integration: string): Fields {
  return asFields(asFields(module?.registration.integrations)[integration]);
}

/** Lists the working modules that registered an integration. */
export function listWith(modules: readonly ModuleView[] | undefined, integration: string): ModuleView[] {
  return (modules ?? []).filter(
    (module) => asFields(module.registration.integrations)[integration] !== undefined && module.active && !module.freeze,
  );
}

/** Returns the module's name in the marketplace, or its code. */
export function readName(module: ModuleView): string {
  return asText(module.registration.name) || module.code;
}

/** Returns the URL of a path that the module registered. */
export function buildUrl(module: ModuleView, path: string): string {
  return `${asText(module.registration.baseUrl).replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

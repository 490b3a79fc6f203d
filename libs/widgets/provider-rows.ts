import { type Language, textFor } from '#platform';
import type { ProviderManifest, ProviderWidgetAction } from '#provider-kit';
import type { SwitchedAction } from './widget-source.js';
import type { WidgetAction, WidgetRow, WidgetSection } from './widget-view.js';

/**
 * Builds the section of the rows that a provider adds (`widget` of its manifest).
 * @param data stored data of the record
 * @returns one section, or no section if the data has no value for any row
 */
export function buildProviderSection(
  { title, widget }: Pick<ProviderManifest<object>, 'title' | 'widget'>,
  data: Readonly<Record<string, unknown>> | undefined,
  language: Language,
): WidgetSection[] {
  const rows = (widget?.rows ?? []).flatMap(({ label, field, values = {}, link, copy = false }): WidgetRow[] => {
    const stored = data && Object.hasOwn(data, field) ? [data[field]].flat().flatMap(toWords) : [];
    if (stored.length === 0) return [];
    const text = stored.map((word) => (Object.hasOwn(values, word) && values[word] ? textFor(values[word], language) : word)).join(', ');
    const href = link?.replaceAll('{value}', () => encodeURIComponent(stored.join(',')));
    return [{ label: textFor(label, language), text, ...(href !== undefined && { href }), ...(copy && { copy }) }];
  });
  return rows.length > 0 ? [{ title: textFor(title, language), rows }] : [];
}

type Declared = Pick<ProviderManifest<object>, 'code' | 'widget'>;

/** Lists the provider's actions with an effect, which a shop switches on. */
export function listSwitchedOf(manifest: Declared): SwitchedAction[] {
  const actions = manifest.widget?.actions ?? [];
  return actions.flatMap(({ id, label, hasEffect }) => (hasEffect ? [{ action: toActionName(manifest, id), title: label }] : []));
}

/**
 * Lists the provider's actions of a record that are possible now.
 * @param thing of the record
 * @param state its status: the code, and whether nothing can follow
 * @param allowed actions with an effect that the shop has switched on
 */
export function listProviderActions(
  manifest: Declared,
  thing: string,
  { code, isFinal = false }: { code: string; isFinal?: boolean | undefined },
  allowed: ReadonlySet<string>,
  language: Language,
): WidgetAction[] {
  return (manifest.widget?.actions ?? []).flatMap(({ id, label, states, hasEffect }) => {
    const action = toActionName(manifest, id);
    const isPossible = (states?.includes(code) ?? !isFinal) && (!hasEffect || allowed.has(action));
    return isPossible ? [{ thing, action, label: textFor(label, language) }] : [];
  });
}

/** Finds the provider's action that a widget's action means. */
export function findProviderAction(manifest: Declared, action: string): ProviderWidgetAction | undefined {
  return manifest.widget?.actions?.find(({ id }) => toActionName(manifest, id) === action);
}

/** Has the provider's code, so that an action of another provider is not on after a change. */
function toActionName({ code }: Declared, id: string): string {
  return `press.${code}.${id}`;
}

function toWords(value: unknown): string[] {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}

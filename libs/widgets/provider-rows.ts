import { type Language, textFor } from '#platform';
import type { ProviderManifest } from '#provider-kit';
import type { WidgetRow, WidgetSection } from './widget-view.js';

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

function toWords(value: unknown): string[] {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}

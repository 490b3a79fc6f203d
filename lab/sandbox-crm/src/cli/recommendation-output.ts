import { type JsonObject, asList, asObjects } from '../json.js';
import { table } from './output.js';

/** Formats recommended products, one per line, the best first, then products missing in the catalogue. */
export function recommendationLines(outcome: JsonObject): string[] {
  const asked = asObjects(outcome['asked']).map((product) => String(product['name']));
  const rows = asObjects(outcome['products']).map((product, index) => [
    `    ${index + 1}.`,
    String(product['name']),
    String(product['minPrice'] ?? '-'),
    asList(product['groups']).join(', '),
    `product ${String(product['id'])}`,
  ]);
  const unknown = asList(outcome['unknown']).map(String);
  return [
    `  ${String(outcome['mode'])} of ${asked.join(', ')}:${rows.length === 0 ? ' nothing' : ''}`,
    ...(rows.length === 0 ? [] : table(rows).split('\n')),
    ...(unknown.length === 0 ? [] : [`    not in the catalogue: ${unknown.join(', ')}`]),
  ];
}

import { type JsonObject, asObject, asObjects, asText } from '../json.js';
import { table } from './output.js';

/** Formats offers with their stocks in columns, one warehouse per line. */
export function stockLines(offers: readonly JsonObject[]): string[] {
  const rows = offers.flatMap((offer) => {
    const names = [String(offer['id']), asText(offer['xmlId']) ?? '-', asText(offer['name']) ?? ''];
    const stores = asObjects(offer['stores']);
    if (stores.length === 0) return [[...names, '-', '-', '-', '']];
    return stores.map((store) => [
      ...names,
      String(store['store']),
      String(store['quantity']),
      asText(store['purchasePrice']) ?? '-',
      asObjects(offer['reserved'])
        .filter((one) => one['store'] === store['store'])
        .map((one) => `${String(one['quantity'])} for order ${String(one['order'])}`)
        .join(', '),
    ]);
  });
  return table([
    ['  offer', 'xmlId', 'name', 'warehouse', 'available', 'bought at', 'reserved'],
    ...rows.map(([id = '', ...rest]) => [`  ${id}`, ...rest]),
  ]).split('\n');
}

/** Formats the differences that a comparison of stocks found. */
export function differenceLines(found: JsonObject): string[] {
  const rows = asObjects(found['differences']).map(({ offer, store, crm, warehouse }) => [
    `  ${asText(asObject(offer)['id']) ?? '-'}`,
    asText(asObject(offer)['xmlId']) ?? '-',
    String(store),
    asText(asObject(crm)['available']) ?? '-',
    asText(asObject(warehouse)['available']) ?? '-',
  ]);
  const summary = `  ${String(found['checked'])} offers compared, ${String(found['differed'])} differ, ${String(found['unknown'])} the warehouse does not know${found['dryRun'] === true ? '; nothing was sent' : ''}`;
  return rows.length === 0
    ? [summary]
    : [summary, ...table([['  offer', 'xmlId', 'warehouse', 'in the CRM', 'there'], ...rows]).split('\n')];
}

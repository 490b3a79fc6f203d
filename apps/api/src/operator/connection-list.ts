import { ConnectionEntity, type HealthState } from '#connections';
import { FAILING_SHOPS, SHOP_SORTS } from '#insight';
import { defineOperatorList, type OperatorList } from '#platform';
import type { ConnectionListDto, ConnectionSort } from './connection-list.dto.js';
import type { ConnectionView } from './connection-view.js';

/** Health states from best to worst. An intended state counts as better than a failure. */
const SEVERITY: readonly HealthState[] = [
  ...['ok', 'off', 'frozen', 'service-away', 'crm-away', 'credentials-refused', 'crm-refuses', 'not-registered', 'retired'],
] as HealthState[];

/** SQL of the sort orders: joins and column. */
const SORTS: Readonly<Record<ConnectionSort, { readonly joins: string; readonly column: string }>> = {
  host: { joins: '', column: `split_part(row.systemUrl, '//', 2) COLLATE "C"` },
  state: { joins: '', column: `array_position('{${SEVERITY.join(',')}}'::text[], row.health)` },
  ...SHOP_SORTS,
};

type ConnectionList = OperatorList<Omit<ConnectionListDto, 'sort' | 'order'>, ConnectionEntity, ConnectionView>;

/** Defines the list of connections, the latest first. */
export function defineConnectionList(view: (row: ConnectionEntity) => ConnectionView): ConnectionList {
  return defineOperatorList({
    from: ConnectionEntity,
    where: {
      module: 'row.moduleCode = :module',
      code: 'row.code = :code',
      shadow: 'row.shadow = :shadow',
      health: 'row.health = :health',
      failing: `(row.id IN (${FAILING_SHOPS})) = :failing`,
      host: `position(lower(:host) IN split_part(row.systemUrl, '//', 2)) > 0`,
    },
    order: { 'row.id': 'DESC' },
    view,
  });
}

/** Returns the list in another order. */
export function sortList(list: ConnectionList, sort: ConnectionSort, order: 'asc' | 'desc'): ConnectionList {
  const direction = order === 'asc' ? 'ASC' : 'DESC';
  const { joins, column } = SORTS[sort];
  return { ...list, from: { entity: ConnectionEntity, joins }, order: { [column]: direction, 'row.id': direction } };
}

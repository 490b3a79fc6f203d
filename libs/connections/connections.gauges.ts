import type { SharedGauge } from '#platform';

/** The number of accounts that have a module, by state. */
export const connectionsGauges: readonly SharedGauge[] = [
  {
    name: 'crossdock_connections',
    help: 'Connections by module and state (live, frozen, off, disconnected, shadow)',
    labels: ['module', 'state'],
    sql: `SELECT module_code AS module, CASE WHEN disconnected_at IS NOT NULL THEN 'disconnected' WHEN NOT active THEN 'off'
        WHEN frozen OR frozen_by_operator_at IS NOT NULL THEN 'frozen' WHEN shadow THEN 'shadow' ELSE 'live' END AS state, count(*) AS value
      FROM connection GROUP BY 1, 2`,
  },
  {
    name: 'crossdock_connections_health',
    help: 'Connections by module and health (ok, service-away, credentials-refused, crm-away, crm-refuses, not-registered, retired, frozen, off)',
    labels: ['module', 'health'],
    sql: 'SELECT module_code AS module, health, count(*) AS value FROM connection GROUP BY 1, 2',
  },
];

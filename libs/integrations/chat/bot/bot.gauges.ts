import type { SharedGauge } from '#platform';

/** Maximum number of counted answers. A figure of this size means at least that many. */
const MOST = 10_000;

/** Bots and their answers. */
export const botGauges: readonly SharedGauge[] = [
  {
    name: 'crossdock_chat_bots',
    help: 'Bots that are switched on, by state (connected, away)',
    labels: ['state'],
    sql: `SELECT CASE WHEN connected AND lease_until > now() THEN 'connected' ELSE 'away' END AS state, count(*) AS value
      FROM chat_bot WHERE wanted GROUP BY 1`,
  },
  {
    name: 'crossdock_chat_bot_answers',
    help: `Messages that bots have dealt with within an hour, by state and scope (at most ${MOST} are counted)`,
    labels: ['state', 'scope'],
    sql: `SELECT state, coalesce(scope, 'none') AS scope, count(*) AS value FROM (
        SELECT state, scope FROM chat_bot_answer WHERE updated_at > now() - interval '1 hour' AND state <> 'waiting'
        ORDER BY updated_at DESC LIMIT ${MOST}) latest GROUP BY 1, 2`,
  },
];

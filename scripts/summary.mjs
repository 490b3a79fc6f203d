import { join, relative } from 'node:path';
import { root } from './project.mjs';

/**
 * Returns the text that `npm run up` prints once everything runs.
 * @param {import('./environment.mjs').Deployment} deployment
 * @param {boolean} isEmbedded whether the PostgreSQL is our own
 * @param {import('./connect-modules.mjs').Modules | undefined} modules
 */
export function describeDeployment({ env, dataDir, production, sandbox, publicUrl, sandboxUrl, port, operatorPort }, isEmbedded, modules) {
  const local = `http://127.0.0.1:${port}`;
  const operators = `http://127.0.0.1:${operatorPort}`;
  const shown = relative(root, dataDir).startsWith('..') ? dataDir : relative(root, dataDir) || '.';
  // In production others read the logs, and the token is not for them.
  const token = production ? '$OPERATOR_TOKEN' : env.OPERATOR_TOKEN;
  const { connected = [], others = [] } = modules ?? {};
  return [
    '',
    `  api             ${local}${publicUrl === local ? '' : `   (PUBLIC_URL ${publicUrl})`}`,
    `  console         ${operators}/operator`,
    `  api pages       ${operators}/docs`,
    `  health          ${local}/health/ready`,
    ...(sandbox ? [`  sandbox CRM     ${sandboxUrl}`] : []),
    ...(connected.length > 0 ? [`  connected       ${connected.join(', ')}`] : []),
    ...(others.length > 0 ? [`  hosted too      ${others.join(', ')}   (npm run sandbox -- connect ${others[0]})`] : []),
    `  database        ${isEmbedded ? `embedded PostgreSQL, data and log in ${shown}` : 'from DATABASE_URL'}`,
    `  operator token  ${production ? `OPERATOR_TOKEN, or ${join(shown, 'operator-token')}` : token}`,
    '',
    '  Try it:',
    `    curl -H "Authorization: Bearer ${token}" ${operators}/operator/api/connections`,
    ...(sandbox
      ? [
          '    npm run sandbox -- demo      the whole path on a set of orders; demo --all: of every built-in module',
          '    npm run sandbox -- --help    each step by hand',
        ]
      : []),
    '',
    '  Ctrl-C stops everything.',
    '',
  ].join('\n');
}

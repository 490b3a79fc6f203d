import { distance } from 'fastest-levenshtein';
import { Environment } from './environment.js';
import { MODULE_SECRET } from './secret-files.js';
import { listSettingNames, type SettingsClass, type Variables } from './settings.js';

/** Read by `npm run up`, the sandbox CRM and docker-compose. */
const READ_ELSEWHERE = [
  ...['DATA_DIR', 'SANDBOX', 'SANDBOX_PORT', 'SANDBOX_HOST', 'SANDBOX_HOSTS', 'SANDBOX_URL', 'SANDBOX_API_KEY', 'CHAT_GATEWAY_URL'],
  ...['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'PUBLISHED_PORT', 'PUBLISHED_OPERATOR_PORT'],
];

/** A warning for each variable that no process reads and whose name is nearly that of a setting. */
export function warnOfMisspelt(classes: readonly SettingsClass[], variables: Variables): string[] {
  const known = new Set([...READ_ELSEWHERE, ...[Environment, ...classes].flatMap(listNames)]);
  return Object.keys(variables)
    .filter((name) => /^[A-Z][A-Z0-9_]+$/.test(name) && !known.has(name) && !MODULE_SECRET.test(name.replace(/_FILE$/, '')))
    .flatMap((name) => {
      const meant = secretMeant(name) ?? [...known].find((setting) => isNearly(name, setting));
      return meant ? [`${name} is not a setting: did you mean ${meant}? It has no effect.`] : [];
    });
}

/** Settings, and the files that secrets may come from. */
function listNames(settings: SettingsClass): string[] {
  return [...listSettingNames(settings), ...listSettingNames(settings, 'secrets').map((name) => `${name}_FILE`)];
}

/** Whether one letter is wrong, extra or missing, or two are swapped. In a long name, two such mistakes. */
function isNearly(name: string, setting: string): boolean {
  const edits = distance(name, setting);
  if (edits <= 1) return true;
  return edits === 2 && (setting.length >= 8 || sortLetters(name) === sortLetters(setting));
}

function sortLetters(name: string): string {
  return [...name].sort().join('');
}

function secretMeant(name: string): string | undefined {
  const [, start = '', code, end = ''] = /^([A-Z]+)_(\w+)_([A-Z]+)$/.exec(name) ?? [];
  if (!code || !isNearly(start, 'MODULE') || distance(end, 'SECRET') > 2) return undefined;
  return `MODULE_${code}_SECRET`;
}
